"""A measure day by day, with the band of what was expected, the days outside it, definition breaks and dated events."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from data.periods import whole_month
from layouts import theme
from layouts.figures.lettering import cut, plain
from queries.metrics import METRICS

NAMED: Final = 7  # points, up to which each has its name
FEW: Final = 8  # counts up to this have a line each
HEIGHT: Final = 420  # pixels
LINE, OUTSIDE = theme.TWO_SERIES
BAND: Final = "#D6E4EF"
NOTE: Final = "note"  # of a person, which is drawn before any other event of its day
KINDS: Final = (
    NOTE,
    "coronavirus",
    "EU exit",
    "election",
    "budget",
    "deadline",
    "bank holiday",
)  # that are drawn, the weightiest first
MOST_EVENTS: Final = 6
MOST_SHARE: Final = 0.76  # beyond it there is a line above 100%
ROOM: Final = 1.3  # of the largest value, where events have names above
EDGE: Final = 0.2  # of the width
LETTERS: Final = 26  # of an event's name
LETTER: Final = 0.0062  # of the width of a page's chart, that one takes
NAME_ROWS: Final = 3
DAYS: Final = 62  # beyond which points bear no markers
Rows = Sequence[Mapping[str, Any]]


def figure(measure: str, value: Mapping[str, Any]) -> dict[str, Any]:
    """A plain plotly figure of one measure of `trend`; missing days are gaps."""
    rows = value["rows"]
    events = [*_breaks(value["breaks"], rows), *_events(value["annotations"], rows)]
    layout = {
        "height": HEIGHT, "hovermode": "x", "margin": {"t": 12, "b": 78, "l": 64, "r": 24},
        "xaxis": {"type": "date", "fixedrange": True, "showgrid": False, "nticks": 6, "tickangle": 0, "tickformat": _time(rows), "ticks": "outside", "range": _ends(rows), **({"tickvals": [row["day"] for row in rows]} if len(rows) <= NAMED else {})},
        "yaxis": {"fixedrange": True, "range": [0, _top(measure, rows) * (ROOM if events else 1.05)], "gridcolor": theme.GRID, "zeroline": False, "nticks": 8, "tickformat": _format(measure), **_whole_ticks(measure, rows)},
        **theme.PLAIN,
        "shapes": [shape for _, shape in events],
        "annotations": [*_labels([name for name, _ in events], rows), _key(measure, rows)],
    }  # fmt: skip
    return {"data": [*_band(measure, rows), _line(measure, rows), *_outside(measure, rows)], "layout": layout}


def _time(rows: Rows) -> str:
    """How points are named along the foot: whole months by their names, others by their first day."""
    first = [date.fromisoformat(row["day"]) for row in rows]
    monthly = all(str(whole_month(day).last) == row.get("last_day") for day, row in zip(first, rows, strict=True))
    return "%b\n%Y" if monthly and all(day.day == 1 for day in first) else "%-d %b\n%Y"


def _format(measure: str) -> str:
    return ".0%" if METRICS[measure].unit == "share" else ",d"


def _whole_ticks(measure: str, rows: Rows) -> dict[str, Any]:
    """Small counts stand at whole numbers, and no share over 100%, where only events have names."""
    if METRICS[measure].unit == "share" and _top(measure, rows) > MOST_SHARE:
        return {"tickvals": [n / 5 for n in range(6)]}
    return {"dtick": 1} if METRICS[measure].unit != "share" and _top(measure, rows) <= FEW else {}


def _ends(rows: Rows) -> list[str]:
    """Half a day beside the first and the last."""
    days = [date.fromisoformat(row["day"]) for row in rows] or [date.min + timedelta(1)]
    return [f"{days[0] - timedelta(1)} 12:00", f"{days[-1]} 12:00"]


def _band(measure: str, rows: Rows) -> list[dict[str, Any]]:
    """The band as areas, one for each run of days that have one."""
    low, high = (f"{measure}_expected_{end}" for end in ("low", "high"))
    runs: list[list[Mapping[str, Any]]] = [[]]
    for row in rows:
        if row.get(low) is None or row.get(high) is None:
            runs.append([])
        else:
            runs[-1].append(row)
    return [
        _area([row["day"] for row in run], [row[low] for row in run], [row[high] for row in run]) for run in runs if run
    ]


def _area(days: list[str], low: list[float], high: list[float]) -> dict[str, Any]:
    return {
        "type": "scatter", "mode": "lines", "x": days + days[::-1], "y": high + low[::-1], "fill": "toself", "name": "Expected",
        "fillcolor": BAND, "line": {"width": 1, "color": "#8EB8DC"}, "hoverinfo": "skip",
    }  # fmt: skip


def _line(measure: str, rows: Rows) -> dict[str, Any]:
    return {
        "type": "scatter", "mode": "lines+markers" if len(rows) <= DAYS else "lines", "name": METRICS[measure].title,
        "x": [row["day"] for row in rows], "y": [row[measure] for row in rows], "connectgaps": False,
        "line": {"color": LINE, "width": 3}, "marker": {"size": 6, "color": LINE},
    }  # fmt: skip


def _outside(measure: str, rows: Rows) -> list[dict[str, Any]]:
    """The days outside their band, as diamonds."""
    found = [row for row in rows if row.get(f"{measure}_unusual")]
    if not found:
        return []
    return [{
        "type": "scatter", "mode": "markers", "name": "Outside", "cliponaxis": False, "x": [row["day"] for row in found], "y": [row[measure] for row in found],
        "marker": {"symbol": "diamond", "size": 13, "color": OUTSIDE, "line": {"color": theme.TEXT, "width": 1}},
    }]  # fmt: skip


def _breaks(breaks: Rows, rows: Rows) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    days = [
        (one["name"], min(one["day"], rows[-1]["day"])) for one in breaks
    ]  # the last week or month stands at its first day
    return [({"day": day, "name": name}, _upright(day, "dash", 2)) for name, day in days]


def _events(annotations: Rows, rows: Rows) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Notes, and the dated events of one day that most move figures; longer stretches and the rest stand under the table."""
    first, last = (rows[0]["day"], rows[-1].get("last_day") or rows[-1]["day"]) if rows else ("", "")
    found = [
        {**one, "first_day": min(one["first_day"], rows[-1]["day"])}
        for one in annotations
        if one["kind"] in KINDS
        and (one["kind"] == NOTE or one["first_day"] == one["last_day"])
        and first <= one["first_day"] <= last
    ]
    ranked = sorted(found, key=lambda one: KINDS.index(one["kind"]))
    told = {one["first_day"]: one["name"] for one in ranked[::-1]}  # one for a day
    kept = sorted([*dict.fromkeys(one["first_day"] for one in ranked)][:MOST_EVENTS])
    return [({"day": day, "name": told[day]}, _upright(day, "dot", 1)) for day in kept]


