"""Departments as rows of dots: ranked, apart by a second dimension, and against their own past."""

from collections.abc import Mapping
from html import escape
from typing import Any, Final

from layouts import theme
from layouts.figures.beside import (
    GAP,
    ORDINARY,
    Row,
    Rows,
    colour,
    departments,
    nice,
    note,
    plain,
    said_of,
    ticks,
    upright,
    why,
)
from queries.asking import WHOLE_ESTATE
from queries.metrics import METRICS

ROW: Final = 26  # pixels of height that a department takes
AXIS: Final = 56  # pixels for the axis and its name
NAMES: Final = 124  # pixels for the departments' names
UNUSUAL: Final = theme.TWO_SERIES[1]
MOST_GROUPS: Final = 6


def ranked(state: Any, value: Mapping[str, Any]) -> dict[str, Any]:
    """A row for each department with its interval, the largest first."""
    rows = departments(value)
    layout = _by_department(rows, state.measure)
    whole = next((row["value"] for row in value["rows"] if row["department"] == WHOLE_ESTATE), None)
    if whole is not None and METRICS[state.measure].is_rate:
        layout["shapes"] = [upright(whole)]
        layout["annotations"] += [
            note(f"Whole estate {said_of(state.measure, whole)}", whole, 1, yref="paper", yanchor="bottom")
        ]
        layout["margin"]["t"] = 24
    ends = [row["high"] or row["value"] or 0 for row in rows]
    layout["xaxis"] |= {"range": [0, nice(max(ends, default=0))]}
    return {"data": _dots(state, rows), "layout": layout}


def past(state: Any, value: Mapping[str, Any]) -> dict[str, Any]:
    """The change of each department since the days before, with its interval."""
    rows = [_relative(state.measure, row) for row in departments(value)]
    rows.sort(key=lambda row: (row["value"] is None, -(row["value"] or 0), row["department"]))
    layout = _by_department(rows, state.measure)
    ends = [abs(row[name]) for row in rows for name in ("value", "low", "high") if row[name] is not None]
    most = nice(max(ends, default=0) * 1.05)
    layout["xaxis"] |= {
        "range": [-most, most],
        "tickformat": ".0%",
        "zeroline": True,
        "zerolinecolor": theme.SECONDARY_TEXT,
    }
    layout["xaxis"]["title"]["text"] = (
        "Change in points" if METRICS[state.measure].is_share else "Change since the days before"
    )
    return {"data": [*_dots(state, rows), *_marked(rows)], "layout": layout}


def _relative(measure: str, row: Row) -> dict[str, Any]:
    """The row with its change in the place of its value: a share of what a count was, points of a rate."""
    base = 1 if METRICS[measure].is_share else row["value_comparison"]
    names = {"value": "change", "low": "change_low", "high": "change_high"}
    told = {to: row[name] / base if base and row[name] is not None else None for to, name in names.items()}
    return {**row, **told}


def _dots(state: Any, rows: Rows) -> list[dict[str, Any]]:
    """A dot for each row with its interval, the one in focus apart; hollow for who doesn't share."""
    colours = [colour(state, row) for row in rows]
    ends = [(row["value"], row["low"], row["high"]) for row in rows]
    bars = {
        "type": "data", "symmetric": False, "thickness": 2, "width": 0, "color": theme.SECONDARY_TEXT,
        "array": [h - v if None not in (v, h) else None for v, _, h in ends],
        "arrayminus": [v - w if None not in (v, w) else None for v, w, _ in ends],
    }  # fmt: skip
    symbols = ["circle-open" if row["rank"] is None and state.view != "past" else "circle" for row in rows]
    return [{
        "type": "scatter", "mode": "markers", "name": "Departments", "x": [v for v, _, _ in ends], "y": [row["department"] for row in rows],
        "error_x": bars, "hoverinfo": "x", "cliponaxis": False,
        "marker": {"size": 12, "color": colours, "symbol": symbols, "line": {"width": 2, "color": colours}},
    }]  # fmt: skip


def _marked(rows: Rows) -> list[dict[str, Any]]:
    """Diamonds around the changes that are unusual."""
    found = [row for row in rows if row["unusual"]]
    marker = {"symbol": "diamond-open", "size": 20, "color": UNUSUAL, "line": {"width": 3}}
    named = {"x": [row["value"] for row in found], "y": [row["department"] for row in found]}
    return (
        [{"type": "scatter", "mode": "markers", "name": "Unusual", "hoverinfo": "skip", "marker": marker, **named}]
        if found
        else []
    )


def _by_department(rows: Rows, measure: str) -> dict[str, Any]:
    """The layout of a chart with a row for each department, its name on the left."""
    missing = [row for row in rows if row["value"] is None]
    return {
        **plain(ROW * max(len(rows), 1) + AXIS), "margin": {"t": 8, "b": AXIS, "l": NAMES, "r": 24},
        "xaxis": {"fixedrange": True, "gridcolor": theme.GRID, "zeroline": False, "nticks": 5, "tickangle": 0, "tickformat": ticks(measure), "title": {"text": METRICS[measure].title, "font": {"size": 14}, "standoff": 8}},
        "yaxis": {"autorange": "reversed", "fixedrange": True, "type": "category", "categoryorder": "array", "categoryarray": [row["department"] for row in rows], "ticksuffix": "  ", "dtick": 1, "showgrid": False, "range": [len(rows) - 0.5, -0.5]},
        "annotations": [note(why(row), 0, row["department"], xref="paper", xanchor="left", xshift=6, yanchor="middle") for row in missing],
    }  # fmt: skip


def groups(state: Any, value: Mapping[str, Any]) -> dict[str, Any]:
    """The same beside each other for each value of the second dimension, the largest six of them."""
    places = {name: place for place, name in enumerate(_largest(value["rows"]))}
    shown = [row for row in value["rows"] if row["group"] in places and row["status"] not in ORDINARY]
    most = max((row["high"] or row["value"] or 0 for row in shown), default=0) or 1
    layout = _by_department(departments({"rows": [row for row in shown if not places[row["group"]]]}), state.measure)
    ends = [(place + part * (1 - GAP), part * most) for place in places.values() for part in (0, 1)]
    layout["xaxis"] |= {
        "range": [0, max(len(places), 1)],
        "tickvals": [at for at, _ in ends],
        "ticktext": [said_of(state.measure, of) for _, of in ends],
    }
    layout["annotations"] = [
        note(f"<b>{escape(name)}</b>", place, 1, yref="paper", yanchor="bottom", xanchor="left")
        for name, place in places.items()
    ]
    layout["margin"]["t"] = 28
    return {"data": _dots(state, [_moved(row, places[row["group"]], most) for row in shown]), "layout": layout}


def _largest(rows: Rows) -> list[str]:
    """The values of the second dimension with most in the whole estate, in the order of the rows."""
    names = list(dict.fromkeys(row["group"] for row in rows))
    sizes = {row["group"]: row["count"] or 0 for row in rows if row["department"] == WHOLE_ESTATE}
    return sorted(sorted(names, key=lambda name: -sizes.get(name, 0))[:MOST_GROUPS], key=names.index)


def _moved(row: Row, place: int, most: float) -> dict[str, Any]:
    """The row in the panel at its place, which is as wide as the largest value is large."""
    ends = {name: row[name] for name in ("value", "low", "high")}
    return {**row, **{name: one if one is None else place + one / most * (1 - GAP) for name, one in ends.items()}}
