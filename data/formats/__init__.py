"""The formats of extracts, one file or folder a format: a new format is one new file here, found by being there.

A format's file has the names of `Format`. Its `read` turns the file's columns into those of `RAW`; decompressing,
checking, cleaning and everything after are shared.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Final, NamedTuple, Protocol, cast

import polars as pl

from data import errors
from data.contract import REPORTED, RETURNED
from data.intake.coded import Coded
from data.intake.source import Source

EVENTS: Final = "events"  # kinds of extracts: page views and other events
RETURNS: Final = "KPI"  # figures that services return about themselves
REPORTS: Final = "page totals"  # figures that an analytics tool reports of pages or days
FIGURES: Final = {RETURNS: RETURNED, REPORTS: REPORTED}  # kinds that hold no journeys, and their columns
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

    Rows of FIGURES have the columns named there instead; other rows may hold numbers, which
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


class Format(Protocol):
    """What each file of this folder gives."""

    NAME: str  # as typed after --format
    KIND: str  # events, page totals or KPI: what one extract of a day replaces
    SUFFIXES: tuple[str, ...]  # of file names, without .gz and .zst
    COLUMNS: frozenset[str]  # that it knows, as data.intake.columns.plain writes them
    TIMED: bool  # whether each row has a time

    def read(self, source: Source) -> Batches:
        """The file's rows. Raises `errors.Refused` where its header isn't this format's."""


@cache
def formats() -> dict[str, Format]:
    """Every format by its name, in the order of names."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = (cast("Format", importlib.import_module(f"{__name__}.{name}")) for name in names)
    return {module.NAME: module for module in modules}


def named(name: str) -> Format:
    """The format of this name. Raises `BadRequest`."""
    if name in formats():
        return formats()[name]
    raise errors.BadRequest(f"No format is called {name[:60]!r}", f"Type one of {', '.join(formats())}", "format")


def fitting(source: Source) -> Format:
    """The format that knows most of a file's columns, of those that its name allows."""
    from data.intake.tables import header

    allowed = [one for one in formats().values() if source.suffix in one.SUFFIXES] or list(formats().values())
    known = header(source)
    return max(allowed, key=lambda one: len(one.COLUMNS & known))
