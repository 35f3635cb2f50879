"""What stands around a chart in a picture that people take away: title and sentence above, source and notes under it."""

import textwrap
from html import escape
from typing import Any, Final

from layouts import theme

Notes = tuple[tuple[str, str], ...]

LINE: Final = 24  # pixels from one line of notes to the next
LETTERS: Final = 185  # of 15 pixel Arial that fit across 1,600 pixels
SIDE: Final = 40
PLOT: Final = 640  # pixels of height for the chart itself, where it doesn't say
BARE: Final = 1000  # pixels of width without a frame
BARE_PLOT: Final = 420


def framed(figure: dict[str, Any], notes: Notes, width: int = theme.PICTURE_WIDTH) -> dict[str, Any]:
    """The figure in a frame of `width` pixels, or of its own; `notes` begin with the title and the sentence."""
    (_, title), (_, sentence), *rest = notes
    above = _wrapped(sentence, 130)
    below = [line for name, text in rest for line in _wrapped(f"{name}: {text}", LETTERS)]
    layout = figure.get("layout", {})
    own = {"t": 0, "b": 0, "l": 0, "r": 0, **layout.get("margin", {})}
    plot = layout.get("height", PLOT) - own["t"] - own["b"]
    top, bottom = own["t"] + 90 + 30 * len(above), own["b"] + 60 + LINE * len(below)
    height = top + plot + bottom
    words = [
        _words(title, 34, 1 + (top - 30) / plot, bold=True),
        _words("<br>".join(map(escape, above)), 22, 1 + (top - 80) / plot, safe=True),
        _words("<br>".join(map(escape, below)), 15, -(own["b"] + 40) / plot, safe=True),
    ]
    margin = {"t": top, "b": bottom, "l": SIDE + own["l"], "r": SIDE + own["r"]}
    around = {
        "width": layout.get("width", width), "height": height, "margin": margin, "title": None,
        "paper_bgcolor": theme.SURFACE, "font": {"family": theme.FONT, "size": 16, "color": theme.TEXT},
        "annotations": [*layout.get("annotations", ()), *(word | {"xshift": -own["l"]} for word in words)],
    }  # fmt: skip
    return {**figure, "layout": {**layout, **around}}


def bare(figure: dict[str, Any], width: int = BARE) -> dict[str, Any]:
    """The figure alone, `width` pixels wide, for a document that says the rest beside it."""
    layout = figure.get("layout", {})
    around = {
        "width": width, "height": layout.get("height", BARE_PLOT), "title": None, "paper_bgcolor": theme.SURFACE,
        "yaxis": {**layout.get("yaxis", {}), "automargin": True},  # names in larger letters than on a page need more room
        "font": {"family": theme.FONT, "size": 16, "color": theme.TEXT},
    }  # fmt: skip
    return {**figure, "layout": {**layout, **around}}


def _words(text: str, size: int, y: float, *, bold: bool = False, safe: bool = False) -> dict[str, Any]:
    """Text at the left edge whose top is at `y`, in heights of the chart from its foot."""
    shown = text if safe else escape(text)
    return {
        "text": f"<b>{shown}</b>" if bold else shown, "font": {"size": size, "color": theme.TEXT}, "showarrow": False,
        "x": 0, "xref": "paper", "xanchor": "left", "y": y, "yref": "paper", "yanchor": "top", "align": "left",
    }  # fmt: skip


def _wrapped(text: str, letters: int) -> list[str]:
    return textwrap.wrap(text, letters) or [""]
