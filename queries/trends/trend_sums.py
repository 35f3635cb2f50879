"""Daily sums for a trend, with the days before it that its band is made of: by department, or of one set of pages."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import polars as pl

from data.periods import Period
from data.register import register
from data.store import Segment
from queries.asking import Asking, sql
from queries.departments.row_names import named
from queries.departments.summary_sums import DAILY, ESTATE, daily, of_pages, why_no_visitors
from queries.page_sets import sets
from queries.pages import page_tables
from queries.pages.page_sums import from_views, sessions_that_fit
from queries.periods import days_with_data
from queries.verdicts.by_day import by_day, places_of
from queries.verdicts.expected import AROUND, WINDOW, YEAR
from queries.verdicts.statistics import Floats

BEFORE: Final = YEAR + AROUND + WINDOW  # days that are read before those asked for
BEFORE_PAGES: Final = 26 * 7  # of a set of pages, which is counted from page views
Visitors = dict[tuple[str | None, date], int]  # by row and first day of a point
TYPES: Final = {"day": pl.Date} | dict.fromkeys(DAILY, pl.Int64)


@dataclass(frozen=True)
class Held:
    """Sums by day and row over `days`, the last of which were asked for; 0 where there is nothing, also without data."""

    days: tuple[date, ...]
    rows: tuple[str | None, ...]  # short names; none for pages of several departments
    sums: dict[str, Floats]  # days first, then rows
    with_data: frozenset[date]


def numbers(asking: Asking[Any]) -> list[int]:
    """The numbers of the departments asked for, or that of the whole estate."""
    return [register.number(short) for short in asking.parameters.department] or [ESTATE]


def held(asking: Asking[Any]) -> Held:
    """The sums of the period asked for and of the days before it."""
    longer = Period(asking.period.first - timedelta(BEFORE_PAGES if of_pages(asking) else BEFORE), asking.period.last)
    rows, found = by_pages(asking, longer) if of_pages(asking) else _by_department(asking, longer)
    sums = by_day(found, longer, places_of(found["department"], rows), rows=len(rows), names=DAILY)
    with_data = days_with_data(asking.reading, asking.account, longer)
    return Held(tuple(longer), rows, sums, with_data)


def visitors(asking: Asking[Any], by: str) -> Visitors | None:
    """Visitors by row and first day of each day, week or month; none where they can't be told apart."""
    if of_pages(asking) or why_no_visitors(asking, Period(asking.period.first, asking.period.first)):
        return None
    bound: dict[str, object] = {"first": asking.period.first, "last": asking.period.last, "by": by}
    parts = [
        asking.reading.run(one, sql("trend_visitors"), bound)
        for one in asking.reading.months(asking.account, asking.period)
    ]
    wanted = set(numbers(asking))
    told = (row for part in parts for row in part.iter_rows() if row[0] in wanted)
    return {(named(department), day): count for department, day, count in told}


def _by_department(asking: Asking[Any], period: Period) -> tuple[tuple[str | None, ...], pl.DataFrame]:
    wanted = numbers(asking)
    found = daily(asking, period).filter(pl.col("department").is_in(wanted))
    names = [named(number) for number in found["department"].to_list()]
    return tuple(map(named, wanted)), found.with_columns(department=pl.Series(names, dtype=pl.String))


def by_pages(asking: Asking[Any], period: Period) -> tuple[tuple[str | None, ...], pl.DataFrame]:
    """One row of the pages that fit every filter; it is a department's where all of them are."""
    owners: set[int] = set()
    parts = [pl.DataFrame(schema=TYPES)]
    for segment in asking.reading.segments(asking.account, period):
        pages = sets.of(asking, segment)
        parts.append(_of_segment(asking, segment, period, pages))
        table = page_tables.table(asking.reading, segment)
        owner = table.owner_now if asking.parameters.structure == "now" else table.owner_then
        owners |= set(owner[sets.seen(asking, segment, period)].tolist())
    row = named(owners.pop()) if len(owners) == 1 else None
    return (row,), pl.concat(parts).with_columns(department=pl.lit(row, pl.String))


def _of_segment(asking: Asking[Any], segment: Segment, period: Period, pages: page_tables.Array) -> pl.DataFrame:
    """The sums of every day. A session has one page under one number only, so those of a single page are there by day."""
    if not len(pages):
        return pl.DataFrame(schema=TYPES)
    run, keys = asking.reading.run, page_tables.table(asking.reading, segment).key[pages]
    alone = bool((keys == keys[0]).all())
    bound = {"first": period.first, "last": period.last, "pages": pages.tolist()}
    bound |= {"low": int(pages[0]), "high": int(pages[-1])}
    if alone and not from_views(asking):
        found = run(segment, sql("trend_of_page"), bound)
    else:
        bound |= sessions_that_fit(asking)
        searches = run(segment, sql("trend_searches"), bound)
        found = run(segment, sql("trend_by_view"), bound | {"alone": alone}).join(searches, on="day", how="left")
    return found.with_columns(pl.col("searches").fill_null(0)).select(
        pl.col(name).cast(kind) for name, kind in TYPES.items()
    )
