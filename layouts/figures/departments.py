"""Departments beside each other as pictures: ranked, over time, among control limits, against their own past."""

from collections.abc import Callable, Mapping
from html import escape
from statistics import NormalDist
from typing import Any, Final

import numpy as np

from data.periods import Period
from data.register import register
from layouts import formats, theme
from layouts.comparison import lasting
from layouts.figures.beside import (
    GAP,
    ORDINARY,
    QUIET,
    Row,
    Rows,
    colour,
    departments,
    nice,
    note,
    plain,
    said_of,
    ticks,
    why,
)
from layouts.figures.beside_dots import groups, past, ranked
from queries.departments.row_names import CLOSED, NOT_SHARED
from queries.metrics import METRICS

ACROSS: Final = 5  # panels in a row, over time
PANEL: Final = 118  # pixels of height that a panel takes
FUNNEL: Final = 480  # pixels of height
TOP: Final = 0.66  # of a panel, up to which its line goes; above stands its name
POINTS: Final = 60  # of a limit's line
APART: Final = frozenset({NOT_SHARED, CLOSED})  # who stands behind the others
LEVELS: Final = {"95%": (0.95, "dot"), "99.8%": (0.998, "solid")}


def figure(state: Any, value: Mapping[str, Any]) -> dict[str, Any]:
    """A plain plotly figure of `departments`, in the view of the state."""
    drawn: dict[str, Callable[..., dict[str, Any]]] = {
        "ranked": groups if value["by"] else ranked, "time": _over_time, "limits": _limits, "past": past,
    }  # fmt: skip
    return drawn[state.view](state, value)


def height(state: Any, value: Mapping[str, Any]) -> int:
    """Pixels that the figure takes on a page."""
    return int(figure(state, value)["layout"]["height"])


