"""Whole journeys counted, exact at any length: each path has a number of its own, drawn by chance and then checked."""

import secrets
from typing import Any, Final

import numpy as np

from queries.journeys.engine.count import candidates
from queries.journeys.engine.walk import Array, Walks, changes

Path = tuple[list[int], int]  # its nodes from the anchor outward, and its journeys
FOREIGN: Final = np.uint64(1)  # the bit of a number that says that a node isn't the viewer's own
_MIXING: Final = np.uint64(0x9E3779B97F4A7C15)  # odd, so that no two numbers become one


def frequent(walks: Walks, of_code: Array, foreign: Array, *, most: int, least: int) -> list[Path]:
    """The paths that most journeys took whole, those that tie with the last included, and some others; not in order.

    `of_code` is the node of each code and `foreign` by node; a path that passes a foreign one needs `least` journeys.
    """
    walks = walks.cut(max(1, len(walks.on)))
    longer = Walks(
        [walks.codes[0].take(walks.on[0]), *walks.codes[1:]], [np.arange(len(walks.on[0])), *walks.on[1:]], walks.took
    )
    every, further = (np.bincount(of_code.take(one.codes[0]), minlength=len(foreign)) for one in (walks, longer))
    alone = np.where(foreign & (every - further < least), 0, every - further)  # half of all journeys are one page
    nodes = candidates(alone, most)
    return [
        *zip(nodes[:, None].tolist(), alone[nodes].tolist(), strict=True),
        *_frequent(longer, of_code, foreign, most=most, least=least),
    ]


def _frequent(walks: Walks, of_code: Array, foreign: Array, *, most: int, least: int) -> list[Path]:
    """Those of journeys of several steps."""
    while len(foreign):
        path = _numbered(walks, (_drawn(len(foreign)) & ~FOREIGN | foreign).take(of_code))
        ordered = np.sort(path)
        heads = np.flatnonzero(changes(ordered))
        journeys = np.diff(heads, append=len(ordered))
        allowed = np.flatnonzero((ordered[heads] & FOREIGN == 0) | (journeys >= least))
        likely = allowed[candidates(journeys[allowed], most)]
        found = _followed(walks, of_code, path, ordered[heads[likely]])
        if found is not None:
            return list(zip(found, journeys[likely].tolist(), strict=True))
    return []


def _drawn(size: int) -> Array:
    """A number of 64 bits for each node."""
    return np.random.default_rng(secrets.randbits(64)).integers(0, 1 << 64, size, np.uint64)


def _numbered(walks: Walks, number: Array) -> Array:
    """The number of each journey's path, from those of its codes."""
    path = _mixed(np.uint64(0), number).take(walks.codes[0])
    for places, codes in zip(walks.places[1:], walks.codes[1:], strict=True):
        path[places] = _mixed(path.take(places), number.take(codes))
    return path


def _mixed(before: Any, here: Array) -> Array:
    """The number of a path that goes on; the last bit is that of either."""
    mixed: Array = (before ^ here) * _MIXING & ~FOREIGN | (before | here) & FOREIGN
    return mixed


def _followed(walks: Walks, of_code: Array, path: Array, wanted: Array) -> list[list[int]] | None:
    """The nodes of each wanted path, whose numbers come in order; none where two paths have one number."""
    if not len(wanted):
        return []
    place = np.minimum(np.searchsorted(wanted, path), len(wanted) - 1)
    rows = np.flatnonzero(wanted.take(place) == path)
    of, first = place[rows], np.zeros(len(wanted), np.int64)
    first[of[::-1]] = rows[::-1]
    found: list[list[int]] = [[] for _ in wanted]
    there = np.arange(len(wanted))  # the paths that have the step
    for codes, on in zip(walks.codes, [*walks.on, None], strict=True):
        node = np.full(len(wanted), -1)
        node[there] = of_code[codes[first[there]]]
        if (of_code.take(codes.take(rows)) != node.take(of)).any():
            return None
        for one in there.tolist():
            found[one].append(int(node[one]))
        if on is None:
            return found
        after = np.full(len(codes) + 1, -1)
        after[on] = np.arange(len(on))
        first, rows = after.take(first), after.take(rows)
        if ((first.take(of) < 0) != (rows < 0)).any():
            return None
        there = there[first[there] >= 0]
        of, rows = of[rows >= 0], rows[rows >= 0]
    return found
