"""The folder of an estate: who may see it, how a file gets into it whole, and who may work in it at once."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from data import errors
from data.settings import Settings
from data.store.engine import harden
from data.store.files import locked, replace
from data.store.keys import EstateKey, estate_key

FOLDERS: Final = ("inbox", "cleaned", "segments", "versions", "state", "audit", "keys", "quarantine", "tmp")

_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True)
class Home:
    """An opened estate folder with its key. Everything written under it but `inbox` is encrypted."""

    settings: Settings
    key: EstateKey

    @classmethod
    def open(cls, settings: Settings) -> "Home":
        """The home of the settings, made if it isn't there. Raises `Untrusted` without a usable key."""
        harden()
        home = cls(settings, estate_key(settings))
        for folder in (home.folder, *(home.folder / name for name in FOLDERS)):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        home.folder.chmod(0o700)  # it may have been there before, open to others
        return home

    @property
    def folder(self) -> Path:
        """The absolute path of the home."""
        return self.settings.folder

    def write(self, place: str, plain: bytes) -> None:
        """Put `plain`, encrypted for this place alone, such as `state/order`; the old file stays until it is whole."""
        replace(self.folder / place, self.key.seal(_purpose(place), plain, place))

    def read(self, place: str) -> bytes:
        """What `write` put there. Raises `FileNotFoundError`, or `Untrusted` if it isn't from there."""
        return self.key.unseal(_purpose(place), (self.folder / place).read_bytes(), place)

    @contextmanager
    def only_one(self, work: str) -> Iterator[None]:
        """Hold a lock against every other process until done, or dead. Raises `TooBusy` if it is held."""
        with locked(self.folder / "state" / f"{work}.lock", wait=False) as alone:
            if not alone:
                raise errors.TooBusy(f"Another {work} is at work on this home", "Wait until it is done, then try again")
            yield

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A temporary folder that goes with the work or, if the process is killed, when the next one starts."""
        tmp = self.folder / "tmp"
        folder = tmp / os.urandom(8).hex()
        with ExitStack() as until_done:
            with locked(tmp / "lock"):  # else another process may empty the folder before it is held
                _clear(tmp)
                folder.mkdir(mode=0o700)
                until_done.enter_context(locked(folder / "lock"))
            until_done.callback(shutil.rmtree, folder, ignore_errors=True)
            yield folder


@contextmanager
def room() -> Iterator[None]:
    """Say a full disk and the end of memory in words; what was published before stays as it is."""
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise errors.TooLarge(
            "The import needs more memory than there is", "What was published stays as it is. Raise ESTATE_MEMORY_LIMIT"
        ) from error
    except (OSError, duckdb.Error) as error:
        number = error.errno if isinstance(error, OSError) else None
        if number not in _FULL and not any(os.strerror(full) in str(error) for full in _FULL):
            raise
        raise errors.EstateError(
            "The disk is full", "What was published stays as it is. Make room, then import again"
        ) from error


def _clear(tmp: Path) -> None:
    """Empty what processes that are gone left behind; a living one holds the lock of its folder."""
    for folder in (found for found in tmp.iterdir() if found.is_dir()):
        with locked(folder / "lock", wait=False) as gone:
            if gone:
                shutil.rmtree(folder, ignore_errors=True)


def _purpose(place: str) -> str:
    return f"files of {place.partition('/')[0]}"
