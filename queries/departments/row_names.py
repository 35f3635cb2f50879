"""The rows of every comparison: which departments stand in it, what each is called, and whether it shared its services."""

from datetime import date
from typing import Any, Final

from data.periods import Period
from data.register import NO_OWNER, PLATFORM, register
from queries.asking import WHOLE_ESTATE, Asking
from queries.departments.summary_sums import ESTATE, daily
from queries.periods import EVER, days_with_data

SHARED: Final = "shared"
SOME_DAYS: Final = "shared on some days"
IN_PART: Final = "shared in part"  # as now: some of the departments that became it shared
NOT_SHARED: Final = "not shared"
TOTALS_ONLY: Final = "totals only"  # as its own tool reports them: `reported` tells them
CLOSED: Final = "closed"  # before these days; its successor has what was its own
OPEN: Final = "no memorandum needed"


def rows(asking: Asking[Any]) -> list[int]:
    """The estate, GOV.UK itself, the departments asked to share on these days, and whoever else has figures."""
    wanted = [register.number(short) for short in asking.parameters.department]
    if wanted:
        return sorted(wanted)
    asked = {register.number(short) for short in partners(asking)} | {register.number(PLATFORM)}
    found = set(daily(asking, asking.period)["department"].to_list())
    return [ESTATE, *sorted(asked | found - {ESTATE, NO_OWNER}), *({NO_OWNER} & found)]


def partners(asking: Asking[Any]) -> set[str]:
    """Short names of the departments of these days that were asked to share, in the structure asked for."""
    then = _then(asking.period)
    return {register.as_now(short) for short in then} if asking.parameters.structure == "now" else then


def closed(asking: Asking[Any]) -> set[str]:
    """The departments that were asked to share while there is data, and were gone before these days."""
    if asking.parameters.structure == "now":
        return set()
    first = min(days_with_data(asking.reading, asking.account, EVER), default=asking.period.first)
    earlier = set(register.partners(min(first, asking.period.first)))
    return earlier - partners(asking)


def named(number: int) -> str:
    """The name of a row."""
    return WHOLE_ESTATE if number == ESTATE else register.department_names[number]


def status(department: str, asking: Asking[Any]) -> str:
    """Whether a department shared its services on these days, in words; nothing for rows that aren't departments."""
    if department == PLATFORM:
        return OPEN
    if department in asking.reading.manifest.totals_only(asking.account, asking.period):
        return TOTALS_ONLY
    if asking.parameters.structure == "then":
        return _status(department, asking.period)
    told = {_status(short, asking.period) for short in _then(asking.period) if register.as_now(short) == department}
    return told.pop() if len(told) == 1 else IN_PART if told else ""


def _status(department: str, period: Period) -> str:
    shared = [department in register.sharing(day) for day in _ends(period)]
    if any(shared):
        return SHARED if all(shared) else SOME_DAYS
    return NOT_SHARED if department in _then(period) else ""


def _then(period: Period) -> set[str]:
    return {short for day in _ends(period) for short in register.partners(day)}


def _ends(period: Period) -> tuple[date, date]:
    return period.first, period.last
