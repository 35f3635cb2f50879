"""`sequences`: tab- or comma-separated pages joined by `>>`, each with the number of sessions that took them.

There are no visitors and no times. Without a column of dates, the day is the one that the file is imported for.
"""

from collections.abc import Iterator
from typing import Final

import polars as pl

from data import errors
from data.intake import casts, columns, tables
from data.intake.batches import Batch, Batches
from data.intake.source import Source

NAME: Final = "sequences"
KIND: Final = "events"
SUFFIXES: Final = (".csv", ".tsv", ".txt")
TIMED: Final = False

WANTED: Final = {
    "pagesequence": "PageSequence",
    "occurrences": "Occurrences",
    **dict.fromkeys(("device", "devicecategory"), "device"),
    **dict.fromkeys(("date", "day"), "day"),
}
COLUMNS: Final = frozenset(WANTED)
BETWEEN: Final = ">>"
MOST_OCCURRENCES: Final = 1_000_000  # of a row
MOST_SESSIONS: Final = 10_000_000  # of a file


def read(source: Source) -> Batches:
    """One row a page of each sequence, in its order; every row of a line stands for that line's sessions."""
    found = tables.read(source, _chosen)
    return Batches(found.ignored_columns, _counted(Batch(_pages(rows), broken) for rows, broken in found.batches))


def _chosen(names: tuple[str, ...]) -> dict[str, str]:
    found = columns.chosen(names, WANTED)
    columns.need(found, "PageSequence", "Occurrences")
    return found


def _pages(lines: pl.DataFrame) -> pl.DataFrame:
    occurrences, rule = casts.whole_numbers(lines["Occurrences"], 1, MOST_OCCURRENCES)
    rules = [pl.when(lines["Occurrences"].is_null()).then(pl.lit("null_key")), pl.lit(rule)]
    if "day" in lines.columns:
        days = casts.days(lines["day"])
        rules.append(pl.when(days.is_null() & lines["day"].is_not_null()).then(pl.lit("bad_time")))
        lines = lines.with_columns(days)
    return (
        lines.drop("Occurrences", "PageSequence")
        .with_columns(
            pl.coalesce(rules).alias("rule"),
            occurrences.cast(pl.UInt32).alias("occurrences"),
            pl.col("line").cast(pl.String).alias("session"),
            lines["PageSequence"].str.split(BETWEEN).alias("page"),
        )
        .with_columns(pl.int_ranges(pl.col("page").list.len(), dtype=pl.UInt32).alias("order"))
        .explode("page", "order")
        .with_columns(pl.when(pl.col("page") != "").then("page").alias("page"))
    )


def _counted(batches: Iterator[Batch]) -> Iterator[Batch]:
    """The same batches. Raises `Refused` once they stand for more sessions than a file may."""
    sessions = 0
    for batch in batches:
        sessions += int(batch.rows.filter(pl.col("order") == 0)["occurrences"].sum())
        if sessions > MOST_SESSIONS:
            detail = f"A file may stand for {MOST_SESSIONS:,} sessions at most: send it in parts, as different days"
            raise errors.Refused("too_many_sessions", "The sequences stand for too many sessions", detail)
        yield batch
