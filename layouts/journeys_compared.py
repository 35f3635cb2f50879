"""Two sides of a journey in words: what they are called, how far their shares differ, and whether that is more than chance."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from data.periods import Period
from layouts import formats
from layouts.journey_state import ENDED, HIDDEN, OTHER, REACHED, Journey
from layouts.markup import Child, Element, p, span, unseen

REST: Final = {OTHER: "other", HIDDEN: "hidden", REACHED: "reached_end", ENDED: "ended"}
VALUES: Final = {"device": "on {}", "channel": "from {}", "department": "with pages of {}"}
PERIODS: Final = {"previous": "in the days before", "year": "a year before"}
UNJUDGED: Final = "not judged"  # said in tables alone, for it stands at every number
EXPLAINED: Final = (
    "Higher and lower mean that the difference is more than chance and the days' own ups and downs can make; one false alarm in a "
    "hundred is allowed for among all that is shown. The two numbers in brackets are the ends of its 95% interval."
)


def other(journey: Journey) -> str:
    """What the other side is, to follow a number: `in the days before`, `on desktop`."""
    kind, _, value = journey.compare.partition(":")
    if kind in VALUES:
        return VALUES[kind].format(value)
    if journey.compare_first and journey.compare_last:
        return f"in {formats.period(Period(journey.compare_first, journey.compare_last))}"
    return PERIODS[journey.compare]


def briefly(journey: Journey) -> str:
    """The same where there is little room, to follow a share: `22% before`."""
    kind, _, value = journey.compare.partition(":")
    return value or {"previous": "before", "year": "last year", "days": "other days"}[kind]


def own(journey: Journey) -> str:
    """What this side is, in the same words."""
    kind = journey.compare.partition(":")[0]
    if kind in VALUES:
        return VALUES[kind].format(formats.listed(list(getattr(journey, kind)), "or"))
    return "in these days"


def verdict(journey: Journey, compared: Mapping[str, Any]) -> str:
    """One plain word or two for a difference."""
    if compared["difference"] is None:
        return "not told"
    if compared["unusual"] is None:
        return UNJUDGED if journey.publication else "too few days to tell"
    if not compared["unusual"]:
        return "could be chance"
    return "higher" if compared["difference"] > 0 else "lower"


def interval(compared: Mapping[str, Any]) -> str:
    """`-1.2 to +3.4`: the ends of the interval in percentage points."""
    if compared["low"] is None or compared["high"] is None:
        return ""
    return f"{formats.points(compared['low'])} to {formats.points(compared['high'])}"


def beside(journey: Journey, compared: Mapping[str, Any] | None) -> Element | None:
    """The other side's share under a node's own, the difference, and what to think of it."""
    if compared is None:
        return None
    known = compared["difference"] is not None
    said = f"{formats.points(compared['difference'])} points" if known else ""
    ends = f" ({interval(compared)})" if known and interval(compared) else ""
    look = {"higher": "beside__verdict beside__verdict--up", "lower": "beside__verdict beside__verdict--down"}
    word = verdict(journey, compared)
    return span(
        span(unseen(", "), f"{formats.share(compared['share'])} {briefly(journey)}", class_="beside__share"),
        span(unseen(", "), f"{said}{ends}", class_="beside__difference") if said else None,
        span(unseen(", "), word, class_=look.get(word, "beside__verdict")) if word != UNJUDGED else None,
        class_="beside",
    )


@dataclass(frozen=True)
class Difference:
    """One node's share on both sides."""

    step: int
    page: str
    share: float
    compared: Mapping[str, Any]


def differences(value: Mapping[str, Any]) -> Iterator[Difference]:
    """Those of every node that has one."""
    sessions = value["sessions"]
    for step in value["steps"]:
        shown = [(node["page"], node["sessions"], node["compared"]) for node in step["nodes"]]
        rest = [(page, step[name], step["compared"][name]) for page, name in REST.items()]
        for page, here, compared in (*shown, *rest):
            if compared["difference"] is not None and here is not None and compared["sessions"] is not None:
                yield Difference(step["step"], page, here / sessions, compared)


def biggest(value: Mapping[str, Any]) -> Difference | None:
    """The biggest difference that is more than chance, else the biggest; of equal ones the nearest to the page."""
    found = [one for one in differences(value) if one.compared["difference"]]
    return max(
        found, key=lambda one: (bool(one.compared["unusual"]), abs(one.compared["difference"]), -one.step), default=None
    )


def key(journey: Journey) -> Element:
    """What the two bars of a node are, and what the words mean."""
    one = span(class_="key__bar", aria_hidden="true")
    two = span(class_="key__bar key__bar--other", aria_hidden="true")
    inside: list[Child] = [
        one,
        f" {own(journey)}, ",
        two,
        f" {other(journey)}.",
        "" if journey.publication else f" {EXPLAINED}",
    ]
    return p(inside, class_="govuk-body-s legend")
