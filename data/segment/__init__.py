"""Building the tables of a segment from cleaned frames: the same rows give the same tables, whatever their files were."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np

from data.periods import Period, whole_month
from data.segment import cleaned as rows_of
from data.segment import events, write
from data.segment.days import CleanedFrame, touched, window
from data.segment.ownership import REGISTERED, Ownership
from data.segment.sessions import Assembled, assemble
from data.segment.tables import Tables, tabulate

__all__ = ["CleanedFrame", "Ownership", "Totals", "build", "build_visitors", "common_terms", "touched", "window"]


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


def build(
    cleaned: Sequence[CleanedFrame],
    period: Period,
    into: duckdb.DuckDBPyConnection,
    *,
    ownership: Ownership = REGISTERED,
    terms: Collection[str] | None = None,
    seed: int | None = None,
) -> Totals:
    """Fill the current catalog of `into` with the sessions of `period`, which lies in one month.

    `cleaned` must hold the extracts of `window(period)`; more do no harm. `terms` are the search terms that enough
    sessions of the month have (`common_terms` of the month so far); without it they are counted in this segment, which
    is right for a whole month. `seed`, a secret of the caller, decides the random numbers of sessions and visitors.
    """
    tables, totals = _tables(cleaned, period, ownership, terms=terms, seed=seed)
    write.create(into)
    write.write(into, tables, ownership.pass_through_hosts, whole_month=period == whole_month(period.first))
    return totals


def build_visitors(
    cleaned: Sequence[CleanedFrame],
    period: Period,
    into: duckdb.DuckDBPyConnection,
    *,
    ownership: Ownership = REGISTERED,
    seed: int | None = None,
) -> Totals:
    """Fill only visitor_days and service, for the month so far: `period` is from its first day to the last with data."""
    tables, totals = _tables(cleaned, period, ownership, terms=(), seed=seed)
    write.create(into)
    write.write_visitors(into, tables)
    return totals


def common_terms(cleaned: Sequence[CleanedFrame], period: Period) -> frozenset[str]:
    """The search terms that enough sessions of `period` have to be shown."""
    return events.common_terms(assemble(rows_of.gather(cleaned, period), period))


def _tables(
    cleaned: Sequence[CleanedFrame],
    period: Period,
    ownership: Ownership,
    *,
    terms: Collection[str] | None,
    seed: int | None,
) -> tuple[Tables, Totals]:
    """The canonical tables and their totals. The rows behind them, twice their size, are let go of."""
    whole = assemble(rows_of.gather(cleaned, period), period)
    known = events.common_terms(whole) if terms is None else terms
    chosen = secrets.randbits(64) if seed is None else seed
    tables = tabulate(whole, period, ownership, terms=known, seed=chosen)
    return tables, _totals(whole, tables)


def _totals(whole: Assembled, tables: Tables) -> Totals:
    page_views = int(tables.session["page_views"].sum(dtype=np.int64))
    return Totals(
        sessions=len(tables.session["session"]),
        page_views=page_views,
        marks=len(tables.view["page"]) - page_views,
        events=len(tables.event["kind"]),
        sessions_without_page_view=whole.without_page_view,
        sessions_cut=int(tables.session["cut"].sum()),
        page_views_lost=whole.lost,
        pages=tables.page.height,
    )
