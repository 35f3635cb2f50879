"""What every question needs to know of a segment's pages, read once and kept: a segment never changes."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl
import pyarrow as pa

from data import access, clean
from data.access import Viewer
from data.register import register
from data.store import Reading, Segment
from queries.asking import sql
from queries.cache import Kept

Array = np.ndarray[Any, Any]
TABLES: Final = 128  # segments whose pages are kept; 200,000 pages take 3 MB
NAMES: Final = 500_000  # pages whose names are kept


@dataclass(frozen=True, eq=False)
class PageTable:
    """The pages of a segment by number; index 0 is none."""

    key: Array
    owner_then: Array
    owner_now: Array
    mark: Array

    def numbers(self, keys: list[int]) -> Array:
        """Give the numbers of the pages that have these keys; marks have none."""
        return np.flatnonzero(np.isin(self.key, np.array(keys, np.int64)) & ~self.mark)


_tables: Final[Kept[PageTable]] = Kept(TABLES)
_hidden: Final[Kept[Array]] = Kept(TABLES)
_names: Final[dict[int, str]] = {}


def table(reading: Reading, segment: Segment) -> PageTable:
    """The pages of a segment, kept under the hash of its file where it has one."""
    return (
        _tables.find((segment.sha256,), lambda: _read(reading, segment)) if segment.sha256 else _read(reading, segment)
    )


def hidden(reading: Reading, segment: Segment, viewer: Viewer) -> Array:
    """For each page number the number of its department plus 1 where the viewer may not see the page, else 0."""
    if viewer.sees_everything:
        return np.zeros(len(table(reading, segment).key), np.uint8)
    if not segment.sha256:
        return _read_hidden(reading, segment, viewer)
    return _hidden.find((segment.sha256, viewer.rights), lambda: _read_hidden(reading, segment, viewer))


def names(reading: Reading, segment: Segment, pages: Array) -> list[str]:
    """The form shown of these pages. What has one key has one form, in every segment."""
    keys = table(reading, segment).key[pages].tolist()
    known = {key: name for key in keys if (name := _names.get(key))}
    unknown = {page for page, key in zip(pages.tolist(), keys, strict=True) if key not in known}
    if unknown:
        found = reading.run(segment, sql("explore_names"), {"pages": sorted(unknown)})
        known.update(found.select("key", clean.shown_expression()).iter_rows())
        if len(_names) + len(known) > NAMES:
            _names.clear()
        _names.update(known)
    return [known[key] for key in keys]


def _read(reading: Reading, segment: Segment) -> PageTable:
    rows = reading.arrow(segment, sql("explore_pages"))
    page = rows["page"].to_numpy()
    key, then, now, mark = (_by_number(page, rows[name]) for name in ("key", "owner_then", "owner_now", "mark"))
    return PageTable(key, then, now, mark)


def _by_number(page: Array, values: pa.ChunkedArray) -> Array:
    """Values of pages by page number, 0 for number 0."""
    found = np.zeros(len(page) + 1, values.type.to_pandas_dtype())
    found[page] = values.to_numpy()
    return found


def _read_hidden(reading: Reading, segment: Segment, viewer: Viewer) -> Array:
    pages = reading.run(segment, sql("explore_hosts"), {"open": access.OPEN_HOST})
    owners = pages.select("host", "owner").unique()
    verdicts = [
        bool(access.may_see_page(viewer, host, register.department_names[owner])) for host, owner in owners.iter_rows()
    ]
    denied = owners.filter(~pl.Series(verdicts, dtype=pl.Boolean))
    foreign = pages.join(denied, on=["host", "owner"], how="semi")
    found = np.zeros(len(table(reading, segment).key), np.uint8)
    found[foreign["page"].to_numpy()] = foreign["owner"].to_numpy() + 1
    return found
