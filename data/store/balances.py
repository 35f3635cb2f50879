"""The sums that must agree within a segment, whichever table they are counted from."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import duckdb

SQL: Final = Path(__file__).with_name("totals.sql").read_text()

# Each side is a sum of names of totals.sql; both sides must be the same number.
BALANCES: Final[Mapping[str, tuple[str, str]]] = {
    "each session has one landing page": ("landings", "sessions"),
    "each session has one exit page": ("exits", "sessions"),
    "each session has a first page view or mark": ("first_views", "sessions"),
    "previous pages + loops + landings = page views and marks": ("moves_in + loops_in + landed", "views_by_page"),
    "following pages + loops + exits = page views and marks": ("moves_out + loops_out + exited", "views_by_page"),
    "as many moves in as out": ("moves_in", "moves_out"),
    "page views by page = page views by session": ("views_by_page", "views"),
    "page views of sessions + marks = page views by session": ("page_views + marks", "views"),
    "steps of sessions = steps by page": ("steps", "steps_by_page"),
    "sessions of the days": ("day_sessions", "sessions"),
    "page views of the days": ("day_page_views", "page_views"),
    "page views of departments, as then": ("then_page_views", "page_views"),
    "page views of departments, as now": ("now_page_views", "page_views"),
    "sessions of departments, as then": ("then_sessions", "sessions_of_departments_then"),
    "sessions of departments, as now": ("now_sessions", "sessions_of_departments_now"),
    "page views of services": ("service_page_views", "service_views"),
    "page views of pages": ("page_day_views", "page_views"),
    "sessions of pages": ("page_day_sessions", "sessions_by_page"),
    "searches of the days": ("day_searches", "searches"),
    "searches of terms": ("term_searches", "searches"),
}

OF_MONTH: Final = "searches of terms"  # which days of an open month leave to the month

FIGURES: Final[Mapping[str, str]] = {  # by kind of segment, which is also the name of the total
    "returns": "select count(*) from service_return",
    "reports": "select coalesce(sum(value), 0)::bigint from page_report where measure = 'page_views'",
}


def recount(cursor: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Every total of totals.sql, of the segment whose tables the cursor sees; a sum of no rows is 0."""
    row = cursor.execute(SQL).fetchone() or ()
    return {column[0]: int(value or 0) for column, value in zip(cursor.description, row, strict=True)}


def figures(cursor: duckdb.DuckDBPyConnection, kind: str) -> dict[str, int]:
    """What a segment of returns or reports holds; nothing of another, which has no figures."""
    if kind not in FIGURES:
        return {}
    row = cursor.execute(FIGURES[kind]).fetchone() or (0,)
    return {kind: int(row[0])}


def unbalanced(totals: Mapping[str, int], kind: str) -> list[str]:
    """A sentence for each pair of sums of a segment that differ; none when the totals are whole."""
    asked = {name: names for name, names in BALANCES.items() if kind != "day" or name != OF_MONTH}
    sides = {name: (total(totals, left), total(totals, right)) for name, (left, right) in asked.items()}
    return [f"{name}: {left:,} and {right:,}" for name, (left, right) in sides.items() if left != right]


def total(totals: Mapping[str, int], names: str) -> int:
    """One side of a balance."""
    return sum(totals[name] for name in names.split(" + "))
