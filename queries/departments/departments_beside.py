"""Departments beside each other: each one's value with its interval, its change, its rank and its control limits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from data.register import register
from queries.departments import row_names
from queries.departments.departments_sums import Bools, Part
from queries.metrics import Metric
from queries.verdicts.compared import FALSE_DISCOVERIES, SURE, rate_interval
from queries.verdicts.statistics import (
    Floats,
    Funnel,
    Interval,
    benjamini_hochberg,
    funnel,
    newcombe,
    ratio_difference,
    total_difference,
    total_interval,
)

SAME: Final = ("count", "of")
SAME_BEFORE: Final = ("count_comparison", "of_comparison")
PAIR: Final = (*SAME, *SAME_BEFORE)
LEVELS: Final = {"95": 0.95, "998": 0.998}
STANDINGS: Final = ("within the limits", "outside 95%", "outside 99.8%")
WEEK: Final = 7
Ratio = tuple[Floats, Floats]  # a measure's count by row, and what it is of: NaN where it is of nothing


@dataclass(frozen=True)
class Rows:
    """Who stands beside each other, in order; `ranked` are the departments that can be held against each other."""

    names: Sequence[str]
    ranked: Bools
    unshared: Bools
    closed: Bools


@dataclass(frozen=True)
class Beside:
    """The rows of every part, and what each part's limits were made of."""

    rows: pl.DataFrame
    targets: list[dict[str, Any]]


@dataclass(frozen=True)
class Measured:
    """One measure of one part by row, over all its days and over like days now and before; NaN: no value."""

    metric: Metric
    now: Ratio
    like: Ratio
    before: Ratio

    def value(self, ratio: Ratio) -> Floats:
        """The measure itself."""
        return ratio[0] / ratio[1] if self.metric.is_rate else ratio[0]


def rows_of(names: Sequence[str], statuses: Sequence[str], *, alike: bool) -> Rows:
    """The rows; where all have the same kinds of pages (`alike`) those that don't share are ranked with the others."""
    ranked = {row_names.SHARED, row_names.SOME_DAYS, row_names.IN_PART} | (
        {row_names.NOT_SHARED, row_names.TOTALS_ONLY} if alike else set()
    )
    masks = (ranked, {row_names.NOT_SHARED, row_names.TOTALS_ONLY}, {row_names.CLOSED})
    return Rows(names, *(np.array([status in mask for status in statuses], bool) for mask in masks))


def beside(metric: Metric, who: Rows, parts: Sequence[Part], *, changed: bool) -> Beside:
    """Every row of every part; `changed` says whether a change is computed at all."""
    with np.errstate(divide="ignore", invalid="ignore"):
        told = [_part(part, metric, who, changed=changed) for part in parts]
    targets = [_target(part, found) for part, (found, _) in zip(parts, told, strict=True) if found]
    return Beside(_framed(who, parts, [columns for _, columns in told]), targets)


def _framed(who: Rows, parts: Sequence[Part], tables: Sequence[dict[str, Floats]]) -> pl.DataFrame:
    """The columns of all parts below each other, in one go, with their labels; a column that a part lacks has no value."""
    nothing, size = np.full(len(who.names), np.nan), len(who.names)
    names = dict.fromkeys(name for columns in tables for name in columns)
    arrays = {name: np.concatenate([columns.get(name, nothing) for columns in tables]) for name in names}
    labels = {
        "department": pl.Series([*who.names] * len(parts), dtype=pl.String),
        "group": pl.Series([part.name for part in parts for _ in range(size)], dtype=pl.String),
        "first_day": pl.Series([part.first_day for part in parts for _ in range(size)], dtype=pl.Date),
        "last_day": pl.Series([part.last_day for part in parts for _ in range(size)], dtype=pl.Date),
    }
    frame = pl.DataFrame(arrays, schema=dict.fromkeys(arrays, pl.Float64)).fill_nan(None).with_columns(**labels)
    words = pl.col("standing").replace_strict(dict(enumerate(STANDINGS)), return_dtype=pl.String)
    return frame.with_columns(words) if "standing" in names else frame


