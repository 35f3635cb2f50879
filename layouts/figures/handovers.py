"""Handovers as a square of departments with numbers, two lines for one department, and as flows between at most eight on each side."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from layouts import formats, theme

MOST: Final = 10  # departments on each side of the square
FLOWING: Final = 8  # on each side of the flows
CELL: Final = 44  # pixels
HEAD: Final = 110  # pixels for names
FLOWS: Final = 460  # pixels of height
DARK: Final = 0.55  # of the largest: above, a cell's number is white
SCALE: Final = [[0, "#F4F8FB"], [0.15, "#D6E4EF"], [0.4, "#6BACE6"], [0.7, "#2073BC"], [1, "#12436D"]]
SIDES: Final = ("from", "to")  # of a handover
Rows = Sequence[Mapping[str, Any]]
Pair = tuple[str, str]


def figure(value: Mapping[str, Any]) -> dict[str, Any]:
    """A plain plotly figure: a row for each department handed over from, a column for each handed over to.

    Where every handover is from or to the same department, it has one row for each way, and the others are the columns.
    """
    known = {(row["from"], row["to"]): row["sessions"] for row in value["handovers"]}
    lines, names = _lines(value["handovers"])
    cells = [[known.get(pair) for pair in pairs] for pairs in lines.values()]
    most = max((cell or 0 for line in cells for cell in line), default=0) or 1
    axis = {"type": "category", "fixedrange": True, "tickangle": 0, "showgrid": False}
    title = "The other department" if hub_of(value["handovers"]) else "Handed over to"
    layout = {
        "height": height(value), "margin": {"t": 64, "b": 8, "l": HEAD, "r": 8}, "hovermode": False, **theme.PLAIN,
        "xaxis": {**axis, "side": "top", "tickvals": names, "ticktext": [_broken(name) for name in names], "title": {"text": title, "font": {"size": 14}, "standoff": 4}},
        "yaxis": {**axis, "autorange": "reversed", "ticksuffix": "  "},
        "annotations": [_cell((line, name), pair, known, most) for line, pairs in lines.items() for name, pair in zip(names, pairs, strict=True)],
        "font": {**theme.PLAIN["font"], "size": 13},
    }  # fmt: skip
    heat = {
        "type": "heatmap", "x": names, "y": list(lines), "z": [[cell or 0 for cell in line] for line in cells], "colorscale": SCALE,
        "zmin": 0, "zmax": most, "xgap": 2, "ygap": 2, "showscale": False, "hoverinfo": "skip",
    }  # fmt: skip
    return {"data": [heat] if names else [], "layout": layout}


def _lines(rows: Rows) -> tuple[dict[str, list[Pair]], list[str]]:
    """The pairs of departments of each line's cells, by the line's name, and the names of the columns."""
    names = departments(rows, MOST + 1)
    if not (hub := hub_of(rows)):
        return {came: [(came, went) for went in names[:MOST]] for came in names[:MOST]}, names[:MOST]
    others = [name for name in names if name != hub]
    return {f"From {hub}": [(hub, name) for name in others], f"To {hub}": [(name, hub) for name in others]}, others


def hub_of(rows: Rows) -> str:
    """The one department that every handover is from or to; nothing if there is none, or only two are handed over between."""
    common = set.intersection(*({row[side] for side in SIDES} for row in rows)) if rows else set()
    return common.pop() if len(common) == 1 else ""


def height(value: Mapping[str, Any]) -> int:
    """Pixels that the square takes on a page."""
    return CELL * max(len(_lines(value["handovers"])[0]), 1) + 72


def departments(rows: Rows, most: int, sides: Sequence[str] = SIDES) -> list[str]:
    """Those with most sessions handed over from them or to them, or on one of these sides alone."""
    sums = _sums(rows, sides)
    return sorted(sums, key=lambda name: (-sums[name], name))[:most]


def _sums(rows: Rows, sides: Sequence[str]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for row in rows:
        for side in sides:
            sums[row[side]] = sums.get(row[side], 0) + (row["sessions"] or 0)
    return sums


def flows(value: Mapping[str, Any]) -> dict[str, Any]:
    """A plain plotly figure: bands from departments on the left to departments on the right, as thick as their sessions."""
    rows = [row for row in value["handovers"] if row["sessions"]]
    most = {side: departments(rows, FLOWING, [side]) for side in SIDES}
    shown = [row for row in rows if all(row[side] in most[side] for side in SIDES)]
    sums = {side: _sums(shown, [side]) for side in SIDES}
    ends = [(side, name) for side in SIDES for name in most[side] if name in sums[side]]
    places = {end: place for place, end in enumerate(ends)}
    links = {
        "source": [places["from", row["from"]] for row in shown], "target": [places["to", row["to"]] for row in shown],
        "value": [row["sessions"] for row in shown], "color": theme.faint(theme.FOCUS, 0.25), "hoverinfo": "skip",
    }  # fmt: skip
    node = {
        "label": [f"{name}, {formats.whole(sums[side][name])}" for side, name in ends], "pad": 16, "thickness": 14,
        "color": theme.FOCUS, "line": {"width": 0}, "hoverinfo": "skip",
    }  # fmt: skip
    layout = {"height": FLOWS, "margin": {"t": 8, "b": 8, "l": 8, "r": 8}, **theme.PLAIN}
    sankey = {"type": "sankey", "arrangement": "snap", "node": node, "link": links}
    return {"data": [sankey] if shown else [], "layout": layout}


def _cell(place: Pair, pair: Pair, known: Mapping[Pair, Any], most: int) -> dict[str, Any]:
    """A number, `[c]` for a hidden one, nothing where nobody was handed over; `place` is its line and column."""
    value = known.get(pair)
    said = formats.whole(value) if pair in known else ""
    colour = theme.SURFACE if (value or 0) > DARK * most else theme.TEXT
    return {"text": said, "x": place[1], "y": place[0], "showarrow": False, "font": {"size": 12, "color": colour}}


def _broken(name: str) -> str:
    return name.replace(" ", "<br>")
