"""The days of each department as bars: those that came, and hatched those that should have and didn't."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from layouts import formats, theme

ROW: Final = 30  # pixels of height that a department takes
AXIS: Final = 52  # pixels for the days and their name under the bars
NAMES: Final = 128  # pixels for the departments' names
BESIDE: Final = 72  # pixels for the words right of the longest bar
TICKS: Final = 4  # beside 0, at most: days stay whole numbers, lines few


def figure(value: Mapping[str, Any]) -> dict[str, Any]:
    """A plain plotly figure, `{"data": [...], "layout": {...}}`; a row for each department, GDS first."""
    rows = value["departments"]
    most = max((row["days_expected"] for row in rows), default=0) or 1
    here, missing = theme.TWO_SERIES
    axis = {
        "range": [0, most], "tickvals": list(range(0, most + 1, -(-most // TICKS))), "fixedrange": True,
        "gridcolor": theme.GRID, "zeroline": False, "title": {"text": "Full: days here; dotted: totals only; hatched: missing", "font": {"size": 14}, "standoff": 8},
    }  # fmt: skip
    names = {"autorange": "reversed", "fixedrange": True, "type": "category", "ticksuffix": "  ", "dtick": 1}
    layout = {
        "height": height(value), "barmode": "stack", "bargap": 0.3, "hovermode": False,
        "margin": {"t": 4, "b": AXIS, "l": NAMES, "r": BESIDE}, "xaxis": axis, "yaxis": names,
        "annotations": [_beside(row) for row in rows], **theme.PLAIN,
    }  # fmt: skip
    return {
        "data": [
            _bars(rows, "days_received", "here", {"color": here}),
            _bars(rows, "days_totals_only", "of totals only", _drawn(here, ".")),
            _bars(rows, "days_missing", "missing", _drawn(missing, "/")),
        ],
        "layout": layout,
    }


def height(value: Mapping[str, Any]) -> int:
    """Pixels that the figure takes on a page."""
    return ROW * max(len(value["departments"]), 1) + AXIS


def _bars(rows: Sequence[Mapping[str, Any]], column: str, said: str, marker: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "bar", "orientation": "h", "name": f"Days {said}", "marker": marker, "cliponaxis": False,
        "y": [row["department"] for row in rows], "x": [row[column] or None for row in rows],
    }  # fmt: skip


def _drawn(colour: str, shape: str) -> dict[str, Any]:
    """Stripes or dots in an outline: they differ from a full bar without their colour as well."""
    pattern = {"shape": shape, "fgcolor": colour, "bgcolor": theme.SURFACE, "size": 7, "solidity": 0.35}
    return {"color": colour, "pattern": pattern, "line": {"color": colour, "width": 1}}


def _beside(row: Mapping[str, Any]) -> dict[str, Any]:
    """What stands right of a bar: how many of the expected days are here, or why none is expected."""
    days = max(row["days_expected"], row["days_received"])
    here = row["days_received"] + row["days_totals_only"]
    return {
        "text": f"{formats.whole(here)} of {formats.whole(row['days_expected'])}" if days else _why(row["memorandum"]), "x": days, "y": row["department"], "xanchor": "left",
        "showarrow": False, "xshift": 4,
    }  # fmt: skip


def _why(memorandum: str) -> str:
    return "No memorandum" if memorandum == "none" else f"{memorandum[:1].upper()}{memorandum[1:]}"
