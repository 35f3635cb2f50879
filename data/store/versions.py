"""Versions: signed manifests with a counter, and the one pointer that says which is published."""

import hashlib
import os
from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter

from data import audit, errors
from data.store import manifest
from data.store.home import Home
from data.store.manifest import Manifest

KEPT: Final = 3  # versions whose files stay, for readers that are a little behind
_TRIES: Final = 10


@dataclass(frozen=True)
class Place:
    """Where the manifest of a version lies, and what it hashes to."""

    version: int
    file: str
    sha256: str


_POINTER: Final = TypeAdapter(tuple[Place, ...])  # newest first


def newest(home: Home) -> Manifest | None:
    """The published version, or none yet. Raises `Untrusted` for a changed, foreign or older one."""
    for _ in range(_TRIES):
        found = places(home)
        try:
            return at(home, found[0]) if found else None
        except FileNotFoundError:
            continue  # the pointer has moved on since it was read
    raise errors.Untrusted("The published version is missing", "Its manifest isn't in the home: restore a backup")


def places(home: Home) -> tuple[Place, ...]:
    """The versions whose files are kept, newest first; none before the first publish."""
    log = audit.Log(home)
    nothing_yet = log.is_empty()
    highest = 0 if nothing_yet else log.highest()  # read before the pointer, which only moves on
    try:
        found = _POINTER.validate_json(home.read("pointer"))
    except FileNotFoundError:
        found = ()
    version = found[0].version if found else 0
    if version < highest or (version and nothing_yet and log.is_empty()):
        detail = f"Version {version} was put back where version {highest} was published: restore a whole backup"
        raise errors.Untrusted("The pointer names an older version", detail)
    return found


def at(home: Home, place: Place) -> Manifest:
    """The manifest at a place. Raises `FileNotFoundError` or `Untrusted`."""
    secret = (home.folder / place.file).read_bytes()
    if hashlib.sha256(secret).hexdigest() != place.sha256:
        raise errors.Untrusted("A version's manifest was changed", f"Version {place.version} isn't what was published")
    return manifest.read(home.read(place.file))


def publish(home: Home, new: Manifest, *, keep: int = KEPT) -> None:
    """Write the manifest, then move the pointer: from here on it is published, and may be logged as such."""
    file = f"versions/{os.urandom(16).hex()}"
    home.write(file, manifest.written(new))
    sha256 = hashlib.sha256((home.folder / file).read_bytes()).hexdigest()
    kept = (Place(new.version, file, sha256), *places(home))[:keep]
    home.write("pointer", _POINTER.dump_json(kept))


def following(home: Home, before: Manifest) -> tuple[int, str]:
    """The counter of the next version and the hash that chains it to `before`."""
    return before.version + 1, places(home)[0].sha256 if before.version else ""
