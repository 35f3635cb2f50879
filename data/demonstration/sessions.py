"""The model: all sessions of one day and account at once, each a walk from node to node until it ends.

Nothing here runs once for each session: a step of the walk is drawn for all sessions that are still on their way.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from data.demonstration.days import Conditions
from data.demonstration.people import People, people
from data.demonstration.world import Array, World

LONGEST: Final = 40  # views of a session
DWELL, DWELL_SPREAD = 3.55, 0.95  # of the logarithm of the seconds on a page
DWELL_ON_A_STEP: Final = 0.8  # as a share of those
SHORTEST, LONGEST_DWELL = 1.2, 1500.0  # seconds; a longer one would end a session elsewhere
NEARLY: Final = 1 - 1e-9


@dataclass(frozen=True, eq=False)
class Sessions:
    """Sessions of a day, and their views one after the other, session by session."""

    people: People  # by session
    session: Array  # by view
    node: Array
    way: Array  # that it was left by, an index of `World.ways`; -1 where the session ended without one
    at: Array  # seconds since 1970, UTC
    dwell: Array  # seconds
    page: Array  # its row in `World.pages`


def sessions(
    whole: World, today: Conditions, pool: tuple[int, int], drawn: tuple[int, np.random.Generator]
) -> Sessions:
    """So many sessions of the day, `drawn` from a generator of random numbers."""
    count, random = drawn
    cumulative = np.cumsum(today.landings)
    landing = np.searchsorted(cumulative, random.random(count) * cumulative[-1], "right").astype(np.int32)
    who = people(whole, landing, pool, random)
    session, node, way = _walked(_Map.of(whole, today), landing, who.device, random)
    dwell = _dwell(whole, node, random)
    at = _times(today, session, dwell, random.random(count))
    return Sessions(who, session, node, way, at, dwell, _pages(whole, today, (session, node), random.random(count)))


@dataclass(frozen=True, eq=False)
class _Map:
    """The ways of a day, ordered by the node they leave; node n's share the range from n to n + 1."""

    cumulative: Array
    beyond: Array  # by node: the place after its last way
    order: Array  # by place: the way
    target: Array
    going_on: Array  # by node and device

    @classmethod
    def of(cls, whole: World, today: Conditions) -> "_Map":
        ways = whole.ways
        order = np.argsort(ways.source, kind="stable")
        source, share = ways.source[order], today.changed.share[order]
        total = np.cumsum(share)
        beyond = np.searchsorted(source, np.arange(len(whole.names)), "right")
        before = np.concatenate([[0.0], total])[np.searchsorted(source, source)]
        within = np.minimum(total - before, NEARLY)
        return cls(source + within, beyond, order, ways.target[order], today.changed.going_on)


def _walked(ways: _Map, landing: Array, device: Array, random: np.random.Generator) -> tuple[Array, Array, Array]:
    """Session, node and way of every view."""
    walker, node = np.arange(len(landing), dtype=np.int32), landing
    steps: list[tuple[Array, Array, Array]] = []
    while len(walker) and len(steps) < LONGEST:
        luck = np.minimum(random.random(len(walker)) / ways.going_on[node, device[walker]], NEARLY)
        place = np.searchsorted(ways.cumulative, node + luck, "right")
        leaves = place < ways.beyond[node]
        way = np.where(leaves, ways.order[np.minimum(place, len(ways.order) - 1)], -1)
        steps.append((walker, node, way))
        target = ways.target[place[leaves]]
        inside = target >= 0
        walker, node = walker[leaves][inside], target[inside]
    session, node, way = (np.concatenate(column) for column in zip(*steps, strict=True))
    order = np.argsort(session, kind="stable")
    return session[order], node[order], way[order]


def _dwell(whole: World, node: Array, random: np.random.Generator) -> Array:
    seconds = np.exp(random.normal(DWELL, DWELL_SPREAD, len(node))) * np.where(
        whole.is_step[node], DWELL_ON_A_STEP, 1.0
    )
    dwell: Array = np.clip(seconds, SHORTEST, LONGEST_DWELL)
    return dwell


def _times(today: Conditions, session: Array, dwell: Array, luck: Array) -> Array:
    """When each view begins. On a month's last day everything is over before midnight: a month stands by itself."""
    until = np.cumsum(dwell)
    heads = np.flatnonzero(np.diff(session, prepend=-1))
    since = until - dwell
    lengths = np.diff(np.append(heads, len(session)))
    start = np.interp(luck, today.hours, np.linspace(0, today.seconds, len(today.hours)))
    if today.ends_month:
        whole = until[heads + lengths - 1] - since[heads]
        start = np.minimum(start, today.seconds - whole - 1)
    at: Array = today.midnight + start[session] + since - np.repeat(since[heads], lengths)
    return at


def _pages(whole: World, today: Conditions, places: tuple[Array, Array], luck: Array) -> Array:
    """The page of each view. A session keeps to one member of a family: the same country, the same council."""
    session, node = places
    member = (whole.slots[node] * luck[session] ** whole.steep[node]).astype(np.int64)
    pages: Array = today.changed.slot_page[whole.first_slot[node] + member]
    return pages
