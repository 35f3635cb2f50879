"""The bands of a trend's measures, and what its whole period departs by from what was expected before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, NamedTuple

import numpy as np
import polars as pl

from data.periods import Period
from data.register import register
from queries.asking import Asking
from queries.metrics import METRICS
from queries.trends.trend_sums import Held
from queries.verdicts.expected import FEW, Days, Expected, Series, band, chance_of, days_of, expected, least_count
from queries.verdicts.statistics import Floats
from queries.verdicts.verdicts import TOO_FEW, Departure, departure, departures

BANDED: Final = ("sessions", "page_views", "landings", "exits", "searches", "exit_rate", "single_page_rate")
ORDINARY: Final = 0.99  # of ordinary weeks or months, which lie within their band
CHANCE: Final = 2.576  # standard errors that as many lie within by chance alone
Stretch = tuple[int, int]  # the place of its first day, and how many days it has
FEWEST: Final = 4  # stretches beside each other that a band is made from: with fewer it is wider than what it is of


@dataclass(frozen=True)
class Measured:
    """A measure of every row over every day held, what was expected of it, and what the days asked for departed by."""

    name: str
    series: Series
    days: Days
    together: Expected  # of the measures that were worked together
    rows: slice  # its own of them
    departed: Departure

    @property
    def expected(self) -> Expected:
        """What was expected of it."""
        return self.together.part(self.rows)


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

    def columns_of(self, stretches: Sequence[Period]) -> list[pl.Series]:
        """The same as `columns`, of weeks or months: what all days of each were expected to be from before its first."""
        places = [((one.first - self.held.days[0]).days, one.days) for one in stretches]
        found = {id(one.together): one for one in self.measured}
        told = {at: departures(one.together, one.days, places) for at, one in found.items()}
        return [
            column
            for one in self.measured
            for column in self._of_stretches(one, places, [each.part(one.rows) for each in told[id(one.together)]])
        ]

    def _of_stretches(self, one: Measured, places: list[Stretch], departed: list[Departure]) -> list[pl.Series]:
        ends = bands_of(one.series, places, departed)
        low, high, value = (
            pl.Series(np.array(rows).T.ravel(), dtype=pl.Float64).fill_nan(None)
            for rows in zip(*[(low, high, value) for _, low, high, value in ends], strict=True)
        )
        known = [
            any(day in self.held.with_data for day in self.held.days[first : first + length])
            for first, length in places
        ]
        outside = ((value < low) | (value > high)).set(~pl.Series(known * len(self.held.rows), dtype=pl.Boolean), None)
        named = {"expected_low": low, "expected_high": high, "unusual": outside}
        return [column.alias(f"{one.name}_{name}") for name, column in named.items()]

    def _changed(self, one: Measured) -> list[dict[str, Any]]:
        first = len(self.held.days) - self.length
        told = one.departed
        hits, trials = _sums(one.series, first, self.length)
        ends = _ends(one.series, (first, self.length), told, told.reach)
        few = np.isnan(ends.expected) & ~np.isnan(told.size)
        return [
            {
                "department": row, "measure": one.name, "hits": int(hits[place]),
                "trials": None if trials is None else int(trials[place]), "value": _number(ends.value[place]),
                **dict(zip(("expected", "expected_low", "expected_high"), (_number(end[place]) for end in ends[:3]), strict=True)),
                "verdict": TOO_FEW if few[place] else verdict,
            }
            for place, (row, verdict) in enumerate(zip(self.held.rows, told.verdicts(), strict=True))
        ]  # fmt: skip


class Ends(NamedTuple):
    """What the days of a stretch together were expected to be, the ends of that, and what they were, by row; NaN for none."""

    expected: Floats
    low: Floats
    high: Floats
    value: Floats


def bands_of(series: Series, stretches: Sequence[Stretch], departed: Sequence[Departure]) -> list[Ends]:
    """The band of each of these stretches, weeks or months, from how far it departed from what was expected before its first day."""
    return [_ends(series, one, told, _reach(series, one, told)) for one, told in zip(stretches, departed, strict=True)]


def _ends(series: Series, stretch: Stretch, told: Departure, reach: Floats) -> Ends:
    """A stretch's departure from what was expected as counts or rates; none where too few are expected to tell anything."""
    halves = (stretch[1] - 1) / 2  # each day's logarithm has a half of its own
    hits, trials = _sums(series, *stretch)
    whole = Series(hits[None], None if trials is None else trials[None])
    padded = Series(whole.hits + halves, None if whole.trials is None else whole.trials + 2 * halves)
    middle = padded.scaled[0] - told.size
    few = least_count(middle, None if whole.trials is None else whole.trials[0]) < FEW
    less = halves if whole.trials is None else 0.0
    scales = (middle, middle - reach, middle + reach)
    ends = [np.where(few, np.nan, np.maximum(whole.natural(scaled[None])[0] - less, 0)) for scaled in scales]
    return Ends(ends[0], ends[1], ends[2], _value(whole)[0])


def _reach(series: Series, stretch: Stretch, told: Departure) -> Floats:
    """Half the width of a band, at least that of chance alone; none where too few stretches came before."""
    if told.freedom < FEWEST:
        return told.size * np.nan
    hits, trials = _sums(series, *stretch)
    scaled = Series(hits[None], None if trials is None else trials[None]).scaled[0]
    return np.maximum(told.reach_of(ORDINARY), CHANCE * np.sqrt(chance_of(scaled, trials)))


def _sums(series: Series, first: int, length: int) -> tuple[Floats, Floats | None]:
    """The counts of a stretch together."""
    hits, trials = (None if part is None else np.asarray(part[first : first + length].sum(axis=0)) for part in series)
    return np.asarray(hits), trials


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
        Measured(name, one, days, whole, rows_of, departed.part(rows_of))
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