def _target(part: Part, found: Funnel) -> dict[str, Any]:
    return {"group": part.name, "target": found.target, "overdispersion": found.ratio, "between": found.between}


def _part(part: Part, metric: Metric, who: Rows, *, changed: bool) -> tuple[Funnel | None, dict[str, Floats]]:
    """What the limits were made of, and every column of one part but its labels; NaN for no value."""
    here = part.heard.sum(axis=0)
    measured = _measured(part, metric, who.closed | _gone(part, who.names) | (here == 0), who.unshared)
    value = measured.value(measured.now)
    interval = _interval(part, metric)
    known = np.where(np.isnan(value), np.nan, 1.0)
    pool = np.where(who.ranked, value, np.nan)
    found, limits = _limits(measured, who.ranked, changed=changed)
    columns = {
        "days_here": here.astype(float),
        **dict(zip(PAIR, (*measured.now, *measured.before), strict=True)),
        "value": value, "low": interval.low * known, "high": interval.high * known, "rank": _rank(pool),
        "value_comparison": measured.value(measured.before),
        **(_changes(part, measured) if changed and part.before else {}), **limits,
    }  # fmt: skip
    if changed:
        columns["change"] = measured.value(measured.like) - columns["value_comparison"]
    return found, {**columns, "standing": _standing(value, limits)}


def _gone(part: Part, names: Sequence[str]) -> Bools:
    """Who doesn't exist in a week or month: that is no zero either."""
    if part.first_day is None or part.last_day is None:
        return np.zeros(len(names), bool)
    ends = (part.first_day, part.last_day)
    known = {one.short: one for one in register.departments}
    return np.array([name in known and not any(known[name].exists(day) for day in ends) for name in names])


def _measured(part: Part, metric: Metric, silent: Bools, unshared: Bools) -> Measured:
    """The counts; none of who is silent, and no zero of who doesn't share."""
    like = _like(part)
    now = _ratio(part.now, metric, None)
    nothing = np.full_like(now[0], np.nan)
    pair = (
        (_ratio(part.now, metric, like), _ratio(part.before, metric, like))
        if part.before
        else ((nothing, nothing),) * 2
    )
    hidden = silent | (unshared & ((now[1] if metric.is_rate else now[0]) == 0))
    return Measured(
        metric, *((np.where(hidden, np.nan, top), np.where(hidden, np.nan, bottom)) for top, bottom in (now, *pair))
    )


def _like(part: Part) -> Bools:
    """Days by rows: those that the row has now and, beside them, before."""
    if part.heard_before is None:
        return np.zeros_like(part.heard)
    days = min(len(part.heard), len(part.heard_before))
    found = part.heard.copy()
    found[:days] &= part.heard_before[:days]
    found[days:] = False
    return found


def _ratio(sums: Any, metric: Metric, like: Bools | None) -> Ratio:
    """The sums over all days, or over like days alone: no value without any."""
    if metric.name == "visitors":
        whole = like is None or bool(like.all())  # visitors of days don't add up
        return sums.visitors * (1.0 if whole else np.nan), np.full_like(sums.visitors, np.nan)
    found = [_added(sums.daily[name], like) for name in metric.counts]
    return found[0], found[1] if metric.is_rate else np.full_like(found[0], np.nan)


def _added(values: Floats, like: Bools | None) -> Floats:
    if like is None:
        return np.asarray(values.sum(axis=0))
    kept = like[: len(values)]
    return np.where(kept.any(axis=0), (values[: len(kept)] * kept).sum(axis=0), np.nan)


def _interval(part: Part, metric: Metric) -> Interval:
    if metric.is_rate:
        return rate_interval(part.now, metric.name)
    if metric.name == "visitors":
        return Interval(part.now.visitors * np.nan, part.now.visitors * np.nan)
    return total_interval(part.now.known(metric.name), np.array(part.now.places, np.int64) % WEEK)


