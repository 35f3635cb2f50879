"""The searches of each segment, read once and kept: a segment never changes. What fits a question is taken from them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import polars as pl

from data.periods import Period
from data.register import register
from data.store import Segment
from queries.asking import Asking, sql
from queries.cache import Kept
from queries.page_sets import sets
from queries.pages import page_tables
from queries.parameters import FILTERS
from queries.source import Source
from queries.verdicts.by_day import by_day, places_of
from queries.verdicts.statistics import Floats

KEPT: Final = 64  # segments whose searches are kept; half a million searches take 20 MB
FIRST: Final = "(before any page)"
LANDED: Final = "(landing)"
NOTHING: Final = "(nothing more seen)"
PLACES: Final = {"page": FIRST, "before": LANDED, "after": NOTHING}  # what stands for no page
COUNTS: Final = {"searches": pl.Int64, "sessions": pl.Int64, "ended": pl.Int64}
TYPES: Final = {"term": pl.String, "code": pl.Int64, "owner": pl.UInt8, "device": pl.UInt8, "channel": pl.UInt8}
NAMED: Final = {"term": pl.String, "page": pl.String, "department": pl.String, **COUNTS}
COUNTED: Final = 512  # sums of segments that are kept; those of a hundred terms take 0.2 MB
_kept: Final[Kept["Read"]] = Kept(KEPT)
_counts: Final[Kept[pl.DataFrame]] = Kept(COUNTED)


@dataclass(frozen=True)
class Read:
    """Every search of a segment, one row each, and the term that each `value` stands for."""

    rows: pl.DataFrame
    words: pl.DataFrame


@dataclass(frozen=True)
class Searches:
    """The searches of a segment in a period that a question is about. What was counted of them is kept by the segment's hash."""

    asking: Asking[Any]
    segment: Segment
    period: Period

    @cached_property
    def read(self) -> Read:
        """Every search of the segment."""
        return _kept.find(self._files, lambda: _read(self))

    @cached_property
    def month(self) -> Segment | None:
        """The segment that knows the terms of a day of an open month; none where this one shows its own."""
        if self.segment.kind != "day":
            return None
        known = self.asking.reading.months(self.asking.account, self.segment.period)
        return next((one for one in known if one.kind == "visitors"), None)

    @property
    def _files(self) -> tuple[str, ...]:
        """The hashes of the segments that tell of these searches."""
        return tuple(one.sha256 for one in (self.segment, self.month) if one)

    @cached_property
    def rows(self) -> pl.DataFrame:
        """Those that fit the filters, one row each."""
        filters: Any = Source(self.asking, self.segment).session_filters()
        kept = [pl.col("day").is_between(self.period.first, self.period.last)]
        sides = (("device", "devices"), ("channel", "channels"), ("country", "countries"))
        kept += [pl.col(name).is_in(filters[many]) for name, many in sides if filters[many]]
        if sets.narrowed(self.asking):
            kept.append(pl.col("page").is_in(sets.of(self.asking, self.segment).tolist()))
        return self.read.rows.filter(*kept)

    def numbers(self, terms: Sequence[str]) -> pl.Series:
        """The numbers that these terms have here."""
        return self.read.words.filter(pl.col("term").is_in(terms))["value"]

    @cached_property
    def key(self) -> tuple[object, ...]:
        """What tells these searches, as the viewer may see them, from all others; nothing for topics: people change them."""
        days = self.segment.period.overlap(self.period)
        asked = self.asking.parameters.model_dump_json(include={*FILTERS, "structure", "attribution"})
        return (self._files, days, asked, self.asking.viewer.rights) if not self.asking.parameters.topic else ()

    def _find(self, what: tuple[object, ...], count: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        """What was counted before of the same searches, or else is counted now."""
        return _counts.find((*self.key, *what), count) if self.key else count()

    def by_term(self) -> pl.DataFrame:
        """Searches, sessions and ended searches of each term."""
        return self._find(("terms",), lambda: self._worded(_counted(self.rows, "value")))

    def by_cell(self, *by: str) -> pl.DataFrame:
        """The same by columns of the rows, `value` among them."""
        return self._worded(_counted(self.rows, *by))

    def by_page(self, terms: pl.Series, place: str) -> pl.DataFrame:
        """The same of these terms by the page searched from, before or after: by its `code` and its owner.

        A code is the page's key, 0 for no page, and minus a department's number plus 1 for its pages that may not be seen.
        """
        return self._find((place, tuple(terms)), lambda: self._by_page(terms, place))

    def _by_page(self, terms: pl.Series, place: str) -> pl.DataFrame:
        some = self.rows.filter(pl.col("value").is_in(self.numbers(terms.to_list()).implode()))
        table, number = page_tables.table(self.asking.reading, self.segment), some[place].to_numpy()
        folded = page_tables.hidden(self.asking, self.segment)[number].astype(np.int64)
        code = np.where(folded > 0, -folded, table.key[number])
        columns = [pl.Series("code", code), pl.Series("owner", self._owner(table)[number])]
        return self._worded(
            _counted(some.select("value", "session", "ended").with_columns(columns), "value", "code", "owner")
        )

    def by_day(self) -> pl.DataFrame:
        """Searches by day and term."""
        return self._find(("days",), lambda: self._worded(self.rows.group_by("day", "value").len()))

    def owners(self) -> set[str | None]:
        """The departments whose pages were searched from, none among them for no page."""
        table = page_tables.table(self.asking.reading, self.segment)
        numbers = self.rows["page"].unique().to_numpy()
        return {register.department_names[self._owner(table)[n]] if n else None for n in numbers.tolist()}

    def _owner(self, table: page_tables.PageTable) -> page_tables.Array:
        return table.owner_now if self.asking.parameters.structure == "now" else table.owner_then

    def _worded(self, sums: pl.DataFrame) -> pl.DataFrame:
        return sums.join(self.read.words, on="value").drop("value")


def searches(asking: Asking[Any], period: Period) -> list[Searches]:
    """The searches of a period that fit the filters, segment by segment."""
    return [Searches(asking, one, period) for one in asking.reading.segments(asking.account, period)]


def added(parts: list[pl.DataFrame], *by: str) -> pl.DataFrame:
    """The counts of several segments by term, or by term, code and owner."""
    empty = pl.DataFrame(schema={**{name: TYPES[name] for name in by}, **COUNTS})
    typed = [part.select(pl.col(name).cast(kind) for name, kind in empty.schema.items()) for part in parts]
    return (
        pl.concat([empty, *typed]).group_by(by).agg(pl.col(*COUNTS).sum())
        if len(parts) > 1
        else pl.concat([empty, *typed])
    )


def named(asking: Asking[Any], rows: pl.DataFrame, place: str) -> pl.DataFrame:
    """The columns of `NAMED` for rows by code and owner, in their order."""
    segments = asking.reading.segments(asking.account, asking.period)
    keys = rows.filter(pl.col("code") > 0)["code"].unique().to_list()
    names = dict(zip(keys, page_tables.names(asking.reading, segments, keys), strict=True)) | {0: PLACES[place]}
    names |= {-number - 1: f"({name})" for number, name in register.department_names.items()}
    page = pl.col("code").replace_strict(names, return_dtype=pl.String).alias("page")
    owner = pl.col("owner").replace_strict(register.department_names, return_dtype=pl.String)
    department = pl.when(pl.col("code") != 0).then(owner).alias("department")
    return rows.select("term", page, department, *COUNTS)


def days_of(found: list[Searches], period: Period, terms: list[str]) -> Floats:
    """Searches by day and term."""
    parts = [part.by_day().filter(pl.col("term").is_in(terms)).select("day", "term", "len") for part in found]
    known = pl.concat([pl.DataFrame(schema={"day": pl.Date, "term": pl.String, "len": pl.UInt32}), *parts])
    return by_day(known, period, places_of(known["term"], terms), rows=len(terms), names=("len",))["len"]


def past(asking: Asking[Any], period: Period, terms: list[str]) -> Floats:
    """The same of the daily sums, which know no filters; a term counts from the months on that have enough of it."""
    array, place = np.zeros((period.days, len(terms))), {term: n for n, term in enumerate(terms)}
    bound = {"terms": terms, "first": period.first, "last": period.last}
    for segment in asking.reading.months(asking.account, period):
        for day, term, number in asking.reading.run(segment, sql("terms_days"), bound).iter_rows():
            array[(day - period.first).days, place[term]] += number
    return array


def _read(found: Searches) -> Read:
    run, segment = found.asking.reading.run, found.segment
    rows = run(segment, sql("terms"))
    if found.month is None:
        return Read(rows, run(segment, sql("terms_words")))
    words = run(found.month, sql("terms_links"), {"day": segment.linked})
    known = pl.col("value").is_in(words["value"].implode())
    return Read(rows.with_columns(pl.when(known).then("value").otherwise(0).cast(rows.schema["value"])), words)


def _counted(rows: pl.DataFrame, *by: str) -> pl.DataFrame:
    sums = [pl.len().alias("searches"), pl.col("session").n_unique().alias("sessions"), pl.col("ended").sum()]
    return rows.group_by(by).agg(sums)
