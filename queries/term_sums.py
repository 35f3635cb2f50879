"""The searches of each segment, read once and kept: a segment never changes. What fits a question is taken from them."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from data.periods import Period
from data.store import Segment
from queries import page_names, sets
from queries.asking import Asking, sql
from queries.cache import Kept
from queries.source import Source
from queries.statistics import Floats

KEPT: Final = 64  # segments whose searches are kept; half a million searches take 20 MB
FIRST: Final = "(before any page)"
LANDED: Final = "(landing)"
NOTHING: Final = "(nothing more seen)"
PLACES: Final = {"page": FIRST, "before": LANDED, "after": NOTHING}  # what stands for no page
COUNTS: Final = {"searches": pl.Int64, "sessions": pl.Int64, "ended": pl.Int64}
_kept: Final[Kept[pl.DataFrame]] = Kept(KEPT)


@dataclass(frozen=True)
class Searches:
    """The searches of a segment that a question is about, one row each with its `term`."""

    asking: Asking[Any]
    segment: Segment
    rows: pl.DataFrame

    def by_term(self) -> pl.DataFrame:
        """Searches, sessions and ended searches of each term."""
        return _counted(self.rows, "term")

    def by_page(self, terms: pl.Series, place: str) -> pl.DataFrame:
        """The same of these terms by the page searched from, before or after, named as the viewer may see it."""
        some = self.rows.filter(pl.col("term").is_in(terms.implode()))
        none = pl.DataFrame([(0, PLACES[place], None)], page_names.NAMED, orient="row")
        named = pl.concat([none, page_names.named(self.asking, self.segment, some[place].unique())])
        told = some.select("term", "session", "ended", pl.col(place).alias("number")).join(named, on="number")
        return _counted(told.rename({"name": "page"}).drop("number"), "term", "page", "department")

    def owners(self) -> set[str | None]:
        """The departments whose pages were searched from, none among them for no page."""
        numbers = self.rows["page"].unique()
        found = set(page_names.named(self.asking, self.segment, numbers)["department"])
        return found | ({None} if (numbers == 0).any() else set())


def searches(asking: Asking[Any], period: Period) -> list[Searches]:
    """The searches of a period that fit the filters, segment by segment."""
    return [_of_segment(asking, one, period) for one in asking.reading.segments(asking.account, period)]


def added(parts: list[pl.DataFrame], *by: str) -> pl.DataFrame:
    """The counts of several segments by these words."""
    empty = pl.DataFrame(schema={**dict.fromkeys(by, pl.String), **COUNTS})
    typed = [part.select(pl.col(name).cast(kind) for name, kind in empty.schema.items()) for part in parts]
    return pl.concat([empty, *typed]).group_by(by).agg(pl.col(*COUNTS).sum())


def days_of(found: list[Searches], period: Period, terms: list[str]) -> Floats:
    """Searches by day and term."""
    array, place = np.zeros((period.days, len(terms))), {term: n for n, term in enumerate(terms)}
    for part in found:
        for day, term, number in part.rows.group_by("day", "term").len().iter_rows():
            if term in place:
                array[(day - period.first).days, place[term]] = number
    return array


def past(asking: Asking[Any], period: Period, terms: list[str]) -> Floats:
    """The same of the daily sums, which know no filters; a term counts from the months on that have enough of it."""
    array, place = np.zeros((period.days, len(terms))), {term: n for n, term in enumerate(terms)}
    bound = {"terms": terms, "first": period.first, "last": period.last}
    for segment in asking.reading.segments(asking.account, period):
        for day, term, number in asking.reading.run(segment, sql("terms_days"), bound).iter_rows():
            array[(day - period.first).days, place[term]] = number
    return array


def _of_segment(asking: Asking[Any], segment: Segment, period: Period) -> Searches:
    every = _kept.find((segment.sha256,), lambda: _read(asking, segment)) if segment.sha256 else _read(asking, segment)
    filters: Any = Source(asking, segment).session_filters()
    kept = [pl.col("day").is_between(period.first, period.last)]
    sides = (("device", "devices"), ("channel", "channels"), ("country", "countries"))
    kept += [pl.col(name).is_in(filters[many]) for name, many in sides if filters[many]]
    if sets.narrowed(asking):
        kept.append(pl.col("page").is_in(sets.of(asking, segment).tolist()))
    return Searches(asking, segment, every.filter(*kept))


def _read(asking: Asking[Any], segment: Segment) -> pl.DataFrame:
    rows, words = (asking.reading.run(segment, sql(name)) for name in ("terms", "terms_words"))
    return rows.join(words, on="value", how="left").drop("value")


def _counted(rows: pl.DataFrame, *by: str) -> pl.DataFrame:
    sums = [pl.len().alias("searches"), pl.col("session").n_unique().alias("sessions"), pl.col("ended").sum()]
    return rows.group_by(by).agg(sums)