def _changes(part: Part, measured: Measured) -> dict[str, Floats]:
    """The interval of each row's change, and whether it is unusual among them all; rows with the same like days together."""
    like, metric = _like(part), measured.metric
    found = np.full((5, like.shape[1]), np.nan)  # the ends at 95%, those at 99%, and how likely by chance
    if metric.name != "visitors":
        patterns, which = np.unique(like, axis=1, return_inverse=True)
        for place, days in enumerate(patterns.T):
            own = which.ravel() == place
            found[:, own] = _differences(part, metric, days, own)
    found[:, np.isnan(measured.value(measured.like))] = np.nan
    adjusted = benjamini_hochberg(found[4])
    unusual = Interval(found[2], found[3]).leaves_zero() & (adjusted <= FALSE_DISCOVERIES)
    return {
        "change_low": found[0], "change_high": found[1], "unusual": np.where(np.isnan(adjusted), np.nan, unusual),
    }  # fmt: skip


def _differences(part: Part, metric: Metric, days: Bools, own: Bools) -> Floats:
    """For these rows over these days: the change's interval at 95% and at 99%, and its p-value."""
    sides = [one for one in (part.now, part.before) if one]
    now, before = (
        [one.daily[name][: len(days)][days[: len(one.daily[name])]][:, own] for name in metric.counts] for one in sides
    )
    if not days.any():
        return np.full((5, int(own.sum())), np.nan)
    if not metric.is_rate:
        difference = total_difference(now[0], before[0])
        return np.array([*difference.interval(), *difference.interval(SURE), difference.p_values()])
    difference = ratio_difference((now[0], now[1]), (before[0], before[1]))
    whole, beside_ = ((tops.sum(axis=0), bottoms.sum(axis=0)) for tops, bottoms in (now, before))
    ends = [difference.interval(level) for level in (0.95, SURE)]
    if metric.is_share:
        ends = [one.widened(newcombe(whole, beside_, level)) for one, level in zip(ends, (0.95, SURE), strict=True)]
    return np.array([*ends[0], *ends[1], difference.p_values()])


def _rank(values: Floats) -> Floats:
    """The place of each value, 1 for the largest; equal ones share the better place."""
    larger = (values[None, :] > values[:, None]).sum(axis=1)
    return np.where(np.isnan(values), np.nan, 1.0 + larger)


def _limits(measured: Measured, ranked: Bools, *, changed: bool) -> tuple[Funnel | None, dict[str, Floats]]:
    """The control limits of each ranked row, in the measure's own units; a mean, whose chance isn't known, has none."""
    metric = measured.metric
    if not (metric.is_share or (changed and not metric.is_rate)):
        return None, {}
    top, bottom = measured.now if metric.is_rate else (measured.like[0], measured.before[0])
    pool = ranked & (bottom > 0) & (metric.is_rate | (top > 0))
    if not pool.any():
        return None, {}
    target = float(top[pool].sum() / bottom[pool].sum())
    values = top / bottom if metric.is_rate else np.log(top / bottom)
    errors = np.sqrt(target * (1 - target) / bottom) if metric.is_rate else np.sqrt(1 / top + 1 / bottom)
    found = funnel(np.where(pool, values, np.nan), errors, target if metric.is_rate else float(np.log(target)))
    if found is None:
        return None, {}
    ends = {level: found.limits(errors, share) for level, share in LEVELS.items()}
    natural = _shares if metric.is_rate else _scaled(measured.now[0], values)
    told = {
        f"limit_{level}_{end}": natural(getattr(one, end)) for level, one in ends.items() for end in ("low", "high")
    }
    return found, {name: np.where(pool, one, np.nan) for name, one in told.items()}


def _shares(limits: Floats) -> Floats:
    return np.asarray(limits.clip(0, 1))


def _scaled(values: Floats, changes: Floats) -> Any:
    """From limits of the logarithm of a change to those of the value that changed."""
    return lambda limits: values * np.exp(limits - changes)


def _standing(values: Floats, limits: dict[str, Floats]) -> Floats:
    """Where each row stands among its limits, as a place in `STANDINGS`."""
    if not limits:
        return np.full(len(values), np.nan)
    beyond = [(values < limits[f"limit_{n}_low"]) | (values > limits[f"limit_{n}_high"]) for n in LEVELS]
    return np.where(np.isnan(limits["limit_95_low"] + values), np.nan, np.sum(beyond, axis=0))
