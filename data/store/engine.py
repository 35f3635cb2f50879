"""A hardened DuckDB connection: what is set, and in which order, before anything is asked of it."""

import ctypes
import importlib.resources
import os
import resource
from pathlib import Path
from typing import Final

import duckdb

from data.settings import Settings

_MOST_SPILLED: Final = "16GB"
_BLOCK, _SMALL_BLOCK = 262_144, 16_384  # bytes; a column takes a block at least, so a day of few rows 1.8 MB or 160 kB
_FEW_ROWS: Final = 50_000
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # of glibc's mallopt
_REUSED: Final = {_ARENA_MAX: 1, _MMAP_THRESHOLD: 32 << 20, _TRIM_THRESHOLD: 256 << 20}  # one, bytes, bytes


def quoted(text: object) -> str:
    """A value of our own making as an SQL text, for the places where DuckDB takes no parameter."""
    return "'" + str(text).replace("'", "''") + "'"


def harden() -> None:
    """Nothing this process writes is anybody else's to read, and it leaves no image of its memory."""
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def reuse_memory() -> None:
    """Keep up to 256 MB that was let go of for the arrays of the next question, whichever thread asks it.

    The C library gives arrays of megabytes back at once, and the system clears each page anew: 30 of the 120 ms of an
    explorer at 10 million page views. Where nothing is kept yet, one lets go of more than 128 MB: 40 to 140 of 260 ms. A C library without `mallopt` does as it does.
    """
    if mallopt := getattr(ctypes.CDLL(None), "mallopt", None):
        for option, value in _REUSED.items():
            mallopt(option, value)


def connect(settings: Settings, spill: Path | None = None) -> duckdb.DuckDBPyConnection:
    """An in-memory connection that downloads nothing and reads no Python variable; it spills, encrypted, to `spill`."""
    reuse_memory()
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


def attach(connection: duckdb.DuckDBPyConnection, file: Path, key: str) -> None:
    """Attach an encrypted segment under its file's name, to be read; the key is bound, so it shows in no log."""
    connection.execute(f'attach {quoted(file)} as "{file.stem}" (read_only, encryption_key ?)', [key])


def create(connection: duckdb.DuckDBPyConnection, file: Path, key: str, rows: int) -> None:
    """Attach a new encrypted segment to be filled, with blocks that suit about this many rows in its largest table."""
    block = _SMALL_BLOCK if rows < _FEW_ROWS else _BLOCK
    options = f"read_write, encryption_key ?, block_size {block}"
    connection.execute(f'attach {quoted(file)} as "{file.stem}" ({options})', [key])


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
