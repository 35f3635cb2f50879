"""The filter panel of the Journeys page: page, direction and device in sight, the rest under More options, and its tags."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from data.contract import CHANNELS, DEVICES
from layouts import ids, matchers, words
from layouts.address import Problem
from layouts.components import choice, day_field, link, marked, more, named, text_field, tick
from layouts.journey import DEFAULT, FIELDS, MOST_STEPS, Journey
from layouts.markup import Element, a, button, div, form, li, span, ul, unseen
from layouts.offered import Offered

FINDER: Final = "/journeys/pages"
IN_SIGHT: Final = frozenset({"page", "direction", "device"})  # the others stand under More options
NAMES: Final = {**words.GROUPS, **words.OCCURRENCES, **words.ACCOUNTS, **words.COMPARISONS, **matchers.KINDS}
TAGGED: Final = (
    "device", "channel", "from", "to", "department", "topic", "match", "via", "end", "exclude", "occurrence", "group", "patterns",
    "reloads", "account", "compare", "publication",
)  # fmt: skip


def panel(journey: Journey, offered: Offered, problems: Sequence[Problem] = ()) -> Element:
    """The form, and what is set in it as tags that can be removed."""
    in_sight = div(
        div(_finder(journey, "page", "Page"), class_="panel-row__wide"),
        choice("direction", "Direction", journey.direction, words.DIRECTIONS),
        choice("device", "Device", _value(journey, "device"), _any(DEVICES)),
        button("Apply", type="submit", class_="govuk-button panel-row__apply"),
        class_="panel-row",
    )
    wrong = any(problem.control and problem.field not in IN_SIGHT for problem in problems)
    inside = div(_options(journey, offered), class_="options")
    options = more("More options", inside, id="more-options", opened=wrong)
    asked = form(
        marked([in_sight, options], problems), method="get", action="/journeys", class_="filters", role="search",
        aria_label="Journeys",
    )  # fmt: skip
    return div(asked, _tags(journey), id=ids.FILTERS, data_part=True)


def chosen(journey: Journey) -> tuple[str, ...]:
    """What is set, in the words of the tags: what a file must say of its numbers beside their days."""
    return tuple(_tag_words(journey, name) for name in _set(journey) if name not in {"from", "to", "publication"})


def _options(journey: Journey, offered: Offered) -> list[Element]:
    return [
        day_field("from", "First day", _value(journey, "from")),
        day_field("to", "Last day", _value(journey, "to")),
        choice("channel", "Channel", _value(journey, "channel"), _any(CHANNELS)),
        offered.department(_value(journey, "department")),
        offered.topic(_value(journey, "topic")),
        _finder(journey, "via", "Only journeys through"),
        _finder(journey, "end", "Only journeys that reach"),
        text_field("exclude", "Pages left out, with commas", _value(journey, "exclude")),
        choice("compare", "Compare with", journey.compare, _comparisons(offered.departments)),
        day_field("compare-from", "Other days: first", _value(journey, "compare-from")),
        day_field("compare-to", "Other days: last", _value(journey, "compare-to")),
        choice("occurrence", "Start from", journey.occurrence, words.OCCURRENCES),
        choice("match", "Read the page as", journey.match, {"": "It is written", **matchers.KINDS, "any": "Any page"}),
        choice("group", "Show", journey.group, words.GROUPS),
        text_field("patterns", "Patterns to group by, with commas", _value(journey, "patterns")),
        choice("steps", "Steps", str(journey.steps), {str(n): str(n) for n in range(1, MOST_STEPS + 1)}),
        choice("top", "Pages a step", str(journey.top), {n: n for n in ("3", "5", "8")}),
        choice("paths", "Whole journeys listed", str(journey.paths), {"0": "None", "10": "10", "20": "20", "50": "50"}),
        choice("account", "Account", journey.account, words.ACCOUNTS),
        div(
            tick("reloads", "Count reloads as steps", ticked=journey.reloads),
            tick("publication", "Round for publication", ticked=journey.publication),
            class_="options__ticks",
        ),
    ]


def _comparisons(departments: Sequence[str]) -> dict[str, str]:
    """What can be compared with: other days, and other values of a filter that is set."""
    values = {"device": DEVICES, "channel": CHANNELS, "department": departments}
    others = {f"{name}:{value}": f"{FIELDS[name].label}: {value}" for name, some in values.items() for value in some}
    return {"": "Nothing", **words.COMPARISONS, **others}


def _finder(journey: Journey, name: str, said: str) -> Element:
    """A text field that the script turns into a box that finds pages."""
    among = Journey(account=journey.account, first=journey.first, last=journey.last).address(FINDER)
    return text_field(name, said, _value(journey, name), data_finder=among, data_none=words.NOTHING_FOUND)


def _any(values: Sequence[str]) -> Mapping[str, str]:
    return {"": "All"} | named(values)


def _value(journey: Journey, name: str) -> str:
    """The value of the state as it stands in the address."""
    value = getattr(journey, FIELDS[name].of_state)
    return "" if value is None else FIELDS[name].write(value)


def _tags(journey: Journey) -> Element | None:
    items = [_tag(journey, name, value) for name in _set(journey) for value in _values(journey, name)]
    if not items:
        return None
    plain = Journey(page=journey.page, direction=journey.direction)
    return ul(
        items, li(link("Clear all", plain.address()), class_="tags__clear"), class_="tags", aria_label="Active filters"
    )


def _set(journey: Journey) -> list[str]:
    return [name for name in TAGGED if _value(journey, name) != _value(DEFAULT, name)]


def _values(journey: Journey, name: str) -> list[str | None]:
    """Each of several values, so that each has a tag of its own; none where there is one."""
    values = getattr(journey, FIELDS[name].of_state)
    return list(values) if isinstance(values, tuple) else [None]


def _tag_words(journey: Journey, name: str, one: str | None = None) -> str:
    value = one or _value(journey, name)
    if name == "compare":
        value = value.rpartition(":")[2]
    return (
        FIELDS[name].label if value == "true" else f"{FIELDS[name].label}: {NAMES.get(value, value.replace(',', ', '))}"
    )


def _tag(journey: Journey, name: str, one: str | None) -> Element:
    attribute = FIELDS[name].of_state
    left: Any = (
        getattr(DEFAULT, attribute) if one is None else tuple(v for v in getattr(journey, attribute) if v != one)
    )
    without = replace(journey, open=(), **{attribute: left})
    cross = span("×", aria_hidden="true", class_="tag__cross")
    return li(a(unseen("Remove "), _tag_words(journey, name, one), cross, href=without.address(), class_="tag"))
