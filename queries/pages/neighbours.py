"""The pages right before and after the views of a page, counted over every segment of a period."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import polars as pl

from data.contract import CHANNELS
from data.register import register
from queries.asking import WHOLE_ESTATE, Asking
from queries.journeys.engine.count import FEW, Nodes, candidates, tallied, unite
from queries.journeys.engine.walk import Array
from queries.journeys.grouping import Grouping, by_department, grouping
from queries.page_sets import sets
from queries.source import MOST_RANGES, Columns, Source, joined, marked, ranges

SIDES: Final = ("previous", "following")
TOTALS: Final = ("page_views", "sessions", "loops", "landings", "exits")
UNKNOWN: Final = "not known"  # the channel of sessions that were sent without one
NAMED: Final = {
    "side": pl.String,
    "page": pl.String,
    "department": pl.String,
    "page_views": pl.Int64,
    "sessions": pl.Int64,
}
Seen = tuple[Array, Columns]  # the codes of a segment's pages, and what `_counted` tells of it
Named = tuple[str, str, str | None, int, int]
LANDED: Final = {"department": pl.String, "channel": pl.String, "landings": pl.Int64}
OTHERS: Final = {"side": pl.String, "department": pl.String, "page_views": pl.Int64}


def counted(asking: Asking[Any]) -> dict[str, pl.DataFrame]:
    """Frames of the neighbours that are named, the totals, the landings by channel, and what isn't named on each side."""
    segments = asking.reading.segments(asking.account, asking.period)
    groups = by_department(grouping(asking, segments, "page"))
    seen, owners = [], set[int]()
    for group in groups.groups:
        subject = sets.of(asking, group.segment)
        owners.update(groups.codes.owner[group.of_page[subject]].tolist())
        seen.append((group.of_page, _viewed(Source(asking, group.segment), subject, len(group.of_page))))
    department = register.department_names[owners.pop()] if len(owners) == 1 else None
    nodes = _nodes(seen, groups)
    sides = [_named(asking, groups, nodes, seen, side=k) for k in range(len(SIDES))]
    rest = [
        (side, WHOLE_ESTATE, int(every.sum()) - sum(page_views for _, _, _, page_views, _ in named))
        for side, every, named in zip(SIDES, nodes.sessions, sides, strict=True)
    ]
    return {
        "named": pl.DataFrame(sides[0] + sides[1], NAMED, orient="row"),
        "totals": _totals(sum((one["totals"] for _, one in seen), np.zeros(len(TOTALS), np.int64)), department),
        "landings": _landings(
            sum((one["landings"] for _, one in seen), np.zeros(len(CHANNELS) + 1, np.int64)), department
        ),
        "other": pl.DataFrame(rest, OTHERS, orient="row"),
    }


def _viewed(source: Source, subject: Array, pages: int) -> Columns:
    """The views of these pages in one segment, counted, and kept for the next question about them."""
    filters, asked = source.session_filters(), hashlib.sha256(subject.tobytes()).digest()  # pages may be very many
    return source.keep(("next_pages", asked, str(filters)), lambda: _counted(_fetched(source, subject, filters), pages))


def _fetched(source: Source, subject: Array, filters: Mapping[str, object]) -> Columns:
    """The views of these pages in one segment; pages in many places are looked for all at once."""
    places = ranges(subject)
    if len(places) > MOST_RANGES:
        return source.fetch("next_pages_scattered", pages=subject.tolist(), **filters)
    return joined([source.fetch("next_pages", low=low, high=high, **filters) for low, high in places or [(1, 0)]])


def _counted(rows: Columns, pages: int) -> Columns:
    """What is known of the views of one segment, with its numbers of pages.

    `totals` are in the order of TOTALS, `landings` by channel. The side `previous` is the other pages before the views, in
    order, and `previous_views` how many each has; of a run of reloads the first view stands for what is before and after the
    run. `session`, `previous_again` and `previous_first` are of the views that aren't their session's only ones: all but one of
    each session, the page before each, and the page before that one.
    """
    reload, sides = rows["reload"], {side: rows[name] for side, name in zip(SIDES, ("before", "after"), strict=True)}
    reloads, landed = np.flatnonzero(reload), np.flatnonzero((rows["before"] == 0) > reload)
    linked = np.flatnonzero((rows["before"] | rows["after"] != 0) > reload)  # what has no other page beside it is alone
    again, first = (linked[places] for places in _repeats(rows["session"][linked]))
    found = {"session": rows["session"][again], "landings": _channels(rows["channel"][landed])}
    none = []
    for side, column in sides.items():
        found[side], found[f"{side}_views"], ends = _counts(column, reloads, pages)
        found |= {f"{side}_again": column[again], f"{side}_first": column[first]}
        none.append(ends)
    sessions = len(reload) - len(reloads) - len(again)
    return found | {"totals": np.array([len(reload), sessions, len(reloads), *none])}


