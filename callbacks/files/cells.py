"""How a table's cells are written in files: shorthand for what is hidden or has no value, and nothing a program would run."""

import csv
import io
import math
from collections.abc import Iterable
from datetime import date
from typing import Final

from layouts.formats import HIDDEN
from queries.answers import Answer
from queries.disclosure import SUPPRESSED

Cell = str | int | float

RUNNABLE: Final = ("=", "+", "-", "@", "\t", "\r")
NO_VALUE: Final = "[z]"


def written(cell: object) -> Cell:
    """Numbers stay numbers, days become ISO, text that a spreadsheet would run gets an apostrophe, none becomes [z]."""
    if cell is None or (isinstance(cell, float) and not math.isfinite(cell)):
        return NO_VALUE
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, int | float):
        return cell
    text = cell.isoformat() if isinstance(cell, date) else str(cell)
    return f"'{text}" if text.startswith(RUNNABLE) else text


def header(answer: Answer) -> list[str]:
    """The names of the table's columns."""
    return [name for name in answer.table.columns if name != SUPPRESSED]


def rows(answer: Answer) -> list[list[Cell]]:
    """The table's rows, each cell as it is written."""
    names = header(answer)
    return [
        [HIDDEN if name in (row.get(SUPPRESSED) or ()) else written(row[name]) for name in names]
        for row in answer.table.iter_rows(named=True)
    ]


def lines(of: Iterable[Iterable[object]]) -> bytes:
    """Rows as lines of CSV, UTF-8."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(of)
    return text.getvalue().encode()


def table(answer: Answer) -> bytes:
    """An answer's table as CSV: a byte order mark, the header, the rows."""
    return b"\xef\xbb\xbf" + lines([header(answer), *rows(answer)])
