"""What a release did: each step's drop-offs before and after, by how much they changed, whether that is real, and why."""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import polars as pl

from data import errors
from data.periods import Period
from queries import parameters, shapes
from queries.asking import Asking, Frames, Value
from queries.columns import Column, count, derived, label
from queries.departments.summary import OTHER_DAYS
from queries.disclosure import rows
from queries.funnels.engine.views import Array
from queries.funnels.funnel_days import Held, breaks, held
from queries.funnels.funnel_definition import Parameters
from queries.funnels.funnel_sums import Funnel, funnel, require_tellable
from queries.trends.drivers import contributions, shortened
from queries.verdicts.changes import same_weekdays
from queries.verdicts.expected import FEW, Series, least_count
from queries.verdicts.statistics import newcombe, ratio_difference
from queries.verdicts.verdicts import TOO_FEW, departure

FILTERS: Final = frozenset(parameters.FILTERS)
_COUNTS: Final = ("drop_offs", "units", "drop_offs_before", "units_before")
_OF_WHY: Final = ("count", "of", "count_comparison", "of_comparison")
COLUMNS: Final[tuple[Column, ...]] = (
    label("step", "step", pl.Int64), label("name"), label("department"), *(count(name, "sessions or visitors") for name in _COUNTS),
    derived("drop_off_rate", "share", pl.col("drop_offs") / pl.col("units"), denominators=("units",)),
    derived("drop_off_rate_before", "share", pl.col("drop_offs_before") / pl.col("units_before"), denominators=("units_before",)),
    *(derived(name, "share", _COUNTS) for name in ("change", "change_low", "change_high", "expected_low", "expected_high")),
    derived("verdict", "text", _COUNTS, dtype=pl.String),
)  # fmt: skip
MORE_COLUMNS: Final[dict[str, tuple[Column, ...]]] = {
    "why": (
        label("step", "step", pl.Int64), label("value"), label("department"), *(count(name, "sessions or visitors", shown=False) for name in _OF_WHY),
        *(derived(name, "share", _OF_WHY) for name in ("rate", "rate_before", "contribution", "mix_effect", "rate_effect")),
    )
}  # fmt: skip
DEFINITION: Final = (
    "The days from a release on are held against as many days of the same weekdays before it. The change's interval holds it in 95"
    " of 100 cases, from how much days differ. It is likely real where the days depart from what was expected of them by more than"
    " earlier stretches of the same length did in 95 of 100 cases (Benjamini-Hochberg over steps). Contributions add up to the"
    " change: a mix effect, from moving between values of different rates, and a rate effect, from rates that changed."
)
NO_COMPARISON: Final = "No change is computed: there is no period to compare with."
SPLIT: Final = "device"  # what a change is split by where no breakdown is asked for


PARAMETERS: Final = Parameters
SHAPE: Final = shapes.whole(
    by=shapes.TEXT, before=shapes.DAYS, steps=shapes.rows(shapes.without(COLUMNS, "department")),
    why=shapes.rows(shapes.without(MORE_COLUMNS["why"], "department")),
)  # fmt: skip


def answer(asking: Asking[Parameters]) -> Frames:
    """A row for each step, the whole funnel first."""
    if asking.parameters.publication:
        raise errors.BadRequest("This can't be published", "Ask for it without publication", "publication")
    reasons = _reasons(asking)
    require_tellable(asking, asking.period)
    before = held(asking, asking.comparison, before=0) if asking.comparison and not reasons else None
    now = held(asking, asking.period, **({"before": 0} if asking.parameters.unit == "visitor" else {}))
    told = list(_changes(now, before))
    summed = dict.fromkeys((*now.notes, *(before.notes if before else ())))
    why = list(_why(asking, now)) if before and not summed else []  # sums aren't told apart by any value
    frames = [
        pl.DataFrame(some, {one.name: one.type for one in columns})
        for some, columns in ((told, COLUMNS), (why, MORE_COLUMNS["why"]))
    ]
    return Frames(frames[0], {"why": frames[1]}, notes=(*reasons, *summed))


def present(frames: Frames, asking: Asking[Parameters]) -> Value:
    """The steps, and beside them what each value of the breakdown contributed to their changes."""
    span = asking.comparison and {"from": asking.comparison.first, "to": asking.comparison.last}
    why = [_without(row, *_OF_WHY) for row in rows(frames.others["why"])]
    return {"by": _by(asking), "before": span, "steps": [_without(row) for row in rows(frames.main)], "why": why}


def _without(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in {"department", *names}}


def _by(asking: Asking[Parameters]) -> str:
    return asking.parameters.breakdown or SPLIT