def _upright(day: str, dash: str, width: int) -> dict[str, Any]:
    line = {"color": theme.SECONDARY_TEXT, "width": width, "dash": dash}
    return {"type": "line", "x0": day, "x1": day, "yref": "paper", "y0": 0, "y1": 1, "layer": "below", "line": line}


def _labels(names: Sequence[Mapping[str, Any]], rows: Rows) -> list[dict[str, Any]]:
    """The events' names above the line, each in the first of three rows where it has room; the list under the chart has them all."""
    first, last = (date.fromisoformat(rows[place]["day"]) for place in (0, -1)) if names else (date.min, date.min)
    ends: dict[int, list[tuple[float, float]]] = {row: [] for row in range(NAME_ROWS)}
    found = []
    for one in names:
        place = (date.fromisoformat(one["day"]) - first) / max(last - first, timedelta(1))
        text, side = cut(one["name"], LETTERS), _anchor(place)
        start = place - {"left": 0, "center": 0.5, "right": 1}[side] * len(text) * LETTER
        room = (start, start + len(text) * LETTER)
        row = next((row for row in ends if all(room[1] < a or b < room[0] for a, b in ends[row])), None)
        if row is not None:
            ends[row].append(room)
            found.append(_label(plain(text), one["day"], side, row))
    return found


def _label(text: str, day: str, side: str, row: int) -> dict[str, Any]:
    return {
        "text": text, "x": day, "yref": "paper", "y": 1, "yanchor": "top", "xanchor": side, "yshift": -18 * row,
        "bgcolor": "rgba(255,255,255,0.8)", "showarrow": False, "font": {"size": 12, "color": theme.SECONDARY_TEXT},
    }  # fmt: skip


def _anchor(place: float) -> str:
    """Which side of a label stands at its day: names near an end of the chart stay inside it."""
    return "left" if place < EDGE else "right" if place > 1 - EDGE else "center"


def _top(measure: str, rows: Rows) -> float:
    """The largest value or end of a band."""
    values = [row[name] for row in rows for name in (measure, f"{measure}_expected_high") if row.get(name) is not None]
    return float(max(values, default=0)) or 1.0


def _key(measure: str, rows: Rows) -> dict[str, Any]:
    """What the band and the diamonds are, in words under the chart."""
    banded = any(row.get(f"{measure}_expected_low") is not None for row in rows)
    outside = any(row.get(f"{measure}_unusual") for row in rows)
    known = any(row[measure] is not None for row in rows)
    told = ["Shaded: expected", *(["diamonds: outside it"] if outside else [])]
    return {
        "text": "; ".join(told) if banded else "No expected range here" if known else "No value to draw on these days", "x": 0, "y": 0, "xref": "paper", "yref": "paper",
        "xanchor": "left", "yanchor": "top", "yshift": -50, "showarrow": False, "font": {"size": 13},
    }  # fmt: skip
