"""From a journey to a funnel: its page, the pages that were opened, the page it goes through and the page it reaches."""

from typing import Any, Final

from layouts import matchers
from layouts.components import link
from layouts.funnel_state import FunnelState
from layouts.journey_state import Journey
from layouts.markup import Element, p
from queries.funnels import funnel_text

BUILDER: Final = "/funnels/new"


def way(journey: Journey) -> Element | None:
    """A link to the form in which a funnel of this journey is built; none where it names no page yet."""
    builder = address(journey)
    return p(link("Make a funnel of this journey", builder), class_="govuk-body") if builder else None


def address(journey: Journey) -> str | None:
    """The address of that form; none where the journey names no page yet."""
    steps = _steps(journey)
    return FunnelState(steps=funnel_text.write(steps)).address(BUILDER) if steps else None


def _steps(journey: Journey) -> list[dict[str, Any]]:
    """The steps in the order of time."""
    opened = sorted((node.step, node.page) for node in journey.open if node.step and not node.page.startswith("("))
    pages = [page for _, page in opened] if journey.group == "page" else []
    between = [journey.via] if journey.via and journey.via not in pages else []
    outward = [
        *_sets(journey.page, journey.match),
        *(one for text in (*between, *pages, journey.end) for one in _sets(text)),
    ]
    return outward[::-1] if journey.backward else outward


def _sets(text: str, kind: str = "") -> list[dict[str, Any]]:
    """What a text stands for, as steps; a sequence is one step a page."""
    if not text or kind == "any":
        return []
    found = matchers.definition(text, kind)
    if found["match"] == "sequence":
        return [matchers.definition(page) for page in found["value"]]
    return [found] if found["match"] != "any" else []
