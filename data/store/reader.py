"""Readers of the estate: one process, many threads, each call pinned to one version until it is done."""

import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa

from data import audit, errors
from data.periods import LONDON, Period
from data.settings import Settings
from data.store import engine
from data.store.disk import Disk
from data.store.keys import KEY_BYTES, EstateKey
from data.store.manifest import Manifest, Segment
from data.store.statements import Statements

if TYPE_CHECKING:
    from data.state import State

Fill = Callable[[duckdb.DuckDBPyConnection, str], object]  # writes a segment's tables into a catalog
Numbers = dict[str, np.ndarray[Any, Any]]

_TRIES: Final = 5  # to read a version that later ones may be replacing


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

    def months(self, account: str, period: Period) -> list[Segment]:
        """The segments whose `visitor_days` and `term_day` hold days of the period: one for each month."""
        return self._of_kinds(account, period, "visitors", "month")

    def returns(self) -> list[Segment]:
        """The segments of what services return: of no account's sessions, so the same whichever is asked about."""
        return sorted((one for one in self.manifest.segments if one.kind == "returns"), key=lambda one: one.account)

    def reports(self, account: str) -> list[Segment]:
        """The segments of what analytics tools report in sums, of an account."""
        return [one for one in self.manifest.segments if one.kind == "reports" and one.account == account]

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
        return sorted(
            (one for one in found if one.period.overlap(period)), key=lambda one: (one.first_day, one.linked, one.name)
        )

    @contextmanager
    def _statement(self, segment: Segment) -> Iterator[duckdb.DuckDBPyConnection]:
        with self._estate.statements.on(segment.name, self._seconds_left) as cursor:
            started = time.monotonic()
            try:
                yield cursor
            finally:
                self._seconds_left = max(0.0, self._seconds_left - (time.monotonic() - started))


