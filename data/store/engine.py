"""A hardened DuckDB connection: what is set, and in which order, before anything is asked of it."""

import importlib.resources
import os
import resource
from pathlib import Path
from typing import Final

import duckdb

from data.settings import Settings

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
