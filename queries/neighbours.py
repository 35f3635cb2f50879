"""The pages right before and after the views of a page, counted over every segment of a period."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from data.contract import CHANNELS
from data.register import register
from queries import sets
from queries.asking import WHOLE_ESTATE, Asking
from queries.grouping import Grouping, by_department, grouping
from queries.journeys.count import Nodes, candidates, tally, unite
from queries.journeys.walk import Array, changes
from queries.source import MOST_RANGES, Columns, Source, marked, ranges, taken

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
LANDED: Final = {"department": pl.String, "channel": pl.String, "landings": pl.Int64}
OTHERS: Final = {"side": pl.String, "department": pl.String, "page_views": pl.Int64}


@dataclass(frozen=True)
class Views:
    """Views of the pages asked for, in one segment or in several.

    `totals` are in the order of TOTALS, `landings` by channel. `sides` holds, before and after, one row for each view that
    has another page there: its `code`, and whether the view is `alone`, the session's only one; and the `session` of each
    that isn't.
    """

    totals: Array
    landings: Array
    sides: tuple[Columns, Columns]


def counted(asking: Asking[Any]) -> dict[str, pl.DataFrame]:
    """Frames of the neighbours that are named, the totals, the landings by channel, and what isn't named on each side."""
    segments = asking.reading.segments(asking.account, asking.period)
    groups = by_department(grouping(asking, segments, "page"))
    views, department = _every(asking, groups)
    nodes = unite(groups.codes, *_tallied(views, groups.codes.same))
    sides = [_named(asking, groups, nodes, side=k) for k in range(len(SIDES))]
    rest = [
        (side, WHOLE_ESTATE, int(nodes.sessions[2 * k].sum()) - int(sides[k]["page_views"].sum()))
        for k, side in enumerate(SIDES)
    ]
    return {
        "named": pl.concat(sides),
        "totals": _totals(views, department),
        "landings": _landings(views, department),
        "other": pl.DataFrame(rest, OTHERS, orient="row"),
    }


def _every(asking: Asking[Any], groups: Grouping) -> tuple[Views, str | None]:
    """The views of the pages asked for in every segment, and the department that owns the pages if one alone does."""
    parts, owners, sessions = [_none()], set[int](), 0
    for group in groups.groups:
        subject = sets.of(asking, group.segment)
        owners.update(groups.codes.owner[group.of_page[subject]].tolist())
        rows = _fetched(Source(asking, group.segment), subject, len(group.of_page))
        parts.append(_seen(rows, group.of_page, sessions))
        sessions += int(rows["session"].max(initial=0))
    sides = [
        {name: np.concatenate([part.sides[k][name] for part in parts]) for name in parts[0].sides[k]}
        for k in range(len(SIDES))
    ]
    totals, landings = (np.sum([getattr(part, name) for part in parts], axis=0) for name in ("totals", "landings"))
    department = register.department_names[owners.pop()] if len(owners) == 1 else None
    return Views(totals, landings, (sides[0], sides[1])), department


def _none() -> Views:
    """No views, for a period without segments."""
    none = {"code": np.zeros(0, np.int64), "session": np.zeros(0, np.int64), "alone": np.zeros(0, np.bool_)}
    return Views(np.zeros(len(TOTALS), np.int64), np.zeros(len(CHANNELS) + 1, np.int64), (none, none))


def _fetched(source: Source, subject: Array, pages: int) -> Columns:
    """The views of these pages in one segment."""
    scattered = len(ranges(subject)) > MOST_RANGES
    places = [(int(subject[0]), int(subject[-1]))] if scattered else ranges(subject)
    filters = source.session_filters()
    parts = [source.fetch("next_pages", low=low, high=high, **filters) for low, high in places or [(1, 0)]]
    rows = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]} if len(parts) > 1 else parts[0]
    if scattered:
        rows = taken(rows, np.flatnonzero(marked(pages, subject)[rows["page"]]))
    if len(subject) > 1:  # a session's only view of one page needn't be its only view of all of them
        rows = rows | {"alone": np.zeros(len(rows["page"]), bool)}
    return rows


def _seen(rows: Columns, of_page: Array, sessions: int) -> Views:
    """The views of one segment; `sessions` is what its session numbers are raised by, so that they are no other's."""
    page, session, before, after, alone = (rows[name] for name in ("page", "session", "before", "after", "alone"))
    looped, landed, exited = before == page, before == 0, after == 0
    landings = np.bincount(rows["channel"][landed], minlength=len(CHANNELS) + 1)
    count = np.count_nonzero
    seen = count(alone) + len(distinct(session[~alone]))
    totals = np.array([len(alone), seen, count(looped), count(landed), count(exited)])
    first, second = (
        {"code": of_page[beside[at]], "alone": alone[at], "session": session[at[~alone[at]]] + np.int64(sessions)}
        for beside, at in (
            (before, np.flatnonzero(~(landed | looped))),
            (after, np.flatnonzero(~(exited | (after == page)))),
        )
    )
    return Views(totals, landings, (first, second))


def _tallied(views: Views, same: Array) -> tuple[Array, list[Array]]:
    """Which pages are next to the views, and of each the page views and sessions before, then after."""
    codes = []
    for side in views.sides:
        again = side["code"][~side["alone"]]
        pairs = distinct(side["session"] << 32 | same[again])
        codes += [side["code"], again, pairs & 0xFFFFFFFF]
    seen, counts = tally(codes, len(same))
    of_sides = (counts[:3], counts[3:])
    return seen, [each for every, again, once in of_sides for each in (every, every - again + once)]


def distinct(numbers: Array) -> Array:
    """Each number once, in order."""
    numbers.sort()
    return numbers[changes(numbers)]


def _named(asking: Asking[Any], groups: Grouping, nodes: Nodes, *, side: int) -> pl.DataFrame:
    """The neighbours of one side with the most page views, ties in the order of their names."""
    page_views, sessions = nodes.sessions[2 * side : 2 * side + 2]
    likely = candidates(page_views, asking.parameters.limit)
    names, views = groups.titles(nodes, likely), page_views[likely].tolist()
    ranked = sorted(range(len(names)), key=lambda n: (-views[n], names[n]))[: asking.parameters.limit]
    wanted = likely[ranked]
    owners = [register.department_names.get(owner) for owner in nodes.codes.owner[wanted].tolist()]
    values = ([SIDES[side]] * len(ranked), [names[n] for n in ranked], owners, page_views[wanted], sessions[wanted])
    return pl.DataFrame([pl.Series(*one) for one in zip(NAMED, values, NAMED.values(), strict=True)])


def _totals(views: Views, department: str | None) -> pl.DataFrame:
    counts = {name: [number] for name, number in zip(TOTALS, views.totals.tolist(), strict=True)}
    return pl.DataFrame({"department": pl.Series([department], dtype=pl.String), **counts})


def _landings(views: Views, department: str | None) -> pl.DataFrame:
    """Landings by channel, those alone that have any."""
    by_channel = zip((UNKNOWN, *CHANNELS), views.landings.tolist(), strict=True)
    return pl.DataFrame([(department, name, n) for name, n in by_channel if n], LANDED, orient="row")
