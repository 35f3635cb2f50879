"""The rows of a day: page views as they were recorded, and what people did between them.

Rows are compact: texts and pages are places in the world's lists. Writers turn them into a format's own columns.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from data.contract import KINDS
from data.demonstration.changes import Changed
from data.demonstration.days import Conditions
from data.demonstration.sessions import Sessions
from data.demonstration.world import Array, World

PAGE_VIEW, SEARCH, OUTBOUND, DOWNLOAD, ERROR, YES, NO = (
    KINDS.index(kind) for kind in ("page_view", "search", "outbound", "download", "error", "useful_yes", "useful_no")
)
MOMENTS: Final = {SEARCH: 0.0, ERROR: 0.45, DOWNLOAD: 0.6, YES: 0.9, NO: 0.9, OUTBOUND: 0.98}  # of the time on the page

ROWS: Final = pl.Schema(
    {
        "session": pl.UInt32(),  # its number within the day
        "started": pl.Int64(),  # microseconds since 1970, UTC
        "visitor": pl.UInt64(),
        "time": pl.Datetime("us", "UTC"),
        "kind": pl.UInt8(),  # the place in data.contract.KINDS
        "page": pl.UInt32(),  # the row in World.pages
        "device": pl.UInt8(),  # places in data.contract's lists
        "channel": pl.UInt8(),
        "country": pl.UInt8(),  # the place in people.countries()
        "value": pl.UInt32(),  # the place in World.texts, 0 for none
    }
)


@dataclass(frozen=True, eq=False)
class Events:
    """Events of one kind, or page views: the view each belongs to, and its value."""

    kind: int
    view: Array
    value: Array


def rows(whole: World, today: Conditions, drawn: Sessions, random: np.random.Generator) -> pl.DataFrame:
    """`ROWS`, session by session in the order of what happened; without what wasn't recorded."""
    found = list(_events(whole, today.changed, drawn, random))
    view = np.concatenate([one.view for one in found])
    kind = np.repeat(np.array([one.kind for one in found], np.uint8), [len(one.view) for one in found])
    value = np.concatenate([one.value for one in found])
    at = drawn.at[view] + drawn.dwell[view] * _moments()[kind]
    order = np.lexsort([at, view])
    recorded = today.changed.recorded[drawn.node]
    if recorded.min() < 1:
        seen = random.random(len(recorded)) < recorded
        order = order[seen[view[order]]]
    return _frame(drawn, view[order], at[order], {"kind": kind[order], "value": value[order]})


def _frame(drawn: Sessions, view: Array, at: Array, columns: dict[str, Array]) -> pl.DataFrame:
    session, who = drawn.session[view], drawn.people
    heads = np.flatnonzero(np.diff(drawn.session, prepend=-1))
    columns = columns | {
        "session": session,
        "started": (drawn.at[heads] * 1_000).astype(np.int64)[session] * 1_000,
        "visitor": who.visitor[session],
        "time": (at * 1_000).astype(np.int64) * 1_000,
        "page": drawn.page[view],
        "device": who.device[session],
        "channel": who.channel[session],
        "country": who.country[session],
    }
    return pl.DataFrame({name: pl.Series(name, columns[name]).cast(kind) for name, kind in ROWS.items()})


def _moments() -> Array:
    moments = np.zeros(len(KINDS))
    for kind, moment in MOMENTS.items():
        moments[kind] = moment
    return moments


def _events(whole: World, changed: Changed, drawn: Sessions, random: np.random.Generator) -> list[Events]:
    """Page views and the events on them, each kind drawn once for all views."""
    node, views = drawn.node, np.arange(len(drawn.node))
    nothing = np.zeros(len(node), np.uint32)
    hosts = np.where(drawn.way >= 0, whole.ways.value[drawn.way], 0)
    device = drawn.people.device[drawn.session]
    errors = np.where(whole.error[node] > 0, changed.errors[node, device], 0.0)
    useful, yes = random.random(len(node)), random.random(len(node)) < changed.useful[node]
    said = useful < whole.useful[node]
    files = np.where(random.random(len(node)) < whole.downloads[node], whole.download[node], 0)
    failed = np.where(random.random(len(node)) < errors, whole.error[node], 0)
    return [
        Events(PAGE_VIEW, views, nothing),
        _searches(whole, node, random),
        *(
            Events(kind, np.flatnonzero(value), value[value > 0])
            for kind, value in ((ERROR, failed), (DOWNLOAD, files))
        ),
        *(
            Events(kind, np.flatnonzero(flags), nothing[flags])
            for kind, flags in ((YES, said & yes), (NO, said & ~yes))
        ),
        Events(OUTBOUND, np.flatnonzero(hosts), hosts[hosts > 0]),
    ]


def _searches(whole: World, node: Array, random: np.random.Generator) -> Events:
    """A term of the theme for each view of search results: the first twice as often as the second, and so on."""
    view = np.flatnonzero(whole.is_search[node])
    value, luck = np.zeros(len(view), np.uint32), random.random(len(view))
    theme = whole.theme[node[view]]
    for number in np.unique(theme):
        terms, of = whole.terms[number], theme == number
        wanted = np.cumsum(1 / np.arange(1, len(terms) + 1))
        value[of] = terms[np.searchsorted(wanted, luck[of] * wanted[-1], "right")]
    return Events(SEARCH, view, value)
