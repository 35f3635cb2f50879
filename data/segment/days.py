"""The days that a segment is built from: cleaned frames, London days as numbers, and how far sessions reach."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

import polars as pl

from data.periods import LONDON, Period

DAYS_BEFORE: Final = 2  # of a segment, that decide which sessions start in it
DAYS_AFTER: Final = 1  # into which its sessions may last
ASTRAY: Final = 1  # days by which a row may lie outside the day of its extract
EPOCH: Final = date(1970, 1, 1)
GAP: Final = 30 * 60 * 1_000_000  # microseconds without a row, after which a visitor's next row starts a session


@dataclass(frozen=True)
class CleanedFrame:
    """One cleaned extract. `sender` is the sender's number in the register: it orders rows of equal time."""

    sender: int
    day: date  # that the sender declared
    frame: pl.DataFrame  # of data.contract.CLEANED


def deciding(period: Period) -> Period:
    """The London days whose rows decide about the sessions of a period."""
    return Period(period.first - timedelta(days=DAYS_BEFORE), period.last + timedelta(days=DAYS_AFTER))


def beside(period: Period) -> Period:
    """The days whose extracts must be there for its sessions not to be cut at midnight."""
    return Period(period.first - timedelta(days=1), period.last + timedelta(days=1))


def window(period: Period) -> Period:
    """The days of the extracts that may hold such rows."""
    within = deciding(period)
    return Period(within.first - timedelta(days=ASTRAY), within.last + timedelta(days=ASTRAY))


def touched(day: date) -> Period:
    """The days whose segments may change when an extract of `day` does."""
    return Period(day - timedelta(days=DAYS_AFTER + ASTRAY), day + timedelta(days=DAYS_BEFORE + ASTRAY))


def number_of(day: date) -> int:
    """The days since 1 January 1970."""
    return (day - EPOCH).days


def midnight(day: int) -> int:
    """The microsecond at which a London day, given as a number, starts."""
    return int(datetime.combine(EPOCH + timedelta(days=day), time(), LONDON).timestamp()) * 1_000_000
