"""The things that touched most people as bars: how many above or below what was expected."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

from data.register import register
from layouts import formats, theme

ROW: Final = 44  # pixels of height that a thing takes
AXIS: Final = 56
MOST: Final = 15  # things drawn; the table has the others
LETTERS: Final = 60  # of a name; on a phone its end is cut off, never the number before it


def figure(value: Mapping[str, Any]) -> dict[str, Any]:
    """A plain plotly figure; more to the right, less to the left."""
    bars = [(_said(row, size), size) for row in value["changed"][:MOST] for size in [_signed(row)]]
    sizes = [size for _, size in bars]
    return drawn(bars, (1.05 * min([*sizes, 0]), 1.05 * max([*sizes, 1])), "Full: more than expected; hatched: fewer")


def drawn(
    bars: Sequence[tuple[str, float]], ends: tuple[float, float], axis: str, *, numbers: str = ""
) -> dict[str, Any]:
    """Bars under their words, from the top; those below zero hatched. `numbers` is how d3 writes those of the axis."""
    sizes = [size for _, size in bars]
    up, down = theme.TWO_SERIES
    pattern = {
        "shape": ["" if size > 0 else "/" for size in sizes],
        "fgcolor": theme.SURFACE,
        "size": 6,
        "solidity": 0.3,
    }
    layout = {
        "height": tall(len(bars)), "hovermode": False, "bargap": 0.72, "margin": {"t": 20, "b": AXIS, "l": 8, "r": 8},
        "xaxis": {"range": list(ends), "fixedrange": True, "gridcolor": theme.GRID, "zeroline": True, "zerolinecolor": theme.SECONDARY_TEXT, "nticks": 5, "tickangle": 0, "tickformat": numbers or ",d", "title": {"text": axis, "font": {"size": 14}, "standoff": 8}},
        "yaxis": {"autorange": "reversed", "fixedrange": True, "visible": False, "type": "category"},
        "annotations": [_above(number, said) for number, (said, _) in enumerate(bars)],
        **theme.PLAIN,
    }  # fmt: skip
    data = {
        "type": "bar", "orientation": "h", "name": "Affected", "x": sizes, "y": [str(number) for number in range(len(bars))],
        "marker": {"color": [up if size > 0 else down for size in sizes], "pattern": pattern},
    }  # fmt: skip
    return {"data": [data], "layout": layout}


def height(value: Mapping[str, Any]) -> int:
    """Pixels that the figure takes on a page."""
    return tall(len(value["changed"][:MOST]))


def tall(bars: int) -> int:
    """Pixels that so many bars take."""
    return ROW * max(bars, 1) + AXIS + 20


def named(row: Mapping[str, Any]) -> str:
    """The name of a service in words; others are called what they are called."""
    return register.services[row["name"]].name if "service" in row["kind"] else str(row["name"])


def _signed(row: Mapping[str, Any]) -> int:
    return int(row["affected"] or 0) * (1 if (row["value"] or 0) > (row["expected"] or 0) else -1)


def _said(row: Mapping[str, Any], size: int) -> str:
    """The number and the name of a thing above its bar."""
    whole = named(row)
    name = whole if len(whole) <= LETTERS else f"…{whole[-LETTERS + 1 :]}"
    return f"{formats.whole(abs(size))} {'more' if size > 0 else 'fewer'}: {escape(name)}, {escape(row['kind'])}"


def _above(number: int, said: str) -> dict[str, Any]:
    return {
        "text": said, "x": 0, "xref": "paper", "xanchor": "left", "y": str(number), "yanchor": "bottom", "yshift": 7, "showarrow": False,
        "font": {"size": 13}, "bgcolor": theme.SURFACE, "borderpad": 0,
    }  # fmt: skip
