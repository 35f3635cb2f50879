"""Funnels in any order: as many different steps as page views close to each other can be told apart for.

A page view may match several steps and serves one, so steps are matched to views (Kuhn's augmenting paths). Sets of views
that can be matched at once form a matroid: taking the earliest view that still fits gives the earliest attempt, and a set
that fits is part of one of the largest. Most units look alike, so each likeness is worked out once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from queries.funnels.views import NONE, Array, Reached, Rule, Stage, Views, heads_of

Likeness = tuple[tuple[int, ...], tuple[int, ...], tuple[bool, ...]]


def reached(views: Views, rule: Rule) -> Reached:
    """What each unit reached by the attempt that counts: stage k holds the k-th view of each."""
    heads = np.flatnonzero(heads_of(views.unit))
    lengths = np.diff(heads, append=len(views.unit))
    alone = heads[(lengths == 1) & (views.steps[heads] > 0)]  # units of one view need no search
    chosen, voided = _attempts(views, rule, heads[lengths > 1], lengths[lengths > 1])
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


def _attempts(views: Views, rule: Rule, starts: Array, lengths: Array) -> tuple[list[list[int]], int]:
    """The rows of the attempt that counts of each of these units that has one, and how many of them exclusions hold back."""
    soonest = views.start
    if rule.window is not None:
        soonest = np.maximum(soonest, np.searchsorted(views.clock, views.clock - rule.window))
    known: dict[Likeness, tuple[list[int], bool]] = {}
    attempts, voided = [], 0
    for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
        mine = slice(start, start + length)
        steps, excluded = views.steps[mine].tolist(), (views.excluded[mine] > 0).tolist()
        likeness = (tuple(steps), tuple((soonest[mine] - start).tolist()), tuple(excluded))
        if likeness not in known:
            known[likeness] = _worked_out(*likeness)
        places, held_back = known[likeness]
        voided += held_back
        if places:
            attempts.append([start + place for place in places])
    return attempts, voided


def _worked_out(steps: Sequence[int], soonest: Sequence[int], excluded: Sequence[bool]) -> tuple[list[int], bool]:
    """The places of the attempt that counts, and whether it would be longer without exclusions."""
    found = _best(steps, soonest, excluded)
    free = _best(steps, soonest, [False] * len(steps)) if any(excluded) else found
    return found, len(free) > len(found)


def _best(steps: Sequence[int], soonest: Sequence[int], excluded: Sequence[bool]) -> list[int]:
    """The attempt with most steps; its last view earliest, then its first latest, then each as early as can be."""
    level, low, span = 0, 0, (0, 0)
    for last in range(len(steps)):
        low = max(low, soonest[last])
        if excluded[last]:
            low = _uncut(steps, excluded, low, last)
        if (size := _rank(steps, range(low, last + 1), level)) > level:
            level, span = size, (low, last)
    if not level:
        return []
    (low, last), matching = span, _Matching(steps)
    first = next(n for n in range(last, low - 1, -1) if _rank(steps, range(n, last + 1), level - 1) == level)
    served = [n for n in range(first, last + 1) if excluded[n]]
    for place in [*served, first, last, *range(first, last)]:
        if place not in matching.views and len(matching.views) < level:
            matching.add(place)
    return sorted(matching.views)


def _uncut(steps: Sequence[int], excluded: Sequence[bool], low: int, last: int) -> int:
    """The earliest place from which all excluded views up to `last` can serve steps, so that none cuts."""
    matching = _Matching(steps)
    for place in range(last, low - 1, -1):
        if excluded[place] and not matching.add(place):
            return place + 1
    return low


def _rank(steps: Sequence[int], places: range, least: int) -> int:
    """How many steps can be matched at once by the views at these places; 0 where it is no more than `least`."""
    together = 0
    for place in places:
        together |= steps[place]
    if together.bit_count() <= least:
        return 0
    matching = _Matching(steps)
    tried: dict[int, int] = {}
    for place in reversed(places):
        tried[steps[place]] = tried.get(steps[place], 0) + 1
        if tried[steps[place]] <= steps[place].bit_count():
            matching.add(place)
    return len(matching.views)


@dataclass
class _Matching:
    """Views that serve a step each."""

    steps: Sequence[int]
    views: set[int] = field(default_factory=set)
    server: dict[int, int] = field(default_factory=dict)  # of each step, the view

    def add(self, view: int) -> bool:
        """Take one more view, moving others to other steps where need be. Says whether it could be taken."""
        taken = self._serve(view, set())
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
