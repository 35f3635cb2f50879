"""From start pages to services: sessions that saw a start page, clicked start, and were then seen on the service's pages.

The one place that counts these. A start click is a click out from a start page to a host of its service, or to a host
that is only passed through on the way, such as sign-in. An arrival is a later page view, in the same session, of any page
of the service that isn't a start page.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final

import numpy as np
import polars as pl

from data.periods import Period
from data.register import PLATFORM, register
from data.register.records import Service
from data.segment.arrays import changes, first_true, per_block
from data.store import Segment
from queries.asking import Asking, sql
from queries.cache import Kept
from queries.page_sets import sets
from queries.pages import page_tables
from queries.pages.page_tables import Array
from queries.source import Columns, Source, marked

COUNTS: Final = ("start_page_sessions", "start_clicks", "arrivals", "not_seen_arriving", "did_not_click")
FOUND: Final = {"day": pl.Date, "service": pl.String, "part": pl.UInt8} | dict.fromkeys(COUNTS, pl.Int64)
NOT_SHARED: Final = "not shared"
SEEN: Final = ("shared", "shared on some days")  # statuses of services whose own pages are here
KEPT: Final = 256  # segments whose days are kept: a day and service takes 50 bytes
BITS: Final = 16  # that a service's number takes
_kept: Final[Kept[pl.DataFrame]] = Kept(KEPT)
_known: Final[Kept["Known"]] = Kept(KEPT)


@dataclass(frozen=True, eq=False)
class Known:
    """The services of a segment: the number of each page's by the page's number, 0 for none, and which are start pages."""

    slugs: tuple[str, ...]  # by number, from 1
    of_page: Array
    is_start: Array
    leads: Array  # `value << BITS | service`: the hosts that a start button of the service may lead to, in order


def daily(asking: Asking[Any], period: Period, by: str = "") -> pl.DataFrame:
    """The columns of `FOUND`: rows of a day, service and `part`, the number of a device or channel; else 0."""
    parts = [_of_segment(asking, segment, by) for segment in asking.reading.segments(asking.account, period)]
    whole = pl.concat([pl.DataFrame(schema=FOUND), *parts])
    return whole.filter(pl.col("day").is_between(period.first, period.last))


def told(asking: Asking[Any], period: Period, days: Iterable[date], by: str = "") -> pl.DataFrame:
    """The rows of `daily` that tell of arrivals, each with its service's `department`.

    They are of services shared on every one of these days, and of the days for which whoever tells of the service sent files.
    """
    found, last = daily(asking, period, by), asking.period.last
    services = [register.services[slug] for slug in found["service"].unique()]
    there = [
        (one.slug, register.department_on(one.department, one.agency, last), day)
        for one in services
        for day in _days_seen(asking, one, days)
    ]
    known = pl.DataFrame(there, {"service": pl.String, "department": pl.String, "day": pl.Date}, orient="row")
    return found.join(known, on=["service", "day"], maintain_order="left")


def status(service: Service, account: str, period: Period) -> str:
    """Whether arrivals at the service can be seen on these days, in words."""
    ends = (period.first, period.last)
    if not any(register.sender_of(account, service.host, day) for day in ends):
        return "not in this account"
    shared = [_teller(account, service.host, day) is not None for day in ends]
    return "shared" if all(shared) else "shared on some days" if any(shared) else NOT_SHARED


def seen(status: str) -> bool:
    """Whether arrivals at a service of this status can be seen, on some of the days at least."""
    return status in SEEN


def _days_seen(asking: Asking[Any], service: Service, days: Iterable[date]) -> list[date]:
    tellers = {day: _teller(asking.account, service.host, day) for day in days}
    if not all(tellers.values()):
        return []
    sent = asking.reading.manifest.sent.get(asking.account, {})
    return [day for day, sender in tellers.items() if not sent or sender in sent.get(day, ())]


@lru_cache(maxsize=65_536)
def _teller(account: str, host: str, day: date) -> str | None:
    """Who sends what is seen of a host on a day; none where the account lacks it or it isn't shared."""
    shared = register.department_of_host(host, day) in _sharing(day)
    return register.sender_of(account, host, day) if shared else None


@lru_cache(maxsize=1_024)
def _sharing(day: date) -> frozenset[str]:
    """Who shares on a day, GDS with its own hosts among them."""
    return register.sharing(day) | {PLATFORM}


