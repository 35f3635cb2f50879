"""What the pages Pages, Page, Handovers and Searches show, as one value: read from an address and written as one again.

The names in the address are those of the API's parameters, so that a page asks just what its address says.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar, Final, Self

from layouts.address import Field, department, joined, one_of, several, switch, switched, text, whole
from layouts.journey_state import Journey
from layouts.state import ACCOUNT, COMPARE, DAYS, PUBLICATION, SESSIONS, State, by_name
from queries.pages.pages import SHOWN
from queries.parameters import MOST_ROWS

STRUCTURES: Final = {"then": "As it was then", "now": "As it is now"}
ORDERS: Final = {"descending": "Most first", "ascending": "Fewest first"}
TERMS: Final = {"searches": "Searched for most", "ended": "Ending most often", "rising": "Rising"}
TREND: Final = ("sessions", "page_views", "landings", "exits", "searches", "exit_rate", "single_page_rate")
MOST_OFFSET: Final = 999_999
ALIKE: Final = ("first", "last", "device", "channel", "account")  # what stays from one page to the next
WHOSE: Final = (Field("department", "Department", department), Field("topic", "Topic", several(text), joined))
SHARED: Final = (*DAYS, *SESSIONS, ACCOUNT)
OF_PAGE: Final = Field("page", "Page", text)


@dataclass(frozen=True)
class Usage(State):
    """What one of these pages is of, and how it is looked at; each knows some of the fields."""

    WORDS: ClassVar[dict[str, Mapping[str, str]]] = State.WORDS | {"structure": STRUCTURES}
    UNTAGGED: ClassVar[frozenset[str]] = frozenset({"page", "measure", "sort", "order", "offset"})

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

    def question(self, **changes: Any) -> dict[str, Any]:
        """The parameters of its question; `changes` stand instead of them, none leaves one out."""
        asked = {name: self.value(name) for name in self.FIELDS if name != "measure"}
        whole_ = {name: value for name, value in asked.items() if value} | changes
        return {name: value for name, value in whole_.items() if value is not None}

    def every(self) -> dict[str, Any]:
        """The parameters of its question for all rows: a file holds those too that the page leaves out."""
        return self.question(offset=None, limit=MOST_ROWS)

    @property
    def whose(self) -> str:
        """Whose figures, in a sentence."""
        return self.page or self.department or "the whole estate"

    def without(self, name: str, one: str | None = None) -> Self:
        """As of any state, from the first row on."""
        return replace(super().without(name, one), offset=0)

    def elsewhere(self, other: "type[Usage]", **changes: Any) -> str:
        """The address of another of these pages, on the same days with the same filters."""
        shared = {name: getattr(self, name) for name in ALIKE}
        return other(**{**shared, **changes}).address()

    def journeys(self, page: str, **changes: Any) -> str:
        """The address of the journeys from a page, on the same days with the same filters."""
        shared = {name: getattr(self, name) for name in ALIKE}
        return Journey(**{**shared, "page": page, **changes}).address()


@dataclass(frozen=True)
class Pages(Usage):
    """Every page of the estate."""

    AT: ClassVar[str] = "/pages"
    FIELDS: ClassVar[Mapping[str, Field]] = by_name(
        Field("sort", "Sorted by", one_of(*SHOWN)),
        Field("order", "Order", one_of(*ORDERS)),
        Field("offset", "First row", whole(0, MOST_OFFSET)),
        Field("document_type", "Document type", several(text), joined),
        *WHOSE,
        *SHARED,
        PUBLICATION,
    )


@dataclass(frozen=True)
class Page(Usage):
    """One page."""

    AT: ClassVar[str] = "/page"
    FIELDS: ClassVar[Mapping[str, Field]] = by_name(
        OF_PAGE, Field("measure", "Measure", one_of(*TREND)), COMPARE, *SHARED, PUBLICATION
    )


@dataclass(frozen=True)
class Handovers(Usage):
    """From department to department."""

    AT: ClassVar[str] = "/handovers"
    FIELDS: ClassVar[Mapping[str, Field]] = by_name(
        COMPARE,
        Field("structure", "Departments", one_of(*STRUCTURES)),
        Field("pass_through", "Sign-in and payment count as pages", switch, switched),
        *WHOSE,
        *SHARED,
        PUBLICATION,
    )


@dataclass(frozen=True)
class Searches(Usage):
    """What people searched for."""

    AT: ClassVar[str] = "/searches"
    FIELDS: ClassVar[Mapping[str, Field]] = by_name(
        Field("sort", "Order", one_of(*TERMS)), OF_PAGE, COMPARE, *WHOSE, *SHARED
    )
    UNTAGGED: ClassVar[frozenset[str]] = Usage.UNTAGGED - {"page"}
