"""Building the tables of a segment from cleaned frames: the same rows give the same tables, whatever their files were.

A closed month is one segment, which `build` fills. Of an open month the sessions that were over by a day are one, filled by
`build_day` from `sessions` of that day and the one before, or of more; what they leave aside, the month's visitors are counted from.
"""

import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb
import numpy as np
import polars as pl

from data.periods import Period, whole_month
from data.register import PLATFORM_SENDER
from data.segment import cleaned as rows_of
from data.segment import month, reports, write
from data.segment.aside import Aside, set_aside
from data.segment.days import CleanedFrame, beside, deciding, touched, window
from data.segment.events import common_terms, term_sessions
from data.segment.month import Counted, Days
from data.segment.nearby import joining, late, nearest
from data.segment.ownership import REGISTERED, Ownership
from data.segment.sessions import Assembled, assemble
from data.segment.tables import Tables, tabulate

__all__ = [
    "Aside", "Assembled", "CleanedFrame", "Counted", "Days", "Ownership", "Totals", "beside", "build", "build_day", "build_reports", "build_returns",
    "build_visitors", "deciding", "joining", "late", "nearest", "sessions", "touched", "window",
]  # fmt: skip


@dataclass(frozen=True)
class Totals:
    """What a segment holds, and what was left out of it."""

    sessions: int
    page_views: int
    marks: int
    events: int
    sessions_without_page_view: int  # that stand in no table
    sessions_cut: int
    page_views_lost: int  # beyond the most that a session may have
    pages: int


def sessions(cleaned: Sequence[CleanedFrame], period: Period) -> Assembled:
    """The sessions of a period, which lies in one month; `cleaned` holds the extracts of `window(period)` at least.

    Of an extract without rows of the period the rows that are `joining` it will do. Where only `build_day` of days after the
    first follows, so will, of one with rows of the first day alone, those joining the second or the `late` ones.
    """
    return assemble(rows_of.gather(cleaned, period), period)


def build(
    cleaned: Sequence[CleanedFrame],
    period: Period,
    into: duckdb.DuckDBPyConnection,
    *,
    ownership: Ownership = REGISTERED,
    seed: int | None = None,
) -> Totals:
    """Fill the current catalog of `into` with the sessions of `period`, from the frames that `sessions` takes.

    Search terms are shown that enough of these sessions have, which is right for a whole month. `seed`, a secret of the
    caller, decides the random numbers of sessions and visitors.
    """
    # The rows behind the tables, twice their size, are let go of before they are written.
    tables, totals = _whole(sessions(cleaned, period), period, ownership, seed)
    _write(into, tables, period, ownership)
    return totals


def build_day(
    whole: Assembled,
    day: date,
    into: duckdb.DuckDBPyConnection,
    *,
    others: Sequence[Aside] = (),
    ownership: Ownership = REGISTERED,
    seed: int | None = None,
) -> tuple[Totals, Aside]:
    """As `build`, those of `sessions` that were over by a day; also what they leave aside for their month, search terms too.

    `others` is what other days of the month left aside: visitors that these know are numbered as there.
    """
    period = Period(day - timedelta(days=1), day)
    tables, totals = _tables(whole.over_by(day), period, ownership, terms=None, seed=seed)
    tables, aside = set_aside(tables, others)
    _write(into, tables, period, ownership)
    return totals, aside


def build_visitors(
    days: Days,
    into: duckdb.DuckDBPyConnection,
    *,
    since: date = date.min,
    before: Counted | None = None,
) -> Counted:
    """Fill only what the days of a month so far, at least one and in order, can't tell alone: visitors and search terms.

    Visitors of days over before `since` aren't counted again: `before` tells them, as this gave it for the same days.
    """
    write.create(into)
    told = month.counted(days, since, before)
    write.write_visitors(into, told.rows)
    write.write_terms(into, *month.terms(days))
    return told


def build_returns(frames: Iterable[tuple[str, pl.DataFrame]], into: duckdb.DuckDBPyConnection) -> None:
    """Fill only service_return, with what each sender's services returned (data.contract.RETURNED)."""
    write.create(into)
    for sender, frame in frames:
        figures = frame.drop("line").with_columns(own=pl.lit(sender != PLATFORM_SENDER))
        write.insert(into, "service_return", figures)


def build_reports(frames: Iterable[tuple[str, pl.DataFrame]], into: duckdb.DuckDBPyConnection) -> None:
    """Fill only page_report, with what each sender's tool reports (data.contract.REPORTED)."""
    write.create(into)
    for sender, frame in frames:
        write.insert(into, "page_report", reports.one_row_a_figure(sender, frame))


def _write(into: duckdb.DuckDBPyConnection, tables: Tables, period: Period, ownership: Ownership) -> None:
    write.create(into)
    write.write(into, tables, ownership.pass_through_hosts, whole_month=period == whole_month(period.first))


def _whole(found: Assembled, period: Period, ownership: Ownership, seed: int | None) -> tuple[Tables, Totals]:
    return _tables(found, period, ownership, terms=common_terms([term_sessions(found)]), seed=seed)


def _tables(
    whole: Assembled,
    period: Period,
    ownership: Ownership,
    *,
    terms: Collection[str] | None,
    seed: int | None,
) -> tuple[Tables, Totals]:
    """The canonical tables and their totals."""
    chosen = secrets.randbits(64) if seed is None else seed
    tables = tabulate(whole, period, ownership, terms=terms, seed=chosen)
    return tables, _totals(whole, tables)


def _totals(whole: Assembled, tables: Tables) -> Totals:
    page_views = int(tables.session["page_views"].sum(dtype=np.int64))
    return Totals(
        sessions=len(tables.session["session"]),
        page_views=page_views,
        marks=len(tables.view["page"]) - page_views,
        events=len(tables.event["kind"]),
        sessions_without_page_view=len(whole.without_page_view),
        sessions_cut=int(tables.session["cut"].sum()),
        page_views_lost=len(whole.lost),
        pages=tables.page.height,
    )
