"""The things that touched most people as bars: how many above or below what was expected."""

from collections.abc import Mapping
from html import escape
from typing import Any, Final

from layouts import formats, theme

ROW: Final = 44  # pixels of height that a thing takes
AXIS: Final = 56
MOST: Final = 15  # things drawn; the table has the others
LETTERS: Final = 34  # of a name


def figure(value: Mapping[str, Any]) -> dict[str, Any]:
    """A plain plotly figure; more to the right, less to the left."""
    rows = value["changed"][:MOST]
    sizes = [_signed(row) for row in rows]
    most = max(map(abs, sizes), default=0) or 1
    up, down = theme.TWO_SERIES
    colours = [up if size > 0 else down for size in sizes]
    patterns = {
        "shape": ["" if size > 0 else "/" for size in sizes],
        "fgcolor": theme.SURFACE,
        "size": 6,
        "solidity": 0.3,
    }
    layout = {
        "height": height(value), "showlegend": False, "hovermode": False, "bargap": 0.72, "margin": {"t": 20, "b": AXIS, "l": 8, "r": 8},
        "xaxis": {"range": [-1.05 * most, 1.05 * most], "fixedrange": True, "gridcolor": theme.GRID, "zeroline": True, "zerolinecolor": theme.SECONDARY_TEXT, "nticks": 5, "tickangle": 0, "tickformat": "+,d", "title": {"text": "Full: more than expected; hatched: fewer", "font": {"size": 14}, "standoff": 8}},
        "yaxis": {"autorange": "reversed", "fixedrange": True, "visible": False, "type": "category"},
        "annotations": [_named(number, row, size) for number, (row, size) in enumerate(zip(rows, sizes, strict=True))],
        "font": {"family": theme.FONT, "size": 14, "color": theme.TEXT}, "plot_bgcolor": theme.SURFACE, "paper_bgcolor": theme.SURFACE,
    }  # fmt: skip
    bars = {
        "type": "bar", "orientation": "h", "name": "Affected", "x": sizes, "y": [str(number) for number in range(len(rows))],
        "marker": {"color": colours, "pattern": patterns},
    }  # fmt: skip
    return {"data": [bars], "layout": layout}


def height(value: Mapping[str, Any]) -> int:
    """Pixels that the figure takes on a page."""
    return ROW * max(len(value["changed"][:MOST]), 1) + AXIS + 20


def _signed(row: Mapping[str, Any]) -> int:
    return int(row["affected"] or 0) * (1 if (row["value"] or 0) > (row["expected"] or 0) else -1)


def _named(number: int, row: Mapping[str, Any], size: int) -> dict[str, Any]:
    """The name of a thing above its bar."""
    name = row["name"] if len(row["name"]) <= LETTERS else f"…{row['name'][-LETTERS + 1 :]}"
    said = f"{escape(name)}, {escape(row['kind'])}: {formats.whole(abs(size))} {'more' if size > 0 else 'fewer'}"
    return {
        "text": said, "x": 0, "xref": "paper", "xanchor": "left", "y": str(number), "yanchor": "bottom", "yshift": 5, "showarrow": False,
        "font": {"size": 13},
    }  # fmt: skip
