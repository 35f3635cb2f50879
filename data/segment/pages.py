"""The page table: every page of a segment once, in the order of host and path, with its newest words and its owner."""

from datetime import date

import numpy as np
import polars as pl

from data.segment.arrays import Array, Columns, changes
from data.segment.cleaned import WORDS, Rows
from data.segment.ownership import OWNED, Ownership
from data.segment.sessions import NOT_SHARED

MARK = "(not shared)"  # the path of the page without host that stands for a run of rows not shared


def table(rows: Rows, places: Array, day: date, ownership: Ownership) -> tuple[pl.DataFrame, Array]:
    """The page table of the page views at `places`, numbered from 1, and the number of each view's page."""
    seen = np.where(rows.columns["kind"][places] == NOT_SHARED, 0, rows.columns["address"][places])
    listed = np.flatnonzero(np.bincount(seen, minlength=1))
    pages = _addresses(rows.texts["address"], listed).sort("host", "path")
    number = np.zeros(int(listed.max(initial=0)) + 1, np.uint32)
    number[pages["code"].to_numpy()] = np.arange(1, pages.height + 1)
    page = number[seen]
    words = {word: _newest(rows, word, places, page, pages.height) for word in WORDS}
    told = pages.select("host", "path", mark=pl.col("code") == 0).with_columns(**words)
    return _owned(told.with_row_index("page", 1), day, ownership), page


def _addresses(texts: pl.Series, listed: Array) -> pl.DataFrame:
    """The number, host and path of each listed address; 0 is the mark's."""
    whole = texts.gather(pl.Series(listed - 1, dtype=pl.Int64).replace(-1, None))
    pages = pl.DataFrame({"code": listed, "whole": whole})
    return pages.select(
        "code",
        host=pl.col("whole").str.extract("^[^/]*", 0).fill_null(""),
        path=pl.col("whole").str.extract("(?s)/.*", 0).fill_null(MARK),
    )


def _newest(rows: Rows, word: str, places: Array, page: Array, pages: int) -> pl.Series:
    """For each page, this word from the last of its views that has it."""
    known = rows.words[word].is_not_null().to_numpy()[rows.columns["place"][places]]
    views, page = (places, page) if known.all() else (places[known], page[known])
    at, latest = rows.columns["at"][views], np.full(pages + 1, np.iinfo(np.int64).min)
    np.maximum.at(latest, page, at)
    last = np.flatnonzero(at == latest[page])
    ordered = last[np.lexsort([rows.columns[name][views[last]] for name in ("row", "sender", "order", "day")] + [page[last]])]
    ends = ordered[np.append(changes(page[ordered])[1:], True)[: len(ordered)]]
    found = pl.Series([None] * pages, dtype=pl.UInt32).scatter(page[ends].astype(np.int64) - 1, rows.columns["place"][views[ends]])
    return rows.words[word].gather(found)


def _owned(pages: pl.DataFrame, day: date, ownership: Ownership) -> pl.DataFrame:
    """The pages with the columns `OWNED`; a mark is nobody's."""
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
