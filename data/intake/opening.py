"""An extract as a file: opened without following links, hashed, and held against the manifest beside it."""

import errno
import hashlib
import json
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from io import BufferedReader
from pathlib import Path
from typing import Final

from data import errors

MANIFEST: Final = ".manifest.json"
LONGEST_MANIFEST: Final = 1 << 16  # bytes
DAY: Final = re.compile(r"(?<!\d)(20\d\d)(-?)(\d\d)\2(\d\d)(?!\d)")


@dataclass(frozen=True)
class Promise:
    """What a manifest says of its extract; None where it doesn't say."""

    sha256: str | None = None
    rows: int | None = None
    department: str | None = None
    day: date | None = None

    def keep(self, **found: object) -> None:
        """Raise `Refused` naming the first value that was promised otherwise."""
        for name, value in found.items():
            if getattr(self, name) not in {None, value}:
                detail = f"Its manifest gives another {name}: the file is another one or was changed on its way"
                raise errors.Refused("manifest_mismatch", "The file isn't what its manifest says", detail)


def day_in_name(name: str) -> date | None:
    """The one day that stands in a file's name, as 2019-10-27 or 20191027; none where there are several."""
    days = {day for found in DAY.finditer(name) if (day := _day("-".join(found.group(1, 3, 4))))}
    return days.pop() if len(days) == 1 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@contextmanager
def opened(path: Path) -> Iterator[BufferedReader]:
    """The file, read only. Raises `Refused` for a link, a folder, or anything else that isn't an ordinary file."""
    try:
        held = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno == errno.ELOOP:
            detail = "It points elsewhere, at a file that nobody declared: send the file itself"
            raise errors.Refused("symlink", "The file is a symbolic link", detail) from None
        raise _no_file(os.strerror(error.errno or 0)) from None
    if not stat.S_ISREG(os.fstat(held).st_mode):
        os.close(held)
        raise _no_file("It is a folder, a pipe or a device")
    with os.fdopen(held, "rb") as file:
        yield file


def _no_file(detail: str) -> errors.Refused:
    return errors.Refused("not_a_file", "There is no ordinary file of this name", detail)


def sha256(file: BufferedReader) -> str:
    """The SHA-256 of an open file, hexadecimal; the file stands at its start again."""
    file.seek(0)
    found = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return found


def promise(path: Path) -> Promise:
    """What `<file>.manifest.json` says, nothing where there is none. Raises `Refused` where it can't be understood."""
    beside = path.with_name(path.name + MANIFEST)
    if not os.path.lexists(beside):
        return Promise()
    with opened(beside) as file:
        content = file.read(LONGEST_MANIFEST)
    try:
        return _understood(json.loads(content))
    except (ValueError, TypeError, RecursionError):
        detail = 'It should read {"sha256": "...", "rows": 123, "department": "HMRC", "day": "2019-10-01"}'
        raise errors.Refused(
            "manifest_unreadable", "The manifest beside the file can't be understood", detail
        ) from None


def _understood(said: object) -> Promise:
    if not isinstance(said, dict):
        raise TypeError(said)
    given = {name: said[name] for name in ("sha256", "rows", "department", "day") if said.get(name) is not None}
    if any(not isinstance(value, int if name == "rows" else str) for name, value in given.items()):
        raise TypeError(said)
    if "day" in given:
        given["day"] = date.fromisoformat(given["day"])
    if "sha256" in given:
        given["sha256"] = given["sha256"].lower()
    return Promise(**given)
