"""Is it real? Intervals and tests that know that days differ, not only sessions. Pure functions of numpy arrays.

Traffic isn't binomial: the days of one page differ far more than chance among its sessions would make them. Variance
is therefore taken between days (a ratio of sums over days, linearised; Cochran 1977, 6.3), with Student's t for few
days, and the intervals of Wilson (1927) and Newcombe (1998, method 10) as the least that a rate's interval may be.
Arrays of days have the days first; whatever follows (rows, measures) is worked in one go.
"""

import math
from functools import lru_cache
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
WINSORISED = (
    0.1  # of the z-scores on either side, so that what stands out doesn't widen the limits that it is held against
)
FEWEST = 3  # units: two can't say how much units differ


class Interval(NamedTuple):
    """From `low` to `high`; NaN where there is none."""

    low: Floats
    high: Floats

    def widened(self, other: "Interval") -> "Interval":
        """The smallest interval that holds both; one that is missing counts for nothing."""
        return Interval(np.fmin(self.low, other.low), np.fmax(self.high, other.high))

    def leaves_zero(self) -> NDArray[np.bool_]:
        """Whether zero lies outside; false where there is no interval."""
        return np.asarray((self.low > 0) | (self.high < 0))


class Funnel(NamedTuple):
    """What units are held against: a target, and how much units differ from it by more than chance.

    `ratio` (phi) is the mean square of the units' z-scores, 1 where chance alone makes them differ; `between` (tau squared)
    is the variance between units that explains the rest.
    """

    target: float
    ratio: float
    between: float

    def limits(self, errors: Floats, level: float) -> Interval:
        """Where a unit with this standard error lies in `level` of all cases if it is one of the others."""
        reach = NormalDist().inv_cdf((1 + level) / 2) * np.sqrt(errors * errors + self.between)
        return Interval(self.target - reach, self.target + reach)


class Difference(NamedTuple):
    """A change between two periods: its size, its standard error from paired days, and its degrees of freedom."""

    change: Floats
    error: Floats
    freedom: int

    def interval(self, level: float = 0.95) -> Interval:
        """The interval of the change at this level; NaN with fewer than two days."""
        if self.freedom < 1:
            return Interval(np.full_like(self.change, np.nan), np.full_like(self.change, np.nan))
        reach = t_quantile((1 + level) / 2, self.freedom) * self.error
        return Interval(self.change - reach, self.change + reach)

    def p_values(self) -> Floats:
        """How often a change this large would come about where nothing changed; NaN with fewer than two days."""
        if self.freedom < 1:
            return np.full_like(self.change, np.nan)
        with np.errstate(divide="ignore", invalid="ignore"):
            t = np.where(self.change == 0, 0.0, np.abs(self.change) / self.error)
        return np.asarray(np.vectorize(lambda one: two_sided(one, self.freedom), otypes=[float])(t))


