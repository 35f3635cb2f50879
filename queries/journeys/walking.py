"""Where the journeys of a segment come from: the index by page where it knows enough, else page views by session."""

from typing import Final

import numpy as np

from data.contract import CHANNELS
from queries.asking import Asking
from queries.journeys import held
from queries.journeys.engine.count import Part
from queries.journeys.engine.walk import Array, Views, Wish, stepwise, walk
from queries.journeys.grouping import Grouped, Words
from queries.journeys.indexed import STEPS, known, sorted_out
from queries.journeys.journey_parameters import Parameters
from queries.page_sets import matching
from queries.source import MOST_RANGES, Columns, Source, chosen, every_session_fits, fitting, marked, ranges, seeing

CLICKED_OUT: Final = 1  # of session.ended, whose other values are:
CLICKED: Final = "clicked out to "  # before the host
ENDINGS: Final = ("nothing more seen", "clicked out", "downloaded", "went to a host that is not shared")
BEGINNINGS: Final = ("not known", *CHANNELS)  # of session.channel


def parts(asking: Asking[Parameters], group: Grouped, hows: Words) -> list[Part]:
    """The journeys of a segment, with the steps asked for at least; whole where paths are asked for. At least one part."""
    source, asked = Source(asking, group.segment), asking.parameters
    one_set = asked.anchor.match not in {"any", "sequence"}
    anchor = source.numbers(asked.anchor.match, asked.anchor.value) if one_set else None
    if anchor is not None and len(ranges(anchor)) > MOST_RANGES:
        anchor = None
    wish = _wish(source, asked, group)
    excluded = anchor is not None and wish.exclude is not None and bool(wish.exclude[anchor].any())
    if anchor is not None and not excluded:
        return _from_index(source, wish, anchor, hows)
    views, journeys = walk(_views(source, wish), wish)
    session = views.session.take(journeys.anchor)
    columns = _ends(source, asked, session)
    return [Part(stepwise(views, journeys, _most(asked)), _how(source, columns, hows), columns["timed"], session)]


def _most(asked: Parameters) -> int | None:
    """How many steps are walked; all of them where none is the most."""
    return None if asked.paths else asked.steps


def _from_index(source: Source, wish: Wish, anchor: Array, hows: Words) -> list[Part]:
    """Journeys from the index by page, and from page views where the six steps that it knows don't settle them."""
    asked: Parameters = source.asking.parameters
    rows = known(source, anchor)
    how, timed = _how(source, rows.columns, hows), rows.columns["timed"].view(bool)
    if _stands(wish, asked):
        return [Part(rows.walks(asked.steps).coded(wish.code), how, timed, rows.session)]
    walks = rows.walks(STEPS)
    sort = sorted_out(source, rows, walks, wish)
    plain, rest = np.flatnonzero(sort.plain), np.flatnonzero(sort.walked | sort.open)
    found = [walk(rows.views(np.flatnonzero(sort.walked)), wish.outward)] if sort.walked.any() else []
    if (sessions := _sessions(source, rows.session[sort.open], asked)).any():
        found.append(walk(held.views(source, sessions), wish))
    place = np.empty(int(rows.session.max(initial=0)) + 1, np.uint32)
    place[rows.session[rest].astype(np.intp)] = rest
    parts = [Part(walks.taken(plain).coded(wish.code), how.take(plain), timed.take(plain), rows.session.take(plain))]
    for views, journeys in found:
        session = views.session.take(journeys.anchor)
        of = place.take(session)
        parts.append(Part(stepwise(views, journeys, _most(asked)), how.take(of), timed.take(of), session))
    return parts


def _stands(wish: Wish, asked: Parameters) -> bool:
    """Whether the steps known are the journey as it is asked for."""
    cut = wish.via is not None or wish.end is not None or wish.exclude is not None or asked.paths
    return not cut and not wish.grouped and wish.collapse and asked.steps <= STEPS


def _sessions(source: Source, sessions: Array, asked: Parameters) -> Array:
    """Those of these sessions that may pass `via` and `end`, by number."""
    kept = source.by_session(sessions)
    for wanted in (asked.via, asked.end):
        if wanted and kept.any():
            kept &= seeing(source, source.numbers(wanted.match, wanted.value))
    return kept


def _views(source: Source, wish: Wish) -> Views:
    """The page views of the sessions that fit the filters and see a page of each set of the anchor."""
    kept = [] if (sessions := chosen(source)) is None else [sessions]
    if not every_session_fits(source):
        kept.append(fitting(source))
    anchors = [np.flatnonzero(pages) for pages in wish.anchor]
    kept += [seeing(source, pages) for pages in anchors if len(ranges(pages)) <= MOST_RANGES]
    return held.views(source, np.logical_and.reduce(kept) if kept else None)


def _wish(source: Source, asked: Parameters, group: Grouped) -> Wish:
    """What makes a journey in this segment."""

    def mask(*wanted: matching.Definition | None) -> Array | None:
        return source.mask(tuple(one for one in wanted if one), len(group.of_page))

    anchors = (
        [matching.named(text) for text in asked.anchor.value] if asked.anchor.match == "sequence" else [asked.anchor]
    )
    return Wish(
        code=group.of_page,
        forward=asked.direction == "forward",
        first=asked.occurrence == "first",
        collapse=asked.collapse_repeats,
        anchor=() if asked.anchor.match == "any" else tuple(one for each in anchors if (one := mask(each)) is not None),
        exclude=mask(*asked.exclude),
        via=mask(asked.via),
        end=mask(asked.end),
        grouped=asked.group.by != "page",
    )


def _ends(source: Source, asked: Parameters, session: Array) -> Columns:
    """How these sessions ended, or began, and whether they have times, from the session table."""
    rows = source.fetch("explore_ended" if asked.direction == "forward" else "explore_began")
    size = int(max(rows["session"].max(initial=0), session.max(initial=0))) + 1
    ends: Columns = {}
    for name in rows.keys() - {"session"}:
        every = np.full(size, name == "timed", rows[name].dtype)
        every[rows["session"]] = rows[name]
        ends[name] = every[session]
    return ends


def days_of(source: Source, session: Array) -> Array:
    """The day of each of these sessions, from 0 on the first of the period."""
    first, segment = np.datetime64(source.asking.period.first, "D"), source.segment
    if segment.first_day == segment.last_day:
        return np.full(len(session), (np.datetime64(segment.first_day, "D") - first).astype(np.int64))
    rows = source.fetch("explore_days")
    every = np.zeros(int(max(rows["session"].max(initial=0), session.max(initial=0))) + 1, np.int64)
    every[rows["session"]] = (rows["day"].astype("datetime64[D]") - first).astype(np.int64)
    found: Array = every[session]
    return found


def _how(source: Source, rows: Columns, hows: Words) -> Array:
    """The number of the word for how each session ended; backward, for how it began."""
    if "channel" in rows:
        return np.array(hows.all(BEGINNINGS)).take(rows["channel"])
    how = np.array(hows.all(ENDINGS)).take(rows["ended"])
    away = np.flatnonzero(rows["ended"] == CLICKED_OUT)
    hosts = rows["ended_host"][away]
    named = source.hosts()
    clicked = np.zeros(len(named), np.int64)
    seen = np.flatnonzero(marked(len(named), hosts))
    clicked[seen] = hows.all([f"{CLICKED}{named[host]}" for host in seen.tolist()])
    how[away] = clicked[hosts]
    return how
