"""One hardened DuckDB connection with its attached segments, and the watch that stops what runs too long."""

import importlib.resources
import os
import resource
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb

from data import errors
from data.settings import Settings

_WATCHES_EVERY: Final = 0.02  # seconds; how late an interrupt may come
_MOST_SPILLED: Final = "16GB"


def quoted(text: object) -> str:
    """A value of our own making as an SQL text, for the places where DuckDB takes no parameter."""
    return "'" + str(text).replace("'", "''") + "'"


def harden() -> None:
    """Nothing this process writes is anybody else's to read, and it leaves no image of its memory."""
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def connect(settings: Settings, spill: Path | None = None) -> duckdb.DuckDBPyConnection:
    """An in-memory connection that downloads nothing and reads no Python variable; it spills, encrypted, to `spill`."""
    connection = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
            "python_enable_replacements": False,
            "memory_limit": settings.memory_limit,
            "threads": settings.threads,
            "temp_file_encryption": True,
            "temp_directory": str(spill) if spill else "",
        },
    )
    if spill:
        connection.execute(f"set max_temp_directory_size = {quoted(_MOST_SPILLED)}")
        connection.execute(f"load {quoted(_httpfs())}")
    return connection


def attach(connection: duckdb.DuckDBPyConnection, file: Path, key: str, *, read_only: bool = True) -> None:
    """Attach an encrypted segment under its file's name; the key is bound, so it shows in no log."""
    mode = "read_only" if read_only else "read_write"
    connection.execute(f'attach {quoted(file)} as "{file.stem}" ({mode}, encryption_key ?)', [key])


def lock(connection: duckdb.DuckDBPyConnection, *folders: Path) -> None:
    """From here on only files of `folders` can be attached, and no setting can be changed."""
    if folders:
        listed = ", ".join(quoted(f"{folder}/") for folder in folders)
        connection.execute(f"set allowed_directories = [{listed}]")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")


def _httpfs() -> Path:
    """The wheel's own file: loading it from there writes nothing into the home of the user."""
    wheel = Path(str(importlib.resources.files("duckdb_extension_httpfs")))
    return next(wheel.glob(f"extensions/v{duckdb.__version__}/*.duckdb_extension"))


class Watch:
    """Interrupts statements at their deadline, from one thread for all; DuckDB has no time-out of its own."""

    def __init__(self) -> None:
        self._running: dict[int, tuple[float, duckdb.DuckDBPyConnection]] = {}
        self._lock = threading.Lock()
        self._some = threading.Event()
        threading.Thread(target=self._look, name="statement watch", daemon=True).start()

    @contextmanager
    def over(self, cursor: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
        """Run a statement on `cursor` for at most `seconds`, else raise `TookTooLong`."""
        with self._lock:
            self._running[id(cursor)] = (time.monotonic() + seconds, cursor)
        self._some.set()
        try:
            yield
        except duckdb.InterruptException:
            detail = "Ask for fewer days or a narrower set of pages, or raise ESTATE_STATEMENT_SECONDS"
            raise errors.TookTooLong("This question took too long and was stopped", detail) from None
        finally:
            with self._lock:  # held while interrupting, so a later statement of this cursor is never hit
                del self._running[id(cursor)]

    def _look(self) -> None:
        while self._some.wait():
            with self._lock:
                for deadline, cursor in self._running.values():
                    if time.monotonic() > deadline:
                        cursor.interrupt()
                if not self._running:
                    self._some.clear()
            time.sleep(_WATCHES_EVERY)
