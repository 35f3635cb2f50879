"""Handovers by day and pair of departments: from the daily sums, or counted from page views where those don't tell."""

from typing import Any, Final

import numpy as np
import polars as pl

from data.periods import Period
from data.register import register
from data.segment.handovers import counted
from data.store import Segment
from queries.asking import Asking, sql
from queries.cache import Kept
from queries.page_sets import sets
from queries.page_sets.definitions import Lookup
from queries.pages import page_tables
from queries.pages.page_tables import Array
from queries.source import Source, marked

PAIR: Final = ("from_department", "to_department")
TYPES: Final = {"day": pl.Date, "from_department": pl.UInt8, "to_department": pl.UInt8, "sessions": pl.Int64, "steps": pl.Int64}  # fmt: skip
KEPT: Final = 256  # segments, each with filters or without; a day and pair takes 30 bytes
_kept: Final[Kept[pl.DataFrame]] = Kept(KEPT)
OF_SESSIONS: Final = ("device", "channel", "country")
OF_PAGES: Final = tuple(name for name in sets.NAMES if name != "department")


def daily(asking: Asking[Any], period: Period) -> pl.DataFrame:
    """The columns of `TYPES`: rows of a day and pair, of which an open month may have two.

    With departments, those pairs of which one is among them; with other sets of pages, the steps from or to such a page.
    """
    count = _from_views if _needs_views(asking) else _from_sums
    parts = [count(asking, segment, period) for segment in asking.reading.segments(asking.account, period)]
    found = pl.concat([pl.DataFrame(schema=TYPES), *parts])
    wanted = [register.number(short) for short in asking.parameters.department]
    return found.filter(pl.any_horizontal(pl.col(PAIR).is_in(wanted))) if wanted else found


def _needs_views(asking: Asking[Any]) -> bool:
    """Whether something is asked that the daily sums don't know."""
    return asking.parameters.pass_through or any(getattr(asking.parameters, name) for name in (*OF_SESSIONS, *OF_PAGES))


def _from_sums(asking: Asking[Any], segment: Segment, period: Period) -> pl.DataFrame:
    """The daily sums of a segment, read once and kept: it never changes."""
    now = asking.parameters.structure == "now"

    def read() -> pl.DataFrame:
        return _typed(asking.reading.run(segment, sql("handovers"), {"now": now}))

    return _within(_kept.find((segment.sha256, now), read), period)


def _from_views(asking: Asking[Any], segment: Segment, period: Period) -> pl.DataFrame:
    """As the sums are made, of the sessions that fit, and of the steps that touch the set of pages; kept like them."""
    source, asked = Source(asking, segment), asking.parameters
    pages = page_tables.table(asking.reading, segment)
    narrowed = any(getattr(asked, name) for name in OF_PAGES)
    wanted = marked(len(pages.key), sets.of(asking, segment)) if narrowed else None
    filters = source.session_filters() | {"from": segment.first_day, "to": segment.last_day}
    of_pages = None if wanted is None else np.packbits(wanted).tobytes()
    key = (segment.sha256, asked.structure, asked.pass_through, str(filters), of_pages)
    return _within(_kept.find(key, lambda: _counted(source, pages, filters, wanted)), period)


def _counted(
    source: Source, pages: page_tables.PageTable, filters: dict[str, object], wanted: Array | None
) -> pl.DataFrame:
    """The handovers of every day of a segment. Whether a step touches the `wanted` pages is told by page."""
    asked = source.asking.parameters
    sessions, views = source.fetch("handovers_days", **filters), source.fetch("explore_all_views")
    there = np.append(False, sessions["chosen"])[views["session"]]
    if not asked.pass_through:
        hosts = tuple(f"{host}/**" for host in sorted(register.pass_through_hosts))
        there &= ~marked(len(pages.key), Lookup(source.asking, source.segment).pattern(hosts))[views["page"]]
    of, page = views["session"][there], views["page"][there]
    owner = np.where(pages.mark, 0, pages.owner_now if asked.structure == "now" else pages.owner_then)
    return _typed(counted(of, owner[page], sessions["day"], None if wanted is None else wanted[page]))


def _typed(found: pl.DataFrame) -> pl.DataFrame:
    return found.select(pl.col(name).cast(kind) for name, kind in TYPES.items())


def _within(every: pl.DataFrame, period: Period) -> pl.DataFrame:
    return every.filter(pl.col("day").is_between(period.first, period.last))
