"""visitor_days: how many visitors a slice had on a day, by the day they were last seen there in the month.

The visitors of any range of days in the month are then a sum: the rows of its days whose previous day lies before it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from data.segment.arrays import Array, changes, order_of, per_block, tally
from data.segment.pages import of_pages
from data.segment.tables import Tables

NEVER: Final = 0  # the day number of 1 January 1970, for visitors not seen before in the month
BITS: Final = 32  # that a visitor takes in a packed number
LOW: Final = (1 << BITS) - 1


@dataclass(frozen=True)
class Seen:
    """Who was seen when, day after day: visitors (below 2**32) and days, departments as bits; and in services.

    In each part of a day a visitor is there once; a day has two parts where two segments hold it.
    """

    visitor: Array
    day: Array
    parts: Array  # the first row of each part
    departments: Array
    of: Array  # the place, above, of who was seen in a service, in order
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
    pairs, _ = tally(of.astype(np.int64) << 16 | service[there[named]])
    day = once >> BITS
    parts = np.flatnonzero(changes(day))
    return Seen(once & LOW, day, parts, departments, pairs >> 16, (pairs & 0xFFFF).astype(np.uint16))


def visitor_days(found: Seen, since: int = 0) -> pl.DataFrame:
    """The table visitor_days: of the estate, of each department (as then) and of each service; and the part of each row.

    `since` is the part, counted from 0, that the rows begin with.
    """
    days, cuts = found.day[found.parts].tolist(), found.parts[1:]
    last = np.zeros(int(found.visitor.max(initial=0)) + 1, np.uint8)
    rows = [
        (on, name, number, days[on], days[before - 1] if before else NEVER, count)
        for name, number, each in _slices(found, cuts)
        for on, before, count in _returning(each, last, since)
        if not before or days[before - 1] < days[on]
    ]
    types = dict.fromkeys(("part", "slice", "number", "day", "previous_day", "visitors"), pl.Int64)
    table = pl.DataFrame(rows, types | {"slice": pl.String}, orient="row")
    return table.with_columns(pl.col("day", "previous_day").cast(pl.Int32).cast(pl.Date))


def _slices(found: Seen, cuts: Array) -> Iterator[tuple[str, int, list[Array]]]:
    """The name and number of each slice, and who was seen there, part after part; parts begin at `cuts`."""
    visitors, departments = (np.split(column, cuts) for column in (found.visitor, found.departments))
    yield "estate", 0, visitors
    everywhere = int(np.bitwise_or.reduce(found.departments, initial=np.uint64(0)))
    for number in (one for one in range(64) if everywhere >> one & 1):
        bit = np.uint64(1 << number)
        yield "department", number, [who[of & bit > 0] for who, of in zip(visitors, departments, strict=True)]
    order = order_of(found.service)
    starts = np.flatnonzero(changes(found.service[order]))
    for number, places in zip(
        found.service[order[starts]].tolist(), np.split(found.of[order], starts[1:]), strict=False
    ):
        yield "service", number, np.split(found.visitor[places], np.searchsorted(places, cuts))


def _returning(visitors: Iterable[Array], last: Array, since: int) -> Iterator[tuple[int, int, int]]:
    """How many visitors of each part from `since` on were seen last in which part, counted from 1 (0 for none).

    `last` is room for these. The parts are gone through in order, and of each visitor the last one is kept: half the time of a sort by visitor.
    """
    last[:] = 0
    for on, some in enumerate(visitors):
        if on >= since:
            times = np.bincount(last[some])
            for before in np.flatnonzero(times).tolist():
                yield on, before, int(times[before])
        last[some] = on + 1


def _when(tables: Tables, sessions: Array) -> Array:
    """The day and visitor of these sessions (counted from 0), packed."""
    visitor, day = (tables.session[name][sessions].astype(np.int64) for name in ("visitor", "day"))
    packed: Array = day << BITS | visitor
    return packed
