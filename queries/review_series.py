"""The daily series that the review looks at: departments, services, pages, where people stop, answers, handovers, terms."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import polars as pl

from data.periods import Period
from data.register import register
from data.store import Segment
from queries import page_sums, page_tables
from queries.asking import Asking, sql
from queries.expected import WINDOW
from queries.statistics import Floats
from queries.summary_sums import daily
from queries.verdicts import WITHIN

BEFORE: Final = timedelta(WITHIN + WINDOW)  # days that the first placebo is expected from, and placebos
MOST: Final = 300  # things of a kind, those with most: many more would hide each other
LEAST_DAILY: Final = (
    3.0  # of what is counted on a day of the period or of those before it, below which nothing can be told
)
LEVELS: Final = {"hits": pl.Int64, "trials": pl.Int64}


@dataclass(frozen=True)
class Things:
    """The things of one kind: a count of each on each day, days first, or the two counts of a rate."""

    kind: str
    measure: str
    names: Sequence[str]
    departments: Sequence[str | None]
    hits: Floats
    trials: Floats | None = None

    def breaks(self, period: Period, account: str) -> tuple[date, ...]:
        """The days within the period from which the measure counts something else."""
        return tuple(one.day for one in register.calendar.breaks_in(period, self.measure, account))


def found(kind: str, asking: Asking[Any], whole: Period) -> Things:
    """The things of a kind over the whole of these days, those of which there are enough to tell anything."""
    rows, measure = _READERS[kind](asking, whole)
    rows = _enough(rows, asking.period)
    names = rows.select("name", "department").unique(maintain_order=True)
    place = {name: number for number, name in enumerate(names["name"].to_list())}
    at = (
        (rows["day"] - whole.first).dt.total_days().to_numpy(),
        np.array([place[name] for name in rows["name"].to_list()], np.int64),
    )
    arrays = {name: np.zeros((whole.days, len(place))) for name in LEVELS if name in rows.columns}
    for name, array in arrays.items():
        np.add.at(array, at, rows[name].to_numpy())
    return Things(
        kind, measure, names["name"].to_list(), names["department"].to_list(), arrays["hits"], arrays.get("trials")
    )


def _enough(rows: pl.DataFrame, period: Period) -> pl.DataFrame:
    """The rows of things that were seen enough, now or in as many days before; the most seen of them."""
    near = pl.col("day") >= period.first - timedelta(period.days)
    base = pl.col("trials" if "trials" in rows.columns else "hits")
    sums = rows.filter(near).group_by("name").agg(base.sum().alias("seen"))
    kept = (
        sums.filter(pl.col("seen") >= LEAST_DAILY * period.days)
        .sort("seen", "name", descending=[True, False])
        .head(MOST)
    )
    return rows.join(kept.select("name"), on="name", how="semi", maintain_order="left")


def _departments(asking: Asking[Any], whole: Period) -> tuple[pl.DataFrame, str]:
    """Those that there were on all of these days: one that closed didn't change, it closed."""
    there = [one.number for one in register.departments if one.exists(whole.first) and one.exists(whole.last)]
    found = daily(asking, whole).filter(pl.col("department").is_in(there))
    names = pl.col("department").replace_strict(register.department_names, return_dtype=pl.String)
    return found.select("day", names.alias("name"), names.alias("department"), hits="sessions"), "sessions"


def _services(asking: Asking[Any], whole: Period) -> tuple[pl.DataFrame, str]:
    found = _all(asking, whole, "review_services", {"day": pl.Date, "name": pl.String, "hits": pl.Int64})
    owners = {slug: one.department for slug, one in register.services.items()}
    return found.with_columns(department=pl.col("name").replace_strict(owners, return_dtype=pl.String)), "sessions"


def _terms(asking: Asking[Any], whole: Period) -> tuple[pl.DataFrame, str]:
    """What people searched for belongs to nobody."""
    found = _all(asking, whole, "review_terms", {"day": pl.Date, "name": pl.String, "hits": pl.Int64})
    return found.with_columns(department=pl.lit(None, pl.String)), "searches"


def _pages(asking: Asking[Any], whole: Period) -> tuple[pl.DataFrame, str]:
    rows = _of_pages(asking, whole, "review_pages", {"sessions": pl.Int64})
    return rows.rename({"sessions": "hits"}), "sessions"


def _stops(asking: Asking[Any], whole: Period) -> tuple[pl.DataFrame, str]:
    rows = _of_pages(asking, whole, "review_pages", {"exits": pl.Int64, "page_views": pl.Int64})
    return rows.rename({"exits": "hits", "page_views": "trials"}), "exit_rate"


def _answers(asking: Asking[Any], whole: Period) -> tuple[pl.DataFrame, str]:
    return _of_pages(asking, whole, "review_useful", {"hits": pl.Int64, "trials": pl.Int64}), "usefulness"


def _of_pages(asking: Asking[Any], whole: Period, query: str, counts: dict[str, Any]) -> pl.DataFrame:
    """Columns day, name, department and these counts, of the busiest pages that the viewer may see."""
    keys = _busiest(asking)
    rows = _all(asking, whole, query, {"day": pl.Date, "key": pl.Int64, **counts}, keys=keys.to_list())
    words = page_sums.words(asking, keys).select("key", "department", name="page").unique("key", keep="first")
    return rows.join(words, on="key", maintain_order="left").drop("key")


def _busiest(asking: Asking[Any]) -> pl.Series:
    """The keys of the pages with most sessions on these days or as many before, those that the viewer may see."""
    near = Period(asking.period.first - timedelta(asking.period.days), asking.period.last)
    parts = [_visible(asking, one, near) for one in asking.reading.segments(asking.account, near)]
    empty = pl.DataFrame(schema={"key": pl.Int64, "sessions": pl.Int64})
    sums = pl.concat([empty, *parts]).group_by("key").agg(pl.col("sessions").sum())
    return sums.sort("sessions", "key", descending=[True, False]).head(MOST * 2)["key"]


def _visible(asking: Asking[Any], segment: Segment, near: Period) -> pl.DataFrame:
    rows = asking.reading.run(segment, sql("review_busiest"), {"first": near.first, "last": near.last})
    hidden = page_tables.hidden(asking.reading, segment, asking.viewer)
    return rows.filter(pl.Series(hidden[rows["page"].to_numpy()] == 0)).select("key", pl.col("sessions").cast(pl.Int64))


def _all(asking: Asking[Any], whole: Period, query: str, types: dict[str, Any], **bound: object) -> pl.DataFrame:
    days: dict[str, object] = {"first": whole.first, "last": whole.last}
    parts = [
        asking.reading.run(one, sql(query), days | bound) for one in asking.reading.segments(asking.account, whole)
    ]
    return pl.concat(
        [pl.DataFrame(schema=types), *(part.select(pl.col(n).cast(t) for n, t in types.items()) for part in parts)]
    )


_READERS: Final[dict[str, Callable[[Asking[Any], Period], tuple[pl.DataFrame, str]]]] = {
    "department": _departments, "service": _services, "page": _pages, "where people stop": _stops, "usefulness": _answers,
    "search term": _terms,
}  # fmt: skip
KINDS: Final = tuple(_READERS)
