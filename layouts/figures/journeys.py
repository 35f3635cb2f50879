"""The journey as a picture: a Sankey diagram whose nodes stand in the columns of the page, in the same order."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from layouts import formats, theme
from layouts.columns import special, step_name
from layouts.journey import BEGAN, ENDED, HIDDEN, OTHER, REACHED, Journey

LEAST_HEIGHT: Final = 420  # pixels of the diagram
NODE_HEIGHT: Final = 70  # pixels that a label of two lines needs
GAP: Final = 0.02  # between the nodes of a column, as a share of the height
LONGEST_LABEL: Final = 34  # letters of a line
COLOURS: Final = {OTHER: "#6F777B", HIDDEN: "#6F777B", ENDED: theme.UNFOCUSED, BEGAN: theme.UNFOCUSED}
Place = tuple[int, str]


def figure(journey: Journey, value: Mapping[str, Any]) -> dict[str, Any]:
    """A plain plotly figure, `{"data": [...], "layout": {...}}`; times run from left to right."""
    places = dict(_places(value))
    number = {place: n for n, place in enumerate(places)}
    last = max((step for step, _ in places), default=0) or 1
    along = [(last - step if journey.backward else step) / last for step, _ in places]
    nodes = {
        "label": [_label(journey, page, sessions) for (step, page), sessions in places.items()],
        "color": [COLOURS.get(page, theme.FOCUS) for _, page in places],
        "x": [min(max(x, 0.001), 0.999) for x in along], "y": list(_heights(places)),
        "pad": 14, "thickness": 14, "line": {"width": 0},
    }  # fmt: skip
    data = {"type": "sankey", "arrangement": "fixed", "node": nodes, "link": _links(journey, value, number)}
    most = max(sum(1 for step, _ in places if step == k) for k in range(last + 1)) if places else 1
    layout = {"height": max(LEAST_HEIGHT, most * NODE_HEIGHT), "annotations": _heads(journey, last)}
    return {"data": [data], "layout": layout}


def _places(value: Mapping[str, Any]) -> Iterator[tuple[Place, int]]:
    """Each node with its sessions, column by column, as the page has them. What may not be said is not drawn."""
    for step in value["steps"]:
        for node in step["nodes"]:
            yield (step["step"], node["page"]), node["sessions"] or 0
        for page, name in ((OTHER, "other"), (HIDDEN, "hidden"), (REACHED, "reached_end"), (ENDED, "ended")):
            if step[name]:
                yield (step["step"], page), step[name]


def _heights(places: Mapping[Place, int]) -> Iterator[float]:
    """The middle of each node, from 0 at the top: stacked in its column with gaps, in proportion to its sessions."""
    everyone = sum(sessions for (step, _), sessions in places.items() if step == 0) or 1
    most = max((sum(1 for other, _ in places if other == step) for step, _ in places), default=1)
    used: dict[int, float] = {}
    for (step, _), sessions in places.items():
        high = sessions / everyone * (1 - GAP * most)
        top = used.get(step, 0.0)
        used[step] = top + high + GAP
        yield min(max(top + high / 2, 0.001), 0.999)


def _links(journey: Journey, value: Mapping[str, Any], number: Mapping[Place, int]) -> dict[str, Any]:
    """The bands between nodes. Backward, a band runs from the earlier step to the later one."""
    ends = {BEGAN: ENDED}
    rows = [
        (
            number[row["step"], row["from"]],
            number[row["step"] + 1, ends.get(row["to"], row["to"])],
            row["sessions"] or 0,
        )
        for row in value["links"]
        if (row["step"], row["from"]) in number and (row["step"] + 1, ends.get(row["to"], row["to"])) in number
    ]
    if journey.backward:
        rows = [(to, from_, sessions) for from_, to, sessions in rows]
    sources, targets, sessions = zip(*rows, strict=True) if rows else ((), (), ())
    band = theme.faint(theme.FOCUS, 0.2)
    return {"source": list(sources), "target": list(targets), "value": list(sessions), "color": band}


def _label(journey: Journey, page: str, sessions: int) -> str:
    name = special(journey, page) or _shortened(page)
    return f"{_plain(name)}<br>{formats.whole(sessions)}"


def _shortened(page: str) -> str:
    """The address, cut in its middle where it is long: its ends tell pages apart."""
    if len(page) <= LONGEST_LABEL:
        return page
    half = LONGEST_LABEL // 2 - 1
    return f"{page[:half]}…{page[-half:]}"


def _plain(text: str) -> str:
    """Text that plotly.js doesn't read as its own markup, which would make live links of it."""
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _heads(journey: Journey, last: int) -> list[dict[str, Any]]:
    """The name of each column, above it."""
    return [
        {
            "text": f"<b>{step_name(journey, step)}</b>", "showarrow": False, "xref": "paper", "yref": "paper",
            "x": (last - step if journey.backward else step) / last, "y": 1, "yanchor": "bottom", "yshift": 8,
            "xanchor": "left" if step != last and not (journey.backward and step == 0) else "right",
        }
        for step in range(last + 1)
    ]  # fmt: skip
