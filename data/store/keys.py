"""The estate key, and everything derived from it or wrapped by it.

One key comes from outside the home. Each purpose has its own key derived from it (HKDF-SHA256); each file of data has
a random key of its own, wrapped by one of these, so that destroying a wrapped key destroys what the file says.
"""

import base64
import binascii
import hashlib
import hmac
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from data import errors
from data.settings import Settings
from data.store.files import write_new

KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_COMMAND_SECONDS: Final = 30


@dataclass(frozen=True)
class EstateKey:
    """The key of one estate. It is never shown, not even in a traceback."""

    _secret: bytes = field(repr=False)

    def derived(self, purpose: str) -> bytes:
        """32 bytes for one purpose; other purposes' keys tell nothing about it."""
        return _derived(self._secret, purpose)

    def seal(self, purpose: str, plain: bytes, bound: str = "") -> bytes:
        """`plain` encrypted and authenticated for a purpose, and bound to a name or place."""
        return sealed(self.derived(purpose), plain, bound)

    def unseal(self, purpose: str, secret: bytes, bound: str = "") -> bytes:
        """What `seal` was given. Raises `Untrusted` for another key, purpose or name, or one changed bit."""
        return unsealed(self.derived(purpose), secret, bound)

    def name(self, purpose: str, of: str) -> str:
        """A file name that is always the same for `of`, and tells nothing of it without the key."""
        return hmac.new(self.derived(f"names of {purpose}"), of.encode(), hashlib.sha256).hexdigest()[:32]

    def wrap(self, key: bytes, name: str) -> str:
        """The data key of the file `name`, as text that only this estate key opens."""
        return base64.b64encode(self.seal("data keys", key, name)).decode()

    def unwrap(self, wrapped: str, name: str) -> bytes:
        """The data key of `wrap`."""
        return self.unseal("data keys", base64.b64decode(wrapped), name)


def sealed(key: bytes, plain: bytes, bound: str) -> bytes:
    """AES-256-GCM under a fresh nonce, which comes first."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound.encode())


def unsealed(key: bytes, secret: bytes, bound: str) -> bytes:
    """What `sealed` was given, else `Untrusted`."""
    nonce, rest = secret[:_NONCE_BYTES], memoryview(secret)[_NONCE_BYTES:]  # without a copy
    try:
        return AESGCM(key).decrypt(nonce, rest, bound.encode())
    except (InvalidTag, ValueError):
        detail = "Either this isn't the estate's key, or a file of the home was changed: run ./estate verify"
        raise errors.Untrusted("A file of the estate can't be trusted", detail) from None


def for_duckdb(key: bytes) -> str:
    """A data key as DuckDB takes it."""
    return base64.b64encode(key).decode()


def estate_key(settings: Settings) -> EstateKey:
    """The key that the settings name; a demonstration without one makes its own beside the home."""
    if settings.key_file and settings.key_command:
        raise errors.Untrusted("Two estate keys are named", "Set only one of ESTATE_KEY_FILE and ESTATE_KEY_COMMAND")
    if settings.key_command:
        return _parsed(_printed(settings.key_command), "ESTATE_KEY_COMMAND")
    file = settings.key_file.expanduser() if settings.key_file else _demonstration_file(settings)
    _refuse_inside(file, settings.folder)
    try:
        return _parsed(file.read_bytes(), str(file))
    except OSError as error:
        raise errors.Untrusted("The estate key can't be read", f"{file}: {error.strerror}") from None


def _demonstration_file(settings: Settings) -> Path:
    file = settings.folder.with_name(settings.folder.name + ".key")
    if settings.mode == "real":
        detail = "Set ESTATE_KEY_FILE to a file outside ESTATE_HOME, or ESTATE_KEY_COMMAND to a command that prints it"
        raise errors.Untrusted("There is no estate key", detail)
    if not file.exists() and not (settings.folder / "pointer").exists():
        _make(file)
    return file


def _make(file: Path) -> None:
    """Write a new random key: complete or not at all, and never over one that another process has just made."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f"{file.name}.{os.urandom(8).hex()}")
    write_new(beside, os.urandom(KEY_BYTES).hex().encode() + b"\n")
    try:
        os.link(beside, file)
        sys.stderr.write(f"Made a key for a demonstration: {file}. Without it the home can't be opened.\n")
    except FileExistsError:
        pass
    finally:
        beside.unlink()


def _refuse_inside(file: Path, home: Path) -> None:
    if file.resolve().is_relative_to(home.resolve()) or file.absolute().is_relative_to(home):
        raise errors.Untrusted(
            "The estate key lies inside the home", "Keep it outside ESTATE_HOME, away from its copies"
        )


@cache
def _printed(command: str) -> bytes:
    """What the key command prints; asked once in the life of a process."""
    try:
        parts = shlex.split(command)
        return subprocess.run(parts, capture_output=True, check=True, timeout=_COMMAND_SECONDS).stdout  # noqa: S603 the operator's own command, without a shell
    except (OSError, ValueError, subprocess.SubprocessError):
        detail = "ESTATE_KEY_COMMAND must print at least 32 bytes and end with success"
        raise errors.Untrusted("The key command gave no estate key", detail) from None


def _parsed(content: bytes, source: str) -> EstateKey:
    secret = _decoded(content)
    if len(secret) < KEY_BYTES:
        raise errors.Untrusted(
            "The estate key is too short", f"{source} must hold at least 32 bytes, as they are, hex or base64"
        )
    return EstateKey(secret)


def _decoded(content: bytes) -> bytes:
    """The bytes of hexadecimal or base64 text; anything else is taken as it is."""
    text = content.strip()
    if re.fullmatch(rb"(?:[0-9a-fA-F]{2})+", text):
        return bytes.fromhex(text.decode())
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return text if text.isascii() else content


@cache
def _derived(secret: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=b"estate", info=purpose.encode()).derive(secret)
