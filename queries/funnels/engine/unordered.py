"""Funnels in any order: as many different steps as page views close to each other can be told apart for.

A page view may match several steps and serves one, so steps are matched to views (Kuhn's augmenting paths). Sets of views
that can be matched at once form a matroid: taking the earliest view that still fits gives the earliest attempt, and a set
that fits is part of one of the largest. Most units look alike, so each likeness is worked out once. Some funnels are made so
that no two are alike and each takes long: the work is counted, and one that takes too much is refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from queries.funnels.engine.views import NONE, Array, Reached, Rule, Stage, Views, heads_of
from queries.funnels.engine.work import Work

A_UNIT: Final = 20  # moves that take as long as looking at one unit
Likeness = tuple[tuple[int, ...], tuple[int, ...], tuple[bool, ...]]


def reached(views: Views, rule: Rule, work: Work) -> Reached:
    """What each unit reached by the attempt that counts: stage k holds the k-th view of each."""
    heads = np.flatnonzero(heads_of(views.unit))
    lengths = np.diff(heads, append=len(views.unit))
    alone = heads[(lengths == 1) & (views.steps[heads] > 0)]  # units of one view need no search
    chosen, voided = _attempts(views, rule, (heads[lengths > 1], lengths[lengths > 1]), work)
    level = np.array([len(rows) for rows in chosen], np.int64)
    first = np.array([rows[0] for rows in chosen], np.int64)
    stages, most, before = [_first(alone, first, level)], len(rule.optional), first
    for step in range(1, most):
        here = np.flatnonzero(level > step)
        row = np.full(len(chosen), NONE)
        row[here] = [chosen[unit][step] for unit in here.tolist()]
        stopped = row[level == step + 1] if step + 1 < most else row[:0]
        stages.append(Stage(row[here], before[here], first[here], stopped))
        before = row
    return Reached(stages, voided, len(alone) + len(chosen))


def _first(alone: Array, first: Array, level: Array) -> Stage:
    """The first views of all attempts, those of units of one view among them."""
    rows = np.sort(np.concatenate([alone, first]))
    return Stage(rows, np.full(len(rows), NONE), rows, np.sort(np.concatenate([alone, first[level == 1]])))


def _attempts(views: Views, rule: Rule, units: tuple[Array, Array], work: Work) -> tuple[list[list[int]], int]:
    """The rows of the attempt that counts of each unit that has one, and how many exclusions hold back; units are starts and lengths."""
    soonest = views.start
    if rule.window is not None:
        soonest = np.maximum(soonest, np.searchsorted(views.clock, views.clock - rule.window))
    known: dict[Likeness, tuple[list[int], bool]] = {}
    attempts: list[list[int]] = []
    voided = 0
    for start, length in zip(*(each.tolist() for each in units), strict=True):
        work.done(A_UNIT)
        mine = slice(start, start + length)
        steps, excluded = views.steps[mine].tolist(), (views.excluded[mine] > 0).tolist()
        likeness = (tuple(steps), tuple((soonest[mine] - start).tolist()), tuple(excluded))
        if likeness not in known:
            known[likeness] = _worked_out(likeness, work)
        places, held_back = known[likeness]
        voided += held_back
        if places:
            attempts.append([start + place for place in places])
    return attempts, voided


def _worked_out(likeness: Likeness, work: Work) -> tuple[list[int], bool]:
    """The places of the attempt that counts, and whether it would be longer without exclusions."""
    steps, soonest, excluded = likeness
    found = _Unit(*likeness, work).best()
    free = _Unit(steps, soonest, (False,) * len(steps), work).best() if any(excluded) else found
    return found, len(free) > len(found)


@dataclass(frozen=True)
class _Unit:
    """The views of one unit: the steps that each matches, the earliest place within its window, and whether it is excluded."""

    steps: Sequence[int]
    soonest: Sequence[int]
    excluded: Sequence[bool]
    work: Work

    def best(self) -> list[int]:
        """The attempt with most steps; its last view earliest, then its first latest, then each as early as can be."""
        level, low, span = 0, 0, (0, 0)
        for last in range(len(self.steps)):
            low = max(low, self.soonest[last])
            if self.excluded[last]:
                low = self._uncut(low, last)
            if (size := self._rank(range(low, last + 1), level)) > level:
                level, span = size, (low, last)
        if not level:
            return []
        (low, last), matching = span, self._matching()
        first = next(n for n in range(last, low - 1, -1) if self._rank(range(n, last + 1), level - 1) == level)
        served = [n for n in range(first, last + 1) if self.excluded[n]]
        for place in [*served, first, last, *range(first, last)]:
            if place not in matching.views and len(matching.views) < level:
                matching.add(place)
        return sorted(matching.views)

    def _uncut(self, low: int, last: int) -> int:
        """The earliest place from which all excluded views up to `last` can serve steps, so that none cuts."""
        matching = self._matching()
        for place in range(last, low - 1, -1):
            self.work.done(1)
            if self.excluded[place] and not matching.add(place):
                return place + 1
        return low

    def _rank(self, places: range, least: int) -> int:
        """How many steps can be matched at once by the views at these places; 0 where it is no more than `least`."""
        together = 0
        self.work.done(len(places))
        for place in places:
            together |= self.steps[place]
        if together.bit_count() <= least:
            return 0
        matching = self._matching()
        tried: dict[int, int] = {}
        for place in reversed(places):
            tried[self.steps[place]] = tried.get(self.steps[place], 0) + 1
            if tried[self.steps[place]] <= self.steps[place].bit_count():
                matching.add(place)
        return len(matching.views)

    def _matching(self) -> "_Matching":
        return _Matching(self.steps, self.work)


@dataclass
class _Matching:
    """Views that serve a step each."""

    steps: Sequence[int]
    work: Work
    views: set[int] = field(default_factory=set)
    server: dict[int, int] = field(default_factory=dict)  # of each step, the view

    def add(self, view: int) -> bool:
        """Take one more view, moving others to other steps where need be. Says whether it could be taken."""
        tried: set[int] = set()
        taken = self._serve(view, tried)
        self.work.done(1 + len(tried))
        if taken:
            self.views.add(view)
        return taken

    def _serve(self, view: int, tried: set[int]) -> bool:
        open_steps = self.steps[view]
        while open_steps:
            step = open_steps & -open_steps
            open_steps ^= step
            if step not in tried:
                tried.add(step)
                if step not in self.server or self._serve(self.server[step], tried):
                    self.server[step] = view
                    return True
        return False
