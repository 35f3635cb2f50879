"""Encrypted files of data: each under a random name and a random key of its own."""

import hashlib
import os
from pathlib import Path

from data import errors
from data.store import keys
from data.store.files import replace
from data.store.home import Home
from data.store.manifest import Segment, Stored


def put(home: Home, folder: str, plain: bytes) -> Stored:
    """Encrypt `plain` into a new file of a folder of the home, on disk when this returns."""
    name, key = new_name(), os.urandom(keys.KEY_BYTES)
    secret = keys.sealed(key, plain, name)
    replace(home.folder / folder / name, secret)
    return Stored(name, hashlib.sha256(secret).hexdigest(), len(secret), home.key.wrap(key, name))


def get(home: Home, folder: str, stored: Stored) -> bytes:
    """What `put` was given. Raises `Untrusted` if the file is changed, another's, or missing."""
    try:
        secret = (home.folder / folder / stored.name).read_bytes()
    except FileNotFoundError:
        raise errors.Untrusted("A file of the estate is missing", "Restore a backup of the home") from None
    return keys.unsealed(home.key.unwrap(stored.key, stored.name), secret, stored.name)


def new_name() -> str:
    """A random name; it starts with a letter, so that it can be a catalog's as it is."""
    return f"f{os.urandom(16).hex()}"


def hashed(file: Path) -> str:
    """The SHA-256 of a file."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def signature(file: Path) -> str:
    """What changes when a file is written to or put back: inode, size and the time of the last writing."""
    found = file.stat()
    return f"{found.st_ino} {found.st_size} {found.st_mtime_ns}"


def segment_file(home: Home, segment: Segment) -> Path:
    """Where the tables of a segment lie."""
    return home.folder / "segments" / f"{segment.name}.db"