class Estate:
    """The published estate, open for reading. Safe to use from any thread."""

    def __init__(
        self,
        settings: Settings,
        connection: duckdb.DuckDBPyConnection,
        manifest: Manifest,
        disk: Disk | None = None,
    ) -> None:
        self.settings = settings
        self.statements = Statements(settings, connection)
        for one in manifest.segments:
            self.statements.add(one.name)
        self._connection = connection
        self._disk = disk
        self._lock = threading.Lock()  # of the three below
        self._current = _Held(manifest)
        self._draining: list[_Held] = []
        self._untrusted: errors.Untrusted | None = None
        self._refreshing = threading.Lock()
        self._made: State | None = None
        self._making = threading.Lock()

    @classmethod
    def open(cls, settings: Settings) -> "Estate":
        """The estate of the home of the settings; with nothing published yet it is empty, version 0.

        What can be checked meanwhile is checked in the background. Raises `Untrusted` for a home that isn't as published.
        """
        disk = Disk.open(settings)
        estate = cls(settings, disk.connect(), Manifest(version=0, created=settings.now()), disk)
        estate.refresh()
        threading.Thread(target=estate._check_rest, args=(disk,), name="hashes", daemon=True).start()
        return estate

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
        held = tuple(replace(one, sha256=one.sha256 or secrets.token_hex()) for one, _ in segments)
        told = manifest or Manifest(version=1, created=datetime(2020, 11, 1, tzinfo=LONDON), demonstration=True)
        for segment, fill in segments:
            connection.execute(f"attach ':memory:' as \"{segment.name}\"")
            fill(connection, segment.name)
        engine.lock(connection)
        return cls(settings, connection, replace(told, segments=held))

    @property
    def version(self) -> int:
        """The counter of the newest version that is attached."""
        return self._current.manifest.version

    @property
    def newest(self) -> Reading:
        """The newest version's own facts, such as its days; whoever reads its segments pins it."""
        return Reading(self, self._current.manifest)

    def derived_key(self, purpose: str) -> bytes:
        """32 bytes for one purpose, the same as long as the estate key is."""
        key = self._disk.home.key if self._disk else EstateKey(bytes(KEY_BYTES))  # in memory there are no secrets
        return key.derived(purpose)

    @property
    def keeps_made(self) -> bool:
        """Whether there may be something that people made; in memory, only once `made` was asked for."""
        return self._disk is not None or self._made is not None

    @property
    def made(self) -> "State":
        """What people made, opened when it is first asked for; an estate in memory keeps it in memory."""
        from data.state import State  # most processes that read an estate never need it

        with self._making:
            self._made = self._made or (State.open(self._disk.home) if self._disk else State.in_memory(self.settings))
            return self._made

    def record(self, kind: str, **facts: object) -> None:
        """Add an entry to the audit log; an estate in memory keeps none."""
        if self._disk:
            audit.Log(self._disk.home).append(kind, **facts)

    @contextmanager
    def pinned(self) -> Iterator[Reading]:
        """Read the newest version; it stays attached until the last call that reads it is done. Raises `Untrusted`."""
        with self._lock:
            if self._untrusted:
                raise self._untrusted
            held = self._current
            held.pins += 1
        try:
            yield Reading(self, held.manifest)
        finally:
            with self._lock:
                held.pins -= 1
                self._release()

    def refresh(self) -> bool:
        """Attach the newest version and swap to it; calls under way keep theirs. Says whether there was one.

        Raises `Untrusted` for a version that isn't what was published; the one before is then still read.
        """
        with self._refreshing:
            for _ in range(_TRIES):
                found = self._disk.newest() if self._disk else None
                if self._disk is None or found is None or found.version == self.version:
                    return False
                with suppress(FileNotFoundError):  # a still later version has replaced a file: take that one
                    self._attach(self._disk, found)
                    self._swap(found)
                    return True
            raise errors.Untrusted("A segment is missing", "Restore a backup of the home")

    def follow(self, every: float = 1.0) -> None:
        """Refresh in the background whenever a version is published, looked for every so many seconds."""
        threading.Thread(target=self._follow, args=(every,), name="versions", daemon=True).start()

    def close(self) -> None:
        """Let go of everything; calls still reading fail."""
        if self._made:
            self._made.close()
        self._connection.close()
        if self._disk:
            self._disk.close()

    def _attach(self, disk: Disk, manifest: Manifest) -> None:
        attached = {one.name for one in self._current.manifest.segments}
        fresh = [one for one in manifest.segments if one.name not in attached]
        disk.check_first(fresh, starting=self.version == 0)
        done: list[Segment] = []
        try:
            for one in fresh:
                disk.attach(self._connection.cursor(), one)
                self.statements.add(one.name)
                done.append(one)
        except BaseException:
            for one in done:
                self.statements.drop(one.name)
            raise

    def _swap(self, manifest: Manifest) -> None:
        with self._lock:
            self._draining.append(self._current)
            self._current = _Held(manifest)
            self._untrusted = None
            self._release()

    def _release(self) -> None:
        """Detach what only versions that nobody reads any more are made of."""
        done = [held for held in self._draining if not held.pins]
        self._draining = [held for held in self._draining if held.pins]
        needed = {one.name for held in (self._current, *self._draining) for one in held.manifest.segments}
        for name in {one.name for held in done for one in held.manifest.segments} - needed:
            self.statements.drop(name)

    def _follow(self, every: float) -> None:
        disk, seen = self._disk, ""
        while disk and not disk.closed:
            if (pointer := disk.pointer()) != seen:
                seen = pointer
                try:
                    self.refresh()
                except errors.Untrusted as error:
                    disk.tell(error)
            time.sleep(every)

    def _check_rest(self, disk: Disk) -> None:
        """Hash what was taken on trust at the start; a segment that was changed withdraws its version."""
        held = self._current
        try:
            disk.check_rest(held.manifest.segments)
        except errors.Untrusted as error:
            disk.tell(error)
            with self._lock:
                if self._current is held:
                    self._untrusted = error


@dataclass
class _Held:
    """An attached version, and how many calls read it."""

    manifest: Manifest
    pins: int = 0
