"""A funnel as bars: how many of those who started reached each step, with intervals; and how long steps took."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

from layouts import formats, theme
from layouts.figures.lettering import cut

ROW: Final = 74  # pixels a step
AROUND: Final = 66
TALLEST: Final = 0.72  # of a row of times, with its words above
LETTERS: Final = 44  # of a step's name
BAR, LOST = theme.TWO_SERIES[0], "#D6E4EF"
Rows = Sequence[Mapping[str, Any]]


def height(value: Mapping[str, Any]) -> int:
    """Pixels of the chart."""
    return AROUND + ROW * len(value["steps"])


def figure(value: Mapping[str, Any]) -> dict[str, Any]:
    """A plain plotly figure of `funnel`: a bar a step, first step on top, and behind it how far the step before reached."""
    steps = value["steps"]
    places = list(range(len(steps)))
    return {
        "data": [_lost(steps, places), _bars(steps, places)],
        "layout": {
            "height": height(value), "barmode": "overlay", "bargap": 0.62, "hovermode": "y",
            "margin": {"t": 4, "b": 48, "l": 8, "r": 16},
            "xaxis": {"range": [0, 1.02], "tickformat": ".0%", "tickvals": [0, 0.25, 0.5, 0.75, 1], "tickangle": 0, "gridcolor": theme.GRID, "zeroline": False, "fixedrange": True, "title": {"text": "Share of the start, 95% interval" if any(step["low"] is not None for step in steps) else "Share of the start", "font": {"size": 13}}},
            "yaxis": {"range": [len(steps) - 0.55, -0.85], "fixedrange": True, "showticklabels": False, "showgrid": False, "zeroline": False},
            **theme.PLAIN,
            "annotations": [_label(step, place) for place, step in enumerate(steps)],
        },
    }  # fmt: skip


def _bars(steps: Rows, places: list[int]) -> dict[str, Any]:
    shares = [step["share_of_start"] for step in steps]
    ends = {
        "array": [_gap(step["high"], step["share_of_start"]) for step in steps],
        "arrayminus": [_gap(step["share_of_start"], step["low"]) for step in steps],
    }
    return {
        "type": "bar", "orientation": "h", "x": shares, "y": places, "name": "Reached", "marker": {"color": BAR, "line": {"color": theme.TEXT, "width": 1}},
        "error_x": {"type": "data", "symmetric": False, "color": theme.TEXT, "thickness": 1.5, "width": 5, **ends},
        "hovertemplate": "%{x:.1%}<extra></extra>",
    }  # fmt: skip


def _lost(steps: Rows, places: list[int]) -> dict[str, Any]:
    """Behind each bar, how far the step before reached; nothing where its own is hidden, which isn't a loss of all."""
    reached = [step["share_of_start"] for step in steps]
    before = [one if own is not None else None for one, own in zip([*reached[:1], *reached], reached, strict=False)]
    return {
        "type": "bar", "orientation": "h", "x": before, "y": places, "name": "Step before", "hoverinfo": "skip",
        "marker": {"color": LOST, "line": {"color": "#8EB8DC", "width": 1}},
    }  # fmt: skip


def _gap(high: float | None, low: float | None) -> float:
    return 0.0 if high is None or low is None else max(0.0, high - low)


def _label(step: Mapping[str, Any], place: int) -> dict[str, Any]:
    """A step's name and numbers, over its bar."""
    shares = {"start": step["share_of_start"], "step before": step["share_of_previous"]}
    parts = [
        formats.whole(step["units"]),
        *(f"{formats.share(one)} of {of}" for of, one in shares.items() if one is not None),
    ]
    return {
        "text": f"<b>{place + 1}. {escape(cut(step['name'], LETTERS))}</b><br>{' · '.join(parts)}", "align": "left", "x": 0, "xref": "paper", "xanchor": "left",
        "y": place, "yref": "y", "yanchor": "bottom", "yshift": 13, "showarrow": False, "font": {"size": 14, "color": theme.TEXT},
    }  # fmt: skip


def times(value: Mapping[str, Any]) -> dict[str, Any]:
    """How long each step took: a row of bars a step, all of one scale, up to the longest that was taken."""
    told = [step for step in value["steps"] if step["histogram"]]
    taken = max(
        (place for step in told for place, bar in enumerate(step["histogram"], 1) if bar["units"] != 0), default=0
    )
    rows = [step["histogram"][:taken] for step in told]
    shares = [_shares(row) for row in rows]
    top = max((share for row in shares for share in row), default=0) or 1
    places = list(reversed(range(len(rows))))
    bars = [bar for row in rows for bar in row]
    drawn = {
        "type": "bar", "x": [_span(bar) for bar in bars], "y": [share / top * TALLEST for row in shares for share in row],
        "base": [place for place in places for _ in range(taken)], "customdata": [bar["units"] for bar in bars],
        "marker": {"color": BAR}, "hovertemplate": "%{x}: %{customdata:,}<extra></extra>",
    }  # fmt: skip
    names = [_median(step, place) for step, place in zip(told, places, strict=True)]
    return {"data": [drawn], "layout": _times_layout(value, places, top) | {"annotations": names}}


def _times_layout(value: Mapping[str, Any], places: Sequence[int], top: float) -> dict[str, Any]:
    """Rows at these places, each from 0 to the share `top`."""
    return {
        "height": times_height(value), "margin": {"t": 8, "b": 44, "l": 64, "r": 12}, "bargap": 0.15, "barmode": "overlay",
        "xaxis": {"type": "category", "fixedrange": True, "tickangle": 0, "tickfont": {"size": 12}},
        "yaxis": {
            "fixedrange": True, "gridcolor": theme.GRID, "zeroline": False, "range": [-0.02, max(len(places), 1)],
            "tickvals": [place + end for place in places for end in (0, TALLEST)], "ticktext": ["0%", formats.share(top)] * len(places),
        },
        **theme.PLAIN,
    }  # fmt: skip


def _shares(bars: Rows) -> list[float]:
    """What share of a step's sessions took as long as each bar says."""
    whole = sum(bar["units"] or 0 for bar in bars)
    return [(bar["units"] or 0) / whole if whole else 0.0 for bar in bars]


def _median(step: Mapping[str, Any], place: int) -> dict[str, Any]:
    """A step's name and median, over its row."""
    return {
        "text": f"To {step['step']}. {escape(cut(step['name'], LETTERS))}: median {formats.duration(step['median_seconds'])}", "x": 0, "xref": "paper", "xanchor": "left",
        "y": place + TALLEST, "yref": "y", "yanchor": "bottom", "yshift": 2, "showarrow": False, "font": {"size": 14},
    }  # fmt: skip


def times_height(value: Mapping[str, Any]) -> int:
    """Pixels of the chart of times."""
    return AROUND + 110 * max(1, sum(bool(step["histogram"]) for step in value["steps"]))


def _span(bar: Mapping[str, Any]) -> str:
    return f"{_short(bar['from_seconds'])}+"


def _short(seconds: int) -> str:
    """`30 s`, `5 min`, `6 h`, `7 d`."""
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
