"""Two periods beside each other: every measure of every row, its change, and whether that is more than days' own noise."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from queries.departments.summary_sums import Sums
from queries.metrics import METRICS
from queries.verdicts.statistics import (
    Difference,
    Floats,
    Interval,
    benjamini_hochberg,
    newcombe,
    ratio_difference,
    ratio_interval,
    total_difference,
    wilson,
)

SURE: Final = 0.99
FALSE_DISCOVERIES: Final = 0.01  # the share of false ones among the changes of a measure that are called unusual
Values = dict[str, pl.Series]
Ratio = tuple[Floats, Floats]


@dataclass(frozen=True)
class Compared:
    """The sums of a period and of the one before; no change is computed of the measures in `unchanged`.

    Like days alone are compared: a day counts, in the comparison and in the change, where its pair has data too.
    """

    now: Sums
    before: Sums
    unchanged: frozenset[str]

    def measured(self, name: str) -> Values:
        """Every column of a measure, one value a row; null where there is none."""
        return self._rate(name) if METRICS[name].is_rate else self._count(name)

    def counted(self, name: str) -> Values:
        """A count and the comparison's, one value a row."""
        totals = {name: self.now.total(name), f"{name}_comparison": self._beside(name)[1]}
        return {key: _series(values).cast(pl.Int64) for key, values in totals.items()}

    def _count(self, name: str) -> Values:
        now, before = self._beside(name)
        change = now - before
        none = Difference(np.full_like(change, np.nan), np.full_like(change, np.nan), 0)
        difference = none if name == "visitors" else total_difference(*self._paired(name))
        found = self._changed(name, change, difference, (_unknown(change), _unknown(change)))
        return self.counted(name) | found | {f"{name}_change": found[f"{name}_change"].cast(pl.Int64)}

    def _rate(self, name: str) -> Values:
        top, bottom = METRICS[name].numerator, METRICS[name].denominator
        interval, whole = rate_interval(self.now, name), (self.now.total(top), self.now.total(bottom))
        tops, bottoms, (now, before) = self._paired(top), self._paired(bottom), self._ratios(name)
        difference = ratio_difference((tops[0], bottoms[0]), (tops[1], bottoms[1]))
        floors = newcombe(now, before), newcombe(now, before, SURE)
        values = {
            name: _share(whole), f"{name}_low": interval.low, f"{name}_high": interval.high,
            f"{name}_comparison": _share(before),
        }  # fmt: skip
        changed = self._changed(name, _share(now) - _share(before), difference, floors)
        return {key: _series(value) for key, value in values.items()} | changed

    def _ratios(self, name: str) -> tuple[Ratio, Ratio]:
        """The two counts of a rate over like days, now and before."""
        top, bottom = (self._beside(part) for part in METRICS[name].counts)
        return (top[0], bottom[0]), (top[1], bottom[1])

    def _beside(self, name: str) -> tuple[Floats, Floats]:
        """The totals over like days, now and before; visitors of days don't add up, so both have them all or there is no value."""
        if name == "visitors":
            alike = self.now.places == self.before.places
            return self.now.total(name), self.before.total(name) * (1.0 if alike else np.nan)
        now, before = self._paired(name)
        nothing = 1.0 if len(now) else np.nan
        return np.asarray(now.sum(axis=0)), np.asarray(before.sum(axis=0) * nothing)

    def _paired(self, name: str) -> tuple[Floats, Floats]:
        """The days that have data in both periods, each beside its pair."""
        both = sorted(set(self.now.places) & set(self.before.places))
        return self.now.daily[name][both], self.before.daily[name][both]

    def _changed(self, name: str, change: Floats, difference: Difference, floors: tuple[Interval, Interval]) -> Values:
        """The change, its interval, and whether it is unusual; `floors` are the least that its intervals may be."""
        interval, sure = difference.interval().widened(floors[0]), difference.interval(SURE).widened(floors[1])
        adjusted = benjamini_hochberg(difference.p_values())
        unusual = pl.Series(sure.leaves_zero() & (adjusted <= FALSE_DISCOVERIES))
        found = {
            f"{name}_change": _series(change),
            f"{name}_change_low": _series(interval.low),
            f"{name}_change_high": _series(interval.high),
            f"{name}_unusual": unusual.set(pl.Series(np.isnan(adjusted)), None),
        }
        if name in self.unchanged:
            return {key: pl.Series([None], dtype=one.dtype).new_from_index(0, len(one)) for key, one in found.items()}
        return found


def rate_interval(sums: Sums, name: str) -> Interval:
    """The interval of a rate over the days that have data, of how they differ; of a share, where it is wider, of chance alone."""
    top, bottom = METRICS[name].counts
    found = ratio_interval(sums.known(top), sums.known(bottom))
    if not METRICS[name].is_share:
        return found
    found = found.widened(wilson(sums.total(top), sums.total(bottom)))
    return Interval(found.low.clip(0, 1), found.high.clip(0, 1))


def _series(values: Floats) -> pl.Series:
    return pl.Series("", values, pl.Float64, nan_to_null=True)


def _unknown(like: Floats) -> Interval:
    return Interval(np.full_like(like, np.nan), np.full_like(like, np.nan))


def _share(ratio: Ratio) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(ratio[0] / ratio[1])
