"""Whole journeys counted: a tree of steps grown level by level, exact at any length."""

from dataclasses import dataclass

import numpy as np

from queries.journeys.walk import Array, Walks, changes


@dataclass(frozen=True)
class Tree:
    """Every beginning of a journey once, parents before children; `node` is its last step's."""

    parent: Array
    node: Array
    sessions: Array  # journeys that end here
    foreign: Array  # whether it passes a node of a department that isn't the viewer's own


def grow(walks: Walks, foreign: Array) -> Tree:
    """The tree of journeys whose codes are numbers of nodes; `foreign` is by node."""
    levels, above, none = [], -1, np.zeros(0, np.int64)  # all go on from one entry, which isn't there
    before, passed = np.zeros(len(walks.codes[0]), np.int64), np.zeros(1, bool)
    for node, on in zip(walks.codes, [*walks.on, none], strict=True):
        beginnings, place = _numbered(before * len(foreign) + node)
        parent, last = np.divmod(beginnings, len(foreign))
        there, before = np.bincount(place, minlength=len(last)), place[on]
        ended = there - np.bincount(before, minlength=len(last))
        levels.append((parent + above, last, ended, passed[parent] | foreign[last]))
        above, passed = above + len(passed), levels[-1][-1]
    return Tree(*map(np.concatenate, zip(*levels, strict=True)))


def _numbered(keys: Array) -> tuple[Array, Array]:
    """The distinct keys in order, and the place of each key among them; sorted with their places where both fit 63 bits."""
    bits = len(keys).bit_length()
    if int(keys.max(initial=0)).bit_length() + bits > np.iinfo(np.int64).bits - 1:
        return np.unique(keys, return_inverse=True)
    pairs = keys << bits | np.arange(len(keys))
    pairs.sort()
    heads = changes(pairs >> bits)
    place = np.empty(len(keys), np.int64)
    place[pairs & (1 << bits) - 1] = np.cumsum(heads) - 1
    return pairs[heads] >> bits, place


def steps(tree: Tree, entry: int) -> list[int]:
    """The nodes of the steps that lead to an entry, from the anchor outward."""
    found = []
    while entry >= 0:
        found.append(int(tree.node[entry]))
        entry = int(tree.parent[entry])
    return found[::-1]
