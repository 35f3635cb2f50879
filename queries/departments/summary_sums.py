"""Daily sums by department, and the whole estate's under the number 63, as arrays of days by rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Any, Final

import numpy as np
import polars as pl

from data.periods import Period
from data.store import Segment
from queries.asking import Asking, sql
from queries.cache import Kept
from queries.page_sets import sets
from queries.pages.page_sums import sessions_that_fit
from queries.periods import days_with_data
from queries.verdicts.by_day import by_day, places_of
from queries.verdicts.statistics import Floats

ESTATE: Final = 63
DAILY: Final = ("sessions", "page_views", "landings", "exits", "single_page", "searches")
FROM_VIEWS: Final = {  # what the sums of days don't hold, by the SQL file that counts it
    "departments_events": ("searching_sessions", "not_found", "useful_yes", "useful_answers"),
    "departments_returns": ("returned",),
}  # fmt: skip
CELL: Final = ("day", "department", "part")
PAGES: Final = ("page", "service", "document_type", "organisation", "topic")  # filters that make a set of pages
KEPT_DAYS: Final = 512  # segments' daily sums; those of a month take 40 kB
Bound = dict[str, object]
_days: Final[Kept[pl.DataFrame]] = Kept(KEPT_DAYS)


@dataclass(frozen=True)
class Sums:
    """What each measure was on each day in each row, and the visitors of the whole period, NaN where they have no value."""

    daily: dict[str, Floats]  # days first, then rows
    visitors: Floats
    places: tuple[int, ...]  # of the days that have any data

    def empty(self) -> "Sums":
        """Sums of the same shape that have no value."""
        nothing = {name: np.full_like(values, np.nan) for name, values in self.daily.items()}
        return Sums(nothing, np.full_like(self.visitors, np.nan), ())

    @property
    def lacks_visitors(self) -> bool:
        """Whether a row with sessions has no value for its visitors."""
        return bool((np.isnan(self.visitors) & (self.total("sessions") > 0)).any())

    def total(self, measure: str) -> Floats:
        """The sum over the days, one number a row."""
        return self.visitors if measure == "visitors" else np.asarray(self.daily[measure].sum(axis=0))

    def known(self, measure: str) -> Floats:
        """The days of a measure that have any data."""
        return np.asarray(self.daily[measure][list(self.places)])


def daily(asking: Asking[Any], period: Period, *, atoms: bool = False) -> pl.DataFrame:
    """Columns day, department and `DAILY`, and for atoms device and channel; an open month may have a day twice."""
    parts = [
        _of_segment(asking, segment, period, atoms=atoms) for segment in asking.reading.segments(asking.account, period)
    ]
    types = {"day": pl.Date, "department": pl.UInt8, "device": pl.UInt8, "channel": pl.UInt8} | dict.fromkeys(
        DAILY, pl.Int64
    )
    found = pl.concat([pl.DataFrame(schema=types), *(part.select(list(types)) for part in parts)])
    return found if atoms else found.drop("device", "channel")


def visitors(asking: Asking[Any], period: Period, rows: list[int]) -> Floats:
    """Visitors of each row; NaN where they can't be told apart: across months, by filters, by structure as now."""
    if why_no_visitors(asking, period):
        return np.full(len(rows), np.nan)
    bound = {"first": period.first, "last": period.last}
    parts = [
        asking.reading.run(one, sql("summary_visitors"), bound) for one in asking.reading.months(asking.account, period)
    ]
    found = {department: number for part in parts for department, number in part.iter_rows()}
    return np.array([found.get(row, 0) for row in rows], float)


def why_no_visitors(asking: Asking[Any], period: Period) -> str:
    """The reason why visitors have no value, or nothing where they have one."""
    asked = asking.parameters
    if not period.in_one_month:
        return "Visitors have no value: they can't be followed across the end of a month."
    if asked.device or asked.channel or asked.country:
        return "Visitors have no value: they aren't counted by device, channel or country."
    if of_pages(asking):
        return "Visitors have no value: they aren't counted of a set of pages."
    if asked.structure == "now" or asked.attribution == "tagged":
        return "Visitors have no value: they are counted by owner, as it was then."
    return "Visitors aren't published." if asked.publication else ""


def sums(asking: Asking[Any], period: Period, rows: list[int]) -> Sums:
    """The daily sums of these departments over the period, 0 where there is nothing."""
    found = daily(asking, period).filter(pl.col("department").is_in(rows))
    arrays = by_day(found, period, places_of(found["department"], rows), rows=len(rows), names=DAILY)
    with_data = days_with_data(asking.reading, asking.account, period)
    places = tuple(place for place, day in enumerate(period) if day in with_data)
    seen = visitors(asking, period, rows)
    seen[(seen == 0) & (arrays["sessions"].sum(axis=0) > 0)] = np.nan  # somebody came, but the files name no visitor
    return Sums(arrays, seen, places)


def of_pages(asking: Asking[Any]) -> bool:
    """Whether filters choose a set of pages that isn't a department."""
    return any(getattr(asking.parameters, name) for name in PAGES)


def counted(asking: Asking[Any], segment: Segment, period: Period, by: str = "", *more: str) -> pl.DataFrame:
    """Columns day, department, `part` (the value of `by`), `DAILY` and what events tell, counted from page views of the set.

    `more` are further files of `FROM_VIEWS`.
    """
    narrowed = of_pages(asking)
    bound = _of_views(asking, period, by) | {"narrowed": narrowed}
    bound["pages"] = sets.of(asking, segment, PAGES).tolist() if narrowed else []
    files = dict.fromkeys(("departments", "departments_events", *more))
    return together(asking.reading.run(segment, sql(name), bound) for name in files)


def told_by_views(asking: Asking[Any], segment: Segment, by: str, name: str) -> pl.DataFrame:
    """What one file of `FROM_VIEWS` counts of every page, on every day of a segment."""
    days = segment.period
    bound = _of_views(asking, days, by) | {"narrowed": False, "pages": []}
    return _kept(asking, segment, name, bound).select(*CELL, *FROM_VIEWS[name])


def together(counts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """The counts of the same cells beside each other, 0 where one has none."""
    return reduce(lambda left, right: left.join(right, on=CELL, how="full", coalesce=True), counts).fill_null(0)


def _of_views(asking: Asking[Any], period: Period, by: str) -> Bound:
    asked = asking.parameters
    days = {"first": period.first, "last": period.last}
    whose = {"now": asked.structure == "now", "tagged": asked.attribution == "tagged"}
    return {**days, **whose, "by": by, **sessions_that_fit(asking)}


def _of_segment(asking: Asking[Any], segment: Segment, period: Period, *, atoms: bool) -> pl.DataFrame:
    asked, fit = asking.parameters, sessions_that_fit(asking, atoms=atoms)
    if not (asked.country or asked.attribution == "tagged" or of_pages(asking)):
        fit.pop("countries")
        days = {"first": segment.first_day, "last": segment.last_day}
        bound = days | fit | {"now": asked.structure == "now", "atoms": atoms}
        return _kept(asking, segment, "summary", bound).filter(pl.col("day").is_between(period.first, period.last))
    nothing = (pl.lit(0, pl.UInt8).alias(name) for name in ("device", "channel"))
    return counted(asking, segment, period).with_columns(*nothing)


def _kept(asking: Asking[Any], segment: Segment, name: str, bound: Bound) -> pl.DataFrame:
    """The answer of a file for every day of a segment: it never changes, so it is kept under the segment's hash."""
    key = (segment.sha256, name, *(str(bound[one]) for one in sorted(bound)))
    return _days.find(key, lambda: asking.reading.run(segment, sql(name), bound))
