"""A service's funnel week by week and by device, and the stretches of weeks in which a step went badly."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import polars as pl

from data.periods import Period
from queries.asking import Asking
from queries.columns import Column, count, derived, label
from queries.funnels.funnel_sums import Funnel, funnel
from queries.metrics import formulas, ratio
from queries.pages.page_tables import Array
from queries.periods import days_with_data
from queries.verdicts.statistics import Floats, wilson

WEEKS: Final = 26
DAYS: Final = 7
DEVICES: Final = ("mobile", "desktop")
LONGEST: Final = 8  # weeks of a stretch
SURE: Final = 0.99999  # about 3,000 runs are looked at for a service
BELOW: Final = 0.9  # of the usual share: what lies above isn't told
ENOUGH: Final = 20  # people at a step
MOST: Final = 3
COLUMNS: Final[tuple[Column, ...]] = (
    label("week", "date", pl.Date), label("device"), label("department"), count("started", "sessions"), count("reached_end", "sessions"),
    derived("share", "share", ratio("reached_end", "started"), denominators=("started",)),
)  # fmt: skip
STRETCHES: Final[tuple[Column, ...]] = (
    label("step", "step", pl.Int64), label("name"), label("to"), label("device"), label("department"),
    label("first", "date", pl.Date), label("last", "date", pl.Date), label("weeks", "weeks", pl.Int64),
    count("units", "sessions"), count("went_on", "sessions"),
    derived("share", "share", ratio("went_on", "units"), denominators=("units",)),
    derived("usual_share", "share", ("units", "went_on")), derived("lost", "sessions", ("units", "went_on"), dtype=pl.Int64),
)  # fmt: skip


def told(asking: Asking[Any], department: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The weeks (`COLUMNS`) that end with the period, and the worst stretches (`STRETCHES`) in them."""
    last = asking.period.last - timedelta((asking.period.last.weekday() + 1) % DAYS)  # the newest Sunday
    span = Period(last - timedelta(WEEKS * DAYS - 1), last)
    walked = funnel(asking, span)
    weekly = dict(_weekly(walked, span))
    with_data = days_with_data(asking.reading, asking.account, span)
    weeks = [span.first + timedelta(DAYS * n) for n in range(WEEKS)]
    known = [any(week + timedelta(n) in with_data for n in range(DAYS)) for week in weeks]
    rows = [
        {"week": week, "device": device, "department": department, "started": int(units[n, 0]), "reached_end": int(units[n, -1])}
        for device, (units, _) in weekly.items()
        for n, week in enumerate(weeks)
        if known[n]
    ]  # fmt: skip
    found = [
        one | {"device": device, "department": department}
        for device, sums in weekly.items()
        for one in _stretches(walked, sums, weeks)
    ]
    worst = sorted(found, key=lambda one: (-one["lost"], one["step"], one["device"]))[:MOST]
    return _framed(rows, COLUMNS), _framed(worst, STRETCHES)


def _framed(rows: list[dict[str, Any]], columns: tuple[Column, ...]) -> pl.DataFrame:
    given = [column for column in columns if column.formula is None]
    frame = pl.DataFrame(rows, {column.name: column.type for column in given})
    return frame.with_columns(formulas(columns)).select(column.name for column in columns)


def _weekly(walked: Funnel, span: Period) -> Iterator[tuple[str, tuple[Array, Array]]]:
    """For each device: units of each week that reached each step, and that came to it from the step before."""
    names, values = walked.valued("device")
    known = dict(zip(names, zip(*walked.daily_by_value(span, values, len(names)), strict=True), strict=True))
    for device in DEVICES:
        units, came = known.get(device) or np.zeros((2, span.days, len(walked.steps)), np.int64)
        yield device, (_summed(units), _summed(came))


def _summed(daily: Array) -> Array:
    found: Array = daily.reshape(WEEKS, DAYS, -1).sum(axis=1)
    return found


def _stretches(walked: Funnel, sums: tuple[Array, Array], weeks: list[date]) -> Iterator[dict[str, Any]]:
    """For each step the run of weeks that stands out most, where clearly fewer than in the other weeks went on to it."""
    units, came = sums
    names = walked.asking.parameters.names
    for step in walked.steps[1:]:
        found = worst(came[:, step], units[:, step - 1])
        if found is None:
            continue
        first, last, usual = found
        some, went = (int(one[first : last + 1].sum()) for one in (units[:, step - 1], came[:, step]))
        yield {
            "step": step, "name": names[step - 1], "to": names[step], "first": weeks[first], "last": weeks[last] + timedelta(DAYS - 1),
            "weeks": last - first + 1, "units": some, "went_on": went, "usual_share": usual, "lost": round(usual * some) - went,
        }  # fmt: skip


def worst(hits: Array, trials: Array) -> tuple[int, int, float] | None:
    """The run of at most `LONGEST` weeks whose share lies furthest below that of all others, and that share; none where none is clear.

    Clear is a run whose whole Wilson interval, of a level that allows for how many runs are looked at, lies below `BELOW` of
    the others' share.
    """
    starts, lengths = np.meshgrid(np.arange(len(hits)), np.arange(1, LONGEST + 1), indexing="ij")
    ends = starts + lengths
    starts, ends = starts[ends <= len(hits)], ends[ends <= len(hits)]
    (some, other), (of, of_others) = (_inside_and_outside(sums, starts, ends) for sums in (hits, trials))
    with np.errstate(divide="ignore", invalid="ignore"):
        share, usual = some / of, other / of_others
        apart = (usual - share) / np.sqrt(usual * (1 - usual) / of)
    clear = (of >= ENOUGH) & (of_others >= ENOUGH) & (wilson(some, of, SURE).high < BELOW * usual)
    if not clear.any():
        return None
    best = int(np.argmax(np.where(clear, apart, -np.inf)))
    return int(starts[best]), int(ends[best]) - 1, float(usual[best])


def _inside_and_outside(sums: Array, starts: Array, ends: Array) -> tuple[Floats, Floats]:
    """The sum of each run, and of all other weeks."""
    running = np.concatenate([[0], np.cumsum(sums)]).astype(np.float64)
    inside = running[ends] - running[starts]
    return inside, running[-1] - inside
