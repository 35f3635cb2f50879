"""What every question needs to know of a segment's pages, read once and kept: a segment never changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

import numpy as np
import polars as pl

from data import access, clean
from data.access import Viewer
from data.register import register
from data.segment.arrays import in_blocks
from data.store import Reading, Segment
from queries.asking import Asking, sql
from queries.cache import Kept

Array = np.ndarray[Any, Any]
TABLES: Final = 128  # segments whose pages are kept; 200,000 pages take 5 MB
NAMES: Final = 500_000  # pages whose names are kept
OWNED: Final = ("key", "owner_then", "owner_now")


@dataclass(frozen=True, eq=False)
class PageTable:
    """The pages of a segment by number; index 0 is none. `everywhere` is each page's number in every segment."""

    key: Array
    owner_then: Array
    owner_now: Array
    mark: Array
    everywhere: Array
    by_key: Array  # the numbers in the order of their keys

    def numbers(self, keys: list[int], *, marks: bool = False) -> Array:
        """Give the numbers of the pages that have these keys, in order; marks are no pages unless asked for."""
        wanted = np.array(keys, np.int64)
        starts, stops = (np.searchsorted(self.key, wanted, side, sorter=self.by_key) for side in ("left", "right"))
        found = np.unique(self.by_key[in_blocks(starts, stops - starts)])
        return found if marks else found[~self.mark[found]]


@dataclass(frozen=True, eq=False)
class Everywhere:
    """Pages by the number that they have in every segment, one for each of a page's owners; index 0 is none.

    `same` is the first number of the same page. Numbers are given as pages come and stay as long as the process.
    """

    key: Array
    owner_then: Array
    owner_now: Array
    same: Array


_tables: Final[Kept[PageTable]] = Kept(TABLES)
_hidden: Final[Kept[Array]] = Kept(TABLES)
_denied: Final[Kept[dict[str, object]]] = Kept(TABLES)
_names: Final[dict[int, str]] = {}
_numbering: Final = Lock()
_known = pl.DataFrame([], {"key": pl.Int64, "owner_then": pl.UInt8, "owner_now": pl.UInt8, "number": pl.UInt32})
_everywhere = Everywhere(*(np.zeros(1, kind) for kind in (np.int64, np.uint8, np.uint8, np.uint32)))


def table(reading: Reading, segment: Segment) -> PageTable:
    """The pages of a segment, kept under the hash of its file."""
    return _tables.find((segment.sha256,), lambda: _read(reading, segment))


def everywhere() -> Everywhere:
    """Every page of the tables read so far."""
    return _everywhere


def denied(pages: pl.DataFrame, viewer: Viewer) -> pl.DataFrame:
    """Each host with each of its owners of today (`host`, `owner_now`) whose pages, of these, the viewer may not see."""
    pairs = pages.select("host", "owner_now").unique()
    if viewer.sees_everything:
        return pairs.clear()
    names = register.department_names
    seen = [bool(access.may_see_page(viewer, host, names[owner])) for host, owner in pairs.iter_rows()]
    return pairs.filter(~pl.Series(seen, dtype=pl.Boolean))


def denied_hosts(asking: Asking[Any], segment: Segment) -> dict[str, object]:
    """The pairs of `denied` in a segment, as they are bound: `hosts` and, in the same order, `owners`."""
    reading, viewer = asking.reading, asking.viewer

    def read() -> dict[str, object]:
        found = denied(reading.run(segment, sql("page_hosts"), {}), viewer).sort("host", "owner_now")
        return {"hosts": found["host"].to_list(), "owners": found["owner_now"].to_list()}

    return _denied.find((segment.sha256, viewer.rights), read)


def hidden(asking: Asking[Any], segment: Segment) -> Array:
    """For each page number the number of its department plus 1 where the viewer may not see the page, else 0.

    A page may be seen by those of its owner of today; it is told as a page of its owner in the structure asked for.
    """
    pages, now = table(asking.reading, segment), asking.parameters.structure == "now"
    if asking.viewer.sees_everything:
        return np.zeros(len(pages.key), np.uint8)

    def read() -> Array:
        found = np.zeros(len(pages.key), np.uint8)
        bound = denied_hosts(asking, segment)
        numbers = asking.reading.run(segment, sql("page_denied"), bound)["page"].to_numpy()
        found[numbers] = (pages.owner_now if now else pages.owner_then)[numbers] + 1
        return found

    return _hidden.find((segment.sha256, asking.viewer.rights, now), read)


def names(reading: Reading, segments: Sequence[Segment], keys: Sequence[int]) -> list[str]:
    """The form shown of the pages that have these keys in any of the segments; it is the same in all of them."""
    found = {key: name for key in keys if (name := _names.get(key))}
    for segment in segments:
        if unknown := set(keys) - found.keys():
            found.update(_read_names(reading, segment, list(unknown)))
    if len(_names) + len(found) > NAMES:
        _names.clear()
    _names.update(found)
    return [found[key] for key in keys]


def _read_names(reading: Reading, segment: Segment, keys: list[int]) -> dict[int, str]:
    pages = table(reading, segment).numbers(keys, marks=True)
    rows = reading.run(segment, sql("explore_names"), {"pages": pages.tolist()})
    return dict(rows.select("key", clean.shown_expression()).iter_rows())


def _read(reading: Reading, segment: Segment) -> PageTable:
    rows = reading.run(segment, sql("explore_pages")).sort("page")
    columns = rows.select(*OWNED, "mark", number=_numbered(rows.select(OWNED))).get_columns()
    key, then, now, mark, number = map(_by_number, columns)  # numbers are dense from 1
    return PageTable(key, then, now, mark, number, np.argsort(key))


def _numbered(pages: pl.DataFrame) -> pl.Series:
    """The numbers of these pages everywhere; those that aren't known yet get the next."""
    global _known, _everywhere  # noqa: PLW0603 - one numbering for the process, so that any two segments can be added up
    with _numbering:
        fresh = pages.unique(maintain_order=True).join(_known, on=OWNED, how="anti", maintain_order="left")
        if fresh.height:
            number = pl.int_range(_known.height + 1, _known.height + fresh.height + 1, dtype=pl.UInt32, eager=True)
            _known = pl.concat([_known, fresh.with_columns(number=number)], rechunk=True)
            columns = _known.select(*OWNED, pl.col("number").first().over("key")).get_columns()
            _everywhere = Everywhere(*map(_by_number, columns))
        return pages.join(_known, on=OWNED, how="left", maintain_order="left")["number"]


def _by_number(values: pl.Series) -> Array:
    """Values by number, from 1 on, as an array that has 0 for number 0."""
    found = values.to_numpy()
    return np.append(np.zeros(1, found.dtype), found)
