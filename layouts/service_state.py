"""What the My service page shows, as one value: read from its address, asked as `service`, and written as an address again."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from data.register import register
from layouts.address import Field, Problem, day, read_days, written
from layouts.funnel_state import FunnelState
from layouts.journey import Journey

PATH: Final = "/service"
TITLE: Final = "My service"


@dataclass(frozen=True)
class ServiceState:
    """The service and the days."""

    service: str = ""
    first: date | None = None
    last: date | None = None

    def question(self, **changes: Any) -> dict[str, Any]:
        """The parameters of `service`."""
        return ({"service": self.service} if self.service else {}) | self._days() | changes

    def returns(self) -> dict[str, Any]:
        """The parameters of `services`: what it returned for its newest year."""
        return {"service": self.service, "each": "year"}

    def address(self, path: str = PATH, **changes: Any) -> str:
        """The address of this state, with `changes`."""
        return written(path, FIELDS.values(), replace(self, **changes), ServiceState())

    def funnel(self, **changes: Any) -> FunnelState:
        """Its ready-made funnel on the same days."""
        return FunnelState(**{"service": self.service, "first": self.first, "last": self.last, **changes})

    def journeys(self, page: str) -> Journey:
        """The journeys from a page on the same days."""
        return Journey(page=page, first=self.first, last=self.last)

    def _days(self) -> dict[str, date]:
        return {name: one for name, one in (("from", self.first), ("to", self.last)) if one}

    @property
    def name(self) -> str:
        """What the service is called; nothing where none is chosen."""
        return str(register.service(self.service).name) if self.service else ""


def _slug(value: str) -> str:
    if value not in register.services:
        raise ValueError("should be the short name of a service that the register knows, such as renew-passport")
    return value


FIELDS: Final = {
    field.name: field
    for field in (
        Field("service", "Service", _slug),
        Field("from", "First day", day, attribute="first"),
        Field("to", "Last day", day, attribute="last"),
    )
}


def read_state(pairs: Iterable[tuple[str, str]]) -> tuple[ServiceState, tuple[Problem, ...]]:
    """The state that an address stands for, and a problem for each value in it that can't be used."""
    values, problems = read_days(FIELDS, pairs)
    return ServiceState(**values), problems


def title(_: ServiceState) -> str:
    """What the chart shows, at most ten words."""
    return "Share that finished in the same visit, by device"


def subject(state: ServiceState) -> str:
    """What the chart is of, in the names of files."""
    return state.service
