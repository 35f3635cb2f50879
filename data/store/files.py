"""Files that are whole or not there at all, and locks that end with the process that holds them."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(file: Path, *, wait: bool = True) -> Iterator[bool]:
    """Hold the lock of a file among processes and threads; says whether it was had, which without `wait` may be no."""
    held = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        had = True
    except BlockingIOError:
        had = False
    try:
        yield had
    finally:
        os.close(held)


def replace(file: Path, content: bytes) -> None:
    """Write beside, force to disk, rename, force the folder: at any moment `file` is the old one or the new one, whole."""
    beside = file.with_name(f".{os.urandom(8).hex()}")
    try:
        write_new(beside, content)
        beside.rename(file)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(file.parent)


def write_new(file: Path, content: bytes) -> None:
    """Write a file that must not be there yet, for its owner's eyes only, and force it to disk."""
    held = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(held, "wb") as target:
        target.write(content)
        target.flush()
        os.fsync(held)


def tidy(folder: Path) -> None:
    """Remove what `replace` left beside when it was killed; only for who alone writes there."""
    for file in folder.glob(".*"):
        file.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Force the names in a folder to disk."""
    held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(held)
    finally:
        os.close(held)
