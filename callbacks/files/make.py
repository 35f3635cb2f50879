"""A chart as a file of any kind, with the name that the server gives it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from callbacks.chart import Drawn
from callbacks.files import answer_json, pack_html, pack_pptx, picture, table_csv, table_ods, table_xlsx
from callbacks.files.pack import Packed
from data import errors


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


PACKS: Final = {
    "html": ("text/html; charset=utf-8", pack_html.write),
    "pdf": ("application/pdf", pack_html.write_pdf),
    "pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", pack_pptx.write),
}


def make_pack(packed: Packed, called: str, ending: str) -> File:
    """A report pack as a file of this kind, such as `estate-pack-2020-10-01-to-2020-10-31.pdf`. Raises `NotFound`."""
    if ending not in PACKS:
        raise errors.NotFound("There is no such kind of report pack", f"Choose one of {', '.join(PACKS)}")
    media_type, write = PACKS[ending]
    return File(f"{_dashed(f'{called} pack {packed.subtitle}')}.{ending}", media_type, write(packed))


def name(drawn: Drawn, ending: str) -> str:
    """Such as `journeys-vehicle-tax-2020-10-01-to-2020-10-31.csv`: what, of what, when."""
    about = drawn.answer.about
    words = [drawn.chart.id, drawn.chart.subject(drawn.state), str(about.period.first), "to", str(about.period.last)]
    if about.publication:
        words.append("for publication")
    return f"{_dashed(' '.join(words))}.{ending}"


def _dashed(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:120].strip("-")
