"""What the Departments page shows, as one value: read from its address, asked as a question, and written as an address again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar, Final, Self

from data.periods import Period, whole_month
from layouts.address import Field, Problem, department, joined, one_of, several, text
from layouts.state import ACCOUNT, COMPARE, DAYS, PUBLICATION, SESSIONS, State, by_name, published_by
from queries.departments.departments import MEASURES
from queries.metrics import METRICS
from queries.periods import WEEK

VIEWS: Final = {
    "ranked": "Ranked", "time": "Over time", "limits": "Against what is usual", "past": "Against their own past",
}  # fmt: skip
GROUPS: Final = {
    "": "Nothing", "device": "Device", "channel": "Channel", "document_type": "Document type", "topic": "Topic",
}  # fmt: skip
ATTRIBUTIONS: Final = {"owner": "Who owns a page", "tagged": "Every department a page is tagged with"}
STRUCTURES: Final = {"then": "As departments were then", "now": "As their successors are now"}
SORTS: Final = ("department", "value", "rank", "before", "change")
MONTHLY: Final = 190  # days from which on time goes by month
DAILY: Final = ("limits", "past")  # views that rest on single days, which aren't published


@dataclass(frozen=True)
class Comparison(State):
    """The measure, the way it is drawn, who is in focus, and whose and which pages are counted on which days."""

    AT: ClassVar[str] = "/departments"
    FIELDS: ClassVar[Mapping[str, Field]] = by_name(
        Field("measure", "Measure", one_of(*MEASURES)),
        Field("view", "View", one_of(*VIEWS)),
        Field("focus", "In focus", department),
        Field("by", "Apart by", one_of(*filter(None, GROUPS))),
        *DAYS,
        COMPARE,
        *SESSIONS,
        Field("document_type", "Document type", several(text), joined),
        Field("topic", "Topic", several(text), joined),
        Field("attribution", "Pages belong to", one_of(*ATTRIBUTIONS)),
        Field("structure", "Departments", one_of(*STRUCTURES)),
        ACCOUNT,
        PUBLICATION,
        Field("sort", "Sorted by", one_of(*SORTS)),
        Field("order", "Order", one_of("ascending", "descending")),
    )
    WORDS: ClassVar[dict[str, Mapping[str, str]]] = State.WORDS | {
        "measure": {name: METRICS[name].title for name in MEASURES}, "by": GROUPS, "view": VIEWS,
        "attribution": ATTRIBUTIONS, "structure": STRUCTURES,
    }  # fmt: skip
    UNTAGGED: ClassVar[frozenset[str]] = frozenset({"view", "sort", "order"})
    UNTOLD: ClassVar[frozenset[str]] = State.UNTOLD | {"focus"}  # changes how figures are shown, not what they are

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
    publication: bool = False
    sort: str = ""
    order: str = "descending"

    @classmethod
    def read(cls, pairs: Iterable[tuple[str, str]]) -> tuple[Self, tuple[Problem, ...]]:
        """The state of an address; for publication, a view that isn't published is named, and gives way to the ranked one."""
        state, problems = super().read(pairs)
        if not (state.publication and state.view in DAILY):
            return state, problems
        sentence = f"{VIEWS[state.view]} rests on single days, which aren't published"
        return replace(state, view="ranked"), (*problems, Problem("publication", sentence))

    def question(self, **changes: Any) -> dict[str, Any]:
        """The parameters of `departments`."""
        same = ("measure", "compare", "attribution", "structure", "account", "publication")
        kept = {name: getattr(self, name) for name in same}
        sets = {name: joined(getattr(self, name)) for name in ("device", "channel", "document_type", "topic")}
        given = sets | {"from": self.first, "to": self.last, "by": self.part}
        return kept | {name: value for name, value in given.items() if value} | changes

    @property
    def part(self) -> str:
        """The second dimension that the chart needs: time where it goes over time."""
        if self.view != "time":
            return self.by if self.view == "ranked" else ""
        if self.publication:
            return published_by(self.first, self.last)
        long = self.first and (self.last is None or (self.last - self.first).days >= MONTHLY)
        return "month" if long else "week"


def lasting(state: Comparison, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The rows that go over time: of weeks and months that the days asked for hold whole, unless they hold none.

    A week of one day would look like a fall.
    """
    if state.view != "time":
        return [*rows]
    return [row for row in rows if _whole(state, row)] or [*rows]


def _whole(state: Comparison, row: Mapping[str, Any]) -> bool:
    first, last = (date.fromisoformat(row[f"{end}_day"]) for end in ("first", "last"))
    return Period(first, last) == whole_month(first) if state.part == "month" else (last - first).days == WEEK - 1


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
