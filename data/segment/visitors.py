"""visitor_days: how many visitors a slice had on a day, by the day they were last seen there in the month.

The visitors of any range of days in the month are then a sum: the rows of its days whose previous day lies before it.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from data.segment.arrays import Array, changes, order_of, per_block, tally
from data.segment.pages import of_pages
from data.segment.tables import Tables

NEVER: Final = 0  # the day number of 1 January 1970, for visitors not seen before in the month
BITS: Final = 16  # that a day, and a number within a slice, take in a packed number
LOW: Final = (1 << BITS) - 1
DAY_BITS: Final = 6  # that a day of the month takes
DAY: Final = (1 << DAY_BITS) - 1


@dataclass(frozen=True)
class Seen:
    """Who was seen when, once each: visitors (numbers below 2**32) and days, with departments as bits; and in services."""

    visitor: Array
    day: Array
    departments: Array
    of: Array  # the place, above, of who was seen in a service
    service: Array


def seen(tables: Tables) -> Seen:
    """What a segment's tables know of its visitors."""
    known = np.flatnonzero(tables.session["visitor"])
    when = _when(tables, known)
    order = np.argsort(when, kind="stable")
    starts = np.flatnonzero(changes(when[order]))
    once = when[order][starts]
    departments = per_block(np.bitwise_or, tables.session["departments_then"][known][order], starts)
    service = of_pages(tables.page, "service")[tables.view["page"]]
    there = np.flatnonzero(service)
    sessions = tables.view["session"][there].astype(np.int64) - 1
    named = tables.session["visitor"][sessions] > 0
    of = np.searchsorted(once, _when(tables, sessions[named]))
    pairs, _ = tally(of.astype(np.int64) << BITS | service[there[named]])
    return Seen(once >> BITS, once & LOW, departments, pairs >> BITS, pairs & LOW)


def visitor_days(found: Seen) -> pl.DataFrame:
    """The table visitor_days: of the estate, of each department (as then) and of each service."""
    everywhere = int(np.bitwise_or.reduce(found.departments, initial=np.uint64(0)))
    of = {n: np.flatnonzero(found.departments & np.uint64(1 << n)) for n in range(64) if everywhere >> n & 1}
    numbers = np.repeat(np.array(list(of), np.int64), [len(places) for places in of.values()])
    places = np.concatenate([*of.values(), np.zeros(0, np.int64)])
    slices = {
        "estate": _counted(found, np.zeros(len(found.visitor), np.int64), np.arange(len(found.visitor))),
        "department": _counted(found, numbers, places),
        "service": _counted(found, found.service.astype(np.int64), found.of),
    }
    every = pl.concat(counted.with_columns(slice=pl.lit(name)) for name, counted in slices.items())
    return every.with_columns(pl.col("day", "previous_day").cast(pl.Int32).cast(pl.Date))


def _when(tables: Tables, sessions: Array) -> Array:
    """The visitor and day of these sessions (counted from 0), packed."""
    visitor, day = (tables.session[name][sessions].astype(np.int64) for name in ("visitor", "day"))
    packed: Array = visitor << BITS | day
    return packed


def _counted(found: Seen, number: Array, places: Array) -> pl.DataFrame:
    """Visitors by number, day and previous day, from the places at which a slice's numbers were seen.

    The days are gone through in order, and of each visitor the one seen last is kept: half the time of a sort by visitor.
    """
    eve = int(found.day.min(initial=LOW)) - 1  # days are counted from it, 0 stands for never
    packed = number << DAY_BITS | found.day[places] - eve
    order = order_of(packed)
    packed, visitor = packed[order], found.visitor[places[order]]
    starts = np.flatnonzero(changes(packed))
    last = np.zeros(int(found.visitor.max(initial=-1)) + 1, np.uint8)
    rows, before = [], None
    for day, some in zip(packed[starts].tolist(), np.split(visitor, starts[1:]), strict=False):
        if before != day >> DAY_BITS:
            before = day >> DAY_BITS
            last[:] = 0
        times = np.bincount(last[some])
        rows += [(before, day & DAY, previous, times[previous]) for previous in np.flatnonzero(times).tolist()]
        last[some] = day & DAY
    told = pl.DataFrame(rows, dict.fromkeys(("number", "day", "previous_day", "visitors"), pl.Int64), orient="row")
    seen_before = pl.when(pl.col("previous_day") > 0).then(pl.col("previous_day") + eve).otherwise(NEVER)
    return told.with_columns(pl.col("day") + eve, previous_day=seen_before)
