"""The columns that say how a measure changed, and why it may have no change."""

from collections.abc import Iterable, Iterator
from typing import Any

import polars as pl

from data.periods import Period
from data.register import register
from data.store import Reading
from queries.columns import Column, count, derived
from queries.metrics import METRICS, ratio
from queries.periods import days_with_data


def columns(name: str) -> list[Column]:
    """The measure, its interval where it is a rate, the comparison's value, the change with its interval, `unusual`."""
    metric = METRICS[name]
    if not metric.is_rate:
        value = [metric.column(), count(f"{name}_comparison", metric.unit)]
        change, parts = pl.col(name) - pl.col(f"{name}_comparison"), (name, f"{name}_comparison")
        return [*value, *_of_change(name, change, parts, dtype=pl.Int64)]
    now, before = (
        (metric.numerator, metric.denominator),
        (f"{metric.numerator}_comparison", f"{metric.denominator}_comparison"),
    )
    comparison = derived(f"{name}_comparison", metric.unit, ratio(*before), denominators=before[1:])
    interval = [derived(f"{name}_{end}", metric.unit, now) for end in ("low", "high")]
    change = ratio(*now) - ratio(*before)
    return [
        metric.column(),
        *interval,
        comparison,
        *_of_change(name, change, (*now, *before), dtype=pl.Float64),
    ]


def _of_change(name: str, change: pl.Expr, parts: tuple[str, ...], *, dtype: Any) -> list[Column]:
    unit = METRICS[name].unit
    divided = (parts[1], parts[3]) if METRICS[name].is_rate else ()
    return [
        derived(f"{name}_change", unit, change, denominators=divided, dtype=dtype),
        derived(f"{name}_change_low", unit, parts),
        derived(f"{name}_change_high", unit, parts),
        derived(f"{name}_unusual", "true or false", parts, dtype=pl.Boolean),
    ]


def hidden_columns(*names: str) -> list[Column]:
    """Counts that only rates need, with the comparison's."""
    return [count(f"{name}{side}", METRICS[name].unit, shown=False) for name in names for side in ("", "_comparison")]


def same_weekdays(period: Period, comparison: Period) -> bool:
    """Whether day n of one falls on the same day of the week as day n of the other, to the last."""
    return period.days == comparison.days and period.first.weekday() == comparison.first.weekday()


def like_days(reading: Reading, account: str, period: Period, comparison: Period) -> list[int]:
    """The places of the days that have data in both periods; a day is held against the one of the same place."""
    now, before = (days_with_data(reading, account, one) for one in (period, comparison))
    pairs = zip(period, comparison, strict=False)
    return [place for place, (day, beside) in enumerate(pairs) if day in now and beside in before]


def unlike_days(reading: Reading, account: str, period: Period, comparison: Period) -> int:
    """How many days of the longer period have no like day to be held against."""
    return max(period.days, comparison.days) - len(like_days(reading, account, period, comparison))


def broken(measures: Iterable[str], account: str, period: Period, comparison: Period) -> Iterator[tuple[str, str]]:
    """Each measure whose definition broke between the first and the last of these days, with a sentence that says so."""
    whole = Period(min(period.first, comparison.first), max(period.last, comparison.last))
    for name in measures:
        for one in register.calendar.breaks_in(whole, name, account):
            yield name, f"No change is computed across {one.day}: {one.name}. {one.why}"
