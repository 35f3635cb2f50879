"""A funnel in one segment: the page views that match anything of it, laid out by unit, and what the engine finds in them."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

import numpy as np

from data.store import Segment
from queries.asking import Asking
from queries.funnels import funnel_rows
from queries.funnels.engine import chain, opened, unordered
from queries.funnels.engine.views import ONE, Array, Reached, Views, heads_of
from queries.funnels.engine.work import Work
from queries.funnels.funnel_definition import Matchers, Parameters
from queries.pages import page_tables
from queries.source import Columns, Source, chosen, marked

ENGINES: Final = {
    "ordered": chain.reached,
    "strict": chain.reached,
    "any_order": unordered.reached,
    "open": opened.reached,
}


@dataclass(frozen=True, eq=False)
class Laid:
    """Rows by unit and order: the place in `columns` of each, the number of its unit counted from 0, seconds on its clock."""

    columns: Columns
    order: Array
    unit: Array
    clock: Array

    def of(self, name: str, rows: Array) -> Array:
        """A column of some of the rows."""
        found: Array = self.columns[name][self.order[rows]]
        return found

    def whole(self, name: str) -> Array:
        """A column of every row."""
        found: Array = self.columns[name][self.order]
        return found


@dataclass(frozen=True, eq=False)
class Part:
    """What was reached in one segment, or in the days of one open month. A row of the stages is one of `laid`.

    Numbers of pages and sessions in `laid` are those of the segments one after the other, as `counted_on` counts them.
    """

    segments: tuple[Segment, ...]
    laid: Laid
    reached: Reached
    pages: tuple[Array, ...]  # of each segment, that fit any step
    empty: tuple[bool, ...]  # steps that no page fits
    untold: int  # sessions that match something and can't be held against a clock


@dataclass(frozen=True, eq=False)
class Matched:
    """The rows of one segment that may matter, by their places in its columns, and the sets of each page as bits."""

    source: Source
    columns: Columns
    kept: Array
    steps: Array
    excluded: Array
    untold: int

    def rows(self, pages: int, sessions: int) -> Columns:
        """The rows kept, with pages and sessions counted on from these numbers."""
        found = {name: column[self.kept] for name, column in self.columns.items()}
        found["page"] = found["page"] + np.int64(pages)
        found["next"] = np.where(found["next"] > 0, found["next"] + np.int64(pages), 0)
        found["session"] = found["session"] + np.int64(sessions)
        return found


def part(asking: Asking[Parameters], segments: tuple[Segment, ...], work: Work) -> Part:
    """What the units of one segment reached; of several, which are days of one month, what their visitors did."""
    asked, found = asking.parameters, [_matched(Source(asking, one)) for one in segments]
    laid = _by_visitor(found) if asked.unit == "visitor" else _by_session(found[0].columns, found[0].kept)
    steps, excluded = (np.concatenate(each) for each in zip(*((one.steps, one.excluded) for one in found), strict=True))
    page, apart = laid.whole("page"), heads_of(laid.unit)
    if asked.mode == "strict" and asked.unit == "session":
        apart[1:] |= np.diff(laid.whole("position").astype(np.int64)) != 1
    views = Views(
        laid.unit, laid.clock, _narrow(steps, asked.steps)[page], _narrow(excluded, asked.exclusions)[page], apart
    )
    reached = ENGINES[asked.mode](views, asked.rule, work)
    empty = tuple(not bool((steps & (ONE << np.uint64(n))).any()) for n in range(len(asked.steps)))
    pages = tuple(np.flatnonzero(one.steps) for one in found)
    return Part(segments, laid, reached, pages, empty, sum(one.untold for one in found))


def _narrow(marks: Array, sets: tuple[Matchers, ...]) -> Array:
    """Marks in as few bytes as so many sets need."""
    return marks.astype(np.min_scalar_type((1 << len(sets)) - 1), copy=False)


def counted_on(sizes: Iterable[int]) -> list[int]:
    """From which number on each of several lists is counted."""
    return [0, *accumulate(sizes)][:-1]


def _matched(source: Source) -> Matched:
    asked = source.asking.parameters
    steps, excluded = (_marks(source, sets) for sets in (asked.steps, asked.exclusions))
    every = (
        asked.mode == "strict" and asked.unit == "visitor"
    )  # nothing else tells what lies between two sessions' views
    pages = np.arange(1, len(steps)) if every else np.flatnonzero(steps | excluded)
    columns, kept = _fetched(source, pages, steps)
    kept, untold = _told(source, columns, kept)
    return Matched(source, columns, kept, steps, excluded, untold)


def _marks(source: Source, sets: tuple[Matchers, ...]) -> Array:
    """For each page number the sets that it is in, as bits."""
    marks = np.zeros(len(page_tables.table(source.asking.reading, source.segment).key), np.uint64)
    for n, one in enumerate(sets):
        for matcher in one.matchers:
            marks[source.numbers(matcher.match, matcher.value)] |= ONE << np.uint64(n)
    return marks


def _fetched(source: Source, pages: Array, steps: Array) -> tuple[Columns, Array]:
    """The views of these pages, and the places of those of sessions that the filters choose and that can reach anything."""
    asked = source.asking.parameters
    rows = funnel_rows.rows(source, pages)
    kept = np.ones(len(rows["page"]), bool)
    if asked.unit == "session" and asked.mode in {"ordered", "strict"}:
        first = ((steps & ONE) != 0)[rows["page"]]
        kept = marked(int(rows["unit"].max(initial=0)) + 1, rows["unit"][first])[rows["unit"]]
    if (sessions := chosen(source)) is not None:
        kept = kept & sessions[rows["session"]]
    return rows, np.flatnonzero(kept)


def _told(source: Source, rows: Columns, kept: Array) -> tuple[Array, int]:
    """Those of the rows that a windowed funnel can tell of, and how many sessions it leaves out."""
    timed = rows["timed"][kept] if source.asking.parameters.windowed else np.ones(1, bool)
    if timed.all():
        return kept, 0
    return kept[timed], len(np.unique(rows["session"][kept[~timed]]))


def _by_session(rows: Columns, kept: Array) -> Laid:
    """The rows kept, which are by session and position already."""
    return Laid(rows, kept, np.cumsum(heads_of(rows["unit"][kept])) - 1, rows["seconds"][kept].astype(np.int64))


def _by_visitor(found: list[Matched]) -> Laid:
    """The rows kept by visitor and time; sessions without a visitor are left out."""
    known = [_visitors(one.source) for one in found]
    pages, sessions = (counted_on(map(len, each)) for each in ([one.steps for one in found], [who for who, _ in known]))
    parts = [one.rows(*before) for one, *before in zip(found, pages, sessions, strict=True)]
    rows = {name: np.concatenate([one[name] for one in parts]) for name in parts[0]}
    visitor, since = (np.concatenate(each) for each in zip(*known, strict=True))
    of, start = visitor[rows["session"]], since[rows["session"]]
    clock = start + rows["seconds"]
    # Sessions of a visitor may overlap; what comes in the same second goes by the session that started first.
    order = np.lexsort((rows["position"], rows["session"], start, clock, of))
    order = order[of[order] > 0]
    return Laid(rows, order, np.cumsum(heads_of(of[order])) - 1, clock[order])


def _visitors(source: Source) -> tuple[Array, Array]:
    """By session number its visitor, 0 for none, and the seconds since the visitor's first view: the same in all days of a month."""
    known = source.fetch("funnel_sessions")
    visitor, since = np.zeros((2, int(known["session"].max(initial=0)) + 1), np.int64)
    visitor[known["session"]], since[known["session"]] = known["visitor"], known["visitor_seconds"]
    return visitor, since
