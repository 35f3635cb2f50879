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
    """What the codes of one segment mean, by code; index 0 stands for no page."""

    identity: Array  # the same number for the same node in every segment
    owner: Array  # the number of its department
    hidden: Array  # the number of its department plus 1 where the viewer may not see it, else 0


@dataclass(frozen=True)
class Part:
    """The journeys of one segment, what their codes mean, and of each journey how it ended and whether it has times."""

    walks: Walks
    codes: Codes
    how: Array
    timed: Array


@dataclass(frozen=True)
class Nodes:
    """Every node of every step; `sessions[k, n]` of node n at step k."""

    codes: Codes  # by node
    sessions: Array
    part: Array  # of each node a part that has it,
    code: Array  # and its code there
    places: tuple[Array, ...]  # of each part, by code: the node, counted from 1


def merge(parts: Sequence[Part]) -> Nodes:
    """Count every step of every part, and add up what is the same node; at least one part."""
    return unite([part.codes for part in parts], [_tally(part) for part in parts])


def unite(codes: Sequence[Codes], tallies: Sequence[Sequence[Array]]) -> Nodes:
    """Add up what is the same node: of each part what its codes mean, and any counts by code; code 0 isn't counted."""
    seen = [np.flatnonzero(np.logical_or.reduce(counts)[1:]) + 1 for counts in tallies]
    identity, first, node = _united([one.identity[some] for one, some in zip(codes, seen, strict=True)])
    sessions = np.zeros((len(tallies[0]), len(identity)), np.int64)
    owner, hidden = np.zeros((2, len(identity)), np.uint8)
    for one, counts, some, numbers in zip(codes, tallies, seen, node, strict=True):
        differs = sessions[:, numbers].any(axis=0) & (owner[numbers] != one.owner[some])
        owner[numbers] = np.where(differs, SEVERAL, one.owner[some])
        hidden[numbers] = one.hidden[some]
        for whole, count in zip(sessions, counts, strict=True):
            whole[numbers] += count[some]
    places = tuple(_table(one, some, numbers) for one, some, numbers in zip(codes, seen, node, strict=True))
    of_part = np.repeat(np.arange(len(codes)), [len(some) for some in seen])[first]
    return Nodes(Codes(identity, owner, hidden), sessions, of_part, np.concatenate(seen)[first], places)


def _tally(part: Part) -> list[Array]:
    """Journeys by code, at each step."""
    return [np.bincount(step, minlength=len(part.codes.identity)) for step in part.walks.codes]


def stopped(parts: Sequence[Part], hows: int) -> Array:
    """Journeys that have no step k but have one before it, as [k, how]; there are `hows` ways to end."""
    found: Array = np.sum([_stopped(part, hows) for part in parts], axis=0)
    return found


def _stopped(part: Part, hows: int) -> Array:
    ends = [part.how[(after == 0) & (before != 0)] for before, after in pairwise(part.walks.codes)]
    return np.stack([np.zeros(hows, np.int64), *(np.bincount(how, minlength=hows) for how in ends)])


def _united(keys: Sequence[Array]) -> tuple[Array, Array, list[Array]]:
    """Each identity once, where in all the keys it stands first, and the number of each key's among them."""
    if len(keys) == 1:
        every = np.arange(len(keys[0]))
        return keys[0], every, [every]
    identity, first, inverse = np.unique(np.concatenate(keys), return_index=True, return_inverse=True)
    return identity, first, np.split(inverse, np.cumsum([len(some) for some in keys])[:-1])


def _table(meaning: Codes, codes: Array, nodes: Array) -> Array:
    table = np.zeros(len(meaning.identity), np.int32)
    table[codes] = nodes + 1
    return table


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


def links(parts: Sequence[Part], nodes: Nodes, slots: Array) -> list[Links]:
    """The links from each step to the next, between what every node is shown as; `slots[k, n]` of node n at step k."""
    width = int(slots.max(initial=OTHER)) + 1
    shown = np.zeros((len(slots), slots.shape[1] + 1), np.min_scalar_type(width * width))
    shown[:, 1:] = slots
    faces = [[step[table] for step in shown] for table in nodes.places]  # of each code, at each step
    found = []
    for k in range(len(slots) - 1):
        pairs = [_pairs(part, k, face[k] * width, face[k + 1]) for part, face in zip(parts, faces, strict=True)]
        found.append(_counted(np.concatenate(pairs) if len(pairs) > 1 else pairs[0], width))
    return found


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
