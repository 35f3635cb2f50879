"""Journeys as the index by page knows them: a view of the anchor, and the six steps before or after it."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np

from queries.journeys.engine.walk import Array, Views, Walks, Wish, changes
from queries.source import Columns, Source, chosen, joined, ranges, reloading, seeing, taken

STEPS: Final = 6  # each way, that the index by page knows of a page view


@dataclass(frozen=True)
class Known:
    """One row a journey: the columns of `explore_forward.sql` or `explore_backward.sql`."""

    columns: Columns
    side: str  # next, or previous

    @property
    def session(self) -> Array:
        """The session of each journey."""
        return self.columns["session"]

    def page(self, step: int) -> Array:
        """The page of a step, 0 where the session has no such step."""
        return self.columns[f"{self.side}_{step}" if step else "page"]

    def took(self, step: int) -> Array:
        """The seconds from the step before."""
        return self.columns[f"{self.side}_{step}_seconds"]

    def walks(self, steps: int) -> Walks:
        """The pages of the first steps known."""
        codes, on, took = [self.page(0)], [], []
        rows: Any = slice(None)
        for k in range(1, min(steps, STEPS) + 1):
            page = self.page(k)[rows]
            on.append(np.flatnonzero(page > 0))  # numpy finds what is true six times as fast as what isn't 0
            rows = on[0] if k == 1 else rows.take(on[-1])
            codes.append(page.take(on[-1]))
            took.append(self.took(k).take(rows))
        return Walks(codes, on, took)

    def views(self, rows: Array) -> Views:
        """The steps of some journeys as page views, in the order of time."""
        page = np.stack([self.page(k).take(rows) for k in range(STEPS + 1)], axis=1)
        took = np.stack([self.took(k).take(rows) for k in range(1, STEPS + 1)], axis=1)
        seconds = np.zeros(page.shape, np.int64)
        np.cumsum(took, axis=1, out=seconds[:, 1:])
        if self.side == "previous":
            page, seconds = page[:, ::-1], -seconds[:, ::-1]
        there = page > 0
        return Views(np.repeat(self.session.take(rows), there.sum(axis=1)), page[there], seconds[there])


def known(source: Source, anchor: Array) -> Known:
    """The first (or last) view of the anchor's pages in each session that fits the filters."""
    asked = source.asking.parameters
    first = asked.occurrence == "first"
    filters = {"first": first, "several": len(anchor) > 1, **source.session_filters()}
    if asked.direction == "backward":
        filters["grouped"] = asked.group.by != "page"
    parts = [
        source.kept(f"explore_{asked.direction}", low=low, high=high, **filters)
        for low, high in ranges(anchor) or [(0, 0)]
    ]
    rows = joined(parts)
    sessions = chosen(source)
    if sessions is not None:
        rows = taken(rows, np.flatnonzero(sessions.take(rows["session"])))
    if len(anchor) > 1:
        rows = taken(rows, _one_a_session(rows, first=first))
    return Known(rows, "next" if asked.direction == "forward" else "previous")


def _one_a_session(rows: Columns, *, first: bool) -> Array:
    """Places of the first, or last, row of each session by position."""
    order = np.lexsort((rows["position"], rows["session"]))
    head = changes(rows["session"][order])
    return order[head if first else np.append(head[1:], True)[: len(head)]]


@dataclass(frozen=True)
class Sorted:
    """Which journeys are as they stand, which must be walked along the steps known, and which along the whole session."""

    plain: Array
    walked: Array
    open: Array


def sorted_out(source: Source, rows: Known, walks: Walks, wish: Wish) -> Sorted:
    """Sort journeys by what their known steps tell of what is asked; what tells that there is no journey is in none."""
    more, none = rows.page(STEPS) > 0, np.zeros(len(rows.session), bool)
    touched = none if wish.exclude is None else _any(wish.exclude, walks)
    aim = wish.via if wish.end is None else wish.end
    reached = ~none if aim is None else _any(aim, walks)
    undecided = more & (touched | ~reached)
    if wish.exclude is not None:
        # What lies beyond what is known may join the last step, or backward the anchor, when all between is excluded, and
        # give it its time.
        last = more & (source.asking.parameters.steps >= STEPS)
        doubtful = last if wish.forward else ~rows.columns["alone"].view(bool)
        undecided = undecided | (doubtful & seeing(source, np.flatnonzero(wish.exclude)).take(rows.session))
    asked = source.asking.parameters
    if asked.paths or asked.steps > STEPS:
        undecided = undecided | (more if wish.end is None else more & ~reached)
    if not wish.collapse:
        undecided = undecided | reloading(source).take(rows.session)
    if wish.grouped and wish.collapse:
        joined, open_ = _joined(rows, walks.coded(wish.code), wish, asked.steps)
        touched, undecided = touched | joined, undecided | open_
    if wish.end is None:
        return Sorted(~undecided & ~touched & reached, ~undecided & touched, undecided)
    return Sorted(none, ~undecided & (touched | reached), undecided)


def _joined(rows: Known, coded: Walks, wish: Wish, steps: int) -> tuple[Array, Array]:
    """Journeys with neighbouring steps of one group, and those in which steps that aren't known may join the ones that are."""
    more, joined = rows.page(STEPS) > 0, np.zeros(len(rows.session), bool)
    for (before, after), on, places in zip(pairwise(coded.codes), coded.on, coded.places[1:], strict=True):
        joined[places[np.flatnonzero(before.take(on) == after)]] = True
    whole = wish.via is not None or wish.end is not None or wish.exclude is not None or steps >= STEPS
    open_ = more if whole else more & joined
    if not wish.forward:  # a step takes the time of its last view, and the anchor's group may go on after it
        after = rows.columns["beyond"]
        open_ = open_ | (wish.code.take(after) == coded.codes[0])
        open_ = open_ if wish.exclude is None else open_ | wish.exclude.take(after)
    return joined, open_


def _any(wanted: Array, walks: Walks) -> Array:
    """Journeys that have a wanted page beyond the anchor."""
    found = np.zeros(len(walks.codes[0]), bool)
    for places, pages in zip(walks.places[1:], walks.codes[1:], strict=True):
        found[places[np.flatnonzero(wanted.take(pages))]] = True
    return found
