"""What the Services page shows, as one value: read from its address, asked as `services`, and written as an address again."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from layouts.address import Field, Problem, day, department, one_of, read, text, written

PATH: Final = "/services"
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
class ServicesState:
    """Which services, up to which day, in which order, the KPI that the charts draw, and the one service looked at."""

    search: str = ""
    department: str = ""
    by: str = "service"
    last: date | None = None
    sort: str = "year_transactions"
    order: str = "down"
    kpi: str = "digital_take_up"
    service: str = ""  # whose months are drawn

    def question(self, **changes: Any) -> dict[str, Any]:
        """The parameters of `services`: the year of each service."""
        optional = {"search": self.search, "department": self.department, "to": self.last}
        asked = {"each": "year", "by": self.by, "sort": self.sort, "order": self.order, "limit": MOST}
        return asked | {name: value for name, value in optional.items() if value} | changes

    def months(self) -> dict[str, Any]:
        """The parameters of `services`: every period of the one service."""
        ends = {"to": self.last} if self.last else {}
        return {"service": self.service, "from": "2000-01-01", "limit": MOST, **ends}

    def address(self, path: str = PATH, **changes: Any) -> str:
        """The address of this state, with `changes`."""
        return written(path, FIELDS.values(), replace(self, **changes), DEFAULT)


@dataclass(frozen=True)
class Months(ServicesState):
    """The same state where the chart is that of one service over its months."""

    def question(self, **changes: Any) -> dict[str, Any]:
        """The parameters of `services`: every period of the one service."""
        return self.months() | changes


DEFAULT: Final = ServicesState()
FIELDS: Final = {
    field.name: field
    for field in (
        Field("search", "Words", text),
        Field("department", "Department", department),
        Field("by", "One row for each", one_of(*BY)),
        Field("to", "Year up to", day, attribute="last"),
        Field("sort", "Order", one_of(*SORTS)),
        Field("order", "Direction", one_of("down", "up")),
        Field("kpi", "KPI", one_of(*KPIS)),
        Field("service", "Service", text),
    )
}


def read_state(pairs: Iterable[tuple[str, str]]) -> tuple[ServicesState, tuple[Problem, ...]]:
    """The state that an address stands for, and a problem for each value in it that can't be used."""
    values, problems = read(FIELDS, pairs)
    return ServicesState(**values), problems


def read_months(pairs: Iterable[tuple[str, str]]) -> tuple[Months, tuple[Problem, ...]]:
    """As `read_state`, for the chart of one service."""
    values, problems = read(FIELDS, pairs)
    return Months(**values), problems


def title(state: ServicesState) -> str:
    """What the first chart shows, at most ten words."""
    return f"{KPIS[state.kpi]} of each {state.by}, most transactions first"


def months_title(state: ServicesState) -> str:
    """What the chart of one service shows."""
    return f"{KPIS[state.kpi]}, month by month"


def subject(state: ServicesState) -> str:
    """What the charts are of, in the names of files."""
    return " ".join(filter(None, (state.kpi.replace("_", " "), state.department, state.service)))


def chosen(state: ServicesState) -> tuple[str, ...]:
    """What is set, in words, beside days and account."""
    told = {"department": state.department, "search": state.search, "service": state.service}
    return tuple(f"{FIELDS[name].label}: {value}" for name, value in told.items() if value)
