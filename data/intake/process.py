"""The parent's side of the low-rights process: start it, wait for it, believe it no further than needed."""

import json
import os
import struct
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO, Final

import polars as pl

from data import errors
from data.intake import handing, nursery
from data.intake.hostile import Found
from data.intake.nursery import Start
from data.intake.returned import Returned
from data.settings import Settings

CHILD: Final = Path(__file__).with_name("child.py")
ROOM: Final = 1 << 34  # bytes of address space for what is handed back; memory is taken only as it is written to


def read(file: BinaryIO, name: str, format_name: str | None, settings: Settings) -> Found | Returned:
    """What an open extract holds, read by a process of its own. Raises `errors.Refused`."""
    if format_name:
        from data import formats

        formats.named(format_name)
    task = {
        "file": file.fileno(),
        "name": name,
        "format": format_name,
        "room": ROOM,
        "memory": settings.reader_memory,
        "seconds": settings.reader_seconds * settings.threads,
        "query_keys": sorted(settings.query_keys),
        "expanded_bytes": settings.expanded_bytes,
        "expanded_ratio": settings.expanded_ratio,
    }
    shared = os.memfd_create("extract", os.MFD_CLOEXEC)
    try:
        os.ftruncate(shared, ROOM)
        _run(task, shared, file.fileno(), settings)
        return handing.taken(shared, ROOM)
    except (ValueError, KeyError, TypeError, struct.error, pl.exceptions.PolarsError):
        raise unreadable() from None
    finally:
        os.close(shared)


def _run(task: Mapping[str, object], shared: int, file: int, settings: Settings) -> None:
    start = Start(
        command=(sys.executable, "-I", "-B", str(CHILD)),
        environment={
            "POLARS_MAX_THREADS": str(settings.threads),
            # It can't look; where it knows of no memory, it gives each page back at once, which takes twice the time.
            "POLARS_OVERRIDE_TOTAL_MEMORY_MB": str(settings.reader_memory // 1_000_000),
            "POLARS_IGNORE_TIMEZONE_PARSE_ERROR": "1",  # moments are in UTC whatever a column's zone: `+05:30` is none to it
        },
        seconds=settings.reader_seconds,
    )
    try:
        many = nursery.current()
        done = many.read(task, (file, shared), start) if many else _alone(json.dumps(task), shared, file, start)
    except TimeoutError:
        detail = f"Reading it was stopped after {settings.reader_seconds} seconds (ESTATE_READER_SECONDS)"
        raise errors.Refused("took_too_long", "Reading the file takes too long", detail) from None
    if not done:
        raise unreadable()


def _alone(task: str, shared: int, file: int, start: Start) -> bool:
    """Whether a process started for this task alone did it. Raises `TimeoutError`."""
    try:
        done = subprocess.run(  # noqa: S603  # our own script, under this very Python
            start.command,
            input=task.encode(),
            stdout=shared,
            stderr=subprocess.DEVNULL,
            pass_fds=(file,),
            env=start.environment,
            cwd="/",
            timeout=start.seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise TimeoutError from None
    return not done.returncode


def unreadable() -> errors.Refused:
    """The refusal of a file on which reading broke off: it isn't whole, or asks for more memory than it may have."""
    detail = (
        "It is damaged, of another format, or needs more memory than ESTATE_READER_MEMORY: send it again or in parts"
    )
    return errors.Refused("unreadable", "The file can't be read", detail)
