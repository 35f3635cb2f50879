"""Whole journeys counted: a tree of steps grown level by level, exact at any length."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from queries.journeys.walk import Array, Outward


@dataclass(frozen=True)
class Tree:
    """Every beginning of a journey once, parents before children; `rank` is its last step's place in the order of names."""

    parent: Array
    rank: Array
    sessions: Array  # journeys that end here
    foreign: Array  # whether it passes a node of a department that isn't the viewer's own
    level: Array  # the number of its first entry on each level, and of entries in all


def grow(journeys: Sequence[tuple[Outward, Array]], foreign: Array) -> Tree:
    """The tree of these journeys; each part comes with the rank of every code, ranks counting from 0 to len(foreign)."""
    place = [np.full(len(one.anchor), -1, np.int64) for one, _ in journeys]
    parent, rank, sessions, level = [], [], [], [0]
    for k in range(max((int(one.length.max(initial=0)) for one, _ in journeys), default=0)):
        alive = [np.flatnonzero(one.length > k) for one, _ in journeys]
        keys = [
            (place[n][rows] + 1) * len(foreign) + ranks[one.code[one.anchor[rows] + one.sign * k]]
            for n, ((one, ranks), rows) in enumerate(zip(journeys, alive, strict=True))
        ]
        entries, inverse = np.unique(np.concatenate(keys), return_inverse=True)
        last = np.concatenate([one.length[rows] == k + 1 for (one, _), rows in zip(journeys, alive, strict=True)])
        found = np.split(inverse, np.cumsum([len(rows) for rows in alive])[:-1])
        for n, rows in enumerate(alive):
            place[n][rows] = found[n] + level[-1]
        parent.append(entries // len(foreign) - 1)
        rank.append(entries % len(foreign))
        sessions.append(np.bincount(inverse[last], minlength=len(entries)))
        level.append(level[-1] + len(entries))
    none = np.zeros(0, np.int64)
    whole = [np.concatenate([none, *each]) for each in (parent, rank, sessions)]
    return Tree(whole[0], whole[1], whole[2], _passing(whole[0], foreign[whole[1]], level), np.array(level))


def _passing(parent: Array, foreign: Array, level: list[int]) -> Array:
    for start, stop in pairwise(level[1:]):
        foreign[start:stop] |= foreign[parent[start:stop]]
    return foreign


def ranked(tree: Tree) -> Array:
    """The entries at which journeys end, most sessions first, ties by the names of their steps in order."""
    ends = np.flatnonzero(tree.sessions)
    return ends[np.lexsort((_preorder(tree)[ends], -tree.sessions[ends]))]


def _preorder(tree: Tree) -> Array:
    """Each entry's place when a beginning stands before what goes on from it, and siblings in the order of names."""
    size = np.ones(len(tree.parent), np.int64)
    levels = list(zip(tree.level, tree.level[1:], strict=False))
    for start, stop in reversed(levels[1:]):
        np.add.at(size, tree.parent[start:stop], size[start:stop])
    order = np.zeros(len(size), np.int64)
    for start, stop in levels:
        parent, before = tree.parent[start:stop], np.cumsum(size[start:stop]) - size[start:stop]
        eldest = np.searchsorted(parent, parent, "left")
        order[start:stop] = before - before[eldest] + np.where(parent >= 0, order[parent] + 1, 0)
    return order


def steps(tree: Tree, entry: int) -> list[int]:
    """The ranks of the steps that lead to an entry, from the anchor outward."""
    found = []
    while entry >= 0:
        found.append(int(tree.rank[entry]))
        entry = int(tree.parent[entry])
    return found[::-1]
