"""The canonical tables of a segment (page, session, page_view, event) from whole sessions, numbered at random."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import polars as pl

from data.periods import Period
from data.segment import events, pages, session
from data.segment.ownership import Ownership
from data.segment.sessions import NOT_SHARED, PAGE_VIEW, Array, Assembled

Columns = dict[str, Array]


@dataclass(frozen=True)
class Tables:
    """The columns of each canonical table, of the types of schema.sql, and its lists of words by table name."""

    page: pl.DataFrame
    session: Columns
    view: Columns
    event: Columns
    words: dict[str, pl.DataFrame]


def tabulate(
    whole: Assembled, period: Period, ownership: Ownership, *, terms: Collection[str], seed: int | None
) -> Tables:
    """Lay out every column; expand sessions that stand for several; number sessions and visitors at random."""
    kind = whole.rows["kind"].to_physical().to_numpy()
    is_view = (kind == PAGE_VIEW) | (kind == NOT_SHARED)
    of = np.repeat(np.arange(len(whole.starts)), whole.lengths)
    seen = np.cumsum(is_view)
    position = seen - (seen - is_view)[np.repeat(whole.starts, whole.lengths)]
    viewed = pages.with_marks(whole.rows.filter(pl.Series(is_view)))
    page, numbers = pages.number(viewed, period.first, ownership)
    view = _views(viewed, numbers, of[is_view], position[is_view])
    event, values = events.table(whole.rows.filter(pl.Series(~is_view)), of[~is_view], position[~is_view], terms)
    event["page"] = _page_of(event, view)
    page, services = _coded_services(page)
    random = np.random.default_rng(seed)
    ended = events.ended(event, view, page["mark"].to_numpy(), whole.day, hosts=values, shares=ownership.shares)
    columns, countries = session.table(whole, view, page, period, random)
    words = {"value": values, "country": countries, "service": services, "outbound_host": ended.pop("hosts")}
    source = random.permutation(
        np.repeat(np.arange(len(whole.starts)), whole.rows["occurrences"].to_numpy()[whole.starts])
    )
    expanded = {name: column[source] for name, column in (columns | ended).items()}
    numbered = {"session": np.arange(1, len(source) + 1, dtype=np.uint32)} | expanded
    return Tables(page, numbered, _spread(view, source), _spread(event, source), words)


def _views(viewed: pl.DataFrame, page: Array, of: Array, position: Array) -> Columns:
    """The columns of page_view; `session` is still the session's place among those assembled."""
    second = viewed["at"].to_numpy() // 1_000_000
    head = np.flatnonzero(position == 1)
    since = second - second[head][of] if len(of) else second
    return {
        "session": of,
        "position": position.astype(np.uint16),
        "page": page,
        "seconds": since.astype(np.uint32),
        "status": viewed["status"].fill_null(0).to_numpy(),
        "second": second,
    }


def _page_of(event: Columns, view: Columns) -> Array:
    """The page of the page view that each event followed, 0 before the first."""
    if not len(event["session"]):
        return event["session"].astype(np.uint32)
    head = np.flatnonzero(view["position"] == 1)[event["session"]]
    followed = view["page"][head + np.maximum(event["position"].astype(np.int64), 1) - 1]
    return np.where(event["position"] > 0, followed, 0).astype(np.uint32)


def _coded_services(page: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The page table with services as numbers, and the list of these."""
    slugs = page["service"].drop_nulls().unique().sort()
    services = pl.DataFrame({"service": np.arange(1, len(slugs) + 1, dtype=np.uint16), "slug": slugs})
    numbers = page.select(slug="service").join(services, on="slug", how="left", maintain_order="left")["service"]
    return page.with_columns(numbers.fill_null(0).alias("service")), services


def _spread(table: Columns, source: Array) -> Columns:
    """The rows of each session in the order of `source`, as often as it names the session, numbered from 1."""
    each = np.bincount(table["session"], minlength=int(source.max(initial=-1)) + 1)
    starts, lengths = (np.cumsum(each) - each)[source], each[source]
    rows = np.arange(lengths.sum()) + np.repeat(starts - (np.cumsum(lengths) - lengths), lengths)
    spread = {name: column[rows] for name, column in table.items() if name not in {"session", "second"}}
    return {"session": np.repeat(np.arange(1, len(source) + 1, dtype=np.uint32), lengths)} | spread