def _reasons(asking: Asking[Parameters]) -> tuple[str, ...]:
    """Why no change is computed, or nothing."""
    if asking.comparison is None:
        return (NO_COMPARISON,)
    if not same_weekdays(asking.period, asking.comparison):
        return (OTHER_DAYS,)
    whole = Period(min(asking.period.first, asking.comparison.first), max(asking.period.last, asking.comparison.last))
    return tuple(
        f"No change is computed across {one.day}: {one.name}. {one.why}" for one in breaks(whole, asking.account)
    )


def _changes(now: Held, before: Held | None) -> Iterator[dict[str, Any]]:
    """Each row's rates before and after, the change with its interval, what was expected, and a verdict."""
    hits, trials = now.last(now.length)
    known = now.known()
    told = departure(now.expected(), known, len(now.days) - now.length, now.length)
    whole = Series(hits.sum(axis=0)[None], trials.sum(axis=0)[None])
    middle = whole.scaled[0] - told.size
    ends = [whole.natural((middle + way * told.reach)[None])[0] for way in (-1, 1)]
    few = least_count(middle, trials.sum(axis=0)) < FEW
    for place, verdict in enumerate(told.verdicts()):
        row = {"step": now.rows.steps[place], "name": now.rows.names[place], "department": now.department}
        row |= _rate("", hits[:, place].sum(), trials[:, place].sum())
        row |= {} if before is None else _before(now, before, place)
        none = bool(few[place] or np.isnan(ends[0][place]))
        row |= {
            "expected_low": None if none else float(ends[0][place]),
            "expected_high": None if none else float(ends[1][place]),
        }
        yield dict.fromkeys(column.name for column in COLUMNS) | row | {"verdict": TOO_FEW if few[place] else verdict}


def _rate(side: str, hits: float, trials: float) -> dict[str, Any]:
    rate = float(hits / trials) if trials else None
    return {f"drop_offs{side}": int(hits), f"units{side}": int(trials), f"drop_off_rate{side}": rate}


def _before(now: Held, before: Held, place: int) -> dict[str, Any]:
    """The comparison's counts of a row, and the change with its interval; day n against day n."""
    pairs = [tuple(part[:, place] for part in one.last(one.length)) for one in (now, before)]
    sums = [(hits.sum(), trials.sum()) for hits, trials in pairs]
    row = _rate("_before", *sums[1])
    if not (sums[0][1] and sums[1][1]):
        return row
    there = (pairs[0][1] > 0) | (pairs[1][1] > 0)
    told = ratio_difference(*((hits[there], trials[there]) for hits, trials in pairs))
    ends = told.interval().widened(newcombe(sums[0], sums[1]))
    return row | {"change": float(told.change), "change_low": float(ends.low), "change_high": float(ends.high)}


def _why(asking: Asking[Parameters], now: Held) -> Iterator[dict[str, Any]]:
    """What each value of the breakdown contributed to the change of each row."""
    if asking.comparison is None:
        return
    names, counts = _aligned(
        [_by_value(funnel(asking, one), _by(asking)) for one in (asking.period, asking.comparison)]
    )
    for place, step in enumerate(now.rows.steps):
        table = pl.DataFrame(
            {"name": names, "department": [None] * len(names), **dict(zip(_OF_WHY, counts[..., place].transpose(0, 2, 1).reshape(4, -1), strict=True))},
            {"name": pl.String, "department": pl.String} | dict.fromkeys(_OF_WHY, pl.Float64),
        )  # fmt: skip
        for row in shortened(contributions(table, is_rate=True), asking.parameters.limit).iter_rows(named=True):
            counted = {name: int(row[name]) for name in _OF_WHY}
            effects = {name: row[name] for name in ("contribution", "mix_effect", "rate_effect")}
            yield {
                "step": step, "value": row["name"], "department": now.department, **counted, "rate": row["value"],
                "rate_before": row["value_comparison"], **effects,
            }  # fmt: skip


def _by_value(one: Funnel, by: str) -> tuple[list[str], Array]:
    """The values' names, and their drop-offs and units: values, counts, rows."""
    names, values = one.valued(by)
    required = one.asking.parameters.rule.required
    units, came = one.by_value(values, len(names))
    trials = np.column_stack([one.entries_by_value(values, len(names)), units[:, required[:-1]]])
    going_on = np.column_stack([units[:, required[-1]], came[:, required[1:]]])
    return names, np.stack([trials - going_on, trials], axis=1)


def _aligned(sides: list[tuple[list[str], Array]]) -> tuple[list[str], Array]:
    """The names of both sides' values that have any units, and their counts: sides, values, counts, rows."""
    names = sorted({name for own, _ in sides for name in own})
    place = {name: number for number, name in enumerate(names)}
    counts = np.zeros((2, len(names), *sides[0][1].shape[1:]), np.int64)
    for side, (own, found) in enumerate(sides):
        np.add.at(counts[side], np.array([place[name] for name in own], np.int64), found)
    some = np.flatnonzero(counts.any(axis=(0, 2, 3)))
    return [names[n] for n in some.tolist()], counts[:, some]
