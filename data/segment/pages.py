"""The page table: every page of a segment once, in the order of host and path, with its newest words and its owner."""

from datetime import date
from typing import Final

import numpy as np
import polars as pl

from data.periods import Period
from data.segment.arrays import Array, changes
from data.segment.cleaned import WORDS, Rows
from data.segment.days import number_of
from data.segment.ownership import OWNED, Ownership
from data.segment.sessions import NOT_SHARED

MARK: Final = "(not shared)"  # the path of the page without host that stands for a run of rows not shared


def table(rows: Rows, places: Array, day: Array, period: Period, *, ownership: Ownership) -> tuple[pl.DataFrame, Array]:
    """The page table of the page views at `places`, numbered from 1, and the number of each view's page.

    `day` is the day of each view's session. A page whose owner or service changes within the period has a row for each,
    under the same key.
    """
    seen = np.where(rows.columns["kind"][places] == NOT_SHARED, 0, rows.columns["address"][places])
    listed = np.flatnonzero(np.bincount(seen, minlength=1))
    pages = _addresses(rows.texts["address"], listed).sort("host", "path")
    of_code = np.zeros(int(listed.max(initial=0)) + 1, np.uint32)
    of_code[pages["code"].to_numpy()] = np.arange(pages.height)
    page = of_code[seen]
    told = pages.select("host", "path", mark=pl.col("code") == 0).with_columns(
        **_newest(rows, places, page, pages.height)
    )
    return _numbered(told, page, day, period, ownership=ownership)


def _addresses(texts: pl.Series, listed: Array) -> pl.DataFrame:
    """The number, host and path of each listed address; 0 is the mark's."""
    whole = texts.gather(pl.Series(listed - 1, dtype=pl.Int64).replace(-1, None))
    pages = pl.DataFrame({"code": listed, "whole": whole})
    return pages.select(
        "code",
        host=pl.col("whole").str.extract("^[^/]*", 0).fill_null(""),
        path=pl.col("whole").str.extract("(?s)/.*", 0).fill_null(MARK),
    )


def _newest(rows: Rows, places: Array, page: Array, pages: int) -> dict[str, pl.Series]:
    """For each page, each of `WORDS` from the last of the page's views that has it."""
    always = _last_views(rows, places, page, pages)
    words = {}
    for word in WORDS:
        known = rows.words[word].is_not_null().to_numpy()[rows.columns["place"][places]]
        last = always if known.all() else _last_views(rows, places[known], page[known], pages)
        words[word] = rows.words[word].gather(last)
    return words


def _last_views(rows: Rows, places: Array, page: Array, pages: int) -> pl.Series:
    """For each page, the place in `rows.words` of the last of these views; null where there is none."""
    at, latest = rows.columns["at"][places], np.full(pages, np.iinfo(np.int64).min)
    np.maximum.at(latest, page, at)
    last = np.flatnonzero(at == latest[page])
    keys = [rows.columns[name][places[last]] for name in ("row", "sender", "order", "day")]
    ordered = last[np.lexsort([*keys, page[last]])]
    ends = ordered[np.append(changes(page[ordered])[1:], True)[: len(ordered)]]
    return pl.Series([None] * pages, dtype=pl.UInt32).scatter(page[ends], rows.columns["place"][places[ends]])


def _numbered(
    pages: pl.DataFrame, page: Array, day: Array, period: Period, *, ownership: Ownership
) -> tuple[pl.DataFrame, Array]:
    """The table with owners, and the number of each view's page; `page` is its place in `pages`."""
    owned = _owned(pages, period.first, ownership)
    later = _owned(pages, period.last, ownership) if ownership.moves(period.first, period.last) else owned
    moved = np.flatnonzero((owned.select(OWNED).hash_rows() != later.select(OWNED).hash_rows()).to_numpy())
    if not len(moved):
        return owned.with_row_index("page", 1), page + np.uint32(1)
    versions = _versions(owned, moved, period, ownership)
    since = versions["place"].to_numpy().astype(np.int64) << 32 | versions["since"].to_numpy()
    number = np.searchsorted(since, page.astype(np.int64) << 32 | day, "right")
    used = np.flatnonzero(np.bincount(number))
    dense = np.zeros(len(versions) + 1, np.uint32)
    dense[used] = np.arange(1, len(used) + 1)
    return versions[used - 1].drop("place", "since").with_row_index("page", 1), dense[number]


def _versions(owned: pl.DataFrame, moved: Array, period: Period, ownership: Ownership) -> pl.DataFrame:
    """Each page with the days (`since`) from which it has another owner or service, by its `place` and day."""
    placed = owned.with_row_index("place").with_columns(since=pl.lit(number_of(period.first)))
    among = placed[moved].drop(OWNED)
    days = [_owned(among, on, ownership).with_columns(since=pl.lit(number_of(on))) for on in list(period)[1:]]
    every = pl.concat([placed, *(one.select(placed.columns) for one in days)]).sort("place", "since")
    other = pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).shift(1)) for name in ("place", *OWNED))
    return every.filter(other)


def _owned(pages: pl.DataFrame, day: date, ownership: Ownership) -> pl.DataFrame:
    """The pages with the columns `OWNED` as of a day; a mark is nobody's."""
    asked = pages.select("host", "path", "document_type", "organisations")
    owned = pages.with_columns(ownership.own_pages(asked, day).select(*OWNED))
    numbers = [name for name in OWNED if name != "service"]
    return owned.with_columns(
        *(pl.when("mark").then(0).otherwise(name).cast(owned[name].dtype).alias(name) for name in numbers),
        service=pl.when(~pl.col("mark")).then("service"),
    )


def bits(owners: pl.Series, mark: pl.Series) -> Array:
    """The bit of each page's owner by the page's number: a session's departments are the bits of its pages, not of marks."""
    one = np.left_shift(np.uint64(1), owners.to_numpy().astype(np.uint64))
    return np.append(np.uint64(0), np.where(mark.to_numpy(), np.uint64(0), one))


def of_pages(pages: pl.DataFrame, name: str) -> Array:
    """A column of the page table by the page's number, 0 being none."""
    values = pages[name].to_numpy()
    return np.append(np.zeros(1, values.dtype), values)
