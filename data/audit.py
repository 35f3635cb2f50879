"""The audit log: what was done to the estate and by whom, encrypted line by line, each line chained to the one before.

`audit/log` only grows; `audit/head` says how far it had grown, so that a missing end is found as well. An entry is
written before the work is acknowledged; the head may lag behind by what a killed process wrote last.
"""

import base64
import binascii
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pydantic import TypeAdapter

from data import errors
from data.store.files import locked, tidy
from data.store.home import Home

KINDS: Final = (
    "import",
    "duplicate",
    "refused",
    "publish",
    "purge",
    "close",
    "verify",
    "untrusted",
    "key",
    "sign-in",
    "denied",
    "export",
    "made",
    "changed",
    "deleted",
    "restored",
)
_HEAD: Final = "audit/head"


@dataclass(frozen=True)
class Entry:
    """One thing that happened; `facts` are plain JSON values."""

    number: int  # from 1
    moment: datetime
    kind: str
    facts: dict[str, Any]


@dataclass(frozen=True)
class _Head:
    """The end of the log: entries, bytes, the chained hash, and the highest version ever published."""

    entries: int = 0
    size: int = 0
    chained: str = ""
    version: int = 0


@dataclass(frozen=True)
class Log:
    """The log of one home. Any number of processes may append."""

    home: Home

    def append(self, kind: str, **facts: Any) -> None:
        """Add an entry of now, on disk when this returns. Raises `Untrusted` if the log's end was tampered with."""
        if kind not in KINDS:
            raise ValueError(f"{kind} is no kind of audit entry")
        with self._alone():
            head = self._end()
            entry = Entry(head.entries + 1, self.home.settings.now(), kind, facts)
            line = self._line(entry, head.chained)
            self._write(line, head.size)
            self._keep(_after(head, line, entry))

    def entries(self) -> Iterator[Entry]:
        """Every entry, oldest first, each checked. Raises `Untrusted` at the first that was edited, moved or removed."""
        with self._alone():
            kept, lines = self._kept(), self._lines(0)
        head = _Head()
        for line in lines:
            head, entry = self._next(head, line)
            if head.entries == kept.entries and head != kept:
                raise _tampered(head.entries)
            yield entry
        if head.entries < kept.entries:
            raise _tampered(head.entries + 1)

    def highest(self) -> int:
        """The counter of the highest version that was ever published here; 0 for none."""
        with self._alone():
            return self._end().version

    def is_empty(self) -> bool:
        """Whether nothing was ever logged here."""
        return not (self.home.folder / _HEAD).exists()

    def _alone(self) -> Any:
        return locked(self.home.folder / "state" / "audit.lock")

    def _kept(self) -> _Head:
        try:
            return _HEADS.validate_json(self.home.read(_HEAD))
        except FileNotFoundError:
            if (self.home.folder / "audit" / "log").exists():
                raise _tampered(1) from None
            self._keep(_Head())
            return _Head()

    def _keep(self, head: _Head) -> None:
        tidy(self.home.folder / "audit")
        self.home.write(_HEAD, _HEADS.dump_json(head))

    def _end(self) -> _Head:
        """The kept head, moved on over whole lines that a killed process wrote after it."""
        head = self._kept()
        for line in self._lines(head.size):
            head, _ = self._next(head, line)
        return head

    def _lines(self, start: int) -> list[bytes]:
        """The whole lines from a byte on; an unfinished last one was never acknowledged."""
        try:
            with (self.home.folder / "audit" / "log").open("rb") as file:
                if file.seek(0, os.SEEK_END) < start:
                    raise _tampered(self._kept().entries)
                file.seek(start)
                return [line for line in file if line.endswith(b"\n")]
        except FileNotFoundError:
            if start:
                raise _tampered(1) from None
            return []

    def _line(self, entry: Entry, chained: str) -> bytes:
        bound = f"{entry.number} {chained}"
        return base64.b64encode(self.home.key.seal("audit", _ENTRIES.dump_json(entry), bound)) + b"\n"

    def _next(self, head: _Head, line: bytes) -> tuple[_Head, Entry]:
        try:
            secret = base64.b64decode(line.rstrip(b"\n"), validate=True)
            entry = _ENTRIES.validate_json(self.home.key.unseal("audit", secret, f"{head.entries + 1} {head.chained}"))
        except (binascii.Error, errors.Untrusted):
            raise _tampered(head.entries + 1) from None
        return _after(head, line, entry), entry

    def _write(self, line: bytes, place: int) -> None:
        file = os.open(self.home.folder / "audit" / "log", os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.ftruncate(file, place)  # an unfinished line of a killed process
            os.pwrite(file, line, place)
            os.fsync(file)
        finally:
            os.close(file)


_HEADS: Final = TypeAdapter(_Head)
_ENTRIES: Final = TypeAdapter(Entry)


def _after(head: _Head, line: bytes, entry: Entry) -> _Head:
    chained = hashlib.sha256(head.chained.encode() + line).hexdigest()
    version = int(entry.facts["version"]) if entry.kind == "publish" else 0
    return _Head(entry.number, head.size + len(line), chained, max(head.version, version))


def _tampered(number: int) -> errors.Untrusted:
    return errors.Untrusted("The audit log was changed", f"Entry {number} doesn't follow from the one before")
