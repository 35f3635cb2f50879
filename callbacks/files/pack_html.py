"""A report pack as one HTML file that needs nothing else, and as the PDF that a browser prints of it."""

from base64 import b64encode
from collections.abc import Sequence
from typing import Final

from callbacks.files import cells, drawing, picture
from callbacks.files.cells import Cell
from callbacks.files.pack import Missing, Packed, Section
from callbacks.files.workbook import SHARE, WHOLE, numbers
from layouts import formats
from layouts.pack import Shown, document
from queries.metrics import METRICS

LARGE: Final = 100  # from which on places after the point say nothing
MOST_ROWS: Final = 25  # of a table
POINTS: Final = "points"  # how a difference of shares is written
MEASURED: Final = {  # columns of a measure that is a share
    "value": SHARE, "low": SHARE, "high": SHARE, "value_comparison": SHARE, "change": POINTS,
}  # fmt: skip


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
    written = cells.rows(drawn.answer)
    looks = [_look(one, name, [row[place] for row in written]) for name, place in zip(one.columns, places, strict=True)]
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


def _look(one: Section, column: str, found: Sequence[Cell]) -> str:
    """How a column writes its numbers: by its type and unit, as shares where the measure of its chart is one, whole where all are."""
    measure = METRICS.get(getattr(one.drawn.state, "measure", ""))
    if measure and measure.unit == "share" and column in MEASURED:
        return MEASURED[column]
    whole = all(isinstance(cell, str) or float(cell).is_integer() for cell in found)
    look = numbers(one.drawn.answer, column)
    return WHOLE if whole and look != SHARE else look


def _said(cell: Cell, look: str) -> str:
    """A cell as people read it: a large number whole and with commas, a share in per cent, others to two places."""
    if isinstance(cell, str):
        return cell
    if look in {SHARE, POINTS}:
        return formats.share(cell) if look == SHARE else formats.points(cell)
    return f"{cell:,.0f}" if look == WHOLE or isinstance(cell, int) or abs(cell) >= LARGE else f"{cell:,.2f}"
