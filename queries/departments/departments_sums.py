"""Daily sums of every department, apart by device, channel, document type, topic, week or month, now and before."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data.contract import CHANNELS, DEVICES
from data.periods import Period
from data.register import PLATFORM_SENDER, register
from queries.asking import Asking
from queries.departments.summary_sums import (
    CELL,
    DAILY,
    FROM_VIEWS,
    Sums,
    counted,
    daily,
    of_pages,
    together,
    told_by_views,
    visitors,
)
from queries.metrics import METRICS
from queries.periods import days_with_data, stretches
from queries.verdicts.by_day import by_day, places_of

UNKNOWN: Final = "(not known)"
MOST_TOPICS: Final = 20  # counted where none is named
NO_TYPE: Final = "(no document type)"
TIMES: Final = frozenset({"week", "month"})
COUNTS: Final = (*DAILY, *(name for names in FROM_VIEWS.values() for name in names))
TYPES: Final = {"day": pl.Date, "department": pl.UInt8, "part": pl.String} | dict.fromkeys(COUNTS, pl.Int64)
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Part:
    """One value of the second dimension, or everything: the sums of each row on these days, and which days it has.

    `heard` is false on the days of a row from which its department's own files are missing: they are no zero.
    """

    name: str | None
    first_day: date | None  # of a week or month
    last_day: date | None
    now: Sums
    heard: Bools  # days by rows
    before: Sums | None = None
    heard_before: Bools | None = None


def parts(asking: Asking[Any], rows: list[int]) -> list[Part]:
    """The parts in their order: devices and channels as the contract has them, document types by page views, times as they come."""
    by = asking.parameters.by
    cells, heard = _cells(asking, asking.period), _heard(asking, asking.period, rows)
    if by in TIMES:
        whole = _sums(asking, cells, asking.period, rows)
        return [_stretch(whole, heard, asking.period, one) for one in stretches(asking.period, by)]
    comparison = asking.comparison
    before = _cells(asking, comparison) if comparison else cells.clear()
    heard_before = _heard(asking, comparison, rows) if comparison else None
    return [
        Part(
            name, None, None, _sums(asking, _of(cells, value), asking.period, rows), heard,
            _sums(asking, _of(before, value), comparison, rows) if comparison else None, heard_before,
        )
        for value, name in _values(cells, by)
    ]  # fmt: skip


def from_views(asking: Asking[Any]) -> bool:
    """Whether page views must be counted, because the daily sums don't know whose they are."""
    asked = asking.parameters
    apart = asked.by in {"device", "channel"} and (asked.country or asked.attribution == "tagged")
    return of_pages(asking) or asked.by == "document_type" or bool(apart)


def _cells(asking: Asking[Any], period: Period) -> pl.DataFrame:
    """Columns day, department, part (text, "" for everything) and `COUNTS`; those that the measure doesn't need may be 0."""
    asked = asking.parameters
    if asked.by == "topic":
        return pl.concat([_of_topic(asking, period, slug) for slug in topics(asking)])
    by = asked.by if asked.by not in TIMES else None
    files = [name for name, counts in FROM_VIEWS.items() if {*counts} & {*METRICS[asked.measure].counts}]
    segments = asking.reading.segments(asking.account, period)
    if from_views(asking):
        return _typed(counted(asking, one, period, by or "", *files) for one in segments)
    told = [_typed(told_by_views(asking, one, by or "", name) for one in segments) for name in files]
    within = pl.col("day").is_between(period.first, period.last)
    shown = [
        one.filter(within).group_by(CELL).agg(pl.col(FROM_VIEWS[name]).sum())
        for one, name in zip(told, files, strict=True)
    ]
    return _typed([together([_of_days(asking, period, by), *shown])])


def _of_days(asking: Asking[Any], period: Period, by: str | None) -> pl.DataFrame:
    """The sums of days: `CELL` and `DAILY`."""
    asked = asking.parameters
    apart = daily(asking, period, atoms=by is not None)
    for name, wanted in (("device", asked.devices), ("channel", asked.channels)):
        apart = apart.filter(pl.col(name).is_in(wanted)) if by and wanted else apart
    named = apart.with_columns(part=pl.col(by).cast(pl.String) if by else pl.lit(""))
    return named.group_by(CELL).agg(pl.col(DAILY).sum())


