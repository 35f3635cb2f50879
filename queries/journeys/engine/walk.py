"""Journeys from page views: cleared of excluded pages, collapsed, anchored, grouped, cut, and numbered outward."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
FAR = np.iinfo(np.int64).max // 2  # further than any session is long


@dataclass(frozen=True)
class Views:
    """Page views by session and position; pages are the segment's numbers, seconds count from the session's start."""

    session: Array
    page: Array
    seconds: Array


@dataclass(frozen=True)
class Wish:
    """What makes a journey, for one segment. Sets of pages are truth values by page number, index 0 being none."""

    code: Array  # that stands for each page
    forward: bool
    first: bool  # the anchor's first occurrence by time, else its last
    collapse: bool
    anchor: tuple[Array, ...] = ()  # a sequence of sets; none means the landing or exit page
    exclude: Array | None = None
    via: Array | None = None
    end: Array | None = None
    grouped: bool = False  # whether pages of one code count as one

    @property
    def outward(self) -> "Wish":
        """The same of page views that begin, or backward end, with the anchor."""
        return replace(self, first=self.forward)


@dataclass(frozen=True)
class Outward:
    """Journeys as stretches of rows: from row `anchor` on, `length` rows, in the direction of `sign`."""

    code: Array  # of each row
    anchor: Array
    length: Array
    sign: int


@dataclass(frozen=True)
class Walks:
    """Journeys, one a session; each step holds those alone that have it, for most journeys are short.

    `codes[k]` are the codes of step k. `on[k]` says of each journey with a step k+1 its place among those with a step k,
    in order, and `took[k]` its whole seconds from the one to the other.
    """

    codes: list[Array]
    on: list[Array]
    took: list[Array]

    @cached_property
    def places(self) -> list[Any]:
        """Of each step an index into whatever is told of every journey: those that have the step."""
        found: list[Any] = [slice(None), *self.on[:1]]
        for on in self.on[1:]:
            found.append(found[-1].take(on))
        return found

    def coded(self, code: Array) -> "Walks":
        """The same with the code of each code."""
        return Walks([code.take(one) for one in self.codes], self.on, self.took)

    def cut(self, steps: int) -> "Walks":
        """The first so many steps; where there are fewer, none has the others."""
        more = [np.zeros(0, np.int64)] * (steps - len(self.on))
        return Walks(
            *((each + more)[:most] for each, most in ((self.codes, steps + 1), (self.on, steps), (self.took, steps)))
        )

    def taken(self, rows: Array) -> "Walks":
        """The journeys at these places, which come in order."""
        codes, on, took = [self.codes[0].take(rows)], [], []
        size = len(self.codes[0])
        for code, places, seconds in zip(self.codes[1:], self.on, self.took, strict=True):
            new = np.full(size, -1, np.int32)
            new[rows] = np.arange(len(rows), dtype=np.int32)
            kept = new.take(places)
            rows, size = (kept >= 0).nonzero()[0], len(code)
            codes.append(code.take(rows))
            on.append(kept.take(rows))
            took.append(seconds.take(rows))
        return Walks(codes, on, took)


def walk(views: Views, wish: Wish) -> tuple[Views, Outward]:
    """The journeys in these page views, at most one a session, and the rows that they are stretches of."""
    if wish.exclude is not None:
        views = _rows(views, np.flatnonzero(~wish.exclude.take(views.page)))
    if wish.collapse:
        views, _ = _collapsed(views, views.page)
    anchor = _anchors(views, wish)
    code = wish.code.take(views.page)
    marks = tuple(None if pages is None else pages.take(views.page) for pages in (wish.via, wish.end))
    if wish.grouped and wish.collapse:
        views, heads = _collapsed(views, code)
        anchor = np.searchsorted(heads, anchor, "right") - 1
        code = code.take(heads)
        marks = tuple(None if mark is None else _any(mark, heads) for mark in marks)
    return views, _outward(views, code, _Stretch(anchor, *marks), wish)


def stepwise(views: Views, journeys: Outward, most: int | None) -> Walks:
    """The first steps of journeys, all where there is no `most`."""
    row, left, sign = journeys.anchor, journeys.length, journeys.sign
    codes, on, took = [journeys.code.take(row)], [], []
    for k in range(1, min(int(left.max(initial=1)), FAR if most is None else most + 1)):
        on.append((left > k).nonzero()[0])
        row, left = row.take(on[-1]) + sign, left.take(on[-1])
        codes.append(journeys.code.take(row))
        took.append(np.abs(views.seconds.take(row).astype(np.int64) - views.seconds.take(row - sign)))
    return Walks(codes, on, took)


@dataclass(frozen=True)
class _Stretch:
    anchor: Array
    via: Array | None
    end: Array | None


def changes(values: Array) -> Array:
    """Where a value differs from the one before it; the first always does."""
    return np.concatenate((np.ones(min(1, len(values)), bool), values[1:] != values[:-1]))


def _rows(views: Views, rows: Array) -> Views:
    return Views(views.session.take(rows), views.page.take(rows), views.seconds.take(rows))


def _collapsed(views: Views, code: Array) -> tuple[Views, Array]:
    """One row for each run of equal neighbours, with the time of its last; and where the runs start."""
    heads = np.flatnonzero(changes(views.session) | changes(code))
    lasts = np.append(heads[1:], len(code))[: len(heads)] - 1
    return Views(views.session.take(heads), views.page.take(heads), views.seconds.take(lasts)), heads


def _any(mark: Array, heads: Array) -> Array:
    """Whether any row of each run is marked."""
    return np.logical_or.reduceat(mark, heads) if len(heads) else mark


def _anchors(views: Views, wish: Wish) -> Array:
    """The row that each journey starts from, in the order of sessions; sessions without an anchor have none."""
    found = _matches(views, wish)
    sessions = changes(views.session.take(found))
    wants_first = wish.forward if not wish.anchor else wish.first
    return found[sessions if wants_first else np.append(sessions[1:], True)[: len(found)]]


def _matches(views: Views, wish: Wish) -> Array:
    """Rows at which the anchor is complete: its last page forward, its first page backward."""
    if not wish.anchor:
        return np.arange(len(views.page))
    size = len(wish.anchor)
    starts = np.flatnonzero(wish.anchor[0].take(views.page))
    starts = starts[starts + size <= len(views.page)]
    for place, pages in enumerate(wish.anchor[1:], 1):
        same = views.session.take(starts + place) == views.session.take(starts)
        starts = starts[same & pages.take(views.page.take(starts + place))]
    return starts + size - 1 if wish.forward else starts


def _outward(views: Views, code: Array, found: _Stretch, wish: Wish) -> Outward:
    """Journeys from their anchors to the session's end or to `end`, where they pass `via`."""
    sign = 1 if wish.forward else -1
    edges = np.append(np.flatnonzero(changes(views.session)), len(code))
    place = np.searchsorted(edges, found.anchor, "right")
    length = edges[place] - found.anchor if wish.forward else found.anchor - edges[place - 1] + 1
    kept = np.ones(len(length), bool)
    if found.end is not None:
        reach = _distance(found.end, found.anchor, sign) + 1
        kept, length = reach <= length, np.minimum(reach, length)
    if found.via is not None:
        last_page = 1 if found.end is not None else 0  # the end itself is not between
        kept &= _distance(found.via, found.anchor, sign) < length - last_page
    return Outward(code, found.anchor[kept], length[kept], sign)


def _distance(mark: Array, anchor: Array, sign: int) -> Array:
    """Rows from each anchor outward to the nearest marked row beyond it; `FAR` where there is none."""
    places = np.flatnonzero(mark)
    after, before = np.append(places, FAR), np.append(-FAR, places)
    nearest = after[np.searchsorted(places, anchor, "right")] if sign > 0 else before[np.searchsorted(places, anchor)]
    distance: Array = np.abs(nearest - anchor)
    return distance
