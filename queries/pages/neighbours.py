"""The pages right before and after the views of a page, counted over every segment of a period."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from data.contract import CHANNELS
from data.register import register
from queries.asking import WHOLE_ESTATE, Asking
from queries.journeys.engine.count import Codes, Nodes, candidates, tallied, unite
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
Named = tuple[str, str | None, int, int]  # page, department, page views, sessions
LANDED: Final = {"department": pl.String, "channel": pl.String, "landings": pl.Int64}
_NOTHING: Final = dict.fromkeys(("code", "views"), np.zeros(1, np.int64)) | dict.fromkeys(
    ("again", "first", "several", "session"), np.zeros(0, np.uint32)
)  # where there is no segment: one place, of no page
OTHERS: Final = {"side": pl.String, "department": pl.String, "page_views": pl.Int64}


@dataclass(frozen=True)
class Beside:
    """What one side of the views has in every segment. A place is a page of a segment; the first of each is no page."""

    nodes: Nodes  # node 0 is no page
    views: Array  # by node
    of_place: Array  # the node of each place
    again: Array  # the places of the views that aren't their session's only ones: all but one of each session
    first: Array  # the place of that one
    several: Array  # which views in `again` aren't the only ones there of their session
    session: Array  # of those

    def sessions(self, wanted: Array) -> Array:
        """The sessions of the views that have each of these nodes beside them."""
        rank, size = np.zeros(len(self.views), np.uint32), len(wanted) + 1
        rank[wanted] = np.arange(1, size)
        again, first = (rank.take(self.of_place).take(places) for places in (self.again, self.first))
        other = np.where(again == first, 0, again).take(self.several)
        rows = np.flatnonzero(other > 0)
        repeats = np.bincount(again[again == first], minlength=size) + _repeated(other[rows], self.session[rows], size)
        found: Array = self.views[wanted] - repeats[1:]
        return found


def counted(asking: Asking[Any]) -> dict[str, pl.DataFrame]:
    """Frames of the neighbours that are named, the totals, the landings by channel, and what isn't named on each side."""
    segments = asking.reading.segments(asking.account, asking.period)
    groups = by_department(grouping(asking, segments, "page"))
    seen, owners = [], set[int]()
    for group in groups.groups:
        subject = sets.of(asking, group.segment)
        owners.update(groups.codes.owner[group.of_page[sets.seen(asking, group.segment, asking.period)]].tolist())
        seen.append((group.of_page, _viewed(Source(asking, group.segment), subject, len(group.of_page))))
    department = register.department_names[owners.pop()] if len(owners) == 1 else None
    sides = _united(seen, groups.codes)
    named = [_named(groups, one, asking.parameters.limit) for one in sides]
    rest = [
        (side, WHOLE_ESTATE, int(one.views.sum()) - sum(views for _, _, views, _ in rows))
        for side, one, rows in zip(SIDES, sides, named, strict=True)
    ]
    return {
        "named": pl.DataFrame(
            [(side, *row) for side, rows in zip(SIDES, named, strict=True) for row in rows], NAMED, orient="row"
        ),
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
    places, bound = ranges(subject), {"several": len(subject) > 1, **filters}
    if len(places) > MOST_RANGES:
        return source.fetch("next_pages_scattered", pages=subject.tolist(), **bound)
    return joined([source.fetch("next_pages", low=low, high=high, **bound) for low, high in places or [(1, 0)]])


def _counted(rows: Columns, pages: int) -> Columns:
    """What is known of the views of one segment, with its numbers of pages.

    `totals` are in the order of TOTALS, `landings` by channel. The side `previous` is the other pages before the views, in
    order after 0, none, and `previous_views` how many each has; of a run of reloads the first view stands for what is before
    and after the run. `previous_again` and `previous_first` are of the views that aren't their session's only ones: of all but
    one of each session the place in `previous` of the page before each, and that of the page before that one. `several` are
    those of them that aren't their session's only ones there either, and `session` says which belong together.
    """
    sides = {side: rows[name] for side, name in zip(SIDES, ("before", "after"), strict=True)}
    reload, alone = (rows[name].view(bool) for name in ("reload", "alone"))
    beside = (rows["before"] | rows["after"]) != 0  # a view that has no page beside it is alone
    there = np.flatnonzero(beside > reload)
    linked = np.flatnonzero(beside > (reload | alone))
    again, first = _repeats(rows["session"].take(linked))
    several, loops = _several(first), int(np.count_nonzero(reload))
    landings = _channels(rows["channel"], (rows["before"] == 0) > reload)
    found = {"several": several, "session": first.take(several), "landings": landings}
    of_again, of_first = linked.take(again), linked.take(first)
    for side, column in sides.items():
        found[side], views = _counts(column.take(there), len(reload) - loops, pages)
        place = _places(found[side], pages)
        each = {"views": views, "again": place.take(column.take(of_again)), "first": place.take(column.take(of_first))}
        found |= {f"{side}_{name}": values for name, values in each.items()}
    none = [int(found[f"{side}_views"][0]) for side in SIDES]
    return found | {"totals": np.array([len(reload), len(reload) - loops - len(again), loops, *none])}


def _repeats(numbers: Array) -> tuple[Array, Array]:
    """The places of numbers that are also at another place, all places but one of each; and that one."""
    numbers, here = numbers.astype(np.intp), np.arange(len(numbers), dtype=np.uint32)
    one = _places(numbers, int(numbers.max(initial=0)) + 1).take(numbers)
    again = np.flatnonzero(one != here)
    return again, one.take(again)


def _several(numbers: Array) -> Array:
    """The places of numbers that are also at another place, all places of each."""
    again, _ = _repeats(numbers)
    return np.flatnonzero(marked(int(numbers.max(initial=0)) + 1, numbers.take(again)).take(numbers))


def _channels(channel: Array, landed: Array) -> Array:
    """How many that landed have each channel; numpy would count bytes as numbers, eight times as long."""
    return np.array([np.count_nonzero((channel == number) & landed) for number in range(len(CHANNELS) + 1)])


def _counts(pages: Array, number: int, size: int) -> tuple[Array, Array]:
    """0 and each page that there is, in order, and how many of `number` views have it; no page is as high as `size`."""
    found, counts = tallied(pages, size)
    found, counts = found[found > 0], counts[found > 0]
    return np.append(0, found), np.append(number - counts.sum(), counts)


def _places(numbers: Array, size: int) -> Array:
    """A place of each of these numbers, by number, below `size`; of no use for other ones."""
    places = np.empty(size, np.uint32)
    places[numbers] = np.arange(len(numbers), dtype=np.uint32)
    return places


def _united(seen: Sequence[Seen], codes: Codes) -> list[Beside]:
    """Both sides of the views of every segment. A page that has an owner before the views and another after has several."""
    sides, size = [_side(seen, side) for side in SIDES], len(codes.same)
    there = np.flatnonzero(marked(size, *(one["code"] for one in sides)))
    place = _places(there, size)
    views = [np.bincount(place.take(one["code"]), one["views"], len(there)).astype(np.int64) for one in sides]
    nodes = unite(codes, there, views)
    nodes.sessions[:, 0] = 0  # where there is no page
    return [
        Beside(
            nodes,
            views,
            nodes.of_seen.take(place.take(one["code"])),
            *(one[name] for name in ("again", "first", "several", "session")),
        )
        for one, views in zip(sides, nodes.sessions, strict=True)
    ]


def _side(seen: Sequence[Seen], side: str) -> Columns:
    """What one side has in every segment, places and sessions numbered one segment after the other."""
    parts, places, before, sessions = [_NOTHING], 1, 0, 0
    for of_page, one in seen:
        views, again, first = (one[f"{side}_{name}"] for name in ("views", "again", "first"))
        several, session = one["several"] + before, one["session"] + sessions
        of_place = {"code": of_page.take(one[side]), "views": views}
        parts.append(
            of_place | {"again": again + places, "first": first + places, "several": several, "session": session}
        )
        places, before = places + len(views), before + len(again)
        sessions += int(one["session"].max(initial=0)) + 1
    return joined(parts)


def _repeated(rank: Array, session: Array, size: int) -> Array:
    """How many of these views are not the first of their session and rank, by rank below `size`."""
    width = np.int64(session.max(initial=0)) + 1
    kind = "u4" if width * size <= np.iinfo(np.uint32).max else "u8"  # half as wide sorts twice as fast
    pairs: Array = np.multiply(rank, width, dtype=kind, casting="unsafe") + session.astype(kind)
    pairs.sort()
    return np.bincount((pairs[1:][pairs[1:] == pairs[:-1]] // width).astype(np.int64), minlength=size)


def _named(groups: Grouping, one: Beside, limit: int | None) -> list[Named]:
    """The neighbours of one side with the most page views, ties in the order of their names."""
    likely = candidates(one.views, limit)
    names, views = groups.titles(one.nodes, likely), one.views[likely].tolist()
    ranked = sorted(range(len(names)), key=lambda n: (-views[n], names[n]))[:limit]
    wanted = likely[ranked]
    owners, sessions = one.nodes.codes.owner[wanted].tolist(), one.sessions(wanted).tolist()
    return [
        (names[n], register.department_names.get(owner), views[n], number)
        for n, owner, number in zip(ranked, owners, sessions, strict=True)
    ]


def _totals(totals: Array, department: str | None) -> pl.DataFrame:
    schema = {"department": pl.String, **dict.fromkeys(TOTALS, pl.Int64)}
    return pl.DataFrame([(department, *totals.tolist())], schema, orient="row")


def _landings(landings: Array, department: str | None) -> pl.DataFrame:
    """Landings by channel, those alone that have any."""
    by_channel = zip((UNKNOWN, *CHANNELS), landings.tolist(), strict=True)
    return pl.DataFrame([(department, name, n) for name, n in by_channel if n], LANDED, orient="row")
