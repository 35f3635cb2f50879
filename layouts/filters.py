"""The filter panel of the Journeys page: page, direction and device in sight, the rest under More options, and its tags."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from data.contract import CHANNELS, DEVICES
from layouts import above, ids, matchers, words
from layouts.components import choice, day_field, named, text_field, tick
from layouts.journey import DEFAULT, FIELDS, MOST_STEPS, Journey
from layouts.markup import Element, div
from layouts.offered import Offered

FINDER: Final = "/journeys/pages"
NAMES: Final = {**words.GROUPS, **words.OCCURRENCES, **words.ACCOUNTS, **words.COMPARISONS, **matchers.KINDS}
TAGGED: Final = (
    "device", "channel", "from", "to", "department", "topic", "match", "via", "end", "exclude", "occurrence", "group", "patterns",
    "reloads", "account", "compare", "publication",
)  # fmt: skip


def panel(journey: Journey, offered: Offered) -> Element:
    """The form, and what is set in it as tags that can be removed."""
    in_sight = [
        div(_finder(journey, "page", "Page"), class_="panel-row__wide"),
        choice("direction", "Direction", journey.direction, words.DIRECTIONS),
        choice("device", "Device", _value(journey, "device"), _any(DEVICES)),
    ]
    form = above.filters("/journeys", "Journeys", in_sight, _options(journey, offered))
    return div(form, _tags(journey), id=ids.FILTERS, data_part=True)


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
        choice("compare", "Compared with", journey.compare, _comparisons(offered.departments)),
        day_field("compare-from", "Other days: first", _value(journey, "compare-from")),
        day_field("compare-to", "Other days: last", _value(journey, "compare-to")),
        choice("occurrence", "Start from", journey.occurrence, words.OCCURRENCES),
        choice("match", "Read the page as", journey.match, {"": "It is written", **matchers.KINDS, "any": "Any page"}),
        choice("group", "Show", journey.group, words.GROUPS),
        text_field(
            "patterns", "Patterns to group by, with commas, such as Tax: /vehicle-tax*", _value(journey, "patterns")
        ),
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
    said = [
        (_tag_words(journey, name, value), _without(journey, name, value).address())
        for name in _set(journey)
        for value in _values(journey, name)
    ]
    return above.tags(said, Journey(page=journey.page, direction=journey.direction).address())


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


def _without(journey: Journey, name: str, one: str | None) -> Journey:
    """The state without a value of a field, or without the field."""
    attribute = FIELDS[name].of_state
    left: Any = (
        getattr(DEFAULT, attribute) if one is None else tuple(v for v in getattr(journey, attribute) if v != one)
    )
    return replace(journey, open=(), **{attribute: left})
