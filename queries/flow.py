"""Journeys rounded so that they still balance: integral flow rounding along cycles, unbiased, with choices from a key.

Every flow is cut into whole units and a remainder. Where remainders are left, they form a cycle: round it, some go up
by the same amount as the others go down, and so nothing is lost at any page. Which way it turns is drawn so that each
flow keeps its value on average. Each turn settles at least one flow; at the end all are whole, and each is one of the
two multiples next to its true value, the total of every page among them.
"""

import hashlib
import hmac
import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

Edge = tuple[str, str, int]  # tail, head, sessions
OUTSIDE: Final = ""  # where everything comes from and goes to; its two sides are joined by the total
_DRAW_BYTES: Final = 8
Place = tuple[str, int]  # a page and its side: 0 where it is entered, 1 where it is left


def rounded(edges: Sequence[Edge], key: bytes, unit: int, fixed: tuple[str, int] | None = None) -> list[int]:
    """The sessions of each edge as multiples of `unit`, in the same order; what enters an inner node also leaves it.

    `fixed` is a node, and which of the two multiples next to what passes through it must come out. Raises `ValueError`
    for edges that don't balance, or for another multiple.
    """
    network = _Network.of(edges, unit)
    place = network.through.get(fixed[0]) if fixed else None
    if fixed is None or place is None:
        return network.told(network.settled(_draws(key, 0)))
    value = fixed[1]
    if value not in {network.whole(place), network.whole(place) + unit * (network.remainders[place] > 0)}:
        raise ValueError(f"{value} isn't next to {network.values[place]} in steps of {unit}")
    # Taking the first attempt that comes out so leaves every average as it is, where `fixed` is itself drawn fairly.
    attempts = (network.settled(_draws(key, attempt)) for attempt in itertools.count())
    settled = next(settled for settled in attempts if network.whole(place) + settled[place] == value)
    return network.told(settled)


def _draws(key: bytes, attempt: int) -> Iterator[int]:
    """An endless row of 64-bit numbers that only the key's holder can tell."""
    count = 0
    while True:
        block = hmac.digest(key, b"%d %d" % (attempt, count), hashlib.sha256)
        for start in range(0, len(block), _DRAW_BYTES):
            yield int.from_bytes(block[start : start + _DRAW_BYTES])
        count += 1


@dataclass
class _Network:
    """Edges between places, as a circulation: the first edge leads everything from the outside's end to its start."""

    unit: int
    ends: list[tuple[Place, Place]] = field(default_factory=list)
    values: list[int] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)  # the place in `ends` of each edge that was given
    through: dict[str, int] = field(default_factory=dict)  # the place of the edge through each node

    @classmethod
    def of(cls, edges: Sequence[Edge], unit: int) -> "_Network":
        entering, leaving = Counter[str](), Counter[str]()
        for tail, head, sessions in edges:
            entering[head] += sessions
            leaving[tail] += sessions
        network = cls(unit)
        sources = sorted(leaving.keys() - entering.keys())
        network._add((OUTSIDE, 0), (OUTSIDE, 1), sum(leaving[node] for node in sources))
        for node in sorted(entering.keys() | leaving.keys()):
            network._join(node, entering.get(node), leaving.get(node))
        in_order = sorted(range(len(edges)), key=edges.__getitem__)  # the same network, whatever order it is given in
        placed = {
            place: network._add((tail, 1), (head, 0), n) for place in in_order for tail, head, n in [edges[place]]
        }
        network.asked = [placed[place] for place in range(len(edges))]
        return network

    @property
    def remainders(self) -> list[int]:
        """What each edge has beyond whole units."""
        return [value % self.unit for value in self.values]

    def whole(self, place: int) -> int:
        """The whole units of an edge, as sessions."""
        return self.values[place] - self.values[place] % self.unit

    def told(self, settled: list[int]) -> list[int]:
        """The rounded value of each edge that was given."""
        return [self.whole(place) + settled[place] for place in self.asked]

    def settled(self, draws: Iterator[int]) -> list[int]:
        """0 or one unit for each edge."""
        left = self.remainders
        open_at: dict[Place, set[int]] = {}
        for place, (tail, head) in enumerate(self.ends):
            if left[place]:
                open_at.setdefault(tail, set()).add(place)
                open_at.setdefault(head, set()).add(place)
        while cycle := _cycle(self.ends, open_at):
            for place in self._turned(left, cycle, next(draws)):
                for end in self.ends[place]:
                    open_at[end].discard(place)
        return left

    def _turned(self, left: list[int], cycle: list[tuple[int, int]], draw: int) -> list[int]:
        """Turn a cycle of (edge, +1 along or -1 against) one way or the other; gives the edges that are whole now."""
        up = min(self.unit - left[place] if way > 0 else left[place] for place, way in cycle)
        down = min(left[place] if way > 0 else self.unit - left[place] for place, way in cycle)
        amount = up if draw * (up + down) < down << (8 * _DRAW_BYTES) else -down
        for place, way in cycle:
            left[place] += way * amount
        return [place for place, _ in cycle if left[place] in {0, self.unit}]

    def _join(self, node: str, entering: int | None, leaving: int | None) -> None:
        """The edge through a node, so that its total is rounded too; a source or a sink is joined to the outside."""
        if entering is not None and leaving is not None and entering != leaving:
            raise ValueError(f"{entering} sessions enter a node and {leaving} leave it")
        through = entering if leaving is None else leaving
        self.through[node] = self._add((node, 0), (node, 1), through or 0)
        if entering is None:
            self._add((OUTSIDE, 1), (node, 0), through or 0)
        if leaving is None:
            self._add((node, 1), (OUTSIDE, 0), through or 0)

    def _add(self, tail: Place, head: Place, value: int) -> int:
        self.ends.append((tail, head))
        self.values.append(value)
        return len(self.ends) - 1


def _cycle(ends: list[tuple[Place, Place]], open_at: dict[Place, set[int]]) -> list[tuple[int, int]]:
    """Any cycle of edges that aren't whole, as (edge, way); empty where all are. No place has just one such edge."""
    start = next((place for place, edges in open_at.items() if edges), None)
    if start is None:
        return []
    walked: list[tuple[int, int]] = []
    reached = {start: 0}
    while True:
        came_by = walked[-1][0] if walked else -1
        edge = min(edge for edge in open_at[start] if edge != came_by)
        tail, head = ends[edge]
        way, start = (1, head) if tail == start else (-1, tail)
        walked.append((edge, way))
        if start in reached:
            return walked[reached[start] :]
        reached[start] = len(walked)