def _over_time(state: Any, value: Mapping[str, Any]) -> dict[str, Any]:
    """A small panel for each department, all to one scale, in one frame: who is in focus and the others, hollow who doesn't share."""
    rows = [row for row in lasting(state, value["rows"]) if row["status"] not in ORDINARY]
    times = sorted({row["group"] for row in rows})
    ordered = sorted(rows, key=lambda row: (row["status"] in APART, row["department"]))
    owners = {row["department"]: row for row in ordered}
    names = [*owners]
    most = nice(max((row["value"] or 0 for row in rows), default=0))
    known = {(row["department"], row["group"]): row for row in rows}
    lines: dict[tuple[str, bool], tuple[list[Any], list[Any]]] = {}
    down = -(-len(names) // ACROSS)
    for number, name in enumerate(names):
        across, row = number % ACROSS, down - 1 - number // ACROSS
        kind = (theme.FOCUS if state.focus in {"", name} else QUIET, owners[name]["status"] == NOT_SHARED)
        xs, ys = lines.setdefault(kind, ([], []))
        xs += [*(across + place / max(len(times) - 1, 1) * (1 - GAP) for place in range(len(times))), None]
        ys += [*(_up(known.get((name, time)), row, most) for time in times), None]
    return {
        "data": [_line(*kind, *line) for kind, line in lines.items()],
        "layout": _panels(state, _titled(rows, names), times, most),
    }


def _titled(rows: Rows, names: list[str]) -> list[str]:
    """What stands over each panel: its department, and why nothing is drawn in it, where nothing is."""
    drawn = {row["department"] for row in rows if row["value"] is not None}
    silent = {row["department"]: row for row in rows if row["department"] not in drawn}
    return [f"<b>{escape(name)}</b>{f'<br>{escape(why(silent[name]))}' if name in silent else ''}" for name in names]


def _up(row: Row | None, foot: int, most: float) -> float | None:
    return None if row is None or row["value"] is None else foot + row["value"] / most * TOP


def _line(colour: str, hollow: bool, xs: list[Any], ys: list[Any]) -> dict[str, Any]:  # noqa: FBT001 - the kind of line
    dots = {
        "size": 6 if hollow else 5,
        "color": theme.SURFACE if hollow else colour,
        "line": {"color": colour, "width": 1.5},
    }
    mode = {"mode": "lines+markers", "marker": dots, "line": {"color": colour, "width": 2}}
    return {
        "type": "scatter",
        "name": "In focus" if colour == theme.FOCUS else "Others",
        "x": xs,
        "y": ys,
        "connectgaps": False,
        "hoverinfo": "skip",
        "cliponaxis": False,
        **mode,
    }


def _panels(state: Any, heads: list[str], times: list[str], most: float) -> dict[str, Any]:
    down = -(-len(heads) // ACROSS)
    feet = [(number % ACROSS, down - 1 - number // ACROSS) for number in range(len(heads))]
    frame = {"type": "line", "layer": "below", "line": {"color": theme.GRID, "width": 1}}
    levels = [frame | {"x0": x, "x1": x + 1 - GAP, "y0": y + at, "y1": y + at} for x, y in feet for at in (0, TOP)]
    titles = [
        note(head, x, y + 0.97, xanchor="left", yanchor="top", align="left")
        for head, (x, y) in zip(heads, feet, strict=True)
    ]
    scale = [
        note(said, 0, y + at, xanchor="right", xshift=-4, yanchor="middle")
        for y in range(down)
        for at, said in ((0, "0"), (TOP, said_of(state.measure, most)))
    ]
    broken, told = _breaks(state, feet, times)
    hidden = {"visible": False, "fixedrange": True}
    return {
        **plain(PANEL * max(down, 1) + 60), "margin": {"t": 4, "b": 56, "l": 64, "r": 8}, "shapes": [*levels, *broken],
        "annotations": [*titles, *scale, *_days(state, times, min(ACROSS, len(heads))), *told],
        "xaxis": hidden | {"range": [0, ACROSS]}, "yaxis": hidden | {"range": [0, max(down, 1)]},
    }  # fmt: skip


def _days(state: Any, times: list[str], across: int) -> list[dict[str, Any]]:
    """The first and the last week or month under each column of panels."""
    ends = [(0.0, times[0], "left"), (1 - GAP, times[-1], "right")] if times else []
    form = "%b %Y" if state.part == "month" else "%-d %b"
    return [
        note(formats.of_iso(day).strftime(form), x + at, 0, xanchor=side, yanchor="top", yshift=-4)
        for x in range(across)
        for at, day, side in ends
    ]


def _breaks(
    state: Any, feet: list[tuple[int, int]], times: list[str]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Definition breaks as dashed lines through every panel, and what they are under the panels."""
    if not times:
        return [], []
    days = [formats.of_iso(time) for time in times]
    found = register.calendar.breaks_in(Period(days[0], days[-1]), state.measure, state.account)
    line = {"type": "line", "layer": "below", "line": {"color": theme.SECONDARY_TEXT, "width": 1, "dash": "dash"}}
    places = [(sum(day <= one.day for day in days) - 0.5) / max(len(days) - 1, 1) * (1 - GAP) for one in found]
    shapes = [line | {"x0": x + at, "x1": x + at, "y0": y, "y1": y + TOP} for at in places for x, y in feet]
    said = "; ".join(f"{formats.day(one.day)}, {one.name}" for one in found)
    words = note(f"Dashed: {escape(said)}", 0, 0, xanchor="left", yanchor="top", yshift=-28)
    return shapes, [words] if found else []


def _limits(state: Any, value: Mapping[str, Any]) -> dict[str, Any]:
    """Each department by its size, among the limits that hold those who are like the others."""
    target = next(iter(value["targets"]), None)
    rate = METRICS[state.measure].is_rate
    points = [found for row in departments(value) if (found := _point(row, rate=rate))]
    colours = [colour(state, row) for row, _, _ in points]
    apart = [
        row["department"]
        if row["department"] == state.focus or row["standing"] not in {None, "within the limits"}
        else ""
        for row, _, _ in points
    ]
    dots = {
        "type": "scatter", "mode": "markers+text", "name": "Departments", "x": [x for _, x, _ in points], "y": [y for _, _, y in points], "text": apart,
        "textposition": "top center", "cliponaxis": False, "hovertext": [row["department"] for row, _, _ in points], "hoverinfo": "text",
        "marker": {"size": 12, "color": colours, "symbol": ["diamond" if row["standing"] == "outside 99.8%" else "circle" for row, _, _ in points]},
    }  # fmt: skip
    lines = _curves(target, [x for _, x, _ in points], rate=rate) if target and points else []
    layout = {
        **plain(FUNNEL), "margin": {"t": 20, "b": 60, "l": 72, "r": 90},
        "xaxis": {"type": "log", "fixedrange": True, "showgrid": False, "ticks": "outside", "tickformat": ",d", "dtick": "D2", "title": {"text": _base(state.measure), "font": {"size": 14}}},
        "yaxis": {"fixedrange": True, "gridcolor": theme.GRID, "zeroline": False, "nticks": 8, "tickformat": ticks(state.measure) if rate else "+.0%"},
        "annotations": [note for _, note in lines if note] if target else [note(_lacking(state.measure), 0.5, 0.5, xref="paper", yref="paper")],
    }  # fmt: skip
    return {"data": [*(line for line, _ in lines), dots], "layout": layout}


def _lacking(measure: str) -> str:
    """Why there are no limits."""
    metric = METRICS[measure]
    return (
        "A mean has no limits of chance" if metric.is_rate and not metric.is_share else "Too few departments for limits"
    )


def _base(measure: str) -> str:
    metric = METRICS[measure]
    return METRICS[metric.denominator].title if metric.is_rate else f"{metric.title} in the days before"


def _point(row: Row, *, rate: bool) -> tuple[Row, float, float] | None:
    """A row with where it stands: size across, rate or change up; none for who isn't ranked."""
    size = row["of"] if rate else row["value_comparison"]
    if row["standing"] is None or not size:
        return None
    return row, size, row["value"] if rate else row["change"] / size


def _curves(
    target: Mapping[str, float], sizes: list[float], *, rate: bool
) -> list[tuple[dict[str, Any], dict[str, Any] | None]]:
    """The target and both limits over the sizes, each with its name at the right end."""
    xs = np.geomspace(min(sizes) * 0.8, max(sizes) * 1.2, POINTS)
    middle = target["target"]
    errors = np.sqrt(middle * (1 - middle) / xs) if rate else np.sqrt((1 + np.exp(-middle)) / xs)
    found = [_curve(xs, np.full(POINTS, middle), "dash", "All of them", rate=rate)]
    for said, (level, dash) in LEVELS.items():
        reach = NormalDist().inv_cdf((1 + level) / 2) * np.sqrt(errors**2 + target["between"])
        found += [_curve(xs, middle + reach, dash, said, rate=rate), _curve(xs, middle - reach, dash, "", rate=rate)]
    return found


def _curve(xs: Any, ys: Any, dash: str, said: str, *, rate: bool) -> tuple[dict[str, Any], dict[str, Any] | None]:
    natural = np.clip(ys, 0, 1) if rate else np.exp(ys) - 1
    line = {"color": theme.SECONDARY_TEXT, "width": 1.5, "dash": dash}
    drawn = {
        "type": "scatter",
        "mode": "lines",
        "name": said or "Limit",
        "x": xs.tolist(),
        "y": natural.tolist(),
        "hoverinfo": "skip",
        "line": line,
    }
    return drawn, note(
        said, float(np.log10(xs[-1])), float(natural[-1]), xanchor="left", xshift=6, yanchor="middle"
    ) if said else None
