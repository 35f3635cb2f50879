"""A funnel in one segment: the page views that match anything of it, laid out by unit, and what the engine finds in them."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from data.store import Segment
from queries import page_tables
from queries.asking import Asking
from queries.funnel_definition import Matchers, Parameters
from queries.funnels import chain, opened, unordered
from queries.funnels.views import ONE, Array, Reached, Views, heads_of
from queries.source import MOST_RANGES, Columns, Source, chosen, ranges, taken

ENGINES: Final = {
    "ordered": chain.reached,
    "strict": chain.reached,
    "any_order": unordered.reached,
    "open": opened.reached,
}
BITS: Final = 63  # of a sorted key


@dataclass(frozen=True, eq=False)
class Part:
    """What was reached in one segment. A row of the stages is a place in `columns`, which lie by unit and order."""

    segment: Segment
    columns: Columns
    clock: Array  # seconds of each row, from the start of its unit
    timed: Array
    reached: Reached
    pages: Array  # that fit any step
    empty: tuple[bool, ...]  # steps that no page fits
    untold: int  # sessions that match something and can't be held against a clock, or have no visitor


def part(asking: Asking[Parameters], segment: Segment) -> Part:
    """What the units of one segment reached."""
    source, asked = Source(asking, segment), asking.parameters
    steps, excluded = (_marks(source, sets) for sets in (asked.steps, asked.exclusions))
    every = (
        asked.mode == "strict" and asked.unit == "visitor"
    )  # nothing else tells what lies between two sessions' views
    rows, untold = _told(source, _fetched(source, np.flatnonzero(steps | excluded), every=every))
    rows, unit, clock = _by_visitor(source, rows) if asked.unit == "visitor" else _by_session(rows)
    page = rows["page"]
    apart = heads_of(unit)
    if asked.mode == "strict" and not every:
        apart[1:] |= np.diff(rows["position"].astype(np.int64)) != 1
    views = Views(unit, clock, steps[page], excluded[page], apart)
    empty = tuple(not bool((steps & (ONE << np.uint64(n))).any()) for n in range(len(asked.steps)))
    return Part(
        segment,
        rows,
        clock,
        rows["timed"],
        ENGINES[asked.mode](views, asked.rule),
        np.flatnonzero(steps),
        empty,
        untold,
    )


def _marks(source: Source, sets: tuple[Matchers, ...]) -> Array:
    """For each page number the sets that it is in, as bits."""
    marks = np.zeros(len(page_tables.table(source.asking.reading, source.segment).key), np.uint64)
    for n, one in enumerate(sets):
        for matcher in one.matchers:
            marks[source.numbers(matcher.match, matcher.value)] |= ONE << np.uint64(n)
    return marks


def _fetched(source: Source, pages: Array, *, every: bool) -> Columns:
    """The views of these pages, or of every page, of the sessions that the filters choose."""
    spans = ranges(pages)
    if every or len(spans) > MOST_RANGES:
        spans = [(1, len(page_tables.table(source.asking.reading, source.segment).key))]
    found = [source.fetch("funnel", low=low, high=high, **source.session_filters()) for low, high in spans or [(0, 0)]]
    rows = {name: np.concatenate([one[name] for one in found]) for name in found[0]} if len(found) > 1 else found[0]
    if not every and len(spans) == 1 and len(pages):
        wanted = np.zeros(int(rows["page"].max(initial=0)) + 1, bool)
        wanted[pages[pages < len(wanted)]] = True
        rows = rows if wanted[rows["page"]].all() else taken(rows, np.flatnonzero(wanted[rows["page"]]))
    sessions = chosen(source)
    return rows if sessions is None else taken(rows, np.flatnonzero(sessions[rows["session"]]))


def _told(source: Source, rows: Columns) -> tuple[Columns, int]:
    """The rows that a windowed funnel can tell of, and how many sessions it leaves out."""
    if not source.asking.parameters.windowed or rows["timed"].all():
        return rows, 0
    return taken(rows, np.flatnonzero(rows["timed"])), len(np.unique(rows["session"][~rows["timed"]]))


def _by_session(rows: Columns) -> tuple[Columns, Array, Array]:
    """The rows by session and position, the number of each row's session counted from 0, and its seconds."""
    rows = taken(rows, _order(rows["session"], rows["position"]))
    return rows, _counted(rows["session"]), rows["seconds"].astype(np.int64)


def _by_visitor(source: Source, rows: Columns) -> tuple[Columns, Array, Array]:
    """As `_by_session`, by visitor and time; sessions without a visitor are left out."""
    known = source.fetch("funnel_sessions")
    size = int(known["session"].max(initial=0)) + 1
    visitor, since = np.zeros((2, size), np.int64)
    visitor[known["session"]], since[known["session"]] = known["visitor"], known["visitor_seconds"]
    rows = taken(rows, np.flatnonzero(visitor[rows["session"]]))
    start = since[rows["session"]]
    clock = start + rows["seconds"]
    # Sessions of a visitor may overlap; what comes in the same second goes by the session that started first.
    order = np.lexsort((rows["position"], rows["session"], start, clock, visitor[rows["session"]]))
    rows = taken(rows, order)
    return rows, _counted(visitor[rows["session"]]), clock[order]


def _order(session: Array, position: Array) -> Array:
    """The places of rows by session and position; both and the place are sorted as one number where they fit."""
    place, width = (max(1, int(some).bit_length()) for some in (len(session), position.max(initial=0)))
    if int(session.max(initial=0)).bit_length() + place + width > BITS:
        return np.lexsort((position, session))
    keys = (session.astype(np.int64) << width | position) << place | np.arange(len(session))
    keys.sort()
    found: Array = keys & ((1 << place) - 1)
    return found


def _counted(values: Array) -> Array:
    """The number of each run of equal values, from 0."""
    return np.cumsum(heads_of(values)) - 1
