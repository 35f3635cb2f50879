"""The explorer: one column a step, one button a page, opened in place; a script draws the ribbons between them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from layouts import formats, ids, journey_nodes, journeys_compared
from layouts.journey_nodes import Moves
from layouts.journey_state import BEGAN, ENDED, HIDDEN, MOST_STEPS, NOT_SHARED, OTHER, REACHED, Journey, Open
from layouts.markup import Child, Element, button, div, h3, li, ol, p, section, span, unseen
from layouts.owners import Owners

REGION: Final = "Steps of the journey; they scroll sideways where they don't fit"
STEPS_OFFERED: Final = (6, 10, 15)  # by the button after the last step


@dataclass(frozen=True)
class Drawing:
    """What the columns are drawn from: the state, the answer, whose the pages are, and what is inside opened nodes."""

    journey: Journey
    value: Mapping[str, Any]
    owners: Owners
    inside: Moves
    profile: bool  # whether a page has a profile to go to


def explorer(drawing: Drawing) -> Element:
    """All columns, from the page outward. The script puts ribbons between them by `data-links`."""
    journey, value = drawing.journey, drawing.value
    reached = [step for step in value["steps"] if _reached(step)]
    ribbons = Element("svg", {"class": "ribbons", "aria-hidden": "true", "focusable": "false"}, ())
    links = json.dumps(_links(drawing), separators=(",", ":"))
    inside = [_column(drawing, step) for step in reached]
    columns = div(
        ribbons, inside, _more(journey, reached), class_="columns", data_sessions=value["sessions"], data_links=links
    )
    way = "explorer explorer--backward" if journey.backward else "explorer"
    return div(columns, class_=way, role="region", aria_label=REGION, tabindex="0")


def step_name(journey: Journey, step: int) -> str:
    """`Step 2`, `2 steps before`, `Landing page`, `This page`."""
    if step == 0 and journey.matched == "any":
        return "Exit page" if journey.backward else "Landing page"
    if step == 0:
        return "This page" if journey.matched == "exact" else "These pages"
    return f"{formats.counted(step, 'step')} before" if journey.backward else f"Step {step}"


def special(journey: Journey, page: str) -> str | None:
    """The words for a node that isn't a page, or none."""
    return {
        OTHER: "Other pages", HIDDEN: "Services of other departments", BEGAN: "Began here", REACHED: "Reached the end page",
        ENDED: "Began here" if journey.backward else "Ended here", NOT_SHARED: "A service that isn't shared",
    }.get(page)  # fmt: skip


def _more(journey: Journey, reached: Sequence[Mapping[str, Any]]) -> Element | None:
    """A button for further steps, where journeys go on beyond the last."""
    last = reached[-1] if reached else {"step": -1}
    if last["step"] != journey.steps or journey.steps >= MOST_STEPS or not _going(last):
        return None
    steps = next(more for more in (*STEPS_OFFERED, MOST_STEPS) if more > journey.steps)
    press = button(
        "More steps",
        unseen(f", up to {steps}"),
        type="button",
        id="more-steps",
        class_="more-steps",
        data_go=journey.address(steps=steps),
    )
    return div(press, class_="columns__more")


def _going(step: Mapping[str, Any]) -> bool:
    return bool(step["nodes"] or step["other"] or step["hidden"])


def _reached(step: Mapping[str, Any]) -> bool:
    return bool(
        step["nodes"]
        or any(step[name] or _sessions(step.get("compared", {}).get(name)) for name in journeys_compared.REST.values())
    )


def _links(drawing: Drawing) -> list[tuple[str, str, int, int]]:
    """(from, to, sessions, whether it crosses) by the ids of the nodes; a hidden number is drawn as the thinnest ribbon."""
    ends = {BEGAN: ENDED}
    return [
        (
            ids.node(row["step"], row["from"]),
            ids.node(row["step"] + 1, ends.get(row["to"], row["to"])),
            row["sessions"] or 0,
            int(drawing.owners.crossed(row) is not None),
        )
        for row in drawing.value["links"]
        if row["sessions"] != 0
    ]


@dataclass(frozen=True)
class _Node:
    """One node of one drawing; `all_sessions` are those at step 0."""

    step: int
    page: str
    kind: str  # page, other, hidden, reached or ended: how it looks
    words: Sequence[Child]
    sessions: int | None
    all_sessions: int
    into: str | None = None  # the department that journeys cross into here
    compared: Mapping[str, Any] | None = None  # the other side, where two are compared


def _column(drawing: Drawing, step: Mapping[str, Any]) -> Element:
    journey = drawing.journey
    nodes = [_item(journey, node, _panel(drawing, node, step)) for node in _nodes(drawing, step)]
    here = sum(node["sessions"] or 0 for node in step["nodes"]) + (step["other"] or 0) + (step["hidden"] or 0)
    count = p(formats.counted(here, "session"), _there(journey, step), class_="step__count")
    head = div(h3(step_name(journey, step["step"]), class_="step__name"), count, class_="step__head")
    wide = any(node.step == step["step"] for node in journey.open)
    return section(head, ol(nodes, class_="nodes"), class_="step step--open" if wide else "step")


