"""A chart as a picture, drawn by Chromium from a figure that this service built; never from one that was sent to it."""

import struct
import zlib
from html import escape
from typing import Any, Final

from callbacks.chart import Drawn
from callbacks.files import drawing
from layouts.figures.frame import bare, framed

HEADER_END: Final = 33  # bytes of a PNG's signature and first chunk


def possible() -> bool:
    """Whether pictures can be made here."""
    return drawing.browser() is not None


def write_png(drawn: Drawn) -> bytes:
    """The chart as PNG, 1,600 pixels wide, with title, source and notes in the picture and its sentence as description."""
    body = _picture(drawn, "png")
    described = _text_chunk("Title", drawn.title) + _text_chunk("Description", drawn.sentence)
    return body[:HEADER_END] + described + body[HEADER_END:]


def write_svg(drawn: Drawn) -> bytes:
    """The chart as SVG, with its title and sentence as alternative text."""
    return _said(_picture(drawn, "svg"), drawn)


def bare_svg(drawn: Drawn) -> bytes:
    """The chart alone as SVG, for a document that says the rest beside it."""
    return _said(_drawn(bare(drawn.figure), "svg"), drawn)


def bare_png(drawn: Drawn) -> bytes:
    """The chart alone as PNG, twice as fine, for a slide that says the rest beside it."""
    return _drawn(bare(drawn.figure), "png", scale=2)


def _said(svg: bytes, drawn: Drawn) -> bytes:
    body = svg.decode()
    start = body.index(">", body.index("<svg")) + 1
    said = f"<title>{escape(drawn.title)}</title><desc>{escape(drawn.sentence)}</desc>"
    return f"{body[:start]}{said}{body[start:]}".encode()


def _picture(drawn: Drawn, kind: str) -> bytes:
    return _drawn(framed(drawn.figure, drawn.notes), kind)


def _drawn(figure: dict[str, Any], kind: str, **options: int) -> bytes:
    size = {side: figure["layout"][side] for side in ("width", "height")}
    return drawing.draw(figure, {"format": kind, **size, **options})


def _text_chunk(name: str, text: str) -> bytes:
    """An iTXt chunk of the PNG specification (ISO/IEC 15948, 11.3.3.4), UTF-8, not compressed."""
    body = b"iTXt" + name.encode() + b"\0\0\0en-GB\0\0" + text.encode()
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
