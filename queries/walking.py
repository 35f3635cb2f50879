"""Where the journeys of a segment come from: the index by page where it knows enough, else page views by session."""

from typing import TYPE_CHECKING, Final

import numpy as np

from data.contract import CHANNELS
from queries import definitions
from queries.grouping import Grouped, Words
from queries.journeys.count import Part
from queries.journeys.walk import Array, Views, Walks, Wish, changes, walk
from queries.source import MOST_RANGES, Columns, Source, chosen, fitting, ranges, seeing, taken

if TYPE_CHECKING:
    from queries.asking import Asking
    from queries.explore import Parameters

FEW_SESSIONS: Final = 20_000  # that are looked up by number; more are found by reading every page view
CLICKED_OUT: Final = 1  # of session.ended, whose other values are:
ENDINGS: Final = ("nothing more seen", "clicked out", "downloaded", "went to a host that is not shared")
BEGINNINGS: Final = ("not known", *CHANNELS)  # of session.channel


def part(asking: "Asking[Parameters]", group: Grouped, hows: Words) -> Part:
    """Find the journeys of a segment."""
    source, asked = Source(asking, group.segment), asking.parameters
    one_set = asked.anchor.match not in {"any", "sequence"}
    anchor = source.numbers(asked.anchor.match, asked.anchor.value) if one_set else None
    if anchor is not None and asked.index_knows and len(ranges(anchor)) <= MOST_RANGES:
        walks, columns = _indexed(source, asked, anchor)
    else:
        walks = walk(_views(source, anchor), _wish(source, asked, group))
        columns = _ends(source, asked, walks.session)
    return Part(walks, group.codes, _how(source, columns, hows), columns["timed"])


def _indexed(source: Source, asked: "Parameters", anchor: Array) -> tuple[Walks, Columns]:
    """Journeys from the index by page, and its rows for them."""
    first = asked.occurrence == "first"
    filters = {"first": first, **source.session_filters()}
    parts = [
        source.fetch(f"explore_{asked.direction}", low=low, high=high, **filters)
        for low, high in ranges(anchor) or [(0, 0)]
    ]
    rows = {name: np.concatenate([one[name] for one in parts]) for name in parts[0]} if len(parts) > 1 else parts[0]
    sessions = chosen(source)
    if sessions is not None:
        rows = taken(rows, np.flatnonzero(sessions[rows["session"]]))
    if len(anchor) > 1:
        rows = taken(rows, _one_a_session(rows, first=first))
    side = "next" if asked.direction == "forward" else "previous"
    steps = range(1, asked.steps + 1)
    codes = [rows["page"], *(rows[f"{side}_{k}"] for k in steps)]
    return Walks(rows["session"], codes, [rows[f"{side}_{k}_seconds"] for k in steps]), rows


def _one_a_session(rows: Columns, *, first: bool) -> Array:
    """Places of the first, or last, row of each session by position."""
    order = np.lexsort((rows["position"], rows["session"]))
    head = changes(rows["session"][order])
    return order[head if first else np.append(head[1:], True)[: len(head)]]


def _views(source: Source, anchor: Array | None) -> Views:
    """The page views of the sessions that fit the filters and, where `anchor` is a handy set of pages, see one of it."""
    asked, period, segment = source.asking.parameters, source.asking.period, source.segment
    kept = [] if (sessions := chosen(source)) is None else [sessions]
    cut = segment.first_day < period.first or segment.last_day > period.last
    if cut or asked.device or asked.channel or asked.country:
        kept.append(source.by_session(fitting(source)))
    if anchor is not None and len(ranges(anchor)) <= MOST_RANGES:
        kept.append(seeing(source, anchor))
    return _read(source, np.logical_and.reduce(kept) if kept else None)


def _read(source: Source, sessions: Array | None) -> Views:
    if sessions is not None and np.count_nonzero(sessions) <= FEW_SESSIONS:
        rows = source.fetch("explore_views", sessions=np.flatnonzero(sessions).tolist())
    else:
        rows = source.fetch("explore_all_views")
        rows = rows if sessions is None else taken(rows, np.flatnonzero(sessions[rows["session"]]))
    return Views(rows["session"], rows["page"], rows["seconds"])


def _wish(source: Source, asked: "Parameters", group: Grouped) -> Wish:
    """What makes a journey in this segment."""

    def mask(*wanted: definitions.Definition | None) -> Array | None:
        return source.mask(tuple(one for one in wanted if one), group.pages)

    anchors = (
        [definitions.named(text) for text in asked.anchor.value] if asked.anchor.match == "sequence" else [asked.anchor]
    )
    return Wish(
        forward=asked.direction == "forward",
        first=asked.occurrence == "first",
        collapse=asked.collapse_repeats,
        steps=asked.steps,
        anchor=() if asked.anchor.match == "any" else tuple(one for each in anchors if (one := mask(each)) is not None),
        exclude=mask(*(definitions.named(text) for text in asked.exclude)),
        via=mask(asked.via),
        end=mask(asked.end),
        group=group.of_page,
    )


def _ends(source: Source, asked: "Parameters", session: Array) -> Columns:
    """How these sessions ended, or began, and whether they have times, from the session table."""
    rows = source.fetch("explore_ended" if asked.direction == "forward" else "explore_began")
    size = int(max(rows["session"].max(initial=0), session.max(initial=0))) + 1
    ends: Columns = {}
    for name in rows.keys() - {"session"}:
        every = np.full(size, name == "timed", rows[name].dtype)
        every[rows["session"]] = rows[name]
        ends[name] = every[session]
    return ends


def _how(source: Source, rows: Columns, hows: Words) -> Array:
    """The number of the word for how each session ended; backward, for how it began."""
    if "channel" in rows:
        return np.array([hows.number(word) for word in BEGINNINGS])[rows["channel"]]
    hosts = source.fetch("explore_outbound")
    clicked = np.zeros(int(hosts["host"].max(initial=0)) + 1, np.int64)
    clicked[hosts["host"]] = [hows.number(f"clicked out to {name}") for name in hosts["name"]]
    how = np.array([hows.number(word) for word in ENDINGS])[rows["ended"]]
    away = np.flatnonzero(rows["ended"] == CLICKED_OUT)
    how[away] = clicked[rows["ended_host"][away]]
    return how
