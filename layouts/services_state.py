"""What the Services page shows, as one value: read from its address, asked as `services`, and written as an address again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final

from layouts.address import Field, day, department, one_of, text
from layouts.state import PUBLICATION, State, by_name

MOST: Final = 10_000  # rows
KPIS: Final = {
    "completion_rate": "Completion rate",
    "satisfaction": "Satisfaction",
    "digital_take_up": "Digital take-up",
    "cost_per_transaction": "Cost per transaction",
}
SORTS: Final = {
    "name": "Service", "department": "Department", "year_transactions": "Transactions in the year", **KPIS,
    "same_visit_rate": "In the same visit",
}  # fmt: skip
BY: Final = {"service": "Service", "agency": "Agency", "department": "Department"}


@dataclass(frozen=True)
class ServicesState(State):
    """Which services, up to which day, in which order, the KPI that the charts draw, and the one service looked at."""

    AT: ClassVar[str] = "/services"
    FIELDS: ClassVar[Mapping[str, Field]] = by_name(
        Field("search", "Words", text),
        Field("department", "Department", department),
        Field("by", "One row for each", one_of(*BY)),
        Field("to", "Year up to", day, attribute="last"),
        Field("sort", "Order", one_of(*SORTS)),
        Field("order", "Direction", one_of("down", "up")),
        Field("kpi", "KPI", one_of(*KPIS)),
        Field("service", "Service", text),
        PUBLICATION,
    )
    UNTAGGED: ClassVar[frozenset[str]] = frozenset({"by", "sort", "order", "kpi"})

    search: str = ""
    department: str = ""
    by: str = "service"
    last: date | None = None
    sort: str = "year_transactions"
    order: str = "down"
    kpi: str = "digital_take_up"
    service: str = ""  # whose months are drawn
    publication: bool = False

    def question(self, **changes: Any) -> dict[str, Any]:
        """The parameters of `services`: the year of each service."""
        optional = {"search": self.search, "department": self.department, "to": self.last}
        asked = {"each": "year", "by": self.by, "sort": self.sort, "order": self.order, "limit": MOST}
        return self._published | asked | {name: value for name, value in optional.items() if value} | changes

    def months(self) -> dict[str, Any]:
        """The parameters of `services`: every period of the one service."""
        ends = {"to": self.last} if self.last else {}
        return self._published | {"service": self.service, "from": "2000-01-01", "limit": MOST, **ends}

    @property
    def _published(self) -> dict[str, Any]:
        return {"publication": True} if self.publication else {}


@dataclass(frozen=True)
class Months(ServicesState):
    """The same state where the chart is that of one service over its months."""

    def question(self, **changes: Any) -> dict[str, Any]:
        """The parameters of `services`: every period of the one service."""
        return self.months() | changes


def title(state: ServicesState) -> str:
    """What the first chart shows, at most ten words."""
    return f"{KPIS[state.kpi]} of each {state.by}, most transactions first"


def months_title(state: ServicesState) -> str:
    """What the chart of one service shows."""
    return f"{KPIS[state.kpi]}, month by month"


def subject(state: ServicesState) -> str:
    """What the charts are of, in the names of files."""
    return " ".join(filter(None, (state.kpi.replace("_", " "), state.department, state.service)))
