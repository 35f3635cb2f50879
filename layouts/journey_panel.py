"""The filter panel of the Journeys page: page, direction and device in sight, the rest under More options, and its tags."""

from collections.abc import Mapping, Sequence
from typing import Final

from data.contract import CHANNELS, DEVICES
from layouts import ids, matchers, page_top, words
from layouts.components import choice, day_field, named, text_field, tick
from layouts.journey_state import MOST_STEPS, Journey
from layouts.markup import Element, div
from layouts.offered import Offered

FINDER: Final = "/journeys/pages"


def panel(journey: Journey, offered: Offered) -> Element:
    """The form, and what is set in it as tags that can be removed."""
    in_sight = [
        div(_finder(journey, "page", "Page"), class_="panel-row__wide"),
        choice("direction", "Direction", journey.direction, words.DIRECTIONS),
        choice("device", "Device", journey.value("device"), _any(DEVICES)),
    ]
    form = page_top.filters(Journey.AT, "Journeys", in_sight, _options(journey, offered))
    return div(form, page_top.tags(journey), id=ids.FILTERS, data_part=True)


def _options(journey: Journey, offered: Offered) -> list[Element]:
    return [
        day_field("from", "First day", journey.value("from")),
        day_field("to", "Last day", journey.value("to")),
        choice("channel", "Channel", journey.value("channel"), _any(CHANNELS)),
        offered.department(journey.value("department")),
        offered.topic(journey.value("topic")),
        _finder(journey, "via", "Only journeys through"),
        _finder(journey, "end", "Only journeys that reach"),
        text_field("exclude", "Pages left out, with commas", journey.value("exclude")),
        choice("compare", "Compared with", journey.compare, _comparisons(offered.departments)),
        day_field("compare-from", "Other days: first", journey.value("compare-from")),
        day_field("compare-to", "Other days: last", journey.value("compare-to")),
        choice("occurrence", "Start from", journey.occurrence, words.OCCURRENCES),
        choice("match", "Read the page as", journey.match, {"": "It is written", **matchers.KINDS, "any": "Any page"}),
        choice("group", "Show", journey.group, words.GROUPS),
        text_field(
            "patterns", "Patterns to group by, with commas, such as Tax: /vehicle-tax*", journey.value("patterns")
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
    others = {
        f"{name}:{value}": f"{Journey.FIELDS[name].label}: {value}" for name, some in values.items() for value in some
    }
    return {"": "Nothing", **words.COMPARISONS, **others}


def _finder(journey: Journey, name: str, said: str) -> Element:
    """A text field that the script turns into a box that finds pages."""
    among = Journey(account=journey.account, first=journey.first, last=journey.last).address(FINDER)
    return text_field(name, said, journey.value(name), data_finder=among, data_none=words.NOTHING_FOUND)


def _any(values: Sequence[str]) -> Mapping[str, str]:
    return {"": "All"} | named(values)
