"""Ordered and strict funnels: attempts as chains of page views, all units at once.

Whatever an attempt must obey from one view to the next (a window, exclusions, strictness) says only how far back the view
before may lie, and this limit never falls from view to view. Hence the latest view before that can be reached is always the
best, the attempts to one last view that start latest have a step-by-step earliest among them, and both are found by looking
up sorted rows: no search, no pair of views looked at twice. `tests/plain/funnel.py` tries all attempts instead.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from queries.funnels.engine.views import NONE, Array, Reached, Rule, Stage, Views, heads_of
from queries.funnels.engine.work import Work

Chain = list[
    tuple[Array, Array]
]  # of each required step: the rows that attempts reach, and the latest first view of each


LOOKED_AT: Final = 60  # views looked at for one step in the time of one move
MATCHED: Final = 10  # views that match it and are held against the step before


def reached(views: Views, rule: Rule, work: Work) -> Reached:
    """What each unit reached by the attempt that counts."""
    if not rule.exclusions:
        run = _Run(rule, 1, len(rule.required), ())
        chain = run.chain(views, work)
        levels = _levels(views, chain, _units(views))
        return _told(views, rule, run.chosen(views, chain, levels), levels)
    levels, found = np.zeros(_units(views), np.int64), _nothing(len(rule.required))
    rows = np.arange(len(views.unit))
    for run in _runs(rule):
        part = views if len(rows) == len(views.unit) else views.part(rows)
        chain = run.chain(part, work)
        level = _levels(part, chain, len(levels))
        levels[level >= run.least] = level[level >= run.least]
        found = [_joined(a, b, rows) for a, b in zip(found, run.chosen(part, chain, level), strict=True)]
        rows = rows[levels[part.unit] == 0]
    free = _levels(views, _Run(rule, 1, len(rule.required), ()).chain(views, work), len(levels))
    return _told(views, rule, found, levels, voided=int((free > levels).sum()))


def _told(views: Views, rule: Rule, found: Sequence[Stage], levels: Array, *, voided: int = 0) -> Reached:
    """What was found of the required steps, with the optional ones, and how many exclusions held back."""
    stages = found if len(found) == len(rule.optional) else list(_with_optional(views, rule, found, levels))
    return Reached(stages, voided, len(found[0].rows))


@dataclass(frozen=True)
class _Run:
    """Attempts of `least` to `most` required steps: the exclusions that bind these (bits) are the same for all of them."""

    rule: Rule
    least: int
    most: int
    binding: tuple[int, ...]

    def chain(self, views: Views, work: Work) -> Chain:
        """The rows that attempts reach, step by step."""
        required = self.rule.required[: self.most]
        rows = views.of(required[0])
        chain = [(rows, rows)]
        for place in range(1, len(required)):
            before, first = chain[-1]
            after = views.of(required[place]) if len(before) else before
            if len(after) > len(before):  # most can't be reached, and marks are looked up faster than rows
                there = np.zeros(int(views.unit[-1]) + 1, bool)
                there[views.unit[before]] = True
                after = after[there[views.unit[after]]]
            work.done((len(before) and len(views.unit) // LOOKED_AT) + len(after) // MATCHED)
            latest = np.searchsorted(before, after) - 1
            fits = latest >= 0
            fits[fits] = before[latest[fits]] >= self.floor(views, place, after[fits])
            if self.rule.window is not None:
                took = views.seconds[after[fits]] - views.seconds[first[latest[fits]]]
                fits[fits] = took <= self.rule.window
            chain.append((after[fits], first[latest[fits]]))
        return chain

    def floor(self, views: Views, place: int, after: Array) -> Array:
        """The earliest row at which the view before may lie, for views of the required step at `place`."""
        floor = views.start[after]
        if self.rule.step_window is not None:
            soonest = np.searchsorted(views.clock, views.clock[after] - self.rule.step_window)
            floor = np.maximum(floor, soonest)
        if self.rule.mode == "strict":
            floor = np.maximum(floor, _last(np.flatnonzero(views.apart), after, "right"))
            floor = np.maximum(floor, _last(np.flatnonzero(~self._between(views, place)), after, "left"))
        if bits := sum(1 << n for n in self.binding if _within(self.rule.exclusions[n], place)):
            floor = np.maximum(
                floor, _last(np.flatnonzero(views.excluded & views.excluded.dtype.type(bits)), after, "left")
            )
        return floor

    def _between(self, views: Views, place: int) -> Array:
        """Whether each view may lie between the required steps at `place` - 1 and `place` of a strict funnel."""
        low, high = self.rule.required[place - 1], self.rule.required[place]
        return views.among(sum(1 << step for step in range(low, high)))

    def chosen(self, views: Views, chain: Chain, level: Array) -> list[Stage]:
        """The attempts that count of the units whose level lies in this run, from the last view backward."""
        none = np.zeros(0, np.int64)
        stages = [Stage(none, none, none, none) for _ in self.rule.required]
        after, first = none, none  # the views chosen of the step after, and where their attempts start
        for place in reversed(range(len(chain))):
            rows, starts = chain[place]
            before = none
            if len(after):
                before = np.searchsorted(rows, self.floor(views, place + 1, after))
                before = np.maximum(before, np.searchsorted(starts, first))
                done = stages[place + 1]
                stages[place + 1] = Stage(done.rows, rows[before], done.first, done.stopped)
            last = none
            if place + 1 >= self.least:
                heads = np.flatnonzero(heads_of(views.unit[rows]))
                last = heads[level[views.unit[rows[heads]]] == place + 1]
            here = np.sort(np.concatenate([before, last]), kind="stable")  # two sorted runs are merged
            after, first = rows[here], starts[here]
            stopped = rows[last] if place + 1 < len(stages) else none
            stages[place] = Stage(after, np.full(len(after), NONE), first, stopped)
        return stages


def _runs(rule: Rule) -> Iterator[_Run]:
    """Longest attempts first: an exclusion binds those alone that reach its last step."""
    most = len(rule.required)
    for to in sorted({to for _, to in rule.exclusions}, reverse=True):
        yield _Run(rule, to + 1, most, tuple(n for n, one in enumerate(rule.exclusions) if one[1] <= to))
        most = to
    yield _Run(rule, 1, most, ())


def _within(exclusion: tuple[int, int], place: int) -> bool:
    """Whether an exclusion lies over the way from the required step before `place` to it."""
    return exclusion[0] < place <= exclusion[1]


def _last(bad: Array, rows: Array, side: str) -> Array:
    """The last of the bad rows that lies before each row (`right`: or is it); 0 where there is none."""
    found: Array = np.append(0, bad)[np.searchsorted(bad, rows, side)]  # type: ignore[call-overload]
    return found


def _units(views: Views) -> int:
    return int(views.unit[-1]) + 1 if len(views.unit) else 0


def _levels(views: Views, chain: Chain, units: int) -> Array:
    """How many required steps each unit reached."""
    level = np.zeros(units, np.int64)
    for place, (rows, _) in enumerate(chain):
        level[views.unit[rows]] = place + 1
    return level


def _nothing(steps: int) -> list[Stage]:
    none = np.zeros(0, np.int64)
    return [Stage(none, none, none, none)] * steps


def _joined(one: Stage, other: Stage, rows: Array) -> Stage:
    """What two runs found of a step, in order; the rows of the other are places in `rows`."""
    found = [np.append(rows, NONE)[column] for column in (other.rows, other.before, other.first, other.stopped)]
    mine = (one.rows, one.before, one.first, one.stopped)
    row, before, first, stopped = (np.concatenate(both) for both in zip(mine, found, strict=True))
    order = np.argsort(row)
    return Stage(row[order], before[order], first[order], np.sort(stopped))


def _with_optional(views: Views, rule: Rule, found: Sequence[Stage], levels: Array) -> Iterator[Stage]:
    """The stages of all steps: an optional one is done by a view between its neighbours, or after the last one reached."""
    place = -1
    for step, optional in enumerate(rule.optional):
        if optional:
            yield _optional(views, rule, step, found[place : place + 2], last=levels == place + 1)
        else:
            place += 1
            yield found[place]


def _optional(views: Views, rule: Rule, step: int, around: Sequence[Stage], *, last: Array) -> Stage:
    """What was found of one optional step; `last` says which units got no further than the step before."""
    before, after = around
    ended = last[views.unit[before.rows]]
    until = views.end[before.rows]
    until[~ended] = after.rows
    for window, start in ((rule.window, before.first), (rule.step_window, before.rows)):
        if window is not None:
            over = np.searchsorted(views.clock, views.clock[start] + window, "right")
            until[ended] = np.minimum(until, over)[ended]
    rows = np.append(views.of(step), len(views.unit))
    row = rows[np.searchsorted(rows, before.rows, "right")]
    done = row < until
    skipped = int((~done & ~ended).sum())
    return Stage(row[done], before.rows[done], before.first[done], np.zeros(0, np.int64), skipped=skipped)