def _repeats(numbers: Array) -> tuple[Array, Array]:
    """The places of numbers that are also at another place, all places but one of each; and that one."""
    place, every = np.empty(int(numbers.max(initial=0)) + 1, np.uint32), np.arange(len(numbers), dtype=np.uint32)
    place[numbers] = every
    one = place[numbers]
    again = np.flatnonzero(one != every)
    return again, one[again]


def _channels(channel: Array) -> Array:
    return np.bincount(channel, minlength=len(CHANNELS) + 1)


def _counts(pages: Array, without: Array, size: int) -> tuple[Array, Array, int]:
    """Each page that there is, in order, and how often it is but for the places in `without`; and how often 0 is."""
    if size > FEW * len(pages):
        found, counts = tallied(np.delete(pages, without), size)
    else:
        counts = np.bincount(pages, minlength=size) - np.bincount(pages[without], minlength=size)
        found = np.flatnonzero(counts > 0)
        counts = counts[found]
    start = int(np.searchsorted(found, 1))
    return found[start:], counts[start:], int(counts[:start].sum())


def _nodes(seen: Sequence[Seen], groups: Grouping) -> Nodes:
    """Which pages are next to the views of every segment, and of each the page views before, then after."""
    size, none = len(groups.codes.same), np.zeros(0, np.int64)
    sides = [np.concatenate([none, *(of_page[one[side]] for of_page, one in seen)]) for side in SIDES]
    views = [np.concatenate([none, *(one[f"{side}_views"] for _, one in seen)]) for side in SIDES]
    codes = np.flatnonzero(marked(size, *sides))
    place = np.zeros(size, np.int64)
    place[codes] = np.arange(len(codes))
    counts = [
        np.bincount(place[side], number, len(codes)).astype(np.int64) for side, number in zip(sides, views, strict=True)
    ]
    return unite(groups.codes, codes, counts)


def _sessions(seen: Sequence[Seen], nodes: Nodes, wanted: Array, *, side: int) -> Array:
    """The sessions of the views that have each of these nodes beside them."""
    rank = np.zeros(len(nodes.codes.same) + 1, np.uint32)
    rank[wanted + 1] = np.arange(1, len(wanted) + 1)
    of_code, size = rank[nodes.of_code], len(wanted) + 1
    sessions = np.array(nodes.sessions[side][wanted], np.int64)
    for of_page, one in seen:
        ranks = of_code[of_page]
        again, first = ranks[one[f"{SIDES[side]}_again"]], ranks[one[f"{SIDES[side]}_first"]]
        rows = np.flatnonzero((again > 0) & (again != first))
        sessions -= np.bincount(again[again == first], minlength=size)[1:]
        sessions -= _repeated(again[rows], one["session"][rows], size)[1:]
    return sessions


def _repeated(rank: Array, session: Array, size: int) -> Array:
    """How many of these views are not the first of their session and rank, by rank below `size`."""
    width = np.int64(session.max(initial=0)) + 1
    kind = "u4" if width * size <= np.iinfo(np.uint32).max else "u8"  # half as wide sorts twice as fast
    pairs: Array = np.multiply(rank, width, dtype=kind, casting="unsafe") + session.astype(kind)
    pairs.sort()
    return np.bincount((pairs[1:][pairs[1:] == pairs[:-1]] // width).astype(np.int64), minlength=size)


def _named(asking: Asking[Any], groups: Grouping, nodes: Nodes, seen: Sequence[Seen], *, side: int) -> list[Named]:
    """The neighbours of one side with the most page views, ties in the order of their names."""
    likely = candidates(nodes.sessions[side], asking.parameters.limit)
    names, views = groups.titles(nodes, likely), nodes.sessions[side][likely].tolist()
    ranked = sorted(range(len(names)), key=lambda n: (-views[n], names[n]))[: asking.parameters.limit]
    wanted = likely[ranked]
    owners = nodes.codes.owner[wanted].tolist()
    sessions = _sessions(seen, nodes, wanted, side=side).tolist()
    return [
        (SIDES[side], names[n], register.department_names.get(owner), views[n], number)
        for n, owner, number in zip(ranked, owners, sessions, strict=True)
    ]


def _totals(totals: Array, department: str | None) -> pl.DataFrame:
    counts = {name: [number] for name, number in zip(TOTALS, totals.tolist(), strict=True)}
    return pl.DataFrame({"department": pl.Series([department], dtype=pl.String), **counts})


def _landings(landings: Array, department: str | None) -> pl.DataFrame:
    """Landings by channel, those alone that have any."""
    by_channel = zip((UNKNOWN, *CHANNELS), landings.tolist(), strict=True)
    return pl.DataFrame([(department, name, n) for name, n in by_channel if n], LANDED, orient="row")
