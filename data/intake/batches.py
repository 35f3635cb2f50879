"""What is read of a file, piece by piece, whatever its format: rows with the columns of RAW, and lines that are no rows."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

import polars as pl

from data.intake.coded import Coded

TEXTS: Final = (
    "session",
    "visitor",
    "page",
    "title",
    "device",
    "channel",
    "country",
    "value",
    "document_type",
    "content_id",
    "taxon",
    "step_by_step",
    "organisations",
)
RAW: Final = pl.Schema(
    {
        "line": pl.UInt32(),  # of the file, from 1; the rows of one line stand and fall together
        "rule": pl.String(),  # the first rule that the format saw broken, or null
        "time": pl.Datetime("us", "UTC"),
        "day": pl.Date(),  # that the file says the row is of: the extract's, where nobody declares one
        "order": pl.UInt32(),
        "occurrences": pl.UInt32(),
        "kind": pl.UInt8(),  # the place in data.contract.KINDS
        "status": pl.UInt16(),
        **dict.fromkeys(TEXTS, pl.String()),  # as sent
    }
)
BROKEN: Final = pl.Schema({"line": pl.UInt32, "rule": pl.String, "text": pl.String})


class Batch(NamedTuple):
    """A piece of a file: rows with columns of RAW (any that the file has, `line` always), and lines that are no rows.

    Rows of `data.formats.FIGURES` have the columns named there instead; other rows may hold numbers, which
    `Batches.completed` makes columns of RAW of.
    """

    rows: pl.DataFrame
    broken: pl.DataFrame  # BROKEN


def _as_it_is(whole: Coded) -> Coded:
    return whole


@dataclass(frozen=True)
class Batches:
    """A file, piece by piece; and what is known of it as a whole, once the last piece is taken."""

    ignored_columns: Sequence[str]  # the names of columns that aren't read
    batches: Iterator[Batch]
    ignored: Mapping[date | None, int] = field(default_factory=dict)  # lines of no use to us, by the day they are of
    completed: Callable[[Coded], Coded] = _as_it_is  # adds to the rows what only the whole file tells of them
