"""visitor_days: how many visitors a slice had on a day, by the day they were last seen there in the month.

The visitors of any range of days in the month are then a sum: the rows of its days whose previous day lies before it.
"""

from typing import Final

import numpy as np
import polars as pl

from data.segment.tables import Tables

KEYS: Final = ("slice", "number", "visitor")
NEVER: Final = 0  # the day number of 1 January 1970, for visitors not seen before in the month


def visitor_days(tables: Tables) -> pl.DataFrame:
    """The table visitor_days: of the estate, of each department (as then) and of each service."""
    sessions = pl.DataFrame({name: tables.session[name] for name in ("session", "day", "visitor", "departments_then")})
    known = sessions.filter(pl.col("visitor") > 0)
    seen = pl.concat([_estate(known), _departments(known), _services(known, tables)])
    ordered = seen.unique().sort(*KEYS, "day")
    before = pl.col("day").shift(1).over(KEYS).fill_null(NEVER).alias("previous_day")
    counted = ordered.with_columns(before).group_by("slice", "number", "day", "previous_day").agg(visitors=pl.len())
    dates = pl.col("day", "previous_day").cast(pl.Date)
    return counted.sort("slice", "number", "day", "previous_day").with_columns(dates)


def _slice(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    return frame.select(pl.lit(name).alias("slice"), pl.col("number").cast(pl.UInt16), "visitor", "day")


def _estate(sessions: pl.DataFrame) -> pl.DataFrame:
    return _slice(sessions.with_columns(number=0), "estate")


def _departments(sessions: pl.DataFrame) -> pl.DataFrame:
    bits = sessions["departments_then"].to_numpy()
    found = [np.flatnonzero(bits >> np.uint64(number) & np.uint64(1)) for number in range(64)]
    numbers = np.repeat(np.arange(64), [len(places) for places in found])
    return _slice(sessions[np.concatenate(found)].with_columns(number=pl.Series(numbers)), "department")


def _services(sessions: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    service = np.append(np.uint16(0), tables.page["service"].to_numpy())[tables.view["page"]]
    among = np.flatnonzero(service)
    seen = pl.DataFrame({"session": tables.view["session"][among], "number": service[among]})
    return _slice(seen.unique().join(sessions, on="session"), "service")
