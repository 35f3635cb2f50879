"""What the pages Pages, Page, Handovers and Searches show, as one value: read from an address and written as one again.

The names in the address are those of the API's parameters, so that a page asks just what its address says.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, Final, cast

from data.contract import CHANNELS, DEVICES
from layouts import words
from layouts.address import (
    Field,
    Problem,
    day,
    department,
    joined,
    one_of,
    read_days,
    several,
    switch,
    switched,
    text,
    whole,
    written,
)
from layouts.journey import Journey
from layouts.overview import COMPARISONS
from queries.pages import SHOWN
from queries.parameters import MOST_ROWS

PAGES, PAGE, HANDOVERS, SEARCHES = "/pages", "/page", "/handovers", "/searches"
STRUCTURES: Final = {"then": "As it was then", "now": "As it is now"}
ORDERS: Final = {"descending": "Most first", "ascending": "Fewest first"}
TERMS: Final = {"searches": "Searched for most", "ended": "Ending most often", "rising": "Rising"}
TREND: Final = ("sessions", "page_views", "landings", "exits", "searches", "exit_rate", "single_page_rate")
MOST_OFFSET: Final = 999_999
SHARED: Final = ("department", "topic", "from", "to", "device", "channel", "account", "publication")


@dataclass(frozen=True)
class Look:
    """A page, what it is of, and how it is looked at. A value at its default stands in no address."""

    at: str
    page: str = ""
    measure: str = "sessions"  # of the trend
    sort: str = ""
    order: str = "descending"
    offset: int = 0
    document_type: tuple[str, ...] = ()
    department: str = ""
    topic: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    compare: str = "previous"
    device: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    structure: str = "then"
    pass_through: bool = False
    account: str = "joined"
    publication: bool = False

    @property
    def fields(self) -> Mapping[str, Field]:
        """The fields of its page, by name."""
        return FIELDS[self.at]

    def question(self, **changes: Any) -> dict[str, Any]:
        """The parameters of its question; `changes` stand instead of them, none leaves one out."""
        asked = {name: self.value(name) for name in self.fields if name != "measure"}
        whole_ = {name: value for name, value in asked.items() if value} | changes
        return {name: value for name, value in whole_.items() if value is not None}

    def every(self) -> dict[str, Any]:
        """The parameters of its question for all rows: a file holds those too that the page leaves out."""
        return self.question(offset=None, limit=MOST_ROWS)

    def value(self, name: str) -> str:
        """A field as it stands in the address, empty where it isn't set."""
        field = self.fields[name]
        found = getattr(self, field.of_state)
        return "" if found is None else field.write(found)

    @property
    def whose(self) -> str:
        """Whose figures, in a sentence."""
        return self.page or self.department or "the whole estate"

    @property
    def default(self) -> "Look":
        """The page as it is without an address."""
        return Look(self.at)

    @property
    def set_fields(self) -> list[str]:
        """The names of the fields that were chosen to narrow what is shown."""
        unsaid = {"page", "measure", "sort", "order", "offset"} - ({"page"} if self.at == SEARCHES else set())
        return [name for name in self.fields if name not in unsaid and self.value(name) != self.default.value(name)]

    def said(self, name: str) -> str:
        """`Device: mobile, tablet`; a switch by its name alone."""
        value = self.value(name)
        named = {"compare": COMPARISONS, "structure": STRUCTURES}.get(name, {}).get(value, value)
        return self.fields[name].label if value == "true" else f"{self.fields[name].label}: {named.replace(',', ', ')}"

    def without(self, name: str) -> "Look":
        """The state with a field as it is at first."""
        attribute = self.fields[name].of_state
        return replace(self, offset=0, **{attribute: getattr(self.default, attribute)})

    def address(self, path: str = "", **changes: Any) -> str:
        """The address of this state, with `changes`."""
        return written(path or self.at, self.fields.values(), replace(self, **changes), self.default)

    def elsewhere(self, at: str, **changes: Any) -> str:
        """The address of another of these pages, on the same days with the same filters."""
        shared = {name: getattr(self, name) for name in ("first", "last", "device", "channel", "account")}
        return Look(at, **{**shared, **changes}).address()

    def journeys(self, page: str, **changes: Any) -> str:
        """The address of the journeys from a page, on the same days with the same filters."""
        shared: dict[str, Any] = {
            "first": self.first,
            "last": self.last,
            "device": self.device,
            "channel": self.channel,
        }
        return Journey(**{**shared, "page": page, "account": self.account, **changes}).address()


def chosen(state: Look) -> tuple[str, ...]:
    """What is set, in words, beside days and account: what a file must say of its numbers."""
    return tuple(state.said(name) for name in state.set_fields if name not in {"from", "to", "account", "publication"})


def read_state(at: str, pairs: Iterable[tuple[str, str]]) -> tuple[Look, tuple[Problem, ...]]:
    """The state that an address stands for, and a problem for each value in it that can't be used."""
    values, problems = read_days(FIELDS[at], pairs)
    return Look(at, **values), problems


def reading(at: str) -> Callable[[Iterable[tuple[str, str]]], tuple[Look, tuple[Problem, ...]]]:
    """`read_state` of one page."""
    return cast("Callable[[Iterable[tuple[str, str]]], tuple[Look, tuple[Problem, ...]]]", partial(read_state, at))


_ALL: Final = {
    field.name: field
    for field in (
        Field("page", "Page", text),
        Field("measure", "Measure", one_of(*TREND)),
        Field("order", "Order", one_of(*ORDERS)),
        Field("offset", "First row", whole(0, MOST_OFFSET)),
        Field("document_type", "Document type", several(text), joined),
        Field("department", "Department", department),
        Field("topic", "Topic", several(text), joined),
        Field("from", "First day", day, attribute="first"),
        Field("to", "Last day", day, attribute="last"),
        Field("compare", "Compared with", one_of(*COMPARISONS)),
        Field("device", "Device", several(one_of(*DEVICES)), joined),
        Field("channel", "Channel", several(one_of(*CHANNELS)), joined),
        Field("structure", "Departments", one_of(*STRUCTURES)),
        Field("pass_through", "Sign-in and payment count as pages", switch, switched),
        Field("account", "Account", one_of(*words.ACCOUNTS)),
        Field("publication", "Rounded for publication", switch, switched),
    )
}
_SORTED: Final = Field("sort", "Sorted by", one_of(*SHOWN))
_TERMS: Final = Field("sort", "Order", one_of(*TERMS))


def _of(*names: str, sort: Field | None = None) -> dict[str, Field]:
    return ({"sort": sort} if sort else {}) | {name: _ALL[name] for name in names}


FIELDS: Final[Mapping[str, Mapping[str, Field]]] = {
    PAGES: _of("order", "offset", "document_type", *SHARED, sort=_SORTED),
    PAGE: _of("page", "measure", "compare", *(name for name in SHARED if name not in {"department", "topic"})),
    HANDOVERS: _of("compare", "structure", "pass_through", *SHARED),
    SEARCHES: _of("page", "compare", *(name for name in SHARED if name != "publication"), sort=_TERMS),
}