def _of_segment(asking: Asking[Any], segment: Segment, by: str) -> pl.DataFrame:
    """Every day of a segment, kept under its hash: it never changes."""
    source = Source(asking, segment)
    known = _known.find((segment.sha256,), lambda: _read(source))
    wanted = known.is_start
    if sets.narrowed(asking):
        wanted = wanted & marked(len(wanted), sets.of(asking, segment))
    filters = source.session_filters() | {"from": segment.first_day, "to": segment.last_day}
    key = (segment.sha256, by, np.packbits(wanted).tobytes(), str(filters))

    def count() -> pl.DataFrame:
        sessions = source.fetch("handovers_days", **filters)
        part = sessions[by] if by else np.zeros(len(sessions["day"]), np.uint8)
        return _counted(source, known, wanted, sessions | {"part": part})

    return _kept.find(key, count)


def _counted(source: Source, known: Known, wanted: Array, sessions: Columns) -> pl.DataFrame:
    """Each session that saw a start page counts once for its service, on its day."""
    views = source.fetch("explore_all_views")
    starting = np.flatnonzero(wanted[views["page"]])
    fits = marked(len(sessions["day"]) + 1, views["session"][starting]) & np.append(False, sessions["chosen"])
    rows = np.flatnonzero((known.of_page[views["page"]] > 0) & fits[views["session"]])
    pages = views["page"][rows]
    pairs = views["session"][rows].astype(np.int64) << BITS | known.of_page[pages]
    order = np.argsort(pairs, kind="stable")  # by session and service, in the order of time
    pages, pairs = pages[order], pairs[order]
    heads = np.flatnonzero(changes(pairs))
    first = first_true(wanted[pages], heads)
    lengths = np.diff(np.append(heads, len(pairs)))
    later = np.arange(len(pairs)) > np.repeat(first, lengths)
    arrived = per_block(np.logical_or, later & ~known.is_start[pages], heads)
    saw = first >= 0
    pair, arrived = pairs[heads][saw], arrived[saw]
    clicked = np.isin(pair, _clicks(source, known, wanted), kind="sort")
    at = (pair >> BITS) - 1
    cells = {"day": sessions["day"][at], "part": sessions["part"][at], "service": pair & (1 << BITS) - 1}
    return _summed(known, cells, clicked, arrived)


def _clicks(source: Source, known: Known, wanted: Array) -> Array:
    """`session << BITS | service` of each start click."""
    clicks = source.fetch("starts_clicks")
    service = known.of_page[clicks["page"]]
    leads = np.isin(clicks["value"].astype(np.int64) << BITS | service, known.leads)
    rows = np.flatnonzero(wanted[clicks["page"]] & leads)
    found: Array = clicks["session"][rows].astype(np.int64) << BITS | service[rows]
    return found


def _summed(known: Known, cells: Columns, clicked: Array, arrived: Array) -> pl.DataFrame:
    """The counts of `FOUND` by day, service and part, from one row a session and service."""
    each = (np.ones(len(clicked), bool), clicked, arrived, clicked & ~arrived, ~clicked & ~arrived)
    columns = cells | dict(zip(COUNTS, each, strict=True))
    sums = (
        pl.DataFrame(columns).group_by(*cells).agg(pl.col(COUNTS).cast(pl.Int64).sum()).sort("day", "service", "part")
    )
    named = sums.with_columns(
        pl.col("day").cast(pl.Int32).cast(pl.Date),
        pl.Series("service", [known.slugs[number - 1] for number in sums["service"].to_list()], pl.String),
    )
    return named.select(pl.col(name).cast(kind) for name, kind in FOUND.items())


def _read(source: Source) -> Known:
    """The services of a segment's pages that the register still knows."""
    run, segment = source.asking.reading.run, source.segment
    pages = run(segment, sql("starts_pages"))
    slugs = sorted(set(pages["slug"]) & register.services.keys())
    number = {slug: n for n, slug in enumerate(slugs, 1)}
    size = len(page_tables.table(source.asking.reading, segment).key)
    of_page, is_start = np.zeros(size, np.uint16), np.zeros(size, bool)
    for page, host, path, slug in pages.iter_rows():
        of_page[page] = number.get(slug, 0)
        is_start[page] = slug in number and f"{host}{path}" in register.services[slug].start_pages
    hosts = {slug: _hosts(register.services[slug]) for slug in slugs}
    told = run(segment, sql("starts_hosts"), {"hosts": sorted(set().union(*hosts.values()))})
    leads = [value << BITS | number[slug] for value, host in told.iter_rows() for slug in slugs if host in hosts[slug]]
    return Known(tuple(slugs), of_page, is_start, np.sort(np.array(leads, np.int64)))


def _hosts(service: Service) -> frozenset[str]:
    """The hosts of a service, and those that are passed through on the way to any."""
    own = frozenset({service.host, *(pattern.partition("/")[0] for pattern in service.patterns)})
    return (own | register.pass_through_hosts) - {"www.gov.uk"}
