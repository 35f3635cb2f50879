"""A report pack as one HTML file that needs nothing else, and as the PDF that a browser prints of it."""

from base64 import b64encode
from typing import Final

from callbacks.files import cells, drawing, picture
from callbacks.files.cells import Cell
from callbacks.files.pack import Missing, Packed, Section
from callbacks.files.workbook import SHARE, WHOLE, numbers
from layouts import formats
from layouts.pack import Shown, document

LARGE: Final = 100  # from which on places after the point say nothing
MOST_ROWS: Final = 25  # of a table


def write(packed: Packed) -> bytes:
    """The document, its pictures in it as SVG; without a browser here it has its tables alone."""
    return document(packed.title, packed.subtitle, [_part(one) for one in packed.sections]).encode()


def write_pdf(packed: Packed) -> bytes:
    """The same document printed: tagged, on A4, with an outline. Raises `NotFound` without a browser."""
    return drawing.printed(write(packed).decode())


def _part(one: Section | Missing) -> Shown:
    if isinstance(one, Missing):
        return Shown(one.title, one.sentence)
    drawn, table = one.drawn, one.drawn.answer.table
    names = cells.header(drawn.answer)
    places = [names.index(name) for name in one.columns]
    looks = [numbers(drawn.answer, name) for name in one.columns]
    written = cells.rows(drawn.answer)
    return Shown(
        drawn.title,
        drawn.sentence,
        f"data:image/svg+xml;base64,{b64encode(picture.bare_svg(drawn)).decode()}" if picture.possible() else "",
        [name.replace("_", " ") for name in one.columns],
        [[_said(row[place], look) for place, look in zip(places, looks, strict=True)] for row in written[:MOST_ROWS]],
        frozenset(n for n, name in enumerate(one.columns) if table.schema[name].is_numeric()),
        max(0, len(written) - MOST_ROWS),
        drawn.notes[2:],
    )


def _said(cell: Cell, look: str) -> str:
    """A cell as people read it: a large number whole and with commas, a share in per cent, others to two places."""
    if isinstance(cell, str):
        return cell
    if look == SHARE:
        return formats.share(cell)
    return f"{cell:,.0f}" if look == WHOLE or isinstance(cell, int) or abs(cell) >= LARGE else f"{cell:,.2f}"
