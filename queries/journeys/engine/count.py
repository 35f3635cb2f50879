"""Journeys of several segments counted as one: sessions by step and node, then by link between the nodes that are shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

import numpy as np

from queries.journeys.engine.walk import Array, Walks

STOPPED, OTHER, HIDDEN, SHOWN = range(4)  # what a step is shown as; the first node shown is SHOWN, the next SHOWN + 1
SEVERAL: Final = 255  # the owner of a node whose pages have several
FEW: Final = 8  # times as many numbers as there may be: then they are sorted, not counted by number


@dataclass(frozen=True)
class Codes:
    """What the codes of journeys mean, by code; index 0 stands for no page."""

    same: Array  # the first code of the same node: a page has one for each of its owners
    identity: Array  # a page's key, or ~number of a group's word
    owner: Array  # the number of its department
    hidden: Array  # the number of its department plus 1 where the viewer may not see it, else 0


@dataclass(frozen=True)
class Part:
    """The journeys of one segment, or of several: of each how it ended, whether it has times, and its session there."""

    walks: Walks
    how: Array
    timed: Array
    session: Array


@dataclass(frozen=True)
class Nodes:
    """Every node of every step; `sessions[k, n]` of node n at step k. Each code that was seen stands for one."""

    codes: Codes  # by node
    sessions: Array
    seen: Array
    of_seen: Array
    size: int  # how many codes there are

    @cached_property
    def of_code(self) -> Array:
        """Each code's node, counted from 1."""
        found = np.zeros(self.size, np.int64)
        found[self.seen] = self.of_seen + 1
        return found


def together(parts: Sequence[Part]) -> Part:
    """The journeys of several parts as one; at least one part."""
    if len(parts) == 1:
        return parts[0]
    steps = max(len(part.walks.on) for part in parts)
    walks = [part.walks.cut(steps) for part in parts]
    before = [np.cumsum([0, *map(len, step[:-1])]) for step in zip(*(one.codes for one in walks), strict=True)]
    codes, took = (
        [np.concatenate(step) for step in zip(*each, strict=True)]
        for each in ([one.codes for one in walks], [one.took for one in walks])
    )
    on = [
        np.concatenate([places + n for places, n in zip(step, first.tolist(), strict=True)])
        for first, *step in zip(before, *(one.on for one in walks), strict=False)
    ]
    ends = ((part.how, part.timed, part.session) for part in parts)
    how, timed, session = (np.concatenate(each) for each in zip(*ends, strict=True))
    return Part(Walks(codes, on, took), how, timed, session)


def tally(codes: Sequence[Array], size: int) -> tuple[Array, list[Array]]:
    """Which codes there are, and how often each is in every array; code 0 isn't counted, and no code is above `size`."""
    if sum(map(len, codes)) > size * len(codes):
        counts = [np.bincount(some, minlength=size) for some in codes]
        seen = np.flatnonzero(np.logical_or.reduce([count[1:] > 0 for count in counts])) + 1
        return seen, [count.take(seen) for count in counts]
    there = np.zeros(size, bool)
    for some in codes:
        there[some] = True
    seen = np.flatnonzero(there[1:]) + 1
    place = np.zeros(size, np.int64)
    place[seen] = np.arange(1, len(seen) + 1)
    return seen, [np.bincount(place.take(some), minlength=len(seen) + 1)[1:] for some in codes]


def unite(codes: Codes, seen: Array, counts: Sequence[Array]) -> Nodes:
    """Add up what is the same node, of any counts of the codes in `seen`, or of none."""
    numbers, node, same = seen, np.arange(len(seen)), codes.same[seen]
    if apart := not np.array_equal(same, seen):
        numbers, node = np.unique(same, return_inverse=True)
    owner, hidden = np.zeros((2, len(numbers)), np.uint8)
    owner[node] = codes.owner[seen]
    owner[node[owner[node] != codes.owner[seen]]] = SEVERAL
    foreign = codes.hidden[seen] > 0
    hidden[node[foreign]] = codes.hidden[seen[foreign]]
    added = [np.bincount(node, count, len(numbers)).astype(np.int64) for count in counts] if apart else counts
    of_nodes = Codes(np.arange(len(numbers)), codes.identity[numbers], owner, hidden)
    return Nodes(of_nodes, np.array(added), seen, node, len(codes.same))


