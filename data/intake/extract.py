"""An extract as it is declared, and as it comes out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import polars as pl

Keys = Callable[[str, str], bytes]  # account, month such as 2019-10 -> the key of pseudonyms


@dataclass(frozen=True)
class Extract:
    """What the sender or the operator says of a file. Without a day, it is found in the file's name or the rows."""

    account: str
    sender: str
    day: date | None = None
    format: str | None = None
    split_days: bool = False


class Quarantined(NamedTuple):
    """A row that broke a rule: where it stands in the file, which rule, and a keyed hash of what it said."""

    line: int
    rule: str
    hash: str


@dataclass(frozen=True)
class CleanedDay:
    """One extract's day after cleaning. `read` = `kept` + `ignored` + the sum of `quarantined`, in rows of the file.

    A row is ignored where its host's department doesn't share; such rows leave marks in `frame`, one for each run of them
    in a session. `dropped_unshared` counts page views and events, by department.
    """

    account: str
    sender: str
    day: date
    kind: str
    format: str
    sha256: str  # of the file
    frame: pl.DataFrame  # data.contract.CLEANED
    read: int
    kept: int
    ignored: int
    quarantined: dict[str, int]
    quarantine: tuple[Quarantined, ...]
    dropped_unshared: dict[str, int]
    ignored_columns: tuple[str, ...]
