"""Whether each of many things departed from its own weeks before by more than it, and things like it, do by themselves.

A stretch of days is held against the same weekdays of the eight weeks before it: sums against sums, so that small counts tell
as well. How far a thing departs by itself is known from its earlier stretches of the same length (placebos), which are few,
and from how far things of its kind depart on the same days beyond chance (Spiegelhalter's variance between units), of which
there are many. The two variances are averaged, the second worth `WORTH` stretches, as Smyth (2004, "Linear models and
empirical Bayes methods") shrinks the variances of many genes. Many things are judged together (Benjamini-Hochberg).
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from queries.verdicts.expected import FEW, LEAST, WINDOW, Days
from queries.verdicts.statistics import Floats, benjamini_hochberg, funnel, two_sided
from queries.verdicts.verdicts import FALSE_DISCOVERIES, WITHIN

WORTH: Final = 10.0  # stretches of a thing's own that what things of its kind do is worth
HALF: Final = 0.5  # added to counts, so that zeros have logarithms


class Stretch(NamedTuple):
    """What was seen on some days and what was expected, by thing; `weight` of the days before in one of theirs."""

    hits: Floats
    expected: Floats
    trials: Floats | None
    expected_trials: Floats | None
    weight: float

    @property
    def size(self) -> Floats:
        """How far it departs, as a logarithm: of counts, or of a rate's odds."""
        if self.trials is None or self.expected_trials is None:
            return np.asarray(np.log((self.hits + HALF) / (self.expected + HALF)))
        return np.asarray(_log_odds(self.hits, self.trials) - _log_odds(self.expected, self.expected_trials))

    @property
    def chance(self) -> Floats:
        """The standard error that chance alone gives the size."""
        if self.trials is None or self.expected_trials is None:
            return np.asarray(np.sqrt((1 + self.weight) / (self.expected + HALF)))
        share = (self.expected + HALF) / (self.expected_trials + 2 * HALF)
        return np.asarray(np.sqrt((1 + self.weight) / ((self.trials + 2 * HALF) * share * (1 - share))))


@dataclass(frozen=True)
class Judged:
    """A stretch of each thing: whether it is likely real, and between what it would have lain otherwise."""

    stretch: Stretch
    real: "np.ndarray[tuple[int], np.dtype[np.bool_]]"
    spread: Floats


def judged(hits: Floats, trials: Floats | None, days: Days, length: int) -> Judged | None:
    """The last `length` days of each thing, days first; none where too little came before to tell anything."""
    last = len(hits) - length
    now = _stretch((hits, trials), days, last, length)
    if now is None or int(days.start[-1]) > last:
        return None
    starts = range(max(int(days.start[last]), last - WITHIN), last - length + 1)
    earlier = [one.size for place in starts if (one := _stretch((hits, trials), days, place, length))]
    enough = np.maximum(now.hits, now.expected) >= FEW
    if now.expected_trials is not None:
        enough &= now.expected_trials >= FEW  # a page that is new has no rate to be held against
    sizes = np.where(enough, now.size, np.nan)
    peers = funnel(sizes, now.chance, float(np.nanmedian(sizes)) if enough.any() else 0.0)
    freedom = len(earlier) // length
    own = np.mean(np.square(earlier), axis=0) if freedom else np.zeros(len(sizes))
    alike = now.chance**2 + (peers.between if peers else 0.0)
    spread = np.sqrt((WORTH * alike + freedom * own) / (WORTH + freedom))
    p_values = np.array([two_sided(float(t), int(WORTH) + freedom) for t in np.abs(sizes) / spread])
    return Judged(now, benjamini_hochberg(p_values) <= FALSE_DISCOVERIES, spread)


def _stretch(parts: tuple[Floats, Floats | None], days: Days, first: int, length: int) -> Stretch | None:
    """The ordinary days among `length` from the first on; none where they, or those before them, are too few."""
    ahead = first + np.flatnonzero(days.ordinary[first : first + length])
    start = max(int(days.start[first]), first - WINDOW)
    back = start + np.flatnonzero(days.ordinary[start:first])
    wanted, known = (np.bincount(places % 7, minlength=7) for places in (ahead, back))
    if 2 * len(ahead) < length or (known[wanted > 0] < LEAST).any():
        return None
    weights = (wanted / np.maximum(known, 1))[back % 7]
    seen = [None if part is None else part[ahead].sum(axis=0) for part in parts]
    before = [None if part is None else weights @ part[back] for part in parts]
    return Stretch(np.asarray(seen[0]), np.asarray(before[0]), seen[1], before[1], len(ahead) / len(back))


def _log_odds(hits: Floats, trials: Floats) -> Floats:
    return np.asarray(np.log((hits + HALF) / (trials - hits + HALF)))
