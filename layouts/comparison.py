"""What the Departments page shows, as one value: read from its address, asked as a question, and written as an address again."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from data.contract import CHANNELS, DEVICES
from layouts import words
from layouts.address import Field, Problem, day, department, joined, one_of, read_days, several, text, written
from queries.metrics import METRICS

MEASURES: Final = (
    "sessions", "page_views", "visitors", "landings", "exits", "exit_rate", "single_page_rate", "searches",
)  # fmt: skip
VIEWS: Final = {
    "ranked": "Ranked", "time": "Over time", "limits": "Against what is usual", "past": "Against their own past",
}  # fmt: skip
COMPARISONS: Final = {"previous": "The days before", "year": "A year before", "none": "Nothing"}
GROUPS: Final = {
    "": "Nothing", "device": "Device", "channel": "Channel", "document_type": "Document type", "topic": "Topic",
}  # fmt: skip
ATTRIBUTIONS: Final = {"owner": "Who owns a page", "tagged": "Every department a page is tagged with"}
STRUCTURES: Final = {"then": "As departments were then", "now": "As their successors are now"}
SORTS: Final = ("department", "value", "rank", "before", "change")
MONTHLY: Final = 190  # days from which on time goes by month


@dataclass(frozen=True)
class Comparison:
    """The measure, the way it is drawn, who is in focus, and whose and which pages are counted on which days."""

    measure: str = "sessions"
    view: str = "ranked"
    focus: str = ""
    by: str = ""
    first: date | None = None
    last: date | None = None
    compare: str = "previous"
    device: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    document_type: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    attribution: str = "owner"
    structure: str = "then"
    account: str = "joined"
    sort: str = ""
    order: str = "descending"

    def question(self, **changes: Any) -> dict[str, Any]:
        """The parameters of `departments`."""
        kept = {name: getattr(self, name) for name in ("measure", "compare", "attribution", "structure", "account")}
        sets = {name: joined(getattr(self, name)) for name in ("device", "channel", "document_type", "topic")}
        given = sets | {"from": self.first, "to": self.last, "by": self.part}
        return kept | {name: value for name, value in given.items() if value} | changes

    @property
    def part(self) -> str:
        """The second dimension that the chart needs: time where it goes over time."""
        if self.view != "time":
            return self.by if self.view == "ranked" else ""
        long = self.first and (self.last is None or (self.last - self.first).days >= MONTHLY)
        return "month" if long else "week"

    def address(self, path: str = "/departments", **changes: Any) -> str:
        """The address of this state, with `changes`."""
        return written(path, FIELDS.values(), replace(self, **changes), DEFAULT)


DEFAULT: Final = Comparison()
FIELDS: Final = {
    field.name: field
    for field in (
        Field("measure", "Measure", one_of(*MEASURES)),
        Field("view", "View", one_of(*VIEWS)),
        Field("focus", "In focus", department),
        Field("by", "Apart by", one_of(*filter(None, GROUPS))),
        Field("from", "First day", day, attribute="first"),
        Field("to", "Last day", day, attribute="last"),
        Field("compare", "Compared with", one_of(*COMPARISONS)),
        Field("device", "Device", several(one_of(*DEVICES)), joined),
        Field("channel", "Channel", several(one_of(*CHANNELS)), joined),
        Field("document_type", "Document type", several(text), joined),
        Field("topic", "Topic", several(text), joined),
        Field("attribution", "Pages belong to", one_of(*ATTRIBUTIONS)),
        Field("structure", "Departments", one_of(*STRUCTURES)),
        Field("account", "Account", one_of(*words.ACCOUNTS)),
        Field("sort", "Sorted by", one_of(*SORTS)),
        Field("order", "Order", one_of("ascending", "descending")),
    )
}
UNTOLD: Final = frozenset({"view", "focus", "sort", "order"})  # change how figures are shown, not what they are


def read_state(pairs: Iterable[tuple[str, str]]) -> tuple[Comparison, tuple[Problem, ...]]:
    """The state that an address stands for, and a problem for each value in it that can't be used."""
    values, problems = read_days(FIELDS, pairs)
    return Comparison(**values), problems


def title(state: Comparison) -> str:
    """What the page and its chart show, at most ten words."""
    ends = {
        "ranked": "department by department", "time": "of each department over time", "limits": "against what is usual for departments",
        "past": "against each department's own past",
    }  # fmt: skip
    return f"{METRICS[state.measure].title} {ends[state.view]}"


def subject(state: Comparison) -> str:
    """What the chart is of, in the names of files."""
    return " ".join(filter(None, (state.measure, state.view, state.part, state.focus))).replace("_", " ")


def chosen(state: Comparison) -> tuple[str, ...]:
    """What is set, in words, beside days and account."""
    return tuple(said(state, name) for name in set_fields(state) if name not in {"from", "to", *UNTOLD})


def set_fields(state: Comparison) -> list[str]:
    """The names of the fields that don't stand as they do at first."""
    return [name for name in FIELDS if value(state, name) != value(DEFAULT, name)]


def value(state: Comparison, name: str) -> str:
    """A field as it stands in the address."""
    found = getattr(state, FIELDS[name].of_state)
    return "" if found is None else FIELDS[name].write(found)


def said(state: Comparison, name: str) -> str:
    """`Device: mobile, tablet`."""
    found = value(state, name)
    named = {
        "measure": METRICS[state.measure].title, "compare": COMPARISONS[state.compare], "by": GROUPS[state.by], "view": VIEWS[state.view],
        "attribution": ATTRIBUTIONS[state.attribution], "structure": STRUCTURES[state.structure],
    }.get(name, found)  # fmt: skip
    return f"{FIELDS[name].label}: {named.replace(',', ', ')}"
