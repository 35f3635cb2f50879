"""The canonical tables of a segment (page, session, page_view, event) from whole sessions."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import polars as pl

from data.periods import Period
from data.segment import events, pages, session
from data.segment.arrays import Array, Columns
from data.segment.ownership import Ownership
from data.segment.sessions import NOT_SHARED, PAGE_VIEW, Assembled, numbered


@dataclass(frozen=True)
class Tables:
    """The columns of each canonical table, of the types of schema.sql, and its lists of words by table name.

    `who` is half of each visitor's pseudonym by number, `began` the second of its first page view; `terms` is what the
    numbers of searches stand for where the tables show no term.
    """

    page: pl.DataFrame
    session: Columns
    view: Columns
    event: Columns
    words: dict[str, pl.DataFrame]
    who: Array
    began: Array
    terms: pl.DataFrame  # day, value, term, searches, sessions


def tabulate(
    whole: Assembled, period: Period, ownership: Ownership, *, terms: Collection[str] | None, seed: int
) -> Tables:
    """Lay out every column; sessions and visitors are numbered at random.

    `terms` are the search terms that are shown; without it none is, and each has a number.
    """
    random = np.random.default_rng(seed)
    whole = numbered(whole, random)
    kind = whole.column("kind")
    is_view = (kind == PAGE_VIEW) | (kind == NOT_SHARED)
    seen = np.cumsum(is_view, dtype=np.int32)
    position = seen - np.repeat((seen - is_view)[whole.starts], whole.lengths)
    of = np.repeat(np.arange(1, len(whole.starts) + 1, dtype=np.uint32), whole.lengths)
    moment = (whole.day + whole.over)[of[is_view] - 1]
    page, numbers = pages.table(whole.rows, whole.places[is_view], moment, period, ownership=ownership)
    page, services = _coded_services(page)
    view = {"session": of[is_view], "position": position[is_view].astype(np.uint16), "page": numbers}
    view |= _moments(whole.rows.columns, whole.places[is_view], view)
    others = whole.places[~is_view]
    event, values = events.table(whole.rows, others, of[~is_view], position[~is_view], terms=terms or ())
    told = events.numbered_terms(whole, others, event, values.height) if terms is None else pl.DataFrame()
    event["page"] = events.pages_followed(event, view)
    ended, hosts = events.ended(event, view, page, whole.day, texts=values, shares=ownership.shares)
    columns, countries, who = session.table(whole, view, page, random)
    del view["second"]
    words = {"value": values, "country": countries, "service": services, "outbound_host": hosts}
    return Tables(page, columns | ended, view, event, words, who["who"], who["began"], told)


def _moments(rows: Columns, places: np.ndarray, view: Columns) -> Columns:
    """Status, the second of each page view, and the seconds since its session's first: both seconds are whole."""
    second = rows["at"][places] // 1_000_000
    heads = np.flatnonzero(view["position"] == 1)
    since = second - second[heads][view["session"] - 1] if len(heads) else second
    return {"status": rows["status"][places], "second": second, "seconds": since.astype(np.uint32)}


def _coded_services(page: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The page table with services as numbers, and the list of these."""
    slugs = page["service"].drop_nulls().unique().sort()
    services = pl.DataFrame({"service": np.arange(1, len(slugs) + 1, dtype=np.uint16), "slug": slugs})
    numbers = page.select(slug="service").join(services, on="slug", how="left", maintain_order="left")["service"]
    return page.with_columns(numbers.fill_null(0).alias("service")), services
