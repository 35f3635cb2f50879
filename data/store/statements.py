"""Statements on attached segments: each with a cursor of its own, a turn to wait for and a time limit."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import duckdb

from data import errors
from data.settings import Settings

_RUNNING_PER_THREAD: Final = 2  # statements at once; DuckDB shares its threads among them
_LOOKS_EVERY: Final = 0.02  # seconds; how late an interrupt may come
_LINGERS: Final = 50  # looks without a statement after which the watch goes to sleep


class Statements:
    """The statements of one connection, from any number of threads."""

    def __init__(self, settings: Settings, connection: duckdb.DuckDBPyConnection) -> None:
        self._most_waiting = settings.waiting_questions
        self._connection = connection
        self._lock = threading.Lock()
        self._idle: dict[str, list[duckdb.DuckDBPyConnection]] = {}
        self._watch = Watch()
        self._running = threading.BoundedSemaphore(settings.threads * _RUNNING_PER_THREAD)
        self._waiting = 0

    def add(self, name: str) -> None:
        """Statements may be asked of this attached segment from now on."""
        with self._lock:
            self._idle[name] = []

    def drop(self, name: str) -> None:
        """Close what was kept open for a segment that nobody reads any more, and detach it."""
        with self._lock:
            for cursor in self._idle.pop(name):
                cursor.close()
        self._connection.cursor().execute(f'detach "{name}"')

    @contextmanager
    def on(self, name: str, seconds: float) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor for one statement on a segment. Raises `TooBusy` when too many wait, `TookTooLong` after `seconds`."""
        with self._turn():
            cursor = self._cursor(name)
            with self._watch.over(cursor, seconds):
                yield cursor
            with self._lock:  # not reached after an error: then the cursor is left to be collected
                self._idle[name].append(cursor)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait, if need be among a bounded number of others, until a statement may run."""
        if not self._running.acquire(blocking=False):
            self._wait()
        try:
            yield
        finally:
            self._running.release()

    def _wait(self) -> None:
        with self._lock:
            if self._waiting >= self._most_waiting:
                raise errors.TooBusy("Too many questions at once", "Wait a moment and ask again")
            self._waiting += 1
        self._running.acquire()
        with self._lock:
            self._waiting -= 1

    def _cursor(self, name: str) -> duckdb.DuckDBPyConnection:
        """A cursor whose unqualified names mean this segment's tables: one used before, or a new one (70 us)."""
        with self._lock:
            if self._idle[name]:
                return self._idle[name].pop()
        cursor = self._connection.cursor()
        cursor.execute(f'use "{name}"')
        return cursor


class Watch:
    """Interrupts statements at their deadline, from one thread for all; DuckDB has no time-out of its own."""

    def __init__(self) -> None:
        self._running: dict[int, tuple[float, duckdb.DuckDBPyConnection]] = {}
        self._lock = threading.Lock()
        self._awake = False

    @contextmanager
    def over(self, cursor: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
        """Run a statement on `cursor` for at most `seconds`, else raise `TookTooLong`; `TooLarge` where memory ends."""
        with self._lock:
            self._running[id(cursor)] = (time.monotonic() + seconds, cursor)
            if not self._awake:
                self._awake = True
                threading.Thread(target=self._look, name="statement watch", daemon=True).start()
        try:
            yield
        except duckdb.InterruptException:
            detail = "Ask for fewer days or a narrower set of pages, or raise ESTATE_STATEMENT_SECONDS"
            raise errors.TookTooLong("This question took too long and was stopped", detail) from None
        except duckdb.OutOfMemoryException:
            detail = "Ask for fewer days or a narrower set of pages, or raise ESTATE_MEMORY_LIMIT"
            raise errors.TooLarge("This question needs more memory than there is", detail) from None
        finally:
            with self._lock:  # held while interrupting, so a later statement of this cursor is never hit
                del self._running[id(cursor)]

    def _look(self) -> None:
        idle = 0
        while idle < _LINGERS:
            time.sleep(_LOOKS_EVERY)
            with self._lock:
                idle = 0 if self._running else idle + 1
                for deadline, cursor in self._running.values():
                    if time.monotonic() > deadline:
                        cursor.interrupt()
                self._awake = idle < _LINGERS
