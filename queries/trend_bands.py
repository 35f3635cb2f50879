"""The bands of a trend's measures, and what its whole period departs by from what was expected before it."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

import numpy as np
import polars as pl

from data.periods import Period
from data.register import register
from queries.asking import Asking
from queries.expected import FEW, Days, Expected, Series, band, days_of, expected, least_count
from queries.metrics import METRICS
from queries.statistics import Floats
from queries.trend_sums import Held
from queries.verdicts import TOO_FEW, Departure, departure

BANDED: Final = ("sessions", "page_views", "landings", "exits", "searches", "exit_rate", "single_page_rate")


@dataclass(frozen=True)
class Measured:
    """A measure of every row over every day held, with what was expected of it, and what the days asked for departed by."""

    name: str
    series: Series
    expected: Expected
    departed: Departure


@dataclass(frozen=True)
class Banded:
    """Every measure that has bands; the days asked for are the last `length` of those held."""

    held: Held
    measured: tuple[Measured, ...]
    length: int

    def columns(self) -> list[pl.Series]:
        """The ends of each measure's band and whether the day lies outside, row by row and day by day."""
        return [column for one in self.measured for column in self._of(one)]

    def _of(self, one: Measured) -> list[pl.Series]:
        found = band(one.series, one.expected)
        low, high = (self._flat(end).fill_nan(None) for end in (found.low, found.high))
        value = self._flat(_value(one.series))
        known = [day in self.held.with_data for day in self.held.days[-self.length :]] * len(self.held.rows)
        outside = ((value < low) | (value > high)).set(~pl.Series(known, dtype=pl.Boolean), None)
        ends = {"low": low, "high": high}
        return [
            *(end.alias(f"{one.name}_expected_{side}") for side, end in ends.items()),
            outside.alias(f"{one.name}_unusual"),
        ]

    def _flat(self, values: Floats) -> pl.Series:
        return pl.Series(np.asarray(values[-self.length :].T.ravel()), dtype=pl.Float64)

    def changes(self) -> list[dict[str, Any]]:
        """For each row and measure the whole period's value, what was expected of it, and a verdict."""
        found = [self._changed(one) for one in self.measured]
        return [rows[place] for place in range(len(self.held.rows)) for rows in found]

    def _changed(self, one: Measured) -> list[dict[str, Any]]:
        first = len(self.held.days) - self.length
        told = one.departed
        hits, trials = (None if part is None else part[first:].sum(axis=0) for part in one.series)
        whole = Series(np.asarray(hits)[None], None if trials is None else np.asarray(trials)[None])
        halves = (self.length - 1) / 2  # each day's logarithm has a half of its own
        padded = Series(whole.hits + halves, None if whole.trials is None else whole.trials + 2 * halves)
        middle = padded.scaled[0] - told.size
        few = least_count(middle, None if whole.trials is None else whole.trials[0]) < FEW
        scales = (middle, middle - told.reach, middle + told.reach)
        less = halves if whole.trials is None else 0.0
        ends = [np.where(few, np.nan, np.maximum(whole.natural(scaled[None])[0] - less, 0)) for scaled in scales]
        return [
            {
                "department": row, "measure": one.name, "hits": int(whole.hits[0, place]),
                "trials": None if whole.trials is None else int(whole.trials[0, place]),
                "value": _number(_value(whole)[0, place]),
                **dict(zip(("expected", "expected_low", "expected_high"), (_number(end[place]) for end in ends), strict=True)),
                "verdict": TOO_FEW if few[place] else verdict,
            }
            for place, (row, verdict) in enumerate(zip(self.held.rows, told.verdicts(), strict=True))
        ]  # fmt: skip


def banded(held: Held, asking: Asking[Any], names: tuple[str, ...] = BANDED) -> Banded:
    """The bands of these measures; those with the same breaks are worked together."""
    breaks = {name: _breaks(name, held, asking) for name in names}
    kinds = sorted(names, key=lambda name: (METRICS[name].is_rate, breaks[name], names.index(name)))
    found: list[Measured] = []
    for (_, days), alike in groupby(kinds, key=lambda name: (METRICS[name].is_rate, breaks[name])):
        known = days_of(held.days, held.with_data, days)
        found += _together([*alike], held, known, asking.period.days)
    return Banded(held, tuple(found), asking.period.days)


def _together(names: list[str], held: Held, days: Days, length: int) -> list[Measured]:
    """Several measures beside each other as one series, taken apart again."""
    series = [Series(*(held.sums[part] for part in METRICS[name].counts)) for name in names]
    hits = np.hstack([one.hits for one in series])
    trials = (
        np.hstack([one.trials for one in series if one.trials is not None]) if series[0].trials is not None else None
    )
    whole, rows = expected(Series(hits, trials), days), len(held.rows)
    departed = departure(whole, days, len(held.days) - length, length)
    places = [slice(place * rows, (place + 1) * rows) for place in range(len(names))]
    return [
        Measured(name, one, whole.part(rows_of), departed.part(rows_of))
        for name, one, rows_of in zip(names, series, places, strict=True)
    ]


def _breaks(name: str, held: Held, asking: Asking[Any]) -> tuple[Any, ...]:
    whole = Period(held.days[0], held.days[-1])
    return tuple(one.day for one in register.calendar.breaks_in(whole, name, asking.account))


def _value(series: Series) -> Floats:
    if series.trials is None:
        return series.hits
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(series.hits / series.trials)


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
