"""What stands above an answer: the page's heading, and the form that it is asked by, which a phone shows folded."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from layouts import formats, ids
from layouts.address import Problem
from layouts.components import GROUP, error_summary, failure, link, more
from layouts.markup import Child, Element, Tag, a, button, details, div, form, h1, li, p, span, summary, ul, unseen
from layouts.state import State

FILTERS: Final = "filters"
FOLD: Final = "fold"  # what a wide screen always shows open


def heading(title: str, lead: Child, *below: Child, problems: Sequence[Problem] = ()) -> Element:
    """What is wrong with the address, if anything, what the page shows, and whatever stands `below`: its filters, its tags."""
    shown = h1(formats.breakable(title), class_="govuk-heading-l heading__title")
    return div(error_summary(problems), shown, p(lead, class_="govuk-body heading__lead") if lead else None, below)


def filters(action: str, label: str, in_sight: Child, *options: Child, opened: bool = False) -> Element:
    """The form of a page: what is in sight with its button, and under More options the rest. `opened` on a phone too."""
    row = div(in_sight, apply("Apply"), class_="panel-row")
    rest = more("More options", div(*options, class_="options"), id="more-options") if options else None
    asked = form(
        row, rest, method="get", action=action, class_=FILTERS, role="search", aria_label=label,
        autocomplete="off",  # else a browser that goes back puts in what was chosen then, beside the figures of now
    )  # fmt: skip
    return details(summary("Filters", class_="fold__name"), asked, class_=FOLD, open=opened)


def tags(state: State) -> Element | None:
    """What is set: each in words, with the way to the page without it, and without any. Nothing where none is."""
    if not state.tags:
        return None
    items = [
        li(a(unseen("Remove "), one, span("×", aria_hidden="true", class_="tag__cross"), href=without, class_="tag"))
        for one, without in state.tags
    ]
    every = li(link("Clear all", state.plain.address()), class_="tags__clear")
    return ul(items, every, class_="tags", aria_label="Active filters")


def elsewhere(state: State) -> Element:
    """What stands in the place of figures where there is nothing: what to change."""
    here = link("see which days are here", "/coverage")
    every: Child = [", ", link("remove every filter", state.plain.address()), ","] if state.set_fields else []
    return p("Choose other days", every, " or ", here, ".", class_="govuk-body")


def standing_by() -> list[Child]:
    """What stands by for the script: where it tells those who listen, and what it shows when the server doesn't answer."""
    unreachable = failure("The service can't be reached", "Check that it is running, then open the page again.", "none")
    return [
        div(id=ids.ANNOUNCED, class_="govuk-visually-hidden", role="status"),
        Tag("template")(unreachable, id=ids.UNREACHABLE),
    ]


def apply(said: str) -> Element:
    """The button at the end of a row of fields."""
    return button(said, type="submit", class_="govuk-button panel-row__apply")


def ready(node: Child, problems: Sequence[Problem], days: Mapping[str, str], quick: Child = None) -> Child:
    """The same nodes as they are shown: wrong controls with what is wrong and in sight, fields of days with what is shown.

    `quick` are links to other days, which stand in the form under its row.
    """
    if isinstance(node, list | tuple):
        return [ready(one, problems, days, quick) for one in node]
    if not isinstance(node, Element):
        return node
    shown = replace(node, children=tuple(ready(child, problems, days, quick) for child in node.children))
    if node.tag == "form" and node.attributes.get("class") == FILTERS:
        return replace(shown, children=(shown.children[0], quick, *shown.children[1:]))
    mine = [one for one in problems if one.control and _holds(node, ids.field(one.field))]
    if node.attributes.get("type") == "date" and node.attributes["name"] in days and not mine:
        return replace(shown, attributes=node.attributes | {"value": days[str(node.attributes["name"])]})
    if mine and node.attributes.get("class") == GROUP:
        return _wrong(shown, mine[0])
    return replace(shown, attributes=node.attributes | {"open": True}) if mine and node.tag == "details" else shown


def _holds(node: Child, name: str) -> bool:
    if isinstance(node, Element):
        return node.attributes.get("id") == name or any(_holds(child, name) for child in node.children)
    return any(_holds(child, name) for child in node) if isinstance(node, list | tuple) else False


def _wrong(node: Element, problem: Problem) -> Element:
    """A group whose control can't be used as it is: its sentence above it, and in it what was typed."""
    name = ids.field(problem.field)
    said = f"{name}-error"
    head, *rest = node.children
    error = p(unseen("Error: "), problem.sentence, id=said, class_="govuk-error-message")
    controls = [_described(control, name, said, problem.value) for control in rest]
    return replace(
        node, attributes=node.attributes | {"class": f"{GROUP} {GROUP}--error"}, children=(head, error, *controls)
    )


def _described(node: Child, name: str, said: str, typed: str) -> Child:
    if not isinstance(node, Element) or node.attributes.get("id") != name:
        return node
    own = {
        "class": f"{node.attributes.get('class', '')} {node.attributes.get('class', '')}--error",
        "aria-describedby": said,
    }
    return replace(node, attributes=node.attributes | own | ({"value": typed} if typed else {}))
