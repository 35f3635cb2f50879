"""Journeys of several segments counted as one: sessions by step and node, then by link between the nodes that are shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from queries.journeys.walk import Array, Walks

STOPPED, OTHER, HIDDEN, SHOWN = range(4)  # what a step is shown as; the first node shown is SHOWN, the next SHOWN + 1
SEVERAL: Final = 255  # the owner of a node whose pages have several
TIME_BITS: Final = 27
NO_TIME: Final = (1 << TIME_BITS) - 1  # seconds; four years, longer than any session


@dataclass(frozen=True)
class Codes:
    """What the codes of journeys mean, by code; index 0 stands for no page."""

    same: Array  # the first code of the same node: a page has one for each of its owners
    identity: Array  # a page's key, or ~number of a group's word
    owner: Array  # the number of its department
    hidden: Array  # the number of its department plus 1 where the viewer may not see it, else 0


@dataclass(frozen=True)
class Part:
    """The journeys of one segment, or of several, and of each journey how it ended and whether it has times."""

    walks: Walks
    how: Array
    timed: Array


@dataclass(frozen=True)
class Nodes:
    """Every node of every step; `sessions[k, n]` of node n at step k, `of_code` each code's node, counted from 1."""

    codes: Codes  # by node
    sessions: Array
    of_code: Array


def together(parts: Sequence[Part]) -> Part:
    """The journeys of several parts as one; at least one part."""
    if len(parts) == 1:
        return parts[0]
    walks = [part.walks for part in parts]
    codes, took = (
        [np.concatenate(step) for step in zip(*each, strict=True)]
        for each in ([one.codes for one in walks], [one.took for one in walks])
    )
    how, timed = (np.concatenate(each) for each in zip(*((part.how, part.timed) for part in parts), strict=True))
    return Part(Walks(codes, took), how, timed)


def merge(part: Part, codes: Codes) -> Nodes:
    """Count every step."""
    return unite(codes, [np.bincount(step, minlength=len(codes.same)) for step in part.walks.codes])


def unite(codes: Codes, tallies: Sequence[Array]) -> Nodes:
    """Add up what is the same node, of any counts by code; code 0 isn't counted."""
    seen = np.flatnonzero(np.logical_or.reduce(tallies)[1:]) + 1
    first = codes.same[seen]
    of_code = np.zeros(len(codes.same), np.int64)
    of_code[first] = 1
    numbers = np.flatnonzero(of_code)
    of_code[numbers] = np.arange(1, len(numbers) + 1)
    node = of_code[first] - 1
    of_code[seen] = node + 1
    owner, hidden = np.zeros((2, len(numbers)), np.uint8)
    owner[node] = codes.owner[seen]
    owner[node[owner[node] != codes.owner[seen]]] = SEVERAL
    foreign = codes.hidden[seen] > 0
    hidden[node[foreign]] = codes.hidden[seen[foreign]]
    sessions = np.stack([np.bincount(node, tally[seen], len(numbers)).astype(np.int64) for tally in tallies])
    return Nodes(Codes(np.arange(len(numbers)), codes.identity[numbers], owner, hidden), sessions, of_code)


def stopped(part: Part, hows: int) -> Array:
    """Journeys that have no step k but have one before it, as [k, how]; there are `hows` ways to end."""
    ends = [part.how[(after == 0) & (before != 0)] for before, after in pairwise(part.walks.codes)]
    return np.stack([np.zeros(hows, np.int64), *(np.bincount(how, minlength=hows) for how in ends)])


def candidates(sessions: Array, top: int | None) -> Array:
    """Of one step's sessions by node, the nodes that may be among the `top` most, ties at the end included."""
    found = np.flatnonzero(sessions)
    if top is None or len(found) <= top:
        return found
    least = np.partition(sessions[found], len(found) - top)[len(found) - top]
    likely: Array = found[sessions[found] >= least]
    return likely


@dataclass(frozen=True)
class Links:
    """Links of one step, most sessions first: what each end is shown as, and times (NaN where there are none)."""

    tail: Array
    head: Array
    sessions: Array
    median: Array
    mean: Array


def links(part: Part, nodes: Nodes, slots: Array) -> list[Links]:
    """The links from each step to the next, between what every node is shown as; `slots[k, n]` of node n at step k."""
    width = int(slots.max(initial=OTHER)) + 1
    shown = np.zeros((len(slots), slots.shape[1] + 1), np.min_scalar_type(width * width))
    shown[:, 1:] = slots
    faces = [step[nodes.of_code] for step in shown]  # of each code, at each step
    return [_counted(_pairs(part, k, faces[k] * width, faces[k + 1]), width) for k in range(len(slots) - 1)]


def _pairs(part: Part, k: int, tails: Array, heads: Array) -> Array:
    """One number for each journey that has step k: its link, then its seconds."""
    alive = part.walks.codes[k] != 0
    # The index by page puts journeys that stop early first; leaving them out halves the work.
    start = int(alive.argmax()) if len(alive) else 0
    codes, after, took = part.walks.codes[k][start:], part.walks.codes[k + 1][start:], part.walks.took[k][start:]
    links = tails[codes] + heads[after]
    timed = np.where((after != 0) & part.timed[start:], took, NO_TIME)
    pairs: Array = (links.astype(np.int64) << TIME_BITS) | timed
    here: Array = pairs if alive[start:].all() else pairs[alive[start:]]
    return here


def _counted(pairs: Array, width: int) -> Links:
    """Sort once: links lie together then, and the seconds of each in order, those without a time last."""
    pairs.sort()
    link, took = pairs >> TIME_BITS, pairs & NO_TIME
    heads = np.flatnonzero(np.concatenate((np.ones(min(1, len(link)), bool), link[1:] != link[:-1])))
    if not len(heads):
        return Links(heads, heads, heads, heads.astype(float), heads.astype(float))
    timed = took != NO_TIME
    times = np.add.reduceat(timed, heads, dtype=np.int64)
    total = np.add.reduceat(np.where(timed, took, 0), heads)
    some = np.maximum(times, 1)
    middle = (took[heads + (some - 1) // 2] + took[heads + some // 2]) / 2
    sessions = np.diff(heads, append=len(link))
    tail, head = np.divmod(link[heads], width)
    none = np.where(times > 0, 0.0, np.nan)
    return Links(tail, head, sessions, middle + none, total / some + none)
