"""Where the views of a page came from and went: raw page views, so that both sides add up to all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl
from pydantic import field_validator

from data.contract import CHANNELS
from data.register import register
from queries import pages, sets
from queries.asking import WHOLE_ESTATE, Asking, Frames, Value
from queries.columns import Column, count, label
from queries.grouping import Grouped, Words, by_department, grouped, titles
from queries.journeys.count import Nodes, candidates, unite
from queries.journeys.walk import Array, changes
from queries.parameters import Common, SeveralPatterns
from queries.source import MOST_RANGES, Columns, Source, marked, ranges, taken

DEFINITION: Final = (
    "Views of a page with the page view before and after each. Earlier pages, loops (reloads) and landings add up to the"
    " page views, and so do later pages, loops and exits."
)
FILTERS: Final = pages.FILTERS
SIDES: Final = ("previous", "following")
TOTALS: Final = ("page_views", "sessions", "loops", "landings", "exits")
UNKNOWN: Final = "not known"  # the channel of sessions that were sent without one

COLUMNS: Final[tuple[Column, ...]] = (
    label("side", "previous or following"),
    label("page"),
    label("department"),
    count("page_views", "page views"),
    count("sessions", "sessions"),
)
MORE_COLUMNS: Final[dict[str, tuple[Column, ...]]] = {
    "totals": (label("department"), *(count(name, name.replace("_", " ")) for name in TOTALS)),
    "landings": (label("department"), label("channel"), count("landings", "landings")),
    "other": (label("side"), label("department"), count("page_views", "page views")),
}


class Parameters(Common):
    """The page, or pages. `limit` is how many neighbours are named on each side."""

    page: SeveralPatterns

    @field_validator("page")
    @classmethod
    def _named(cls, page: tuple[str, ...]) -> tuple[str, ...]:
        if not page:
            raise ValueError("should be a page, such as /vehicle-tax")
        return page


PARAMETERS: Final = Parameters


@dataclass(frozen=True)
class Views:
    """Views of the pages asked for in one segment: what is next to each, 0 where nothing is, or the same page again."""

    source: Source
    group: Grouped
    subject: Array  # the numbers of the pages asked for
    rows: Columns


def answer(asking: Asking[Parameters]) -> Frames:
    """The neighbours named on each side; beside them the totals, landings by channel, and what isn't named."""
    views = [_seen(Source(asking, one)) for one in asking.reading.segments(asking.account, asking.period)]
    department = _owner(views)
    others = {"totals": _totals(views, department), "landings": _landings(views, department)}
    named = pl.DataFrame(schema={column.name: column.type for column in COLUMNS})
    rest = []
    if views:
        nodes = unite([one.group.codes for one in views], [_tallies(one) for one in views])
        for k, side in enumerate(SIDES):
            rows = _named(asking, views, nodes, side=k)
            named = pl.concat([named, rows.select(pl.lit(side).alias("side"), *named.columns[1:])])
            rest.append((side, WHOLE_ESTATE, int(nodes.sessions[2 * k].sum()) - int(rows["page_views"].sum())))
    rest = rest or [(side, WHOLE_ESTATE, 0) for side in SIDES]
    other = pl.DataFrame(rest, [column.name for column in MORE_COLUMNS["other"]], orient="row")
    return Frames(named, others | {"other": other})


def _seen(source: Source) -> Views:
    subject = sets.of(source.asking, source.segment)
    group = by_department(grouped(source.asking, source.segment, "page", (), words=Words()))
    scattered = len(ranges(subject)) > MOST_RANGES
    places = [(int(subject[0]), int(subject[-1]))] if scattered else ranges(subject)
    parts = [
        source.fetch("next_pages", low=low, high=high, **source.session_filters()) for low, high in places or [(1, 0)]
    ]
    rows = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]} if len(parts) > 1 else parts[0]
    if scattered:
        rows = taken(rows, np.flatnonzero(marked(group.pages, subject)[rows["page"]]))
    if len(subject) > 1:  # a session's only view of one page needn't be its only view of all of them
        rows = rows | {"alone": np.zeros(len(rows["page"]), bool)}
    return Views(source, group, subject, rows)


