"""A report pack as one HTML file that needs nothing else, and as the PDF that a browser prints of it."""

from base64 import b64encode

from callbacks.files import drawing
from callbacks.files.pack import Missing, Packed, Section
from layouts.pack import Shown, document


def write(packed: Packed) -> bytes:
    """The document, its pictures in it as SVG; without a browser here it has its tables alone."""
    return document(packed.title, packed.subtitle, [_part(one) for one in packed.sections]).encode()


def write_pdf(packed: Packed) -> bytes:
    """The same document printed: tagged, on A4, with an outline. Raises `NotFound` without a browser."""
    return drawing.printed(write(packed).decode())


def _part(one: Section | Missing) -> Shown:
    if isinstance(one, Missing):
        return Shown(one.title, one.sentence)
    drawn = one.drawn
    picture = f"data:image/svg+xml;base64,{b64encode(one.picture).decode()}" if one.picture else ""
    table = None if one.empty else one.table(drawn.state, drawn.answer)
    return Shown(drawn.title, drawn.sentence, one.wider, picture, table, drawn.notes[2:])