def stopped(part: Part, hows: int) -> Array:
    """Journeys that have no step k but have one before it, as [k, how]; there are `hows` ways to end."""
    how = part.how
    there = [np.bincount(how, minlength=hows)]
    for on in part.walks.on:
        how = how.take(on)
        there.append(np.bincount(how, minlength=hows))
    return np.stack([np.zeros(hows, np.int64), *(before - after for before, after in pairwise(there))])


def candidates(sessions: Array, top: int | None) -> Array:
    """Of one step's sessions by node, the nodes that may be among the `top` most, ties at the end included."""
    found = np.flatnonzero(sessions > 0)
    if top is None or len(found) <= top:
        return found
    least = np.sort(sessions[found])[-top]  # 25 times as fast as numpy.partition, which many equal numbers slow down
    likely: Array = found[sessions[found] >= least]
    return likely


@dataclass(frozen=True)
class Links:
    """Links of one step: what each end is shown as, and times (NaN where there are none)."""

    tail: Array
    head: Array
    sessions: Array
    median: Array
    mean: Array


def links(part: Part, nodes: Nodes, slots: Array) -> list[Links]:
    """The links from each step to the next, between what every node is shown as; `slots[k, n]` of node n at step k."""
    width, walks, every = wide(slots), part.walks, bool(part.timed.all())
    there = [np.bincount(*step, width).astype(np.int64) for step in zip(slots, nodes.sessions, strict=True)]
    return [
        _linked(all_, before.take(on) * width + after, took, None if every else part.timed[places], width=width)
        for all_, (before, after), on, took, places in zip(
            there[:-1], pairwise(faces(part, nodes, slots)), walks.on, walks.took, walks.places[1:], strict=True
        )
    ]


def wide(slots: Array) -> int:
    """How many things a step may be shown as."""
    return int(slots.max(initial=OTHER)) + 1


def faces(part: Part, nodes: Nodes, slots: Array) -> list[Array]:
    """What every journey is shown as at each step that it has."""
    width = wide(slots)
    shown = np.zeros((len(slots), slots.shape[1] + 1), np.min_scalar_type(width * width))
    shown[:, 1:] = slots
    return [_faced(codes, nodes.of_code, step) for codes, step in zip(part.walks.codes, shown, strict=True)]


def _faced(codes: Array, of_code: Array, shown: Array) -> Array:
    """What the node of each code is shown as; where there are many, each node is looked up once."""
    found: Array = shown.take(of_code).take(codes) if len(codes) > len(of_code) else shown.take(of_code.take(codes))
    return found


def _linked(there: Array, link: Array, took: Array, timed: Array | None, *, width: int) -> Links:
    """Links of a step's journeys, so many as are `there` by face, of which some go on along `link`; the others stopped."""
    found, sessions = tallied(link, width * width)
    gone = there - np.bincount(found // width, sessions, width).astype(np.int64)
    ends = np.flatnonzero(gone)
    place = np.searchsorted(found, ends * width)
    rows = slice(None) if timed is None else np.flatnonzero(timed)
    times = (np.insert(one, place, np.nan) for one in _times(link[rows].astype(np.int64), took[rows], found))
    return Links(
        *np.divmod(np.insert(found, place, ends * width), width), np.insert(sessions, place, gone[ends]), *times
    )


def _times(link: Array, took: Array, found: Array) -> tuple[Array, Array]:
    """Median and mean of what each of the links found took; NaN where there is nothing."""
    span = int(took.max(initial=0)) + 1
    pairs, number = tallied(link * span + took, (int(found.max(initial=0)) + 1) * span)
    low, high = (np.searchsorted(pairs, (found + one) * span) for one in (0, 1))
    until = np.append(0, np.cumsum(number))
    times = until[high] - until[low]
    some, none, base = np.maximum(times, 1), np.where(times > 0, 0.0, np.nan), found * span
    middle = (np.searchsorted(until, until[low] + one // 2, "right") - 1 for one in (some - 1, times))
    values = np.append(pairs, 0)
    first, last = (values[np.minimum(one, len(pairs))] for one in middle)
    total = np.append(0, np.cumsum(pairs * number))
    return (first + last) / 2 - base + none, (total[high] - total[low] - base * times) / some + none


def tallied(numbers: Array, size: int) -> tuple[Array, Array]:
    """Each number that there is, in order, and how often it is; all are below `size`."""
    if size > FEW * len(numbers):
        found, counts = np.unique(numbers, return_counts=True)
        return found.astype(np.int64), counts
    counts = np.bincount(numbers, minlength=size)
    found = np.flatnonzero(counts > 0)
    return found, counts[found]
