"""Cleaned days: what is left of an extract, encrypted, and the only source that segments are built from."""

import io
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final, Protocol

import polars as pl

from data.periods import LONDON, london_day
from data.store import vault
from data.store.home import Home
from data.store.manifest import EVENTS, Delivery, Stored

FOLDER: Final = "cleaned"
COMPRESSION_LEVEL: Final = 1  # zstd: 26 bytes a row and 0.5 CPU s a million; 3 takes 5 % less room and 20 % more time


class CleanedDay(Protocol):
    """One extract, cleaned: a frame of `data.contract.CLEANED`, RETURNED or REPORTED, and the account of every row that was read."""

    @property
    def account(self) -> str: ...
    @property
    def sender(self) -> str: ...
    @property
    def day(self) -> date: ...
    @property
    def kind(self) -> str: ...
    @property
    def format(self) -> str: ...
    @property
    def sha256(self) -> str: ...
    @property
    def frame(self) -> pl.DataFrame: ...
    @property
    def read(self) -> int: ...
    @property
    def kept(self) -> int: ...
    @property
    def ignored(self) -> int: ...
    @property
    def quarantined(self) -> Mapping[str, int]: ...
    @property
    def quarantine(self) -> Sequence[tuple[int, str, str]]: ...
    @property
    def dropped_unshared(self) -> Mapping[str, int]: ...
    @property
    def ignored_columns(self) -> Sequence[str]: ...


def described(one: CleanedDay) -> Delivery:
    """The delivery of a cleaned day that isn't saved yet."""
    return Delivery(
        account=one.account,
        sender=one.sender,
        day=one.day,
        kind=one.kind,
        format=one.format,
        sha256=one.sha256,
        read=one.read,
        kept=one.kept,
        ignored=one.ignored,
        quarantined=dict(one.quarantined),
        dropped_unshared=dict(one.dropped_unshared),
        ignored_columns=tuple(one.ignored_columns),
        days=_london_days(one) if one.kind == EVENTS else (),
    )


def save(home: Home, one: CleanedDay) -> Mapping[str, Stored]:
    """Write the files of a cleaned day: its rows and, where there are any, what it says of quarantined rows."""
    parts = {"rows": vault.put(home, FOLDER, _packed(one.frame))}
    if one.quarantine:
        parts["quarantined"] = vault.put(home, FOLDER, json.dumps(list(one.quarantine)).encode())
    return parts


def rows(home: Home, delivery: Delivery, only: pl.Expr | None = None) -> pl.DataFrame:
    """The frame of a delivery, of `data.contract.CLEANED`, or of RETURNED or REPORTED where it holds figures.

    `only` says which rows; of the others little is decoded.
    """
    packed = io.BytesIO(vault.get(home, FOLDER, delivery.parts["rows"]))
    return pl.read_parquet(packed) if only is None else pl.scan_parquet(packed).filter(only).collect()


def _london_days(one: CleanedDay) -> tuple[date, ...]:
    first, last = one.frame["time"].min(), one.frame["time"].max()
    if isinstance(first, datetime) and isinstance(last, datetime) and not one.frame["time"].null_count():
        ends = london_day(first), london_day(last)
        if (ends[1] - ends[0]).days <= 1:  # as nearly always, and small files are many
            return tuple(sorted(set(ends)))
    days = one.frame["time"].dt.convert_time_zone(str(LONDON)).dt.date().fill_null(one.day)
    return tuple(days.unique().sort())


def _packed(frame: pl.DataFrame) -> bytes:
    packed = io.BytesIO()
    frame.write_parquet(packed, compression="zstd", compression_level=COMPRESSION_LEVEL, statistics=False)
    return packed.getvalue()