def _tallies(views: Views) -> list[Array]:
    """Page views and sessions by the page before, then by the page after."""
    counts = []
    for side in ("before", "after"):
        code = views.rows[side] if views.group.of_page is None else views.group.of_page[views.rows[side]]
        size, alone = len(views.group.codes.identity), views.rows["alone"]
        several = np.flatnonzero(~alone)
        pairs = distinct(views.rows["session"][several].astype(np.int64) << 32 | code[several])
        sessions = np.bincount(code[alone], minlength=size) + np.bincount(pairs & 0xFFFFFFFF, minlength=size)
        counts += [np.bincount(code, minlength=size), sessions]
    return counts


def distinct(numbers: Array) -> Array:
    """Each number once, in order."""
    numbers.sort()
    return numbers[changes(numbers)]


def _named(asking: Asking[Parameters], views: Sequence[Views], nodes: Nodes, *, side: int) -> pl.DataFrame:
    """The neighbours of one side with the most page views, ties in the order of their names."""
    page_views, sessions = nodes.sessions[2 * side : 2 * side + 2]
    likely = candidates(page_views, asking.parameters.limit)
    names = titles(asking, [one.group for one in views], nodes, likely, words=Words())
    owners = nodes.codes.owner[likely].tolist()
    rows = pl.DataFrame(
        {
            "page": pl.Series(names, dtype=pl.String),
            "department": pl.Series([register.department_names.get(owner) for owner in owners], dtype=pl.String),
            "page_views": page_views[likely],
            "sessions": sessions[likely],
        }
    )
    return rows.sort("page_views", "page", descending=[True, False]).head(asking.parameters.limit)


def present(frames: Frames, _: Asking[Parameters]) -> Value:
    """API.md's answer, with what isn't named on each side as `other`."""
    sides: dict[str, Any] = {side: frames.main.filter(pl.col("side") == side).drop("side").to_dicts() for side in SIDES}
    landings = dict(frames.others["landings"].select("channel", "landings").rows())
    hidden = [channel for channel, number in landings.items() if number is None]
    other = frames.others["other"].select("side", "page_views").rows()
    totals = frames.others["totals"].drop("department").row(0, named=True)
    return totals | {"landings_by_channel": {**landings, "suppressed": hidden}} | sides | {"other": dict(other)}


def _owner(views: Sequence[Views]) -> str | None:
    """The department that owns the pages, or none where several do."""
    owners = {owner for one in views for owner in one.group.codes.owner[one.subject].tolist()}
    return register.department_names[owners.pop()] if len(owners) == 1 else None


def _totals(views: Sequence[Views], department: str | None) -> pl.DataFrame:
    counts = np.sum([[0] * len(TOTALS), *(_counted(one.rows) for one in views)], axis=0)
    whole = dict(zip(TOTALS, counts.tolist(), strict=True))
    return pl.DataFrame(
        {"department": pl.Series([department], dtype=pl.String), **{name: [n] for name, n in whole.items()}}
    )


def _counted(rows: Columns) -> list[int]:
    """The totals of one segment."""
    alone, count = rows["alone"], np.count_nonzero
    sessions = count(alone) + len(distinct(rows["session"][~alone]))
    landings, exits = count(_landed(rows)), count((rows["after"] == 0) & ~rows["reload_after"])
    return [int(n) for n in (len(alone), sessions, count(rows["reload_before"]), landings, exits)]


def _landed(rows: Columns) -> Array:
    landed: Array = (rows["before"] == 0) & ~rows["reload_before"]
    return landed


def _landings(views: Sequence[Views], department: str | None) -> pl.DataFrame:
    """Landings by channel, those alone that have any."""
    size = len(CHANNELS) + 1
    counts = np.sum(
        [
            np.zeros(size, np.int64),
            *(np.bincount(one.rows["channel"][_landed(one.rows)], minlength=size) for one in views),
        ],
        axis=0,
    )
    rows = [(department, name, n) for name, n in zip((UNKNOWN, *CHANNELS), counts.tolist(), strict=True) if n]
    return pl.DataFrame(rows, {"department": pl.String, "channel": pl.String, "landings": pl.Int64}, orient="row")
