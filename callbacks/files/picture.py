"""A chart as a picture, drawn by Chromium from a figure that this service built; never from one that was sent to it."""

import functools
import os
import shutil
import struct
import zlib
from html import escape
from pathlib import Path
from typing import Any, Final

import kaleido
import plotly

from callbacks.charts import Drawn
from data import errors
from layouts.figures.frame import framed
from layouts.notes import notes
from layouts.theme import PICTURE_WIDTH

SCRIPT: Final = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HEADER_END: Final = 33  # bytes of a PNG's signature and first chunk


def write_png(drawn: Drawn) -> bytes:
    """The chart as PNG, 1,600 pixels wide, with title, source and notes in the picture and its sentence as description."""
    body = _picture(drawn, "png")
    described = _text_chunk("Title", drawn.title) + _text_chunk("Description", drawn.sentence)
    return body[:HEADER_END] + described + body[HEADER_END:]


def write_svg(drawn: Drawn) -> bytes:
    """The chart as SVG, with its title and sentence as alternative text."""
    body = _picture(drawn, "svg").decode()
    start = body.index(">", body.index("<svg")) + 1
    said = f"<title>{escape(drawn.title)}</title><desc>{escape(drawn.sentence)}</desc>"
    return f"{body[:start]}{said}{body[start:]}".encode()


def browser() -> str | None:
    """The path of a Chromium: BROWSER_PATH, else one on PATH; none if there is none, and then no picture is offered."""
    return os.environ.get("BROWSER_PATH") or next(filter(None, map(shutil.which, BROWSERS)), None)


def _picture(drawn: Drawn, kind: str) -> bytes:
    if not browser():
        raise errors.NotFound("Pictures can't be made here", "Install Chromium, or set BROWSER_PATH, and start again")
    _start()
    said = notes(drawn.title, drawn.sentence, drawn.answer.about)
    figure = framed(drawn.figure, said)
    options = {"format": kind, "width": PICTURE_WIDTH, "height": figure["layout"]["height"]}
    body: bytes = kaleido.calc_fig_sync(figure, opts=options)
    return body


@functools.cache
def _start() -> Any:
    """One Chromium for the life of the process: 0.2 s a picture instead of 5."""
    os.environ["BROWSER_PATH"] = browser() or ""
    return kaleido.start_sync_server(n=1, plotlyjs=str(SCRIPT), mathjax=False, silence_warnings=True)


def _text_chunk(name: str, text: str) -> bytes:
    """An iTXt chunk of the PNG specification (ISO/IEC 15948, 11.3.3.4), UTF-8, not compressed."""
    body = b"iTXt" + name.encode() + b"\0\0\0en-GB\0\0" + text.encode()
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
