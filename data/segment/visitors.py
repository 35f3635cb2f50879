"""visitor_days: how many visitors a slice had on a day, by the day they were last seen there in the month.

The visitors of any range of days in the month are then a sum: the rows of its days whose previous day lies before it.
"""

from typing import Final

import numpy as np
import polars as pl

from data.segment.arrays import Array, changes, tally
from data.segment.pages import of_pages
from data.segment.tables import Tables

SLICES: Final = ("estate", "department", "service")
NEVER: Final = 0  # the day number of 1 January 1970, for visitors not seen before in the month
BITS: Final = 16  # that a day, and a number within a slice, take in a packed number; a visitor's takes 28


def visitor_days(tables: Tables) -> pl.DataFrame:
    """The table visitor_days: of the estate, of each department (as then) and of each service."""
    visitor, day = (tables.session[name].astype(np.int64) for name in ("visitor", "day"))
    found = [
        _of_slice(number, *pair)
        for number, pair in enumerate((_estate(tables), _departments(tables), _services(tables)))
    ]
    of = np.concatenate([pair[1] for pair in found])
    number = np.concatenate([pair[0] for pair in found])
    packed, _ = tally(((number << 28 | visitor[of]) << BITS | day[of])[visitor[of] > 0])
    who, on = packed >> BITS, packed & ((1 << BITS) - 1)
    before = np.where(changes(who), NEVER, np.roll(on, 1))
    counted, visitors = tally(((who >> 28) << BITS | on) << BITS | before)
    days = {"day": counted >> BITS, "previous_day": counted}
    return pl.DataFrame(
        {
            **{name: (values & ((1 << BITS) - 1)).astype(np.int32) for name, values in days.items()},
            "slice": pl.Series(SLICES).gather(counted >> 3 * BITS),
            "number": (counted >> 2 * BITS & ((1 << BITS) - 1)).astype(np.uint16),
            "visitors": visitors.astype(np.uint32),
        }
    ).with_columns(pl.col("day", "previous_day").cast(pl.Date))


def _of_slice(place: int, number: Array, session: Array) -> tuple[Array, Array]:
    return np.int64(place) << BITS | number.astype(np.int64), session


def _estate(tables: Tables) -> tuple[Array, Array]:
    """Each slice gives its numbers (here 0) and the sessions seen there, counted from 0."""
    sessions = len(tables.session["session"])
    return np.zeros(sessions, np.int64), np.arange(sessions)


def _departments(tables: Tables) -> tuple[Array, Array]:
    seen = tables.session["departments_then"]
    any_seen = int(np.bitwise_or.reduce(seen, initial=np.uint64(0)))
    numbers = [number for number in range(64) if any_seen >> number & 1]
    sessions = [np.flatnonzero(seen & np.uint64(1 << number)) for number in numbers]
    return np.repeat(numbers, [len(one) for one in sessions]), np.concatenate([*sessions, np.zeros(0, np.int64)])


def _services(tables: Tables) -> tuple[Array, Array]:
    service = of_pages(tables.page, "service")[tables.view["page"]]
    there = np.flatnonzero(service)
    return service[there], tables.view["session"][there] - 1
