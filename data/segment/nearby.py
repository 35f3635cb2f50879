"""Which rows of the days around a period can belong to one of its sessions: those of ids that its edge days have too.

Four days are read beside a day, and hardly a session in three hundred goes over midnight: the rest needn't be looked at.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

import polars as pl

from data.periods import Period
from data.segment.days import CleanedFrame, midnight, number_of

BEFORE: Final = ("session_before", "visitor_before")
ID: Final = pl.coalesce("session", "visitor")  # a visitor's rows without a session id are cut into sessions
ID_BEFORE: Final = pl.coalesce(BEFORE)


def nearby(cleaned: Sequence[CleanedFrame], period: Period) -> list[CleanedFrame]:
    """The frames with rows of the period, and of the other frames the rows that may go with these."""
    spans = [_span(one) for one in cleaned]
    inside = [_reaches(span, period) for span in spans]
    if all(inside):
        return list(cleaned)
    edges = [Period(period.first, period.first), Period(period.last, period.last)]
    seen = [_on(one, day) for one, span in zip(cleaned, spans, strict=True) for day in edges if _reaches(span, day)]
    ids = pl.concat(seen or [pl.Series(dtype=pl.Binary)]).unique().implode()
    # Rows that know the month before also tell how far a session, and whose visitor, can be followed into it.
    mine = pl.any_horizontal(ID.is_in(ids), pl.col(BEFORE).is_not_null())
    return [
        one if within else replace(one, frame=one.frame.filter(mine))
        for one, within in zip(cleaned, inside, strict=True)
    ]


def _span(one: CleanedFrame) -> tuple[int, int] | None:
    """The first and the last microsecond of an extract's rows; those without a time are at the start of its own day."""
    at = one.frame["time"].to_physical()
    ends = [moment for moment in (at.min(), at.max()) if isinstance(moment, int)]
    if at.null_count():
        ends.append(_moments(Period(one.day, one.day))[0])
    return (min(ends), max(ends)) if ends else None


def _reaches(span: tuple[int, int] | None, period: Period) -> bool:
    """Whether rows of such a span may lie in the period."""
    first, last = _moments(period)
    return span is not None and span[0] < last and span[1] >= first


def _on(one: CleanedFrame, period: Period) -> pl.Series:
    """The ids of the extract's rows in the period, under the keys of their month and the one before."""
    first, last = _moments(period)
    at = pl.col("time").to_physical().fill_null(_moments(Period(one.day, one.day))[0])
    ids = (
        one.frame.lazy().filter((at >= first) & (at < last)).select(ID.alias("id"), ID_BEFORE.alias("before")).collect()
    )
    return pl.concat([ids["id"], ids["before"]]).drop_nulls()


def _moments(period: Period) -> tuple[int, int]:
    """The microsecond in which the period starts, and the one in which it is over."""
    return midnight(number_of(period.first)), midnight(number_of(period.last + timedelta(days=1)))
