"""`hits`, the plain format for any tool: CSV or Parquet, one row a page view or other event, columns in any order."""

from typing import Final

import polars as pl

from data.contract import KINDS
from data.intake import casts, columns, tables
from data.intake.batches import TEXTS, Batch, Batches
from data.intake.source import Source

NAME: Final = "hits"
KIND: Final = "events"
SUFFIXES: Final = (".csv", ".tsv", ".parquet")
TIMED: Final = True

EVENTS: Final = {kind: number for number, kind in enumerate(KINDS) if kind != "not_shared"}
WANTED: Final = {columns.plain(name): name for name in (*TEXTS, "time", "event", "status")}
COLUMNS: Final = frozenset(WANTED)
LOWEST_STATUS, HIGHEST_STATUS = 100, 599


def read(source: Source) -> Batches:
    """Rows of a file with `time`, `page`, and `session` or `visitor` or both."""
    found = tables.read(source, _chosen)
    return Batches(found.ignored_columns, (Batch(_cast(rows), broken) for rows, broken in found.batches))


def _chosen(names: tuple[str, ...]) -> dict[str, str]:
    found = columns.chosen(names, WANTED)
    columns.need(found, "time", "page")
    if not {"session", "visitor"} & set(found.values()):
        raise columns.wrong_schema("there is no column session and none visitor: one is needed")
    return found


def _cast(rows: pl.DataFrame) -> pl.DataFrame:
    """Times, events and statuses as values, and the first rule that one of them breaks."""
    times = casts.moments(rows["time"])
    rules: list[pl.Expr] = [pl.when(pl.lit(times.is_null() & rows["time"].is_not_null())).then(pl.lit("bad_time"))]
    rows = rows.with_columns(times)
    if "event" in rows.columns:
        kinds = casts.one_of(rows["event"].fill_null("page_view"), EVENTS)
        rules.append(pl.when(kinds.is_null()).then(pl.lit("unknown_event")))
        rows = rows.drop("event").with_columns(kinds.alias("kind"))
    if "status" in rows.columns:
        status, rule = casts.whole_numbers(rows["status"], LOWEST_STATUS, HIGHEST_STATUS)
        rules.append(pl.lit(rule))
        rows = rows.with_columns(status.cast(pl.UInt16))
    return rows.with_columns(pl.coalesce(*rules, pl.lit(None, pl.String)).alias("rule"))
