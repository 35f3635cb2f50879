"""Why a measure moved: the ways to split its change, and the contributions of the one that is chosen."""

from collections.abc import Mapping
from typing import Any, Final

from layouts import formats
from layouts.components import figures, link
from layouts.headlines import is_share, signed, written
from layouts.markup import Child, Element, h2, li, p, section, strong, ul
from layouts.overview import Overview
from queries.answers import Answer
from queries.metrics import METRICS
from queries.trends.drivers_sums import splits

SHOWN: Final = 10  # contributions, and the others together
ANCHOR: Final = "why"


def possible(state: Overview) -> bool:
    """Whether the change of the measure can be split: visitors can't be told apart, and no parts are published."""
    return state.measure != "visitors" and state.compare != "none" and not state.publication


def part(state: Overview, answer: Answer | None, *, closed: bool = False, said: bool = True) -> Element | None:
    """The choices, and under them what was chosen, in a sentence and a table; without the sentence where it stands already."""
    if not possible(state):
        return None
    choices = ul(
        [li(_choice(state, by)) for by in splits(state.measure)], class_="files", aria_label="Split the change by"
    )
    title = h2(f"Why {METRICS[state.measure].title.lower()} moved", class_="govuk-heading-m", id=ANCHOR)
    if closed:
        return section(
            title,
            p(
                f"You are not named for {state.department}, so you see its totals and not its pages.",
                class_="govuk-body",
            ),
        )
    return section(title, choices, _answered(state, answer, said=said) if answer else None)


def _choice(state: Overview, by: str) -> Element:
    if state.split == by and state.why:
        return strong(f"By {by}", aria_current="true")
    return link(f"By {by}", f"{state.address(why=by)}#{ANCHOR}")


def sentence(state: Overview, value: Mapping[str, Any], days: str) -> str:
    """The change, and what contributed most to it."""
    total, rows = value["total"], value["contributions"]
    if total["change"] is None:
        return f"No change is computed from {days}."
    title = METRICS[state.measure].title
    if not rows or not total["change"]:
        return f"{title} didn't change compared with {days}."
    most = max(rows, key=lambda row: abs(row["contribution"] or 0))
    return f"{title} changed by {_moved(state, total['change'])} compared with {days}; {most['name']} contributed {_moved(state, most['contribution'])}."


def _answered(state: Overview, answer: Answer, *, said: bool) -> list[Child]:
    value: Any = answer.value
    comparison = answer.about.comparison
    days = formats.period(comparison) if comparison else "before"
    rate = is_share(state.measure)
    head = [state.split.capitalize(), "Now", "Before", "Contribution", *(["Its share", "Its own rate"] if rate else [])]
    none = formats.NO_VALUE if value["total"]["change"] is None else formats.HIDDEN
    rows = [_row(state, row, none, rate=rate) for row in value["contributions"]]
    table = figures(
        f"Contributions by {state.split}, which add up to the change",
        head,
        rows,
        numbers=frozenset(range(1, len(head))),
    )
    notes = [p(note, class_="govuk-body-s") for note in answer.about.notes]
    told = p(formats.breakable(sentence(state, value, days)), class_="govuk-body") if said else None
    return [told, table, notes]


def _row(state: Overview, row: Mapping[str, Any], none: str, *, rate: bool) -> list[Child]:
    """What a value was and did; `none` stands for a contribution that isn't there."""
    values = [written(state.measure, row[name]) for name in ("value", "value_comparison")]
    effects = [
        none if row[name] is None else _moved(state, row[name])
        for name in ("contribution", *(("mix_effect", "rate_effect") if rate else ()))
    ]
    return [_name(state, row["name"]), *values, *effects]


def _name(state: Overview, name: str) -> Child:
    """A page leads to its journeys, a department to its own page."""
    if name.startswith("("):
        return name
    if state.split == "page":
        return link(formats.named(name), state.journeys(page=name, department=()).address())
    return (
        link(name, state.address(department=name, why=""))
        if state.split == "department" and name != "No owner"
        else name
    )


def _moved(state: Overview, value: float | None) -> str:
    """A change in units or in points, with its sign."""
    return formats.signed(value) if value is None or not is_share(state.measure) else signed(value * 100, "points")
