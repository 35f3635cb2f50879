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
    """Every node of every step, in the order of identities; `sessions[k, n]` of node n at step k."""

    codes: Codes
    sessions: Array
    stopped: Array  # [k, how]: journeys that have no step k, but have one before it
    part: Array  # of each node a part that has it,
    code: Array  # and its code there
    places: tuple[tuple[Array, Array], ...]  # of each part: the codes it has, and their nodes


def merge(parts: Sequence[Part], hows: int) -> Nodes:
    """Count every step of every part, and add up what is the same node; at least one part, `hows` ways to end."""
    tallies = [_tally(part) for part in parts]
    seen = [np.flatnonzero(tally.any(axis=0)) for tally in tallies]
    keys = [part.codes.identity[codes] for part, codes in zip(parts, seen, strict=True)]
    identity, first, inverse = np.unique(np.concatenate(keys), return_index=True, return_inverse=True)
    nodes = np.split(inverse, np.cumsum([len(codes) for codes in seen])[:-1])
    sessions = np.zeros((len(tallies[0]), len(identity)), np.int64)
    owner, hidden = np.zeros((2, len(identity)), np.uint8)
    for part, tally, codes, place in zip(parts, tallies, seen, nodes, strict=True):
        known = sessions[:, place].any(axis=0)
        sessions[:, place] += tally[:, codes]
        other_owner = known & (owner[place] != part.codes.owner[codes])
        owner[place] = np.where(other_owner, SEVERAL, part.codes.owner[codes])
        hidden[place] = part.codes.hidden[codes]
    owner_of_part = np.repeat(np.arange(len(parts)), [len(codes) for codes in seen])
    stopped = np.sum([_stopped(part, hows) for part in parts], axis=0)
    places = tuple(zip(seen, nodes, strict=True))
    code = np.concatenate(seen)[first]
    return Nodes(Codes(identity, owner, hidden), sessions, stopped, owner_of_part[first], code, places)


def _tally(part: Part) -> Array:
    """Journeys by step and code; those that have stopped are not counted."""
    counts = np.stack([np.bincount(step, minlength=len(part.codes.identity)) for step in part.walks.codes])
    counts[:, 0] = 0
    return counts


def _stopped(part: Part, hows: int) -> Array:
    """Journeys by the step that they no longer have, and by how they ended."""
    codes = part.walks.codes
    ends = [part.how[(after == 0) & (before != 0)] for before, after in pairwise(codes)]
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


def links(parts: Sequence[Part], nodes: Nodes, slots: Array) -> list[Links]:
    """The links from each step to the next, between what every node is shown as; `slots[k, n]` of node n at step k."""
    width = int(slots.max(initial=OTHER)) + 1
    found = []
    for k in range(len(slots) - 1):
        faces = [
            [_faces(part, place, slots[step]) for step in (k, k + 1)]
            for part, place in zip(parts, nodes.places, strict=True)
        ]
        pairs = [_pairs(part, k, tails * width, heads) for part, (tails, heads) in zip(parts, faces, strict=True)]
        found.append(_counted(np.concatenate(pairs), width))
    return found


def _faces(part: Part, places: tuple[Array, Array], slots: Array) -> Array:
    """What each code of a part is shown as."""
    faces = np.full(len(part.codes.identity), STOPPED)
    codes, nodes = places
    faces[codes] = slots[nodes]
    return faces


def _pairs(part: Part, k: int, tails: Array, heads: Array) -> Array:
    """One number for each journey that has step k: its link, then its seconds."""
    rows = np.flatnonzero(part.walks.codes[k])
    head = heads[part.walks.codes[k + 1][rows]]
    took = np.where((head != STOPPED) & part.timed[rows], part.walks.took[k][rows], NO_TIME)
    return ((tails[part.walks.codes[k][rows]] + head) << TIME_BITS) | took


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
