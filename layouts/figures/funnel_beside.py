"""Funnels beside each other as dots with intervals: values of a breakdown, and steps before and after a release."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

from layouts import theme

ROW: Final = 34  # pixels
AROUND: Final = 104
MOST: Final = 17  # values drawn; the table has all
LETTERS: Final = 26
NOW, BEFORE = theme.TWO_SERIES
QUIET: Final = theme.SECONDARY_TEXT
Rows = Sequence[Mapping[str, Any]]


def of_step(value: Mapping[str, Any], step: int) -> list[Mapping[str, Any]]:
    """The rows of one step that have a share, most first, as many as are drawn."""
    rows = [row for row in value["rows"] if row["step"] == step and row["share_of_previous"] is not None]
    return sorted(rows, key=lambda row: -row["share_of_previous"])[:MOST]


def groups(value: Mapping[str, Any], step: int) -> dict[str, Any]:
    """Of those at the step before, the share of each value that went on to this step; unusual ones as diamonds."""
    rows = of_step(value, step)
    names = [_short(row["value"]) for row in rows]
    dots = _dots(
        names, [row["share_of_previous"] for row in rows], [(row["previous_low"], row["previous_high"]) for row in rows]
    )
    dots["marker"] = {
        "size": [14 if row["unusual"] else 11 for row in rows], "symbol": ["diamond" if row["unusual"] else "circle" for row in rows],
        "color": [BEFORE if row["unusual"] else NOW for row in rows], "line": {"color": theme.TEXT, "width": 1},
    }  # fmt: skip
    key = "Diamonds: unusual beside all others" if any(row["unusual"] for row in rows) else "None is unusual"
    return {"data": [dots], "layout": _layout(len(rows), f"Went on, 95% interval<br>{key}")}


def release(value: Mapping[str, Any]) -> dict[str, Any]:
    """Each step's drop-off rate before and after, with what was expected."""
    rows = [row for row in value["steps"] if row["drop_off_rate"] is not None]
    names = [_short(f"{row['step']}. {row['name']}" if row["step"] else "The whole funnel") for row in rows]
    after = _dots(names, [row["drop_off_rate"] for row in rows], [(row["drop_off_rate"],) * 2 for row in rows])
    expected = [
        {"type": "line", "x0": row["expected_low"], "x1": row["expected_high"], "y0": name, "y1": name, "line": {"color": "#8EB8DC", "width": 12}, "layer": "below"}
        for row, name in zip(rows, names, strict=True) if row["expected_low"] is not None
    ]  # fmt: skip
    before = {
        "type": "scatter", "mode": "markers", "x": [row["drop_off_rate_before"] for row in rows], "y": names, "name": "Before",
        "marker": {"size": 12, "symbol": "circle-open", "color": BEFORE, "line": {"width": 3}}, "hovertemplate": "Before %{x:.1%}<extra></extra>",
    }  # fmt: skip
    after |= {"name": "After", "marker": {"size": 12, "color": NOW}, "hovertemplate": "After %{x:.1%}<extra></extra>"}
    layout = _layout(len(rows), "Stopped at the step<br>Filled: after; ring: before; bar: expected") | {
        "shapes": expected
    }
    return {"data": [before, after], "layout": layout}


def height(rows: int) -> int:
    """Pixels of a chart of so many rows."""
    return AROUND + ROW * max(rows, 1)


def _dots(names: list[str], values: list[float], ends: Sequence[tuple[float | None, float | None]]) -> dict[str, Any]:
    reach = {
        "array": [0 if high is None else max(high - value, 0) for value, (_, high) in zip(values, ends, strict=True)],
        "arrayminus": [0 if low is None else max(value - low, 0) for value, (low, _) in zip(values, ends, strict=True)],
    }
    return {
        "type": "scatter", "mode": "markers", "x": values, "y": names, "hovertemplate": "%{x:.1%}<extra></extra>",
        "error_x": {"type": "data", "symmetric": False, "color": QUIET, "thickness": 2, "width": 5, **reach},
    }  # fmt: skip


def _layout(rows: int, said: str) -> dict[str, Any]:
    return {
        "height": height(rows), "margin": {"t": 8, "b": 76, "l": 176, "r": 24}, "hovermode": "closest",
        "xaxis": {"rangemode": "tozero", "tickformat": ".0%", "nticks": 4, "tickangle": 0, "gridcolor": theme.GRID, "zeroline": False, "fixedrange": True, "title": {"text": said, "font": {"size": 13}}},
        "yaxis": {"autorange": "reversed", "fixedrange": True, "type": "category", "gridcolor": theme.GRID, "tickfont": {"size": 13}},
        **theme.PLAIN,
    }  # fmt: skip


def _short(name: str) -> str:
    return escape(name if len(name) <= LETTERS else f"{name[: LETTERS - 1].rstrip()}…")
