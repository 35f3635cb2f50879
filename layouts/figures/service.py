"""A service week by week: the share that finished in the same visit, on mobiles and on desktops, and bad stretches."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from layouts import theme

HEIGHT: Final = 340  # pixels
DEVICES: Final = {
    "mobile": (theme.TWO_SERIES[0], "solid", "circle"),
    "desktop": (theme.TWO_SERIES[1], "dash", "diamond"),
}
HALF: Final = timedelta(3)  # of a week
SHADE: Final = "#D6E4EF"
Row = Mapping[str, Any]


def figure(value: Row) -> dict[str, Any]:
    """A plain plotly figure; weeks in which nobody started are gaps, bad stretches are shaded."""
    weeks = value["weeks"]
    lines = [_line(device, [row for row in weeks if row["device"] == device]) for device in DEVICES]
    top = max((row["share"] for row in weeks if row["share"] is not None), default=0) or 1
    layout = {
        "height": HEIGHT, "hovermode": "x", "margin": {"t": 24, "b": 48, "l": 56, "r": 84},
        "xaxis": {"type": "date", "fixedrange": True, "showgrid": False, "nticks": 6, "tickangle": 0, "tickformat": "%-d %b\n%Y", "ticks": "outside", **_ends(weeks)},
        "yaxis": {"fixedrange": True, "range": [0, min(top * 1.15, 1)], "gridcolor": theme.GRID, "zeroline": False, "nticks": 6, "tickformat": ".0%"},
        "shapes": [_shaded(one) for one in value["stretches"]],
        "annotations": [*_names(weeks), *_said(value["stretches"])],
        **theme.PLAIN,
    }  # fmt: skip
    return {"data": lines, "layout": layout}


def _ends(weeks: Sequence[Row]) -> dict[str, Any]:
    """Half a week beside the first and the last; the names at the ends of the lines have the margin."""
    days = [date.fromisoformat(str(row["week"])) for row in weeks]
    return {"range": [str(min(days) - HALF), str(max(days) + HALF)]} if days else {}


def _line(device: str, rows: Sequence[Row]) -> dict[str, Any]:
    colour, dash, symbol = DEVICES[device]
    return {
        "type": "scatter", "mode": "lines+markers", "name": device.capitalize(), "connectgaps": False,
        "x": [row["week"] for row in rows], "y": [row["share"] for row in rows],
        "line": {"color": colour, "width": 3, "dash": dash}, "marker": {"size": 7, "color": colour, "symbol": symbol},
    }  # fmt: skip


def _names(weeks: Sequence[Row]) -> list[dict[str, Any]]:
    """The devices' names beside the ends of their lines, apart from each other."""
    ends = []
    for device in DEVICES:
        known = [row for row in weeks if row["device"] == device and row["share"] is not None]
        if known:
            ends.append((device, known[-1]["week"], known[-1]["share"]))
    highest = max(ends, key=lambda end: end[2], default=None)
    return [
        {
            "text": device.capitalize(), "x": week, "y": share, "xanchor": "left", "xshift": 8, "showarrow": False,
            "yshift": 9 if highest and device == highest[0] else -9, "font": {"color": theme.TEXT, "size": 14},
        }
        for device, week, share in ends
    ]  # fmt: skip


def _shaded(one: Row) -> dict[str, Any]:
    return {
        "type": "rect", "x0": one["first"], "x1": one["last"], "yref": "paper", "y0": 0, "y1": 1, "layer": "below",
        "fillcolor": SHADE, "line": {"width": 0},
    }  # fmt: skip


def _said(stretches: Sequence[Row]) -> list[dict[str, Any]]:
    return [
        {
            "text": f"Bad weeks on {one['device']}", "x": one["first"], "yref": "paper", "y": 1, "xanchor": "left", "yanchor": "bottom",
            "showarrow": False, "font": {"size": 12, "color": theme.TEXT},
        }
        for one in stretches[:1]
    ]  # fmt: skip
