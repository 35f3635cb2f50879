"""Writing a segment's tables into DuckDB: from arrays, or by the models' SQL."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import duckdb
import polars as pl
import pyarrow as pa

from data.segment.arrays import Array
from data.segment.handovers import handover_day
from data.segment.sums import sums
from data.segment.tables import Tables
from data.segment.views import by_page
from data.segment.visitors import seen, visitor_days

MODELS: Final = Path(__file__).parent.parent / "models"
OF_VIEW: Final = ("session", "position", "page", "seconds", "status")


def model(name: str) -> str:
    """The SQL of a model by its name."""
    return (MODELS / f"{name}.sql").read_text()


def create(into: duckdb.DuckDBPyConnection) -> None:
    """The empty tables of a segment."""
    into.execute(model("schema"))


def write(into: duckdb.DuckDBPyConnection, tables: Tables, passed: Iterable[str], *, whole_month: bool) -> None:
    """Every table of a segment; visitor_days and term_day only where it holds a whole month."""
    insert(into, "page", tables.page)
    insert(into, "session", tables.session)
    insert(into, "page_view", {name: tables.view[name] for name in OF_VIEW})
    insert(into, "event", tables.event)
    for part in by_page(tables.view, tables.session):
        insert(into, "page_view_by_page", part)
    for name, words in tables.words.items():
        insert(into, name, words)
    for name, table in sums(tables):
        insert(into, name, table)
    into.execute(model("page_day"))
    insert(into, "handover_day", handover_day(tables.view, tables.session, tables.page, passed))
    if whole_month:
        into.execute(model("term_day"))
        insert(into, "visitor_days", visitor_days(seen(tables)).drop("part"))


def write_visitors(into: duckdb.DuckDBPyConnection, rows: pl.DataFrame) -> None:
    """Only visitor_days, and the services that it speaks of: `rows` as those of `data.segment.month.Counted`."""
    services = rows.select(pl.col("slug").drop_nulls().unique().sort()).with_row_index("service", 1)
    told = rows.join(services, on="slug", how="left").with_columns(number=pl.coalesce("service", "number"))
    keys = ("slice", "number", "day", "previous_day")
    insert(into, "service", services)
    insert(into, "visitor_days", told.group_by(keys).agg(pl.col("visitors").sum()).sort(keys))


def write_terms(into: duckdb.DuckDBPyConnection, values: pl.DataFrame, links: pl.DataFrame, sums: pl.DataFrame) -> None:
    """Only term_day and the terms that it speaks of, and which of them the days' searches are for."""
    insert(into, "value", values)
    insert(into, "term_link", links)
    insert(into, "term_day", sums)


def insert(into: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, Array] | pl.DataFrame) -> None:
    """Add rows to a table by the names of their columns, or as its model says."""
    rows = (
        columns.to_arrow()
        if isinstance(columns, pl.DataFrame)
        else pa.table(
            {name: pa.array(values).view(pa.date32()) if name == "day" else values for name, values in columns.items()}
        )
    )
    if rows.num_rows:
        into.register("incoming", rows)
        into.execute(model(table) if table == "page" else f"insert into {table} by name select * from incoming")
        into.unregister("incoming")
