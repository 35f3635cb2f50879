"""What a day was expected to be, from the days before it: the band of an ordinary day, and what a change stands out from.

Days are worked as logarithms (rates as log odds), where weeks, seasons and holidays multiply. A day is expected from the
same weekday of the eight weeks before, moved on by the pace at which all weekdays have been moving (a regression whose
slope is held back), from how last year departed from the same expectation in the week around that day, and, on a bank
holiday, from how earlier ones departed. Its spread is that of the days' residuals, in which chance among few sessions is
told apart from what differs between days. Nothing is carried across a definition break.

`REACH` is set so that 1% of ordinary days fall outside: made-up days with weeks, seasons, trends, holidays and noise that
is larger than chance and lasts from day to day had 2.72 to 2.79 there (tests/test_expected.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from data.periods import Period
from data.register import register
from data.register.records import Dated
from queries.verdicts.statistics import Floats

Bools = NDArray[np.bool_]
WEEKS: Final = 8
WINDOW: Final = 7 * WEEKS  # days that a day is expected from
LEAST: Final = 3  # days of each weekday among them
SLOPE_HELD: Final = 50.0  # weeks squared, added to those of the regression's slope
REACH: Final = 2.75  # spreads from the middle of a band to its ends
CLIPPED: Final = 3.0  # spreads beyond which a day counts as if it were there, so that one strange day bends nothing
FEW: Final = 20.0  # a day, below which there is no band
YEAR: Final = 364  # days: the same weekday of last year
AROUND: Final = 3  # days before and after it
LAST_YEAR: Final = 0.5  # of last year's departure
HOLIDAYS: Final = 2  # bank holidays that must have been seen before one is expected
HOLIDAY_SPREAD: Final = 0.15  # the least by which the logarithms of two bank holidays differ


@dataclass(frozen=True)
class Days:
    """The days of some series: which are ordinary, which bank holidays, and where the last definition break was."""

    ordinary: Bools  # no holiday, and with data
    holiday: Bools
    start: NDArray[np.int64]  # for each day, the place of the first day since its last break


class Series(NamedTuple):
    """Counts of days by rows, or the two counts of a rate."""

    hits: Floats
    trials: Floats | None = None

    @property
    def scaled(self) -> Floats:
        """Logarithms of counts, log odds of rates; halves keep zeros finite."""
        rest = 1.0 if self.trials is None else self.trials - self.hits + 0.5
        return np.asarray(np.log((self.hits + 0.5) / rest))

    @property
    def empty(self) -> Bools:
        """Where there was nothing at all."""
        return np.asarray((self.hits if self.trials is None else self.trials) == 0)

    def natural(self, scaled: Floats) -> Floats:
        """What these logarithms or log odds stand for: counts, or rates."""
        if self.trials is None:
            return np.asarray(np.maximum(np.exp(scaled) - 0.5, 0))
        return np.asarray(1 / (1 + np.exp(-scaled)))


class Band(NamedTuple):
    """For each day and row what was expected, and the ends of the band; NaN where there is none."""

    expected: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True)
class Fit:
    """What the days before say of one day: their places, and the rows of the regression's solution."""

    back: NDArray[np.int64]  # days back from the day
    solution: Floats  # eight rows: the seven weekdays, counted back from the day's own, and the slope by week
    hat: Floats  # from values to fitted values

    @cached_property
    def leverage(self) -> float:
        """The variance of what is expected, in variances of one day."""
        return float((self.solution[0] ** 2).sum())

    @cached_property
    def freedom(self) -> float:
        """Days, less what was fitted to them."""
        return len(self.back) - float(np.trace(self.hat))


@dataclass(frozen=True)
class Expected:
    """Series on their logarithmic scale: values, values with strange days clipped, what was expected, its spread.

    `told` is false where a row wasn't there yet, or wasn't measured, on some of the days before.
    """

    scaled: Floats
    clipped: Floats
    middle: Floats
    spread: Floats
    told: Bools

    def part(self, rows: slice) -> "Expected":
        """The same of some rows."""
        return Expected(
            self.scaled[:, rows], self.clipped[:, rows], self.middle[:, rows], self.spread[:, rows], self.told[:, rows]
        )


def days_of(days: Sequence[date], with_data: frozenset[date], breaks: Sequence[date] = ()) -> Days:
    """These consecutive days as the calendar of the register knows them."""
    events = register.calendar.events(Period(days[0], days[-1]))
    bank = {day for one in events if one.kind == "bank holiday" for day in one.period}
    others = {day for one in events if _unlike(one) for day in one.period}
    holiday, unlike = (np.array([day in found for day in days], bool) for found in (bank, others))
    known = np.array([day in with_data for day in days], bool)
    places = [[place for place, day in enumerate(days) if day >= one][:1] for one in breaks]
    start = np.zeros(len(days), np.int64)
    for place in sorted(place[0] for place in places if place):
        start[place:] = place
    return Days(known & ~holiday & ~unlike, holiday & known, start)


def band(series: Series, found: Expected) -> Band:
    """The band of each day in each row, in the series' own units, from what was expected of them."""
    middle, reach = found.middle, REACH * found.spread
    none = (least_count(middle, series.trials) < FEW) | np.isnan(reach)
    ends = [np.where(none, np.nan, series.natural(value)) for value in (middle, middle - reach, middle + reach)]
    return Band(*ends)


