"""What the Estate page shows, as one value: read from its address, asked as questions, and written as an address again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final

from layouts.address import Field, department, joined, one_of, several, text
from layouts.journey_state import Journey
from layouts.state import ACCOUNT, COMPARE, DAYS, PUBLICATION, SESSIONS, State, by_name, published_by
from queries.metrics import METRICS
from queries.trends.drivers_sums import splits

MEASURES: Final = ("sessions", "page_views", "visitors", "searches", "exit_rate", "single_page_rate")
REASONS: Final = ("page", "channel", "device", "department", "service", "term")


@dataclass(frozen=True)
class Overview(State):
    """Days, comparison, whose figures, and the measure that the chart draws."""

    AT: ClassVar[str] = "/estate"
    FIELDS: ClassVar[Mapping[str, Field]] = by_name(
        Field("measure", "Measure", one_of(*MEASURES)),
        Field("department", "Department", department),
        Field("topic", "Topic", several(text), joined),
        *DAYS,
        COMPARE,
        *SESSIONS,
        ACCOUNT,
        PUBLICATION,
        Field("why", "Why it moved, by", one_of(*REASONS)),
    )
    WORDS: ClassVar[dict[str, Mapping[str, str]]] = State.WORDS | {
        "measure": {name: metric.title for name, metric in METRICS.items()}
    }

    measure: str = "sessions"
    department: str = ""
    topic: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    compare: str = "previous"
    device: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    account: str = "joined"
    publication: bool = False
    why: str = ""  # what the change is split by

    def question(self, **changes: Any) -> dict[str, Any]:
        """The parameters of `trend`."""
        return self.summary() | ({"department": self.department} if self.department else {}) | changes

    def summary(self) -> dict[str, Any]:
        """The parameters of `summary`, of every department."""
        given: dict[str, Any] = {name: joined(getattr(self, name)) for name in ("device", "channel", "topic")}
        given |= {"from": self.first, "to": self.last}
        same = {"account": self.account, "compare": self.compare, "publication": self.publication}
        return same | {name: one for name, one in given.items() if one}

    def drivers(self, limit: int) -> dict[str, Any]:
        """The parameters of `drivers`: the measure's change, split as asked."""
        return self.question(measure=self.measure, by=self.split, limit=limit)

    @property
    def split(self) -> str:
        """What the change is split by: what was asked for, where the measure can be split by it."""
        return self.why if self.why in splits(self.measure) else "channel"

    def journeys(self, **changes: Any) -> Journey:
        """The journeys behind these figures: the same days and filters."""
        whose = (self.department,) if self.department else ()
        shared = {name: getattr(self, name) for name in ("first", "last", "device", "channel", "topic", "publication")}
        return Journey(**{**shared, "department": whose, "account": self.account, **changes})

    @property
    def every(self) -> str:
        """What each point of the trend is of: a day, or the week or month that is published."""
        if not self.publication:
            return "day"
        return published_by(self.first, self.last) if self.first or self.last else "week"

    @property
    def whose(self) -> str:
        """Whose figures, in a sentence."""
        whose = self.department or "the whole estate"
        return f"{whose} (topic {', '.join(self.topic)})" if self.topic else whose


def title(state: Overview) -> str:
    """What the page and its chart show, at most ten words."""
    return f"{METRICS[state.measure].title} of {state.whose}, {state.every} by {state.every}"


def subject(state: Overview) -> str:
    """What the chart is of, in the names of files."""
    whose = " ".join([state.department or "whole estate", *state.topic])
    return f"{state.measure} {whose}".replace("_", " ")