def _there(journey: Journey, step: Mapping[str, Any]) -> str | None:
    """The sessions of the other side at a step."""
    if "compared" not in step:
        return None
    rest = (step["compared"][name] for name in ("other", "hidden"))
    there = sum(_sessions(one) for one in (*rest, *(node["compared"] for node in step["nodes"])))
    return f"; {formats.whole(there)} {journeys_compared.briefly(journey)}"


def _nodes(drawing: Drawing, step: Mapping[str, Any]) -> list[_Node]:
    """The pages of a step, most first, then what isn't a page."""
    journey, everyone, number = drawing.journey, drawing.value["sessions"], step["step"]
    links = [row for row in drawing.value["links"] if row["step"] == number - 1]
    apart = journey.group != "department"  # else every step says so by its own name
    into = {row["to"]: into for row in links if apart and (into := drawing.owners.crossed(row))}
    pages = [
        _Node(
            number,
            n["page"],
            "page",
            _name(journey, n["page"]),
            n["sessions"],
            everyone,
            into.get(n["page"]),
            n.get("compared"),
        )
        for n in step["nodes"]
    ]
    others = step.get("compared", {})
    named = [(name, page) for page, name in journeys_compared.REST.items() if step[name] or _sessions(others.get(name))]
    return pages + [
        _Node(number, page, name, [special(journey, page) or page], step[name], everyone, compared=others.get(name))
        for name, page in named
    ]


def _sessions(compared: Mapping[str, Any] | None) -> int:
    return (compared or {}).get("sessions") or 0


def _name(journey: Journey, page: str) -> list[Child]:
    said = special(journey, page)
    return [said] if said else formats.named(page)


def _panel(drawing: Drawing, node: _Node, step: Mapping[str, Any]) -> Element | None:
    """What stands under an opened node; none while it is closed."""
    journey, inside, where = drawing.journey, drawing.inside, Open(node.step, node.page)
    if node.page == HIDDEN:
        named = [
            f"{name.removeprefix('(').removesuffix(')')} {formats.whole(sessions)}"
            for name, sessions in step["hidden_departments"].items()
        ]
        return div(", ".join(named), class_="panel panel--still") if named else None
    if where not in journey.open:
        return None
    if node.page == ENDED:
        return journey_nodes.how_ended(journey, step, _total(node))
    if node.page == OTHER:
        shown = {one["page"] for one in step["nodes"]}
        rest = [move for move in inside.get(where, ()) if move.page not in shown]
        return journey_nodes.others(journey, rest, _total(node))
    return journey_nodes.onward(journey, where, (inside.get(where, ()), _total(node)), profile=drawing.profile)


def _total(node: _Node) -> journey_nodes.Total:
    return journey_nodes.Total(node.sessions, node.compared["sessions"] if node.compared else None)


def _item(journey: Journey, node: _Node, panel: Element | None) -> Element:
    """The node as a button that opens it, or as a block where there is nothing to open."""
    name = ids.node(node.step, node.page)
    share = f"{node.sessions / node.all_sessions:.6f}" if node.sessions else "0"
    other = f"{node.compared['share'] or 0:.6f}" if node.compared else None
    look = f"node node--{node.kind}{' node--beside' if node.compared else ''}"
    if node.kind in {"hidden", "reached_end"}:
        block = div(_said(journey, node), id=name, class_=look, data_share=share, data_other=other)
        return li(block, panel, class_="nodes__item")
    press = button(
        _said(journey, node), type="button", id=name, class_=look, data_share=share, data_other=other,
        aria_expanded="true" if panel else "false", data_go=journey.toggled(node.step, node.page).address(),
    )  # fmt: skip
    return li(press, panel, class_="nodes__item nodes__item--open" if panel else "nodes__item")


def _said(journey: Journey, node: _Node) -> list[Child]:
    """`/vehicle-tax, step 1, 1,234 sessions, 12%`: seen in two lines, heard as one."""
    return [
        span(class_="node__bar", aria_hidden="true"),
        span(class_="node__bar node__bar--other", aria_hidden="true") if node.compared else None,
        span(node.words, class_="node__name"),
        unseen(f", {step_name(journey, node.step).lower()}, "),
        span(
            span(
                formats.whole(node.sessions),
                unseen(" session, " if node.sessions == 1 else " sessions, "),
                class_="node__count",
            ),
            span(formats.rate(node.sessions, node.all_sessions), class_="node__share"),
            class_="node__figures",
        ),
        journeys_compared.beside(journey, node.compared) if node.step or journey.matched == "any" else None,
        span(unseen(","), journey_nodes.crossing(journey, node.into), class_="node__crossing") if node.into else None,
    ]
