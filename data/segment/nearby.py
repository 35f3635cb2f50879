"""Which rows of the days around a period can belong to one of its sessions: those of ids that its edge days have too.

Four days are read beside a day, and hardly a session in three hundred goes over midnight: the rest needn't be looked at.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

import polars as pl

from data.periods import Period
from data.segment.days import GAP, CleanedFrame, midnight, number_of

BEFORE: Final = ("session_before", "visitor_before")
ID: Final = pl.coalesce("session", "visitor")  # a visitor's rows without a session id are cut into sessions
ID_BEFORE: Final = pl.coalesce(BEFORE)


def nearest(day: date, period: Period) -> date:
    """The day of the period that sessions of an extract of `day` reach, if its rows lie outside."""
    return min(max(day, period.first), period.last)


def late(day: date) -> pl.Expr:
    """Whether a row is of the last half hour of a day, after which its session may go on."""
    end = midnight(number_of(day) + 1)
    return pl.col("time").to_physical().is_between(end - GAP, end, closed="left")


def joining(inside: Sequence[CleanedFrame], day: date) -> pl.Expr:
    """Whether a row of an extract without rows of a period may go with its sessions.

    `inside` are all frames with rows of the period, `day` is the `nearest` of its days.
    """
    seen = [_on(one, day) for one in inside]
    ids = pl.concat(seen or [pl.Series(dtype=pl.Binary)]).unique().implode()
    # Rows that know the month before also tell how far a session, and whose visitor, can be followed into it.
    return pl.any_horizontal(ID.is_in(ids), pl.col(BEFORE).is_not_null())


def _on(one: CleanedFrame, day: date) -> pl.Series:
    """The ids of the extract's rows on a day, under the keys of their month and the one before."""
    first, last = midnight(number_of(day)), midnight(number_of(day) + 1)
    at = pl.col("time").to_physical().fill_null(midnight(number_of(one.day)))
    rows = one.frame.lazy().filter((at >= first) & (at < last))
    ids = rows.select(ID.alias("id"), ID_BEFORE.alias("before")).collect()
    return pl.concat([ids["id"], ids["before"]]).drop_nulls()
