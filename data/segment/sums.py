"""The sums per day, device and channel: of the estate, of each department as then and as now, and of each service."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from data.segment.arrays import Array, Columns, changes, tally
from data.segment.events import SEARCH
from data.segment.pages import of_pages
from data.segment.tables import Tables

Pairs = tuple[Array, Array]
BITS: Final = 16  # that the number of whose a page is takes in a packed number


@dataclass(frozen=True)
class Cells:
    """The days, devices and channels that go together, numbered from 0, and the cell of each session and page view."""

    table: pl.DataFrame  # day, device, channel
    session: Array
    view: Array

    @classmethod
    def of(cls, session: Columns, view: Columns) -> "Cells":
        """The cells of a segment's sessions."""
        day, device, channel = (session[name].astype(np.int64) for name in ("day", "device", "channel"))
        packed = day << 16 | device << 8 | channel
        listed, _ = tally(packed)
        of = np.searchsorted(listed, packed)
        table = pl.DataFrame({"day": listed >> 16, "device": listed >> 8 & 0xFF, "channel": listed & 0xFF})
        return cls(
            table.with_columns(pl.col("day").cast(pl.Int32).cast(pl.Date)), of, of[view["session"] - np.uint32(1)]
        )


def sums(tables: Tables) -> Iterator[tuple[str, pl.DataFrame]]:
    """Each of these tables by its name; pages at which sessions land or end count for whose page it is, marks for nobody."""
    cells, session = Cells.of(tables.session, tables.view), tables.session
    real = (~of_pages(tables.page, "mark")).astype(np.uint16)
    real[0] = 0
    searches = np.flatnonzero(tables.event["kind"] == SEARCH)
    page = tables.event["page"][searches]
    everybody = np.arange(len(session["day"])), np.ones(len(session["day"]), np.uint16)
    yield "estate_day", _summed(tables, cells, real, seen=everybody, searches=(searches, np.ones_like(page))).drop("of")
    for name in ("then", "now"):
        owner = (of_pages(tables.page, f"owner_{name}") + np.uint16(1)) * real
        seen = _set_bits(session[f"departments_{name}"])
        table = _summed(tables, cells, owner, seen=seen, searches=(searches, owner[page]))
        yield f"department_day_{name}", table.with_columns(pl.col("of") - 1).rename({"of": "department"})
    service = of_pages(tables.page, "service") * real
    seen = _each_once(tables.view["session"] - np.uint32(1), service[tables.view["page"]])
    yield (
        "service_day",
        _summed(tables, cells, service, seen=seen, searches=(searches, service[page])).rename({"of": "service"}),
    )


def _summed(tables: Tables, cells: Cells, whose: Array, *, seen: Pairs, searches: Pairs) -> pl.DataFrame:
    """The sums by `of`, whose a page is (`whose`, by its number; 0 for nobody's), and by cell, in the order of days.

    `seen` are sessions (from 0) and whose pages each saw, `searches` the places of searches in event and whose each is.
    """
    session, wide = tables.session, cells.table.height
    size = (int(whose.max(initial=0)) + 1) * wide
    landing, single = whose[session["landing"]], np.flatnonzero(session["steps"] == 1)
    places, searched = searches
    by = tables.event["session"][places] - np.uint32(1)

    def counted(cell: Array, of: Array) -> Array:
        return np.bincount(of * np.int64(wide) + cell, minlength=size)

    def of_sessions(sessions: Array, of: Array) -> Array:
        return counted(cells.session[sessions], of)

    counts = {
        "sessions": of_sessions(*seen),
        "page_views": counted(cells.view, whose[tables.view["page"]]),
        "landings": counted(cells.session, landing),
        "exits": counted(cells.session, whose[session["exit"]]),
        "single_page": of_sessions(single, landing[single]),
        "searches": of_sessions(by, searched),
        "searching_sessions": of_sessions(*_each_once(by, searched)),
    }
    found = np.flatnonzero(counts["page_views"])
    found = found[found >= wide]
    table = cells.table[found % wide].with_columns(
        of=pl.Series(found // wide, dtype=pl.Int64), **{name: pl.Series(each[found]) for name, each in counts.items()}
    )
    return table.sort("day", "of", "device", "channel")


def _each_once(sessions: Array, of: Array) -> Pairs:
    """Each session once for each that its rows are `of`, nobody left out."""
    met = np.flatnonzero((changes(sessions) | changes(of)) & (of > 0))
    pairs, _ = tally(sessions[met].astype(np.int64) << BITS | of[met])
    return pairs >> BITS, pairs & (1 << BITS) - 1


def _set_bits(departments: Array) -> Pairs:
    """Sessions and, for each bit that is set, its number from 1."""
    everywhere = int(np.bitwise_or.reduce(departments, initial=np.uint64(0)))
    places = {bit: np.flatnonzero(departments & np.uint64(1 << bit)) for bit in range(64) if everywhere >> bit & 1}
    numbers = np.repeat(np.array(list(places), np.int64) + 1, [len(each) for each in places.values()])
    return np.concatenate([np.zeros(0, np.int64), *places.values()]), numbers
