"""Readers of the estate: one process, many threads, each call pinned to one version until it is done."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa

from data import errors
from data.periods import LONDON, Period
from data.settings import Settings
from data.store import engine
from data.store.keys import KEY_BYTES, EstateKey
from data.store.manifest import Manifest, Segment

Fill = Callable[[duckdb.DuckDBPyConnection, str], object]  # writes a segment's tables into a catalog
Numbers = dict[str, np.ndarray[Any, Any]]

_RUNNING_PER_THREAD: Final = 2  # statements at once; DuckDB shares its threads among them


class Reading:
    """One version, for one call. All its statements together may run for `statement_seconds`."""

    def __init__(self, estate: "Estate", manifest: Manifest) -> None:
        self._estate = estate
        self._seconds_left = estate.settings.statement_seconds
        self.manifest = manifest

    @property
    def version(self) -> int:
        """The counter of the version that this call reads."""
        return self.manifest.version

    def segments(self, account: str, period: Period) -> list[Segment]:
        """The segments with sessions of the account on days of the period, oldest first."""
        return self._of_kinds(account, period, "day", "month")

    def visitors(self, account: str, period: Period) -> list[Segment]:
        """The segments whose `visitor_days` hold days of the period: one for each month."""
        return self._of_kinds(account, period, "visitors", "month")

    def run(self, segment: Segment, sql: str, parameters: Mapping[str, object] | None = None) -> pl.DataFrame:
        """The rows of a query on one segment; `parameters` are exactly those that `sql` names with `$`.

        Raises `TookTooLong` when the call's time is up, `TooBusy` when too many wait.
        """
        frame = pl.from_arrow(self.arrow(segment, sql, parameters))
        return frame if isinstance(frame, pl.DataFrame) else frame.to_frame()

    def arrow(self, segment: Segment, sql: str, parameters: Mapping[str, object] | None = None) -> pa.Table:
        """As `run`, as an Arrow table."""
        with self._statement(segment) as cursor:
            return cursor.execute(sql, dict(parameters or {})).to_arrow_table()

    def numpy(self, segment: Segment, sql: str, parameters: Mapping[str, object] | None = None) -> Numbers:
        """As `run`, as one array a column; a column with nulls comes masked."""
        with self._statement(segment) as cursor:
            return cursor.execute(sql, dict(parameters or {})).fetchnumpy()

    def _of_kinds(self, account: str, period: Period, *kinds: str) -> list[Segment]:
        found = [one for one in self.manifest.segments if one.account == account and one.kind in kinds]
        return sorted((one for one in found if one.period.overlap(period)), key=lambda one: (one.first_day, one.name))

    @contextmanager
    def _statement(self, segment: Segment) -> Iterator[duckdb.DuckDBPyConnection]:
        with self._estate.statement(segment.name, self._seconds_left) as cursor:
            started = time.monotonic()
            try:
                yield cursor
            finally:
                self._seconds_left = max(0.0, self._seconds_left - (time.monotonic() - started))


class Estate:
    """The published estate, open for reading. Safe to use from any thread."""

    def __init__(
        self, settings: Settings, connection: duckdb.DuckDBPyConnection, manifest: Manifest, key: EstateKey | None = None
    ) -> None:
        self.settings = settings
        self._key = key or EstateKey(bytes(KEY_BYTES))  # an estate in memory has no files to keep secret
        self._connection = connection
        self._manifest = manifest
        self._lock = threading.RLock()
        self._pins: Counter[int] = Counter()
        self._cursors: dict[str, list[duckdb.DuckDBPyConnection]] = {one.name: [] for one in manifest.segments}
        self._watch = engine.Watch()
        self._running = threading.BoundedSemaphore(settings.threads * _RUNNING_PER_THREAD)
        self._waiting = 0

    @classmethod
    def in_memory(
        cls,
        segments: Sequence[tuple[Segment, Fill]],
        settings: Settings | None = None,
        manifest: Manifest | None = None,
    ) -> "Estate":
        """An estate without files: each segment is an empty catalog of its name, filled by `fill(connection, name)`.

        `manifest` may tell of deliveries, closed months and the version; its segments are replaced by these.
        """
        settings = settings or Settings()
        connection = engine.connect(settings)
        told = manifest or Manifest(version=1, created=datetime(2020, 11, 1, tzinfo=LONDON), demonstration=True)
        for segment, fill in segments:
            connection.execute(f"attach ':memory:' as \"{segment.name}\"")
            fill(connection, segment.name)
        engine.lock(connection)
        shown = {name: getattr(told, name) for name in told.__dataclass_fields__ if name != "segments"}
        return cls(settings, connection, Manifest(**shown, segments=tuple(one for one, _ in segments)))

    @property
    def version(self) -> int:
        """The counter of the newest version that is attached."""
        return self._manifest.version

    def derived_key(self, purpose: str) -> bytes:
        """32 bytes for one purpose, the same as long as the estate key is."""
        return self._key.derived(purpose)

    @contextmanager
    def pinned(self) -> Iterator[Reading]:
        """Read the newest version; it stays attached until the last call that reads it is done."""
        with self._lock:
            manifest = self._manifest
            self._pins[manifest.version] += 1
        try:
            yield Reading(self, manifest)
        finally:
            with self._lock:
                self._pins[manifest.version] -= 1

    @contextmanager
    def statement(self, name: str, seconds: float) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor for one statement on the segment of this name, stopped after `seconds`."""
        with self._turn():
            cursor = self._cursor(name)
            with self._watch.over(cursor, seconds):
                yield cursor
            with self._lock:  # not reached after an error: then the cursor is left to be collected
                self._cursors[name].append(cursor)

    def close(self) -> None:
        """Let go of everything; calls still reading fail."""
        self._connection.close()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait among a bounded number of others until a statement may run."""
        with self._lock:
            if self._waiting >= self.settings.waiting_questions:
                raise errors.TooBusy("Too many questions at once", "Wait a moment and ask again")
            self._waiting += 1
        try:
            self._running.acquire()
        finally:
            with self._lock:
                self._waiting -= 1
        try:
            yield
        finally:
            self._running.release()

    def _cursor(self, name: str) -> duckdb.DuckDBPyConnection:
        """A cursor whose unqualified names mean this segment's tables: one used before, or a new one."""
        with self._lock:
            if self._cursors[name]:
                return self._cursors[name].pop()
        cursor = self._connection.cursor()
        cursor.execute(f'use "{name}"')
        return cursor
