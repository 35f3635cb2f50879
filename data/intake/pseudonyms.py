"""Identifiers into pseudonyms: HMAC-SHA-256 under the key of their account and month, 16 bytes of it."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Final

import polars as pl

from data.periods import month_of

LENGTH: Final = 16  # bytes
BLOCK: Final = 64  # bytes of SHA-256's blocks
INNER, OUTER = 0x36, 0x5C  # RFC 2104
DAYS_BOTH: Final = 2  # days of a month on which a session of the month before may still go on
MonthKey = Callable[[str], bytes]  # of a month such as 2019-10


def hashes(key: bytes, texts: Iterable[bytes]) -> list[bytes]:
    """The pseudonym of each text. Both halves of the key are digested once, not once a text: 0.6 us instead of 1.5."""
    padded = (hashlib.sha256(key).digest() if len(key) > BLOCK else key).ljust(BLOCK, b"\0")
    inner, outer = (hashlib.sha256(bytes(byte ^ pad for byte in padded)) for pad in (INNER, OUTER))
    found = []
    for text in texts:
        inside, outside = inner.copy(), outer.copy()
        inside.update(text)
        outside.update(inside.digest())
        found.append(outside.digest()[:LENGTH])
    return found


def of(codes: pl.Series, texts: pl.Series, days: pl.Series, key: MonthKey) -> tuple[pl.Series, pl.Series]:
    """The pseudonym of each row, and the one under the month before on a month's first two days (else null).

    `codes` are places in `texts`, or null; `days` are London days.
    """
    months = {day: month_of(day) for day in days.unique().drop_nulls().to_list()}
    before = {day: month_of(day.replace(day=1) - timedelta(days=1)) for day in months if day.day <= DAYS_BOTH}
    return _under(codes, texts, days, (months, key)), _under(codes, texts, days, (before, key))


def _under(codes: pl.Series, texts: pl.Series, days: pl.Series, months: tuple[dict[date, str], MonthKey]) -> pl.Series:
    """Pseudonyms under the key of the month that each day has in `months`; null for days that have none there."""
    month_of_day, key = months
    found = pl.Series([None], dtype=pl.Binary).new_from_index(0, codes.len())
    for month in sorted(set(month_of_day.values())):
        of_month = [day for day, its in month_of_day.items() if its == month]
        everywhere = len(of_month) == days.n_unique()
        here = codes if everywhere else codes.set(~days.is_in(of_month), None)
        pseudonyms = _table(here, texts, key(month)).gather(here)
        found = pseudonyms if everywhere else pseudonyms.zip_with(pseudonyms.is_not_null(), found)
    return found


def _table(codes: pl.Series, texts: pl.Series, key: bytes) -> pl.Series:
    """The pseudonyms of those texts that `codes` point to, at their places."""
    used = codes.drop_nulls().unique()
    found = hashes(key, map(str.encode, texts.gather(used).to_list()))
    return (
        pl.Series([None], dtype=pl.Binary)
        .new_from_index(0, texts.len())
        .scatter(used, pl.Series(found, dtype=pl.Binary))
    )
