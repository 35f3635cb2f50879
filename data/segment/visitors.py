"""visitor_days: how many visitors a slice had on a day, by the day they were last seen there in the month.

The visitors of any range of days in the month are then a sum: the rows of its days whose previous day lies before it.
"""

from typing import Final

import numpy as np
import polars as pl

from data.segment.arrays import Array, changes, tally
from data.segment.pages import of_pages
from data.segment.tables import Tables

NEVER: Final = 0  # the day number of 1 January 1970, for visitors not seen before in the month
BITS: Final = 16  # that a day, and a number within a slice, take in a packed number
LOW: Final = (1 << BITS) - 1


def visitor_days(tables: Tables) -> pl.DataFrame:
    """The table visitor_days: of the estate, of each department (as then) and of each service."""
    slices = {"estate": _estate(tables), "department": _departments(tables), "service": _services(tables)}
    found = [_counted(tables, *seen).with_columns(slice=pl.lit(name)) for name, seen in slices.items()]
    return pl.concat(found).with_columns(pl.col("day", "previous_day").cast(pl.Int32).cast(pl.Date))


def _counted(tables: Tables, number: Array, session: Array) -> pl.DataFrame:
    """Visitors by number, day and previous day, from the sessions (counted from 0) that a slice's numbers were seen in."""
    visitor, day = (tables.session[name][session].astype(np.int64) for name in ("visitor", "day"))
    packed = number.astype(np.int64) << 48 | visitor << BITS | day
    seen, _ = tally(packed[visitor > 0])
    who, on = seen >> BITS, seen & LOW
    before = np.where(changes(who), NEVER, np.roll(on, 1))
    days, visitors = tally((who >> 32) << 2 * BITS | on << BITS | before)
    return pl.DataFrame(
        {"number": days >> 2 * BITS, "day": days >> BITS & LOW, "previous_day": days & LOW, "visitors": visitors}
    )


def _estate(tables: Tables) -> tuple[Array, Array]:
    """Number 0 in every session."""
    sessions = len(tables.session["session"])
    return np.zeros(sessions, np.int64), np.arange(sessions)


def _departments(tables: Tables) -> tuple[Array, Array]:
    """Departments by number."""
    seen = tables.session["departments_then"]
    any_seen = int(np.bitwise_or.reduce(seen, initial=np.uint64(0)))
    numbers = [number for number in range(64) if any_seen >> number & 1]
    sessions = [np.flatnonzero(seen & np.uint64(1 << number)) for number in numbers]
    return np.repeat(numbers, [len(one) for one in sessions]), np.concatenate([*sessions, np.zeros(0, np.int64)])


def _services(tables: Tables) -> tuple[Array, Array]:
    """Services by their number in the segment."""
    service = of_pages(tables.page, "service")[tables.view["page"]]
    there = np.flatnonzero(service)
    return service[there], tables.view["session"][there].astype(np.int64) - 1