def expected(series: Series, days: Days) -> Expected:
    """What each day was expected to be from the days before it, one after the other."""
    scaled = series.scaled
    clipped, middle = scaled.copy(), np.full_like(scaled, np.nan)
    spread, departed = middle.copy(), middle.copy()
    empty, told = series.empty, np.zeros_like(series.empty)
    for day in range(len(scaled)):
        fit = fitted_before(days, day)
        if fit is None:
            continue
        before = clipped[day - fit.back]
        plain = fit.solution[0] @ before
        shift, doubt = _shift(days, day, departed)
        middle[day] = plain + shift
        trials = None if series.trials is None else series.trials[day]
        told[day] = ~empty[day - fit.back].any(axis=0)
        spread[day] = np.where(told[day], np.sqrt(_variance(fit, before, middle[day], trials) + doubt), np.nan)
        empty[day] &= ~told[day]  # a day that was clipped bends nothing
        departed[day] = scaled[day] - plain
        reach = CLIPPED * np.where(np.isnan(spread[day]), np.inf, spread[day])
        clipped[day] = middle[day] + np.clip(scaled[day] - middle[day], -reach, reach)
        if days.ordinary[day]:
            departed[day] = clipped[day] - plain
    return Expected(scaled, clipped, middle, spread, told)


def fitted_before(days: Days, day: int) -> Fit | None:
    """The regression on the ordinary days before a day; none where some weekday is too seldom among them."""
    first = max(int(days.start[day]), day - WINDOW)
    seen = np.zeros(WINDOW, bool)
    seen[: day - first] = days.ordinary[first:day][::-1]
    return _fit(seen.tobytes())


@lru_cache(maxsize=4_096)
def _fit(seen: bytes) -> Fit | None:
    back = np.flatnonzero(np.frombuffer(seen, bool)) + 1
    if np.bincount(back % 7, minlength=7).min() < LEAST:
        return None
    design = np.zeros((len(back), 8))
    design[np.arange(len(back)), back % 7] = 1
    design[:, 7] = -back / 7
    square = design.T @ design
    square[7, 7] += SLOPE_HELD
    solution = np.linalg.solve(square, design.T)
    return Fit(back, np.asarray(solution), np.asarray(design @ solution))


def _variance(fit: Fit, before: Floats, middle: Floats, trials: Floats | None) -> Floats:
    """The variance of a day around what is expected of it: what differs between days, and chance among its own counts."""
    residuals = before - fit.hat @ before
    between = (residuals**2).sum(axis=0) / fit.freedom
    usual = None if trials is None else np.broadcast_to(trials, before.shape)
    chance = chance_of(before, usual).mean(axis=0)
    own = chance_of(middle, trials)
    return np.asarray(np.maximum(between - chance, 0) * (1 + fit.leverage) + own + fit.leverage * chance)


def chance_of(scaled: Floats, trials: Floats | None) -> Floats:
    """The variance that chance alone gives a logarithm of a count, or log odds of so many trials."""
    if trials is None:
        return np.asarray(np.exp(-scaled))
    share = 1 / (1 + np.exp(-scaled))
    return np.asarray(1 / (np.maximum(trials, 1) * share * (1 - share)))


def _shift(days: Days, day: int, departed: Floats) -> tuple[Floats, Floats]:
    """What moves a day away from its weeks before, earlier holidays' departure or last year's, and its variance."""
    if days.holiday[day]:
        return _of_holidays(departed[:day][days.holiday[:day]])
    if days.ordinary[day]:
        return _of_last_year(days, day, departed)
    unknown = np.full(departed.shape[1], np.nan)
    alike = departed[day - YEAR] if day >= YEAR else unknown
    return np.nan_to_num(alike), np.where(np.isnan(alike), np.nan, HOLIDAY_SPREAD**2)


def _of_holidays(departed: Floats) -> tuple[Floats, Floats]:
    alike = departed[~np.isnan(departed).any(axis=1)]
    if len(alike) < HOLIDAYS:
        nothing = np.zeros(departed.shape[1])
        return nothing, nothing * np.nan
    varies = np.maximum(alike.var(axis=0, ddof=1), HOLIDAY_SPREAD**2)
    return np.asarray(alike.mean(axis=0)), np.asarray(varies * (1 + 1 / len(alike)))


def _of_last_year(days: Days, day: int, departed: Floats) -> tuple[Floats, Floats]:
    """A part of how the ordinary days around the same weekday of last year departed; nothing where few of them are known."""
    nothing = np.zeros(departed.shape[1])
    first, last = day - YEAR - AROUND, day - YEAR + AROUND + 1
    if first < 0:
        return nothing, nothing
    around = departed[first:last]
    kept = around[days.ordinary[first:last] & ~np.isnan(around).any(axis=1)]
    if len(kept) <= AROUND:
        return nothing, nothing
    return LAST_YEAR * kept.mean(axis=0), LAST_YEAR**2 * kept.var(axis=0, ddof=1) / AROUND


def least_count(middle: Floats, trials: Floats | None) -> Floats:
    """What must not be below `FEW`: the count expected, or the smaller of a rate's hits and misses."""
    if trials is None:
        return np.asarray(np.exp(middle))
    share = 1 / (1 + np.exp(-middle))
    return np.asarray(trials * np.minimum(share, 1 - share))


def _unlike(event: Dated) -> bool:
    """Whether its days are like no other of their weekday: around Christmas, and holidays that fall on a weekend."""
    return event.kind == "holiday at a weekend" or event.name == "Christmas holidays"
