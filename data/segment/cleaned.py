"""The rows a segment is built from: cleaned frames, read as London days, with one identity on both sides of a month's end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

import numpy as np
import polars as pl

from data.periods import LONDON, Period, whole_month

DAYS_BEFORE: Final = 2  # of a segment, that decide which sessions start in it
DAYS_AFTER: Final = 1  # into which its sessions may last
ASTRAY: Final = 1  # days by which a row may lie outside the day of its extract
EPOCH: Final = date(1970, 1, 1)
MARK: Final = "(not shared)"  # the path of the page that stands for a run of rows not shared


@dataclass(frozen=True)
class CleanedFrame:
    """One cleaned extract. `sender` is the sender's number in the register: it orders rows of equal time."""

    sender: int
    day: date  # that the sender declared
    frame: pl.DataFrame  # of data.contract.CLEANED


def window(period: Period) -> Period:
    """The days of the extracts that a segment of `period` must be built from."""
    return Period(
        period.first - timedelta(days=DAYS_BEFORE + ASTRAY), period.last + timedelta(days=DAYS_AFTER + ASTRAY)
    )


def touched(day: date) -> Period:
    """The days whose segments may change when an extract of `day` does."""
    return Period(day - timedelta(days=DAYS_AFTER + ASTRAY), day + timedelta(days=DAYS_BEFORE + ASTRAY))


def number_of(day: date) -> int:
    """The days since 1 January 1970."""
    return (day - EPOCH).days


def gather(cleaned: Sequence[CleanedFrame], period: Period) -> pl.DataFrame:
    """Every row that may belong to a session of `period`, with its London day (as a number), sender and identity.

    Columns of the contract, and: `at` (microseconds UTC, 0 without a time), `day`, `sender`, `who` (16 bytes), `chained`
    (there is no session id: sessions are cut from the visitor's rows).
    """
    days = Period(period.first - timedelta(days=DAYS_BEFORE), period.last + timedelta(days=DAYS_AFTER))
    parts = [_dated(one, days) for one in sorted(cleaned, key=lambda one: (one.day, one.sender))]
    rows = pl.concat(parts) if parts else _dated(CleanedFrame(0, period.first, _empty()), days)
    return rows.with_columns(
        pl.coalesce(_as_later(rows, "session"), _as_later(rows, "visitor")).alias("who"),
        pl.col("session").is_null().alias("chained"),
    ).filter(pl.col("who").is_not_null())


def _empty() -> pl.DataFrame:
    from data.contract import CLEANED

    return pl.DataFrame(schema=CLEANED)


def _dated(one: CleanedFrame, days: Period) -> pl.DataFrame:
    at = one.frame["time"].to_physical()
    midnights = np.array([_midnight(day) for day in days], np.int64)
    place = np.searchsorted(midnights, at.fill_null(0).to_numpy(), "right") - 1
    numbers = np.where(at.is_null().to_numpy(), number_of(one.day), place + number_of(days.first))
    known = at.is_null().to_numpy() | (
        (place >= 0) & (at.fill_null(0).to_numpy() < _midnight(days.last + timedelta(1)))
    )
    return one.frame.with_columns(
        at.fill_null(0).alias("at"),
        pl.Series("day", numbers.astype(np.int32)),
        pl.lit(one.sender, pl.UInt16).alias("sender"),
    ).filter(pl.Series(known) & pl.col("day").is_between(number_of(days.first), number_of(days.last)))


def _midnight(day: date) -> int:
    """The microsecond at which a London day starts."""
    return int(datetime.combine(day, time(), LONDON).timestamp()) * 1_000_000


def _as_later(rows: pl.DataFrame, name: str) -> pl.Series:
    """The pseudonym of each row; before a month's end as the later month's key knows it, where it goes on there."""
    pairs = rows.filter(pl.col(f"{name}_before").is_not_null()).select(
        pl.col(f"{name}_before").alias(name), pl.col(name).alias("later")
    )
    if pairs.is_empty():
        return rows[name]
    joined = rows.select(name).join(pairs.unique(name), on=name, how="left", maintain_order="left")
    return joined.select(pl.coalesce("later", name).alias(name)).to_series()


def first_of_following_month(period: Period) -> int:
    """The number of the day after the month in which `period` starts."""
    return number_of(whole_month(period.first).last) + 1
