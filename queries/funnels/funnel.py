"""Drop-offs: how many reached each step of a funnel, who stopped where, where they went then, and how long steps took."""

from typing import Any, Final

from data import errors
from queries import parameters
from queries.asking import Asking, Frames, Value
from queries.departments.summary import unlike
from queries.disclosure import SUPPRESSED, rows
from queries.funnels import funnel_columns, funnel_frames, publishing_funnels
from queries.funnels.funnel_definition import Parameters
from queries.funnels.funnel_sums import OPEN_MONTH, Funnel, funnel, require_tellable
from queries.funnels.kept_days import with_kept
from queries.periods import days_with_data
from queries.verdicts.changes import broken, same_weekdays

PARAMETERS: Final = Parameters
FILTERS: Final = frozenset(parameters.FILTERS)
COLUMNS: Final = funnel_columns.STEPS
MORE_COLUMNS: Final = funnel_columns.MORE
DEFINITION: Final = (
    "An attempt is one page view per step, in order, each page view serving one step; a unit is counted at every step that its"
    " best attempt reaches. Of equally good attempts the one that ends first counts, then the one that starts last."
    " Intervals of shares are Wilson's; changes are held against how days of the same weekday differ, and over all steps at"
    " most 1 in 100 that is called unusual is a false find (Benjamini-Hochberg)."
)
NO_PAGE: Final = "No page of these days fits any step."
UNTOLD: Final = "{} sessions were sent without times: a funnel with a window leaves them out."
VISITORS: Final = "Sessions that were sent without a visitor are left out. No attempt crosses the end of a month."
OTHER_DAYS: Final = "No change is computed: the two periods don't have the same weekdays."
SHAPE: Final = funnel_columns.SHAPE


def answer(asking: Asking[Parameters]) -> Frames:
    """A row a step; destinations, groups, days and the comparison beside them."""
    asked, period = asking.parameters, asking.period
    if asked.publication:
        return publishing_funnels.published(asking)
    require_tellable(asking, period)
    one = funnel(asking, period)
    before, paired, said = _before(asking)
    department = funnel_frames.owner(asking, one)
    main = funnel_frames.steps(one, department)
    with_data = days_with_data(asking.reading, asking.account, period)
    others = {
        "went": funnel_frames.went(one, department, main),
        "histogram": funnel_frames.histogram(one, department),
        "voided": funnel_frames.voided(one, department),
        "groups": funnel_frames.groups(one, department, asked.breakdown),
        "days": funnel_frames.days(one, department, with_data),
        "compared": funnel_frames.compared(one, before, department, paired=paired),
    }
    return Frames(main, others, notes=(*_notes(one), *said))


def present(frames: Frames, asking: Asking[Parameters]) -> Value:
    """The answer as the API gives it."""
    went, bars, compared = (rows(frames.others[name]) for name in ("went", "histogram", "compared"))
    steps = [_step(row, went, bars) for row in rows(frames.main)]
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows(frames.others["groups"]):
        groups.setdefault(row["value"], []).append(row)
    days: dict[Any, list[dict[str, Any]]] = {}
    for row in rows(frames.others["days"]):
        days.setdefault(row["day"], []).append(row)
    voided = rows(frames.others["voided"])[0]
    value = _counted(steps) | {"steps": steps, "voided": voided["voided"]}
    value[SUPPRESSED] = [*value.get(SUPPRESSED, ()), *(voided.get(SUPPRESSED) or ())]
    value |= {
        "groups": [
            {"value": name} | _counted(some) | {"steps": [_without(row, "value") for row in some]}
            for name, some in groups.items()
        ],
        "days": [{"day": day} | _counted(some) for day, some in days.items()],
        "compared": None,
    }
    if asking.comparison and compared:
        span = {"from": asking.comparison.first, "to": asking.comparison.last}
        value["compared"] = span | _counted(compared) | {"steps": [_without(row) for row in compared]}
    return value


_INSIDE: Final = {"department", "start", "came", "previous", "going_on", "units_now", "previous_now", "cell"}


def _without(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in {*_INSIDE, *names}}


def _step(row: dict[str, Any], went: list[dict[str, Any]], bars: list[dict[str, Any]]) -> dict[str, Any]:
    """A step with its times and where people went after it."""
    quartiles = [row[name] for name in ("lower_quartile_seconds", "median_seconds", "upper_quartile_seconds")]
    told = _without(row, "lower_quartile_seconds", "upper_quartile_seconds")
    times = {"quartiles": None if None in quartiles else quartiles, "histogram": _within(bars, row["step"]) or None}
    return told | times | {"went": _within(went, row["step"])}


def _within(went: list[dict[str, Any]], step: int) -> list[dict[str, Any]]:
    return [_without(row, "step") for row in went if row["step"] == step]


def _counted(steps: list[dict[str, Any]]) -> dict[str, Any]:
    """The units of steps as a list, with marks for those that are hidden."""
    hidden = [f"counts[{n}]" for n, row in enumerate(steps) if "units" in (row.get(SUPPRESSED) or ())]
    return {"counts": [row["units"] for row in steps]} | ({SUPPRESSED: hidden} if hidden else {})


def _before(asking: Asking[Parameters]) -> tuple[Funnel | None, bool, tuple[str, ...]]:
    """The funnel over the comparison period, whether changes are computed, and what must be said of it."""
    if asking.comparison is None:
        return None, False, ()
    try:
        require_tellable(asking, asking.comparison)
    except errors.BadRequest:
        return None, False, (f"There is no comparison. {OPEN_MONTH}.",)
    before, notes = with_kept(asking, asking.comparison, asking.comparison)
    if not (before.kept or days_with_data(asking.reading, asking.account, asking.comparison)):
        return None, False, (unlike(asking),)
    if not same_weekdays(asking.period, asking.comparison):
        return before, False, (*notes, OTHER_DAYS)
    breaks = [said for _, said in broken(("sessions",), asking.account, asking.period, asking.comparison)]
    return before, not breaks, (*notes, *breaks)


def _notes(one: Funnel) -> tuple[str, ...]:
    asked = one.asking.parameters
    empty = [n for n in one.steps if one.parts and all(part.empty[n] for part in one.parts)]
    nothing = [f"No page of these days fits step {n + 1}, {asked.names[n]}." for n in empty]
    nothing = nothing if len(empty) < len(one.steps) else [NO_PAGE]
    untold = [UNTOLD.format(f"{one.untold():,}")] if one.untold() else []
    return (*nothing, *untold, *([VISITORS] if asked.unit == "visitor" else []))
