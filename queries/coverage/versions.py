"""What each version of the data changed: the rows of the coverage answer that say so."""

from collections.abc import Iterator
from typing import Any, Final

import polars as pl

from data.store.manifest import Published
from queries.columns import Column, label

# Files of senders, and totals of whole accounts: no cell of a department that small numbers are hidden of.
VERSIONS: Final[tuple[Column, ...]] = (
    label("version", "version", pl.Int64), label("published", "date", pl.Date), label("department"),
    *(label(name, "extracts", pl.Int64) for name in ("new", "replaced", "withdrawn")),
    label("first_day", "date", pl.Date), label("last_day", "date", pl.Date), label("files_refused", "files", pl.Int64),
)  # fmt: skip
TOTALS: Final[tuple[Column, ...]] = (
    label("version", "version", pl.Int64),
    *(label(f"{name}{side}", name, pl.Int64) for name in ("sessions", "page_views") for side in ("", "_change")),
)


def brought(history: tuple[Published, ...], account: str, names: dict[str, str]) -> Iterator[dict[str, Any]]:
    """A row for each version and department of `names` (by sender), newest first; one without a department where nothing came."""
    for one in history:
        told = {"version": one.version, "published": one.created.date()}
        own = [each for each in one.brought if each.account == account and each.sender in names]
        for each in own:
            counts = {name: getattr(each, name) for name in ("new", "replaced", "withdrawn", "first_day", "last_day")}
            yield told | {"department": names[each.sender], "files_refused": None} | counts
        if not own or one.refused:
            yield told | {"files_refused": one.refused}


def totals(history: tuple[Published, ...], account: str) -> Iterator[dict[str, Any]]:
    """What the account held in each version, newest first."""
    for one in history:
        for each in one.totals:
            if each.account == account:
                yield {"version": one.version} | {
                    column.name: getattr(each, column.name) for column in TOTALS if column.name != "version"
                }
