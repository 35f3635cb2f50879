"""What the Estate page shows, as one value: read from its address, asked as questions, and written as an address again."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from data.contract import CHANNELS, DEVICES
from layouts import words
from layouts.address import Field, Problem, day, department, joined, one_of, read_days, several, written
from layouts.journey import Journey
from queries.metrics import METRICS

MEASURES: Final = ("sessions", "page_views", "visitors", "searches", "exit_rate", "single_page_rate")
REASONS: Final = ("page", "channel", "device", "department", "service")
COMPARISONS: Final = {"previous": "The days before", "year": "A year before", "none": "Nothing"}


@dataclass(frozen=True)
class Overview:
    """Days, comparison, whose figures, and the measure that the chart draws."""

    measure: str = "sessions"
    department: str = ""
    first: date | None = None
    last: date | None = None
    compare: str = "previous"
    device: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    account: str = "joined"
    why: str = ""  # what the change is split by

    def question(self, **changes: Any) -> dict[str, Any]:
        """The parameters of `trend`."""
        return self.summary() | ({"department": self.department} if self.department else {}) | changes

    def summary(self) -> dict[str, Any]:
        """The parameters of `summary`, of every department."""
        given = {"from": self.first, "to": self.last, "device": joined(self.device), "channel": joined(self.channel)}
        return {"account": self.account, "compare": self.compare} | {name: one for name, one in given.items() if one}

    def drivers(self, limit: int) -> dict[str, Any]:
        """The parameters of `drivers`: the measure's change, split as asked."""
        return self.question(measure=self.measure, by=self.why, limit=limit)

    def address(self, path: str = "/estate", **changes: Any) -> str:
        """The address of this state, with `changes`."""
        return written(path, FIELDS.values(), replace(self, **changes), DEFAULT)

    def journeys(self, **changes: Any) -> Journey:
        """The journeys behind these figures: the same days and filters."""
        whose = (self.department,) if self.department else ()
        shared = {"first": self.first, "last": self.last, "device": self.device, "channel": self.channel}
        return Journey(**{**shared, "department": whose, "account": self.account, **changes})

    @property
    def whose(self) -> str:
        """Whose figures, in a sentence."""
        return self.department or "the whole estate"


DEFAULT: Final = Overview()
FIELDS: Final = {
    field.name: field
    for field in (
        Field("measure", "Measure", one_of(*MEASURES)),
        Field("department", "Department", department),
        Field("from", "First day", day, attribute="first"),
        Field("to", "Last day", day, attribute="last"),
        Field("compare", "Compared with", one_of(*COMPARISONS)),
        Field("device", "Device", several(one_of(*DEVICES)), joined),
        Field("channel", "Channel", several(one_of(*CHANNELS)), joined),
        Field("account", "Account", one_of(*words.ACCOUNTS)),
        Field("why", "Why it moved, by", one_of(*REASONS)),
    )
}


def read_state(pairs: Iterable[tuple[str, str]]) -> tuple[Overview, tuple[Problem, ...]]:
    """The state that an address stands for, and a problem for each value in it that can't be used."""
    values, problems = read_days(FIELDS, pairs)
    return Overview(**values), problems


def title(state: Overview) -> str:
    """What the page and its chart show, at most ten words."""
    return f"{METRICS[state.measure].title} of {state.whose}, day by day"


def subject(state: Overview) -> str:
    """What the chart is of, in the names of files."""
    return f"{state.measure} {state.department or 'whole estate'}".replace("_", " ")


def chosen(state: Overview) -> tuple[str, ...]:
    """What is set, in words, beside days and account."""
    return tuple(said(state, name) for name in set_fields(state) if name not in {"from", "to"})


def set_fields(state: Overview) -> list[str]:
    """The names of the fields that don't stand as they do at first."""
    return [name for name, field in FIELDS.items() if value(state, name) != value(DEFAULT, name) and field]


def value(state: Overview, name: str) -> str:
    """A field as it stands in the address."""
    found = getattr(state, FIELDS[name].of_state)
    return "" if found is None else FIELDS[name].write(found)


def said(state: Overview, name: str) -> str:
    """`Device: mobile, tablet`."""
    found = value(state, name)
    named = {"measure": METRICS[state.measure].title, "compare": COMPARISONS[state.compare]}.get(name, found)
    return f"{FIELDS[name].label}: {named.replace(',', ', ')}"
