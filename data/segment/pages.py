"""The page table: every page of a segment, in the order of host and path, with what is said of it and its owner."""

from datetime import date, timedelta
from typing import Final

import numpy as np
import polars as pl

from data.periods import Period
from data.segment import said
from data.segment.arrays import Array
from data.segment.cleaned import WORDS, Rows
from data.segment.days import EPOCH
from data.segment.ownership import OWNED, Ownership
from data.segment.said import Views
from data.segment.sessions import NOT_SHARED

MARK: Final = "(not shared)"  # the path of the page without host that stands for a run of rows not shared


def table(
    rows: Rows, places: Array, moment: Array, period: Period, *, ownership: Ownership
) -> tuple[pl.DataFrame, Array]:
    """The page table of the page views at `places`, numbered from 1, and the number of each view's page.

    `moment` is as in `said.Views`. A page of which something changes within the period has a row from each moment on, under
    the same key; so it has one number in a session.
    """
    seen = np.where(rows.columns["kind"][places] == NOT_SHARED, 0, rows.columns["address"][places])
    listed = np.flatnonzero(np.bincount(seen, minlength=1))
    pages = _addresses(rows.texts["address"], listed).sort("host", "path")
    of_code = np.zeros(int(listed.max(initial=0)) + 1, np.uint32)
    of_code[pages["code"].to_numpy()] = np.arange(pages.height)
    page = of_code[seen]
    views = Views(rows, places, page, moment)
    told = pages.select("host", "path", mark=pl.col("code") == 0).with_columns(**said.newest(views, pages.height))
    return _numbered(told, views, period, ownership=ownership)


def _addresses(texts: pl.Series, listed: Array) -> pl.DataFrame:
    """The number, host and path of each listed address; 0 is the mark's."""
    whole = texts.gather(pl.Series(listed - 1, dtype=pl.Int64).replace(-1, None))
    pages = pl.DataFrame({"code": listed, "whole": whole})
    return pages.select(
        "code",
        host=pl.col("whole").str.extract("^[^/]*", 0).fill_null(""),
        path=pl.col("whole").str.extract("(?s)/.*", 0).fill_null(MARK),
    )


def _numbered(told: pl.DataFrame, views: Views, period: Period, *, ownership: Ownership) -> tuple[pl.DataFrame, Array]:
    """The table with owners, and the number of each view's page; `told` are the pages with the newest that is said of each."""
    owned = _owned(told, period.first, ownership)
    later = _owned(told, period.last, ownership) if ownership.moves(period.first, period.last) else owned
    moved = np.flatnonzero((owned.select(OWNED).hash_rows() != later.select(OWNED).hash_rows()).to_numpy())
    changed = np.zeros(len(told), bool)
    changed[moved] = changed[said.changed(views, told)] = True
    if not changed.any():
        return owned.with_row_index("page", 1), views.page + np.uint32(1)
    among = np.flatnonzero(changed[views.page])
    some = views.some(among)
    parts = [owned.with_row_index("place").with_columns(moment=pl.lit(0, pl.Int64)).filter(~pl.Series(changed))]
    parts += _versions(some, owned.select("host", "path", "mark"), ownership)
    every = pl.concat([one.select(parts[0].columns) for one in parts]).sort("place", "moment")
    other = pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).shift(1)) for name in ("place", *WORDS, *OWNED))
    table = every.filter(other)
    place, moment = (table[name].to_numpy() for name in ("place", "moment"))
    number = (np.searchsorted(place, np.arange(len(told))) + 1).astype(np.uint32)[views.page]
    number[among] = np.searchsorted(said.packed(place, moment), some.since, "right")
    return table.drop("place", "moment").with_row_index("page", 1), number


def _versions(views: Views, pages: pl.DataFrame, ownership: Ownership) -> list[pl.DataFrame]:
    """The pages of these views, by `place`, at each `moment` that they were seen: what was said then, and who owned them."""
    seen = said.versions(views)
    told = pl.concat([pages[seen["place"]], seen], how="horizontal").with_columns(day=pl.col("moment") // 2)
    days = told.partition_by("day", as_dict=True, include_key=False)
    return [_owned(some, EPOCH + timedelta(days=day), ownership) for (day,), some in days.items()]


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
