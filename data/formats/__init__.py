"""The formats of extracts, one file or folder a format: a new format is one new file here, found by being there.

A format's file has the names of `Format`. Its `read` turns the file's columns into those of `data.intake.batches.RAW`; decompressing,
checking, cleaning and everything after are shared.
"""

import importlib
import pkgutil
from functools import cache
from typing import Final, Protocol, cast

from data import errors
from data.contract import REPORTED, RETURNED
from data.intake.batches import Batches
from data.intake.source import Source
from data.intake.tables import header

EVENTS: Final = "events"  # kinds of extracts: page views and other events
RETURNS: Final = "KPI"  # figures that services return about themselves
REPORTS: Final = "page totals"  # figures that an analytics tool reports of pages or days
FIGURES: Final = {RETURNS: RETURNED, REPORTS: REPORTED}  # kinds that hold no journeys, and their columns


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
    allowed = [one for one in formats().values() if source.suffix in one.SUFFIXES] or list(formats().values())
    known = header(source)
    return max(allowed, key=lambda one: len(one.COLUMNS & known))
