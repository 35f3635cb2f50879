"""Whether days from one day on differ from what was expected before it, by more than such stretches of days ever did.

The days are expected as in `queries/verdicts/expected.py`, but all of them from before the first. How far the stretch departs is
held against how far every earlier stretch of the same length departed from its own past: placebos, whose days' noise,
season and trend are those of the series itself. Placebos overlap, so they count as many as fit beside each other.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Final, NamedTuple

import numpy as np

from queries.verdicts.expected import Days, Expected, Fit, fitted_before
from queries.verdicts.statistics import Floats, benjamini_hochberg, t_quantile, two_sided

LIKELY: Final = "likely real"
CHANCE: Final = "could be chance"
TOO_EARLY: Final = "too early to say"
TOO_FEW: Final = "too few to say"
WITHIN: Final = 26 * 7  # days before, in which placebos lie: what was long ago says little of how days differ now
PLACEBOS: Final = 2  # stretches beside each other that must have been seen
LEVEL: Final = 0.95
FALSE_DISCOVERIES: Final = 1 - LEVEL  # among the changes of one measure that are called likely real
Departed = Callable[[int, int], Floats | None]  # how far a stretch departed, by its first place and length


class Departure(NamedTuple):
    """How far a stretch departs from what was expected, as a logarithm, by row; NaN and 0 where it can't be told."""

    size: Floats
    spread: Floats
    freedom: int

    def part(self, rows: slice) -> "Departure":
        """The same of some rows."""
        return Departure(self.size[rows], self.spread[rows], self.freedom)

    @property
    def reach(self) -> Floats:
        """How far a stretch departs in 95 of 100 cases in which nothing changed."""
        return self.reach_of(LEVEL)

    def reach_of(self, level: float) -> Floats:
        """How far a stretch departs in this share of cases in which nothing changed."""
        return t_quantile((1 + level) / 2, self.freedom) * self.spread if self.freedom else self.size * np.nan

    def verdicts(self) -> list[str]:
        """A word for each row; many rows are judged together, so that few are called real by chance."""
        if not self.freedom:
            return [TOO_EARLY] * len(self.size)
        with np.errstate(divide="ignore", invalid="ignore"):
            t = np.where(self.size == 0, 0.0, np.abs(self.size) / self.spread)
        adjusted = benjamini_hochberg(np.array([two_sided(one, self.freedom) for one in t]))
        return [TOO_EARLY if np.isnan(p) else LIKELY if p <= FALSE_DISCOVERIES else CHANCE for p in adjusted]


def departure(found: Expected, days: Days, first: int, length: int) -> Departure:
    """How far the days from place `first` on depart, and how far earlier stretches since the last break did."""
    return departures(found, days, [(first, length)])[0]


def departures(found: Expected, days: Days, stretches: Sequence[tuple[int, int]]) -> list[Departure]:
    """The same of several stretches, each the place of its first day and its length; they share their placebos."""

    @cache
    def departed(place: int, length: int) -> Floats | None:
        return _departed(found, days, place, length)

    return [_departure(found, days, one, departed) for one in stretches]


def _departure(found: Expected, days: Days, stretch: tuple[int, int], departed: Departed) -> Departure:
    first, length = stretch
    size = departed(first, length)
    start = int(days.start[first])
    if size is None or int(days.start[first + length - 1]) != start:
        return _unknown(found)
    earlier = [departed(place, length) for place in range(max(start, first - WITHIN), first - length + 1)]
    placebos = np.array([one for one in earlier if one is not None])
    freedom = len(placebos) // length
    if freedom < PLACEBOS:
        return _unknown(found)
    return Departure(size, np.sqrt((placebos**2).mean(axis=0)), freedom)


def _departed(found: Expected, days: Days, first: int, length: int) -> Floats | None:
    """The mean departure of the ordinary days among `length`, none where they are too few or nothing is expected."""
    fit = fitted_before(days, first)
    ahead = np.flatnonzero(days.ordinary[first : first + length])
    if fit is None or 2 * len(ahead) < length:
        return None
    size = (found.scaled[first + ahead] - _forecast(found, fit, first, ahead)).mean(axis=0)
    return np.where(found.told[first], size, np.nan)


def _forecast(found: Expected, fit: Fit, first: int, ahead: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> Floats:
    """What the days `ahead` of the first are expected to be, from the days before it."""
    weights = fit.solution[-ahead % 7] + (ahead[:, None] / 7) * fit.solution[7]
    return np.asarray(weights @ found.clipped[first - fit.back])


def _unknown(found: Expected) -> Departure:
    nothing = np.full(found.scaled.shape[1], np.nan)
    return Departure(nothing, nothing, 0)
