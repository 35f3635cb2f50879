"""What the My service page shows, as one value: read from its address, asked as `service`, and written as an address again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final

from data.register import register
from layouts.address import Field
from layouts.funnel_state import FunnelState
from layouts.journey_state import Journey
from layouts.state import DAYS, State, by_name

TITLE: Final = "My service"


def _slug(value: str) -> str:
    if value not in register.services:
        raise ValueError("should be the short name of a service that the register knows, such as renew-passport")
    return value


@dataclass(frozen=True)
class ServiceState(State):
    """The service and the days."""

    AT: ClassVar[str] = "/service"
    FIELDS: ClassVar[Mapping[str, Field]] = by_name(Field("service", "Service", _slug), *DAYS)
    UNTAGGED: ClassVar[frozenset[str]] = frozenset({"service"})

    service: str = ""
    first: date | None = None
    last: date | None = None

    def question(self, **changes: Any) -> dict[str, Any]:
        """The parameters of `service`."""
        return ({"service": self.service} if self.service else {}) | self._days() | changes

    def returns(self) -> dict[str, Any]:
        """The parameters of `services`: what it returned for its newest year."""
        return {"service": self.service, "each": "year"}

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


def title(_: ServiceState) -> str:
    """What the chart shows, at most ten words."""
    return "Share that finished in the same visit, by device"


def subject(state: ServiceState) -> str:
    """What the chart is of, in the names of files."""
    return state.service
