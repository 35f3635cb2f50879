"""The pages right before and after the views of a page, counted over every segment of a period."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from data.contract import CHANNELS
from data.register import register
from queries.asking import WHOLE_ESTATE, Asking
from queries.journeys.engine.count import FEW, Nodes, candidates, tallied, unite
from queries.journeys.engine.walk import Array, changes
from queries.journeys.grouping import Grouping, by_department, grouping
from queries.page_sets import sets
from queries.source import MOST_RANGES, Columns, Source, marked, ranges, taken

SIDES: Final = ("previous", "following")
TOTALS: Final = ("page_views", "sessions", "loops", "landings", "exits")
RELOAD: Final = 4_294_967_295  # what `next_pages.sql` says instead of the session of a reload
MANY: Final = 100  # times as many numbers as there may be: then they are sorted, not marked
UNKNOWN: Final = "not known"  # the channel of sessions that were sent without one
NAMED: Final = {
    "side": pl.String,
    "page": pl.String,
    "department": pl.String,
    "page_views": pl.Int64,
    "sessions": pl.Int64,
}
Named = tuple[str, str, str | None, int, int]
LANDED: Final = {"department": pl.String, "channel": pl.String, "landings": pl.Int64}
OTHERS: Final = {"side": pl.String, "department": pl.String, "page_views": pl.Int64}


@dataclass(frozen=True)
class Views:
    """Views of the pages asked for in one segment, counted, and those that may share a session.

    `totals` are in the order of TOTALS, `landings` by channel. `beside` holds codes of the other pages before and after
    the views, and how many views have each. `again` holds the codes `before` and `after` of views that needn't be the
    only one of their `session`.
    """

    totals: Array
    landings: Array
    beside: tuple[tuple[Array, Array], tuple[Array, Array]]
    again: Columns


def counted(asking: Asking[Any]) -> dict[str, pl.DataFrame]:
    """Frames of the neighbours that are named, the totals, the landings by channel, and what isn't named on each side."""
    segments = asking.reading.segments(asking.account, asking.period)
    groups = by_department(grouping(asking, segments, "page"))
    views, owners = [], set[int]()
    for group in groups.groups:
        subject = sets.of(asking, group.segment)
        owners.update(groups.codes.owner[group.of_page[subject]].tolist())
        views.append(_seen(_fetched(Source(asking, group.segment), subject, len(group.of_page)), group.of_page))
    department = register.department_names[owners.pop()] if len(owners) == 1 else None
    nodes = _nodes(views, groups)
    sides = [_named(asking, groups, nodes, views, side=k) for k in range(len(SIDES))]
    rest = [
        (side, WHOLE_ESTATE, int(every.sum()) - sum(page_views for _, _, _, page_views, _ in named))
        for side, every, named in zip(SIDES, nodes.sessions, sides, strict=True)
    ]
    return {
        "named": pl.DataFrame(sides[0] + sides[1], NAMED, orient="row"),
        "totals": _totals(sum((one.totals for one in views), np.zeros(len(TOTALS), np.int64)), department),
        "landings": _landings(sum((one.landings for one in views), np.zeros(len(CHANNELS) + 1, np.int64)), department),
        "other": pl.DataFrame(rest, OTHERS, orient="row"),
    }


def _fetched(source: Source, subject: Array, pages: int) -> Columns:
    """The views of these pages in one segment."""
    scattered = len(ranges(subject)) > MOST_RANGES
    places = [(int(subject[0]), int(subject[-1]))] if scattered else ranges(subject)
    how = {"scattered": scattered, "one": len(subject) == 1, **source.session_filters()}
    parts = [source.kept("next_pages", low=low, high=high, **how) for low, high in places or [(1, 0)]]
    rows = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]} if len(parts) > 1 else parts[0]
    return taken(rows, np.flatnonzero(marked(pages, subject)[rows["page"]])) if scattered else rows


def _seen(rows: Columns, of_page: Array) -> Views:
    """The views of one segment. Of a run of reloads the first view stands for what is before and after the run."""
    again, landed = rows["again"], rows["before"] == 0
    reloads, shared = np.flatnonzero(again == RELOAD), np.flatnonzero((again > 0) & (again < RELOAD))
    session = again[shared]
    landings = _channels(rows["channel"][landed]) - _channels(rows["channel"][reloads[landed[reloads]]])
    sides = [_counts(rows[name], reloads, len(of_page)) for name in ("before", "after")]
    alone = len(again) - len(reloads) - len(shared)
    totals = np.array([len(again), alone + _distinct(session), len(reloads), *(none for _, _, none in sides)])
    beside = {side: of_page[rows[name][shared]] for side, name in zip(SIDES, ("before", "after"), strict=True)}
    before, after = ((of_page[pages], counts) for pages, counts, _ in sides)
    return Views(totals, landings, (before, after), beside | {"session": session})


def _distinct(numbers: Array) -> int:
    """How many numbers there are, each once."""
    size = int(numbers.max(initial=0)) + 1
    once = changes(np.sort(numbers)) if size > MANY * len(numbers) else marked(size, numbers)
    return int(np.count_nonzero(once))


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


def _nodes(views: Sequence[Views], groups: Grouping) -> Nodes:
    """Which pages are next to the views of every segment, and of each the page views before, then after."""
    none = np.zeros(0, np.int64)
    parts = [one.beside[k] for k in range(len(SIDES)) for one in views]
    seen, place = np.unique(np.concatenate([none, *(codes for codes, _ in parts)]), return_inverse=True)
    split = sum(len(one.beside[0][0]) for one in views)
    number = np.concatenate([none, *(counts for _, counts in parts)])
    counts = [
        np.bincount(place[some], number[some], len(seen)).astype(np.int64)
        for some in (slice(split), slice(split, None))
    ]
    return unite(groups.codes, seen, counts)


def _sessions(views: Sequence[Views], nodes: Nodes, wanted: Array, *, side: int) -> Array:
    """The sessions of the views that have each of these nodes beside them."""
    rank = np.zeros(len(nodes.codes.same) + 1, np.uint32)
    rank[wanted + 1] = np.arange(1, len(wanted) + 1)
    sessions = np.array(nodes.sessions[side][wanted], np.int64)
    for one in views:
        place = rank[nodes.of_code[one.again[SIDES[side]]]]
        rows = np.flatnonzero(place > 0)
        sessions -= _repeated(place[rows], one.again["session"][rows], len(wanted))
    return sessions


def _repeated(rank: Array, session: Array, most: int) -> Array:
    """How many of these views are not the first of their session and rank, by rank from 1 to `most`."""
    width = np.int64(session.max(initial=0)) + 1
    kind = "u4" if width * (most + 1) <= np.iinfo(np.uint32).max else "u8"  # half as wide sorts twice as fast
    pairs: Array = np.multiply(rank, width, dtype=kind, casting="unsafe") + session.astype(kind)
    pairs.sort()
    again = np.append(0, np.cumsum(pairs[1:] == pairs[:-1])) if len(pairs) else np.zeros(1, np.int64)
    ends = np.searchsorted(pairs, np.arange(1, most + 2) * width, "left") - 1
    until: Array = np.where(ends >= 0, again[ends], 0)
    return until[1:] - until[:-1]


def _named(asking: Asking[Any], groups: Grouping, nodes: Nodes, seen: Sequence[Views], *, side: int) -> list[Named]:
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