def _typed(counts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """The counts one under the other, 0 where a kind of them wasn't asked for."""
    return pl.concat(
        [pl.DataFrame(schema=TYPES), *(one.select(_column(one, name) for name in TYPES) for one in counts)]
    )


def _column(counts: pl.DataFrame, name: str) -> pl.Expr:
    return (pl.col(name) if name in counts.columns else pl.lit(0).alias(name)).cast(TYPES[name])


def topics(asking: Asking[Any]) -> list[str]:
    """The addresses of the topics that are named, or of the first `MOST_TOPICS` that the viewer finds."""
    return list(dict.fromkeys(asking.parameters.topic)) or sorted(asking.topics)[:MOST_TOPICS]


def _of_topic(asking: Asking[Any], period: Period, slug: str) -> pl.DataFrame:
    """The cells of the pages of one topic, under its address."""
    alone = asking.parameters.model_copy(update={"topic": (slug,), "by": None})
    return _cells(replace(asking, parameters=alone), period).with_columns(part=pl.lit(slug))


def _values(cells: pl.DataFrame, by: str | None) -> list[tuple[str, str | None]]:
    """The values that have any page view, with their names; a topic's is its address."""
    if by is None:
        return [("", None)]
    views = cells.group_by("part").agg(pl.col("page_views").sum()).sort("page_views", "part", descending=[True, False])
    if by in {"document_type", "topic"}:
        return [(value, value or NO_TYPE) for value in views["part"].to_list()]
    words = dict(enumerate((UNKNOWN, *(DEVICES if by == "device" else CHANNELS))))
    return [(str(number), words[number]) for number in sorted(map(int, views["part"].to_list()), key=lambda n: n or 99)]


def _of(cells: pl.DataFrame, value: str) -> pl.DataFrame:
    return cells.filter(pl.col("part") == value)


def _sums(asking: Asking[Any], cells: pl.DataFrame, period: Period, rows: list[int]) -> Sums:
    """The sums of these departments as arrays of days by rows, 0 where there is nothing."""
    found = cells.filter(pl.col("department").is_in(rows))
    arrays = by_day(found, period, places_of(found["department"], rows), rows=len(rows), names=COUNTS)
    apart = from_views(asking) or asking.parameters.by is not None
    seen = np.full(len(rows), np.nan) if apart else visitors(asking, period, rows)
    seen[(seen == 0) & (arrays["sessions"].sum(axis=0) > 0)] = np.nan
    with_data = days_with_data(asking.reading, asking.account, period)
    return Sums(arrays, seen, tuple(place for place, day in enumerate(period) if day in with_data))


def _stretch(whole: Sums, heard: Bools, period: Period, one: Period) -> Part:
    first, last = (one.first - period.first).days, (one.last - period.first).days + 1
    arrays = {name: values[first:last] for name, values in whole.daily.items()}
    places = tuple(place - first for place in whole.places if first <= place < last)
    return Part(
        str(one.first),
        one.first,
        one.last,
        Sums(arrays, np.full_like(whole.visitors, np.nan), places),
        heard[first:last],
    )


def _heard(asking: Asking[Any], period: Period, rows: list[int]) -> Bools:
    """Days by rows: whether the account has data, and every sender of the row that sends at all, and should have, sent."""
    with_data = days_with_data(asking.reading, asking.account, period)
    whole = np.array([day in with_data for day in period])
    found = np.repeat(whole[:, None], len(rows), axis=1)
    sent = [asking.reading.manifest.sent.get(asking.account, {}).get(day, frozenset()) for day in period]
    for sender in frozenset[str]().union(*sent) - {PLATFORM_SENDER}:
        number = register.number(register.as_now(sender) if asking.parameters.structure == "now" else sender)
        if number in rows:
            here = [sender in by or sender not in register.sharing(day) for day, by in zip(period, sent, strict=True)]
            found[:, rows.index(number)] &= np.array(here)
    return found