def wilson(hits: Floats, trials: Floats, level: float = 0.95) -> Interval:
    """Wilson's interval of the share `hits / trials`; NaN without trials."""
    z = NormalDist().inv_cdf((1 + level) / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = hits / trials
        middle = (share + z * z / (2 * trials)) / (1 + z * z / trials)
        reach = z / (1 + z * z / trials) * np.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    return Interval(np.maximum(middle - reach, 0), np.minimum(middle + reach, 1))


def newcombe(now: tuple[Floats, Floats], before: tuple[Floats, Floats], level: float = 0.95) -> Interval:
    """Newcombe's interval of the difference of two shares, each given as (hits, trials)."""
    low_now, high_now = wilson(*now, level)
    low_before, high_before = wilson(*before, level)
    with np.errstate(divide="ignore", invalid="ignore"):
        share_now, share_before = now[0] / now[1], before[0] / before[1]
    change = share_now - share_before
    down = np.hypot(share_now - low_now, high_before - share_before)
    up = np.hypot(high_now - share_now, share_before - low_before)
    return Interval(change - down, change + up)


def ratio_interval(hits: Floats, trials: Floats, level: float = 0.95) -> Interval:
    """The interval of the sum of `hits` over the sum of `trials`, from how the days differ; NaN with fewer than two."""
    days = len(hits)
    share, residuals = _linearised(hits, trials)
    if days <= 1:
        return Interval(np.full_like(share, np.nan), np.full_like(share, np.nan))
    reach = t_quantile((1 + level) / 2, days - 1) * _standard_error(residuals)
    return Interval(share - reach, share + reach)


def total_interval(days: Floats, strata: NDArray[np.int64], level: float = 0.95) -> Interval:
    """The interval of a sum over days, from how days of one stratum (a weekday) differ; NaN where none has two days.

    The strata's variances add up (Cochran 1977, 5.3), their degrees of freedom too.
    """
    total, variance, freedom = days.sum(axis=0), np.zeros(days.shape[1:]), 0
    for one in np.unique(strata):
        own = days[strata == one]
        if len(own) > 1:
            variance, freedom = variance + len(own) * own.var(axis=0, ddof=1), freedom + len(own) - 1
    reach = t_quantile((1 + level) / 2, freedom) * np.sqrt(variance) if freedom else np.full_like(total, np.nan)
    return Interval(np.maximum(total - reach, 0), total + reach)


def funnel(values: Floats, errors: Floats, target: float) -> Funnel | None:
    """How much units differ: their `values` with the standard errors that chance alone gives them; none for two or fewer.

    The additive random-effects limits of Spiegelhalter, "Handling over-dispersion of performance indicators" (Quality and
    Safety in Health Care 2005, 14:347-351): z-scores are winsorised, and the variance between units is DerSimonian's and
    Laird's (1986), taken from the winsorised scores. Units without a value, or an error, count for nothing.
    """
    known = np.isfinite(values) & np.isfinite(errors) & (errors > 0)
    units = int(known.sum())
    if units < FEWEST or not math.isfinite(target):
        return None
    scores = (values[known] - target) / errors[known]
    scores = np.clip(scores, *np.quantile(scores, [WINSORISED, 1 - WINSORISED]))
    ratio, weights = float((scores * scores).mean()), 1 / errors[known] ** 2
    rest = float(weights.sum() - (weights * weights).sum() / weights.sum())
    return Funnel(target, ratio, max(0.0, (units * ratio - (units - 1)) / rest))


def ratio_difference(now: tuple[Floats, Floats], before: tuple[Floats, Floats]) -> Difference:
    """The difference of two ratios of sums over days, each (hits, trials); day n is paired with day n before.

    Pairing takes the week's rhythm out: both periods have the same weekdays in the same order.
    """
    share_now, residuals_now = _linearised(*now)
    share_before, residuals_before = _linearised(*before)
    days = len(residuals_now)
    error = _standard_error(residuals_now - residuals_before) if days > 1 else np.full_like(share_now, np.nan)
    return Difference(share_now - share_before, error, days - 1)


def unpaired_difference(now: tuple[Floats, Floats], before: tuple[Floats, Floats]) -> Difference:
    """The difference of two ratios of sums over days that have no pairs: other weekdays, or not as many.

    The variances of both add up; the degrees of freedom are those of the fewer days, the cautious choice beside Welch's.
    """
    (share_now, residuals_now), (share_before, residuals_before) = _linearised(*now), _linearised(*before)
    days = min(len(residuals_now), len(residuals_before))
    none = np.full_like(share_now, np.nan)
    error = np.hypot(_standard_error(residuals_now), _standard_error(residuals_before)) if days > 1 else none
    return Difference(share_now - share_before, error, days - 1)


def total_difference(now: Floats, before: Floats) -> Difference:
    """The difference of two sums over days; day n is paired with day n before."""
    days = len(now)
    changes = now - before
    spread = changes.std(axis=0, ddof=1) if days > 1 else np.full(changes.shape[1:], np.nan)
    return Difference(changes.sum(axis=0), np.asarray(spread * math.sqrt(days)), days - 1)


def benjamini_hochberg(p_values: Floats) -> Floats:
    """Each p-value adjusted so that taking those up to q as real keeps false discoveries at q; NaN stays NaN."""
    adjusted = np.full_like(p_values, np.nan)
    known = np.flatnonzero(~np.isnan(p_values))
    order = known[np.argsort(p_values[known])]
    scaled = p_values[order] * len(known) / np.arange(1, len(known) + 1)
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1)
    return adjusted


def two_sided(t: float, freedom: int) -> float:
    """The probability that Student's t lies further from 0 than `t` (Abramowitz and Stegun 26.7.3 and 26.7.4)."""
    if math.isnan(t) or math.isinf(t):
        return math.nan if math.isnan(t) else 0.0
    angle = math.atan(t / math.sqrt(freedom))
    cosine, first = math.cos(angle), freedom % 2
    term = cosine if first else 1.0
    total = 0.0
    for k in range(2 + first, freedom + 1, 2):
        total += term
        term *= cosine * cosine * (k - 1) / k
    inside = 2 / math.pi * (angle + math.sin(angle) * total) if first else math.sin(angle) * total
    return max(0.0, 1 - inside)


@lru_cache
def t_quantile(probability: float, freedom: int) -> float:
    """The value that Student's t stays below with this probability, which is above a half."""
    low, high = 0.0, 1.0
    while 1 - two_sided(high, freedom) / 2 < probability:
        low, high = high, high * 2
    for _ in range(100):  # halving to the last bit of a float
        middle = (low + high) / 2
        low, high = (middle, high) if 1 - two_sided(middle, freedom) / 2 < probability else (low, middle)
    return high


def _linearised(hits: Floats, trials: Floats) -> tuple[Floats, Floats]:
    """The ratio of the sums, and how much each day pulls it away from where the other days hold it."""
    with np.errstate(divide="ignore", invalid="ignore"):
        total = trials.sum(axis=0)
        share = hits.sum(axis=0) / total
        return np.asarray(share), np.asarray((hits - share * trials) / total)


def _standard_error(residuals: Floats) -> Floats:
    days = len(residuals)
    return np.asarray(np.sqrt(days / (days - 1) * (residuals * residuals).sum(axis=0)))
