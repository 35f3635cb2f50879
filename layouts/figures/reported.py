"""Days as departments' own tools report them: a line for each department, no expectation and no estate."""

from collections.abc import Mapping
from html import escape
from typing import Any, Final

from data.periods import Period
from data.register import register
from layouts import formats, theme
from layouts.figures import trend

HEIGHT: Final = trend.HEIGHT
DASHES: Final = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")  # beside the colours, never colour alone


def figure(state: Any, value: Mapping[str, Any]) -> dict[str, Any]:
    """A plain plotly figure; the departments with most of the measure where there are more than colours."""
    told = [row for row in value["days"] if row[state.measure] is not None]
    sums: dict[str, int] = {}
    for row in told:
        sums[row["department"]] = sums.get(row["department"], 0) + row[state.measure]
    names = sorted(sums, key=lambda name: (-sums[name], name))[: len(theme.SERIES)]
    rows = sorted((row for row in told if row["department"] in names), key=lambda row: row["day"])
    drawn = trend.figure(state.measure, {"rows": rows, "breaks": _breaks(state, rows), "annotations": []})
    lines = [_line(state.measure, place, name, rows) for place, name in enumerate(names)]
    ends = [
        note for place, name in enumerate(names) if len(names) > 1 for note in [_end(state.measure, place, name, rows)]
    ]
    *marked, key = drawn["layout"]["annotations"]  # the last says what is expected, which is nothing here
    return {"data": lines, "layout": drawn["layout"] | {"annotations": [*marked, *([] if rows else [key]), *ends]}}


def _breaks(state: Any, rows: list[Any]) -> list[dict[str, Any]]:
    """The definition breaks of these days: the law on consent changed what every tool counts."""
    if not rows:
        return []
    days = Period(formats.of_iso(rows[0]["day"]), formats.of_iso(rows[-1]["day"]))
    found = register.calendar.breaks_in(days, state.measure, state.account)
    return [{"day": str(one.day), "name": one.name} for one in found]


def _line(measure: str, place: int, name: str, rows: list[Any]) -> dict[str, Any]:
    own = [row for row in rows if row["department"] == name]
    colour = theme.SERIES[place]
    return {
        "type": "scatter", "mode": "lines", "name": name, "x": [row["day"] for row in own], "y": [row[measure] for row in own],
        "line": {"color": colour, "width": 3, "dash": DASHES[place]}, "connectgaps": False,
    }  # fmt: skip


def _end(measure: str, place: int, name: str, rows: list[Any]) -> dict[str, Any]:
    """The department's name at the end of its line."""
    last = [row for row in rows if row["department"] == name][-1]
    return {
        "text": escape(name), "x": last["day"], "y": last[measure], "xanchor": "right", "yanchor": "bottom", "showarrow": False,
        "font": {"size": 13, "color": theme.SERIES[place]},
    }  # fmt: skip
