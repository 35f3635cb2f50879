"""Styles, scripts and pictures: read once at start, compressed already, kept by browsers for ever under their hash."""

import gzip
import mimetypes
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from flask import Response, request

from data import errors

FOLDER: Final = Path(__file__).parent.parent / "assets"
SERVED: Final = frozenset({".css", ".js", ".svg"})
FOR_EVER: Final = "public, max-age=31536000, immutable"
WHILE_NEW: Final = "no-cache"
LEAST_WORTH: Final = 1_000  # bytes; below this a compressed answer isn't smaller on the wire


@dataclass(frozen=True)
class Asset:
    """One file, plain and by content encoding, best first."""

    media_type: str
    plain: bytes
    encoded: dict[str, bytes] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """The start of its SHA-256."""
        return sha256(self.plain).hexdigest()[:12]


@cache
def all_of_them() -> dict[str, Asset]:
    """Every asset by its name under `/assets/`."""
    found = (path for path in sorted(FOLDER.rglob("*")) if path.suffix in SERVED)
    return {path.relative_to(FOLDER).as_posix(): _read(path) for path in found}


def _read(path: Path) -> Asset:
    plain = path.read_bytes()
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    ready = {name: path.with_name(path.name + ending) for name, ending in (("br", ".br"), ("gzip", ".gz"))}
    encoded = {name: file.read_bytes() for name, file in ready.items() if file.exists()}
    return Asset(media_type, plain, encoded or {"gzip": gzip.compress(plain, 9, mtime=0)})


def address(name: str) -> str:
    """The address of an asset, which changes with its content."""
    return f"/assets/{name}?v={all_of_them()[name].version}"


def serve(name: str) -> Response:
    """One asset, in the best encoding that the browser takes. Raises `NotFound`."""
    asset = all_of_them().get(name)
    if asset is None:
        raise errors.NotFound("Page not found", "There is no such file")
    encoding = next((name for name in asset.encoded if request.accept_encodings[name] > 0), None)
    answer = Response(asset.encoded[encoding] if encoding else asset.plain, mimetype=asset.media_type)
    if encoding:
        answer.headers["Content-Encoding"] = encoding
    answer.headers["Vary"] = "Accept-Encoding"
    answer.headers["Cache-Control"] = FOR_EVER if request.args.get("v") == asset.version else WHILE_NEW
    return answer


def compressed(answer: Response) -> Response:
    """Any other text of some length, compressed for those who take it."""
    wanted = request.accept_encodings["gzip"] > 0 and answer.status_code == 200  # noqa: PLR2004 - OK
    text = answer.mimetype in {
        "text/html",
        "text/css",
        "application/json",
        "text/javascript",
        "application/javascript",
        "text/csv",
    }
    if answer.direct_passthrough or "Content-Encoding" in answer.headers or not (wanted and text):
        return answer
    body = answer.get_data()
    if len(body) >= LEAST_WORTH:
        answer.set_data(_gzipped(body) if answer.cache_control.max_age else gzip.compress(body, 5, mtime=0))
        answer.headers["Content-Encoding"] = "gzip"
        answer.headers.add("Vary", "Accept-Encoding")
    return answer


@cache
def _gzipped(body: bytes) -> bytes:
    """A file of a component package: few, never changing while the server runs."""
    return gzip.compress(body, 9, mtime=0)
