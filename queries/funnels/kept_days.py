"""Days of saved funnels whose journeys have gone: what each day came to, counted before it went.

Which pages a step stands for depends on whose services a viewer may see. So a day is counted once for each set of departments
that a viewer may see of those that the funnel's pages are of; who sees another set has no value.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any, Final, get_args

from data import errors
from data.access import Viewer
from data.periods import Period
from data.register import register
from data.state import Made
from data.store import Estate, Reading, plan
from queries import parameters
from queries.asking import Asking
from queries.funnels import funnel_frames, saved_funnels
from queries.funnels.funnel_definition import Parameters
from queries.funnels.funnel_sums import Funnel, funnel
from queries.funnels.saved_funnels import SavedFunnel
from queries.page_sets import definitions, topics
from queries.page_sets.topics import Catalogue
from queries.pages import page_tables
from queries.parameters import Common
from queries.periods import EVER, days_with_data

ACCOUNTS: Final[tuple[str, ...]] = get_args(Common.model_fields["account"].annotation)
NOT_COUNTED: Final[Any] = {  # parameters that change nothing of what a day came to
    "first": True, "last": True, "compare": True, "limit": True, "breakdown": True, "by": True, "steps": {"__all__": {"name"}},
}  # fmt: skip
NOTE: Final = "The journeys of days before {} aren't kept: their counts are those that were kept of this saved funnel."
_KEEPER: Final = Viewer("retention", "estate analyst")  # who finds every funnel and topic
_NOBODY: Final = Viewer("nobody", "department analyst")


def with_kept(asking: Asking[Any], period: Period, asked: Period) -> tuple[Funnel, tuple[str, ...]]:
    """The funnel over a period with the days that no journeys are kept of, and what must be said where `asked` has any."""
    found, first = _kept(asking, period), plan.first_kept_day(asking.settings)
    notes = (NOTE.format(f"{first.day} {first:%B %Y}"),) if any(day in asked for day in found) else ()
    return replace(funnel(asking, period), kept=found), notes


def _kept(asking: Asking[Any], period: Period) -> dict[date, Mapping[str, Any]]:
    """The days of a period that no journeys are kept of, as far as they were counted for viewers with these rights."""
    first = max(period.first, plan.first_total_day(asking.settings))
    last = min(period.last, plan.first_kept_day(asking.settings))
    if first > last or (sums := asking.sums()) is None:
        return {}
    there = days_with_data(asking.reading, asking.account, period)
    found = sums.found(_told(asking), Period(first, last))
    seen = {day: _seen(told, asking.viewer) for day, told in found.items() if day not in there}
    return {day: told for day, told in seen.items() if told}


def keep(estate: Estate) -> None:
    """Count for every saved funnel the days that the next version will be without.

    A funnel that can't be asked any more is left out. Raises `TookTooLong`, before anything is lost.
    """
    first = plan.first_kept_day(estate.settings)
    shelf = saved_funnels.shelf(estate)
    funnels = [*shelf.visible(_KEEPER), *shelf.deleted(_KEEPER)]  # what was deleted may come back
    with estate.pinned() as reading:
        for account in ACCOUNTS:
            going = [day for day in days_with_data(reading, account, EVER) if day < first]
            for made in funnels if going else ():
                _keep(estate, reading, made, account=account, going=going)


def _keep(estate: Estate, reading: Reading, made: Made[SavedFunnel], *, account: str, going: list[date]) -> None:
    """Day by day, so that no funnel is too much work."""
    with suppress(errors.BadRequest):
        asked = parameters.read(Parameters, made.definition.question() | {"account": account, "compare": "none"})
        named = Catalogue(estate, _KEEPER).asked(asked, {})
        days = [
            Asking(reading, _KEEPER, asked, Period(day, day), None, account, estate.settings, b"", topics=named)
            for day in going
        ]
        estate.made.sums.keep(_told(days[0]), {one.period.first: _counted(one) for one in days})


def _told(asking: Asking[Parameters]) -> str:
    """What tells these counts from all others: the funnel without the names of its steps, and the pages of its topics."""
    return f"{asking.parameters.model_dump_json(exclude=NOT_COUNTED)}\n{topics.content(asking.topics)}"


def _departments(asking: Asking[Parameters]) -> frozenset[str]:
    """The departments of today whose services' pages are among those of the steps and exclusions."""
    asked, found = asking.parameters, set[int]()
    unnamed = replace(asking, viewer=_NOBODY)
    for segment in asking.reading.segments(asking.account, asking.period):
        hidden = page_tables.hidden(unnamed, segment)
        owners = page_tables.table(asking.reading, segment).owner_now
        for matcher in (matcher for one in (*asked.steps, *asked.exclusions) for matcher in one.matchers):
            pages = definitions.every(asking, segment, matcher.match, matcher.value)
            found |= set(owners[pages[hidden[pages] > 0]].tolist())
    return frozenset(register.department_names[number] for number in found)


def _counted(asking: Asking[Parameters]) -> dict[str, Any]:
    """What the day came to for those who see all of the departments, each of them alone, and none."""
    departments = _departments(asking)
    sights = sorted({departments, frozenset(), *(frozenset({one}) for one in departments)}, key=sorted)
    seen = [(sorted(some), replace(_NOBODY, departments=some)) for some in sights]
    views = [{"seen": some} | _of_day(replace(asking, viewer=viewer)) for some, viewer in seen]
    return {"departments": sorted(departments), "views": views}


def _of_day(asking: Asking[Parameters]) -> dict[str, Any]:
    """What the day came to for one viewer."""
    one = funnel(asking, asking.period)
    (units,), (came,) = one.daily(asking.period)
    (entered,) = one.daily_entries(asking.period)
    owners = sorted(funnel_frames.owners(one))
    return {"units": units.tolist(), "came": came.tolist(), "entered": int(entered), "owners": owners}


def _seen(told: Mapping[str, Any], viewer: Viewer) -> Mapping[str, Any] | None:
    """The counts of who sees what the viewer sees today; none where nobody was counted for."""
    seen = {short for short in told["departments"] if viewer.owns(register.as_now(short))}
    views: list[Mapping[str, Any]] = told["views"]
    return next((one for one in views if seen == set(one["seen"])), None)
