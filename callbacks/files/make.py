"""A chart as a file of any kind, with the name that the server gives it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from callbacks.chart import Drawn
from callbacks.files import answer_json, pack_html, pack_pptx, picture, table_csv, table_ods, table_xlsx
from callbacks.files import pack as packs
from callbacks.files.pack import Ask, Packed, Step, Steps
from data import errors
from layouts.pack import Packing


@dataclass(frozen=True)
class File:
    """A file's name, made by the server from `[a-z0-9-]`, its media type and its bytes."""

    name: str
    media_type: str
    body: bytes


@dataclass(frozen=True)
class Format:
    """How a file of one kind is written."""

    media_type: str
    write: Callable[[Drawn], bytes]


FORMATS: Final = {
    "csv": Format("text/csv; charset=utf-8", table_csv.write),
    "xlsx": Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", table_xlsx.write),
    "ods": Format(table_ods.MEDIA_TYPE, table_ods.write),
    "json": Format("application/json", answer_json.write),
    "svg": Format("image/svg+xml", picture.write_svg),
    "png": Format("image/png", picture.write_png),
}


def make(drawn: Drawn, ending: str) -> File:
    """The chart's answer as a file of this kind. Raises `NotFound` for a kind that doesn't exist."""
    if ending not in FORMATS:
        raise errors.NotFound("There is no such kind of file", f"Choose one of {', '.join(FORMATS)}")
    chosen = FORMATS[ending]
    return File(name(drawn, ending), chosen.media_type, chosen.write(drawn))


@dataclass(frozen=True)
class PackFormat:
    """How a report pack of one kind draws its pictures and is written."""

    media_type: str
    draw: Callable[[Drawn], bytes]
    write: Callable[[Packed], bytes]


SLIDES: Final = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
PACKS: Final = {
    "html": PackFormat("text/html; charset=utf-8", picture.bare_svg, pack_html.write),
    "pdf": PackFormat("application/pdf", picture.bare_svg, pack_html.write_pdf),
    "pptx": PackFormat(SLIDES, picture.bare_png, pack_pptx.write),
}


def make_pack(called: str, asked: Packing, ending: str, ask: Ask) -> Steps[tuple[File, Packed]]:
    """A report pack as a file of this kind, and what is in it, step by step. Raises `NotFound` at once, `TookTooLong` later."""
    if called not in packs.PACKS:
        raise errors.NotFound("There is no such report pack", f"Choose one of {', '.join(packs.PACKS)}")
    if ending not in PACKS:
        raise errors.NotFound("There is no such kind of report pack", f"Choose one of {', '.join(PACKS)}")
    return _pack(called, asked, ending, ask)


def _pack(called: str, asked: Packing, ending: str, ask: Ask) -> Steps[tuple[File, Packed]]:
    chosen = PACKS[ending]
    found = yield from packs.packed(called, asked, ask)
    if picture.possible():
        found = yield from packs.pictured(found, chosen.draw)
    whole = packs.steps(called)
    yield Step(whole - 1, whole, "Putting it together")
    return File(f"{_pack_name(found)}.{ending}", chosen.media_type, chosen.write(found)), found


def _pack_name(found: Packed) -> str:
    """Such as `estate-pack-hmrc-2020-10-01-to-2020-10-31`."""
    days = found.about and (str(found.about.period.first), "to", str(found.about.period.last))
    publication = ("for publication",) if found.asked.publication else ()
    return _dashed(" ".join((found.name, "pack", *found.asked.narrowed, *(days or ()), *publication)))


def name(drawn: Drawn, ending: str) -> str:
    """Such as `journeys-vehicle-tax-2020-10-01-to-2020-10-31.csv`: what, of what, when."""
    about = drawn.answer.about
    words = [drawn.chart.id, drawn.chart.subject(drawn.state), str(about.period.first), "to", str(about.period.last)]
    if about.publication:
        words.append("for publication")
    return f"{_dashed(' '.join(words))}.{ending}"


def _dashed(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:120].strip("-")
