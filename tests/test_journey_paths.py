"""Whole journeys counted by numbers of their paths: as counting them one by one, also where paths share a number."""

from collections import Counter
from unittest.mock import patch

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.journeys.engine import paths
from queries.journeys.engine.walk import Array, Walks
from tests.counts import rounds

CODES = 4
LEAST = 2
Told = list[list[int]]


def walks_of(told: Told) -> Walks:
    """The same journeys step by step."""
    steps = [[one for one in told if len(one) > k] for k in range(max(map(len, told), default=1))]
    on = [np.array([n for n, one in enumerate(some) if len(one) > k + 1], int) for k, some in enumerate(steps[:-1])]
    return Walks([np.array([one[k] for one in some], int) for k, some in enumerate(steps)], on, on)


@settings(max_examples=rounds(100, 1000), deadline=None)
@given(
    st.lists(st.lists(st.integers(0, CODES - 1), min_size=1, max_size=5), max_size=30),
    st.lists(st.booleans(), min_size=CODES, max_size=CODES),
    st.integers(1, 6),
    st.integers(0, 8),
)
def test_the_most_frequent_paths_are_those_counted_one_by_one(
    told: Told, foreign: list[bool], most: int, bits: int
) -> None:
    counts = Counter(map(tuple, told))
    allowed = {path: n for path, n in counts.items() if n >= LEAST or not any(foreign[code] for code in path)}
    least = sorted(allowed.values(), reverse=True)[:most][-1:] or [0]
    drawn, draws = paths._drawn, iter(range(2))

    def alike(size: int) -> Array:
        """Twice numbers of so few bits that paths share them, then others."""
        return drawn(size) if next(draws, None) is None else drawn(size) & np.uint64((1 << bits) - 1)

    with patch("queries.journeys.engine.paths._drawn", alike):
        found = paths.frequent(walks_of(told), np.arange(CODES), np.array(foreign), most=most, least=LEAST)
    assert len(found) == len({tuple(path) for path, _ in found})
    named = {(tuple(path), n) for path, n in found}
    assert {one for one in allowed.items() if one[1] >= least[0]} <= named <= set(allowed.items())
