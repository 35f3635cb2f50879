"""What the Drop-offs page shows, as one value: read from its address, asked as `funnel`, and written as an address again."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar, Final

from data import errors
from data.register import register
from layouts.address import Field, Problem, day, department, joined, one_of, several, text, whole
from layouts.journey_state import Journey
from layouts.state import ACCOUNT, COMPARE, DAYS, PUBLICATION, SESSIONS, State, by_name
from queries.funnels import funnel_text

MODES: Final = {"ordered": "One after the other", "open": "People may join at any step"}
BREAKDOWNS: Final = {
    "": "Nothing", "device": "Device", "channel": "Channel", "department": "Department", "country": "Country",
    "service": "Service", "document_type": "Document type", "topic": "Topic", "page": "Page of the first step",
}  # fmt: skip
EVERY: Final = {"day": "day by day", "week": "week by week", "month": "month by month"}
LONGEST_WINDOW: Final = 999_999  # seconds
AFTER: Final = 28  # days from a release on that are looked at
EXAMPLE: Final = "vehicle-tax"  # the service whose funnel stands where none is chosen


def _service(slug: str) -> str:
    if slug not in register.services:
        raise ValueError("should be a service of the register, such as renew-passport")
    return slug


def _steps(value: str) -> str:
    return funnel_text.write(funnel_text.read(text(value)))


@dataclass(frozen=True)
class FunnelState(State):
    """A service's ready-made funnel or steps of one's own, and how it is looked at."""

    AT: ClassVar[str] = "/drop-offs"
    FIELDS: ClassVar[Mapping[str, Field]] = by_name(
        Field("service", "Service", _service),
        Field("steps", "Steps", _steps),
        Field("mode", "How steps follow", one_of(*MODES)),
        Field("window", "Within seconds", whole(1, LONGEST_WINDOW)),
        Field("exclude", "Without", several(text), joined),
        Field("by", "Side by side", one_of(*BREAKDOWNS)),
        Field("step", "Step over time", whole(1, 50)),
        Field("every", "Over time by", one_of(*EVERY)),
        Field("release", "Release", day),
        *DAYS,
        COMPARE,
        *SESSIONS,
        Field("department", "Department", several(department), joined),
        ACCOUNT,
        PUBLICATION,
    )
    WORDS: ClassVar[dict[str, Mapping[str, str]]] = State.WORDS | {"mode": MODES, "by": BREAKDOWNS, "every": EVERY}
    UNTAGGED: ClassVar[frozenset[str]] = frozenset({"service", "steps"})

    service: str = ""
    steps: str = ""  # as `queries.funnels.funnel_text` reads them; they stand instead of the service's
    mode: str = "ordered"
    window: int = 0  # seconds; none where 0
    exclude: tuple[str, ...] = ()
    by: str = ""
    step: int = 0  # that the chart over time is of; 0 is the whole
    every: str = "day"  # point of that chart
    release: date | None = None
    first: date | None = None
    last: date | None = None
    compare: str = "previous"
    device: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    department: tuple[str, ...] = ()
    account: str = "joined"
    publication: bool = False

    @property
    def chosen(self) -> bool:
        """Whether there is a funnel at all."""
        return bool(self.service or self.steps)

    def definition(self) -> list[dict[str, Any]]:
        """The steps as the API takes them."""
        return funnel_text.read(self.steps) if self.steps else funnel_text.of_service(self.service or EXAMPLE)

    def question(self, **changes: Any) -> dict[str, Any]:
        """The parameters of `funnel`; `changes` stand instead of them."""
        filters = {"device": self.device, "channel": self.channel, "department": self.department}
        optional = {"from": self.first, "to": self.last, "window_seconds": self.window, "breakdown": self.by}
        return {
            "steps": self.definition(), "mode": self.mode, "compare": self.compare, "account": self.account, "publication": self.publication,
            "exclusions": [{"match": "pattern" if "*" in page else "exact", "value": page} for page in self.exclude],
            "filters": {name: list(values) for name, values in filters.items() if values},
            **{name: value for name, value in optional.items() if value},
        } | changes  # fmt: skip

    def shown(self) -> dict[str, Any]:
        """The parameters of `funnel` as the page shows it; side by side is a question of its own."""
        return self.question(breakdown=None)

    def trend(self) -> dict[str, Any]:
        """The parameters of `funnel_trend`."""
        return self.question(compare="none", breakdown=None, by=None if self.publication else self.every)

    def groups(self) -> dict[str, Any]:
        """The parameters of `funnel_groups`."""
        return self.question(compare="none")

    def released(self) -> dict[str, Any]:
        """The parameters of `funnel_release`: four weeks from the release on, against as many before."""
        days = {"from": self.release, "to": self.release + timedelta(AFTER - 1)} if self.release else {}
        return self.question(**days, compare="previous")

    def journeys(self, page: str, **changes: Any) -> Journey:
        """The journeys from a page on the same days, with the same filters."""
        shared = {"first": self.first, "last": self.last, "device": self.device, "channel": self.channel}
        alike = {"department": self.department, "account": self.account, "publication": self.publication}
        return Journey(**{**shared, **alike, "page": page, **changes})

    @property
    def told(self) -> tuple[str, ...]:
        """As of any state, after steps of one's own."""
        return (*([self.said("steps")] if self.steps else []), *super().told)

    @property
    def title(self) -> str:
        """What the funnel is called."""
        if not self.steps:
            return str(register.service(self.service or EXAMPLE).name)
        names = [step.get("name") or funnel_text.write([step]) for step in self.definition()]
        return " to ".join(dict.fromkeys((names[0], names[-1])))


_NAMED: Final = {
    name: FunnelState.FIELDS[field].label for name, field in {"steps": "steps", "exclusions": "exclude", "window_seconds": "window"}.items()
}  # fmt: skip
_LEFT_OUT: Final = re.compile(rf"Leave out ({'|'.join(_NAMED)}):")
_PLACE: Final = re.compile(rf"(?P<name>{'|'.join(_NAMED)})(\[(?P<place>\d+)\])?(\.(?P<part>\w+))?(?= )")


def problem_of(wrong: errors.BadRequest) -> Problem:
    """What the question layer can't use, at the field of the page that it came from."""
    field = (wrong.field or "").partition("[")[0].removesuffix("_seconds").replace("exclusions", "exclude")
    return Problem(field if field in FunnelState.FIELDS else "steps", said(wrong), control=field in FunnelState.FIELDS)


def said(wrong: errors.EstateError) -> str:
    """What is wrong, as people say it: `Step 2 should be ...` for `steps[1].value should be ...`."""
    detail = _LEFT_OUT.sub(lambda found: f"Leave {_NAMED[found[1]].lower()} empty:", wrong.detail)
    found = _PLACE.match(detail)
    if found is None:
        return detail
    place, part = found["place"], found["part"]
    name = f"Step {int(place) + 1}" if found["name"] == "steps" and place else _NAMED[found["name"]]
    return f"{f'Optional at {name.lower()}' if part == 'optional' else name}{detail[found.end() :]}"
