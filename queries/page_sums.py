"""Sums by page over days: from daily sums where no filter needs sessions, else from page views; merged by the page's key."""

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from data import clean
from data.periods import Period
from data.register import register
from data.store import Segment
from queries import sets
from queries.asking import Asking, sql

if TYPE_CHECKING:
    from queries.definitions import Array

COUNTS: Final = ("sessions", "page_views", "landings", "exits", "searches", "not_found", "single_page")
LAST_PAGE: Final = 4_294_967_295
CELL: Final = ("page", "device", "channel")
WORDS: Final = {"page": pl.String, "title": pl.String, "document_type": pl.String, "department": pl.String}


def measured(asking: Asking[Any], period: Period, *, atoms: bool = False) -> pl.DataFrame:
    """Columns `key` and `COUNTS`, one row a page; for `atoms` one a page, device and channel, of visible pages only.

    The key of all pages of a department's services that the viewer may not see is -1 less the department's number.
    """
    keys = ["key", "device", "channel"] if atoms else ["key"]
    empty = pl.DataFrame(
        schema={"key": pl.Int64, "device": pl.UInt8, "channel": pl.UInt8} | dict.fromkeys(COUNTS, pl.Int64)
    )
    parts = [
        _of_segment(asking, segment, period, atoms=atoms) for segment in asking.reading.segments(asking.account, period)
    ]
    found = pl.concat([empty.select(*keys, *COUNTS), *(part.select(*keys, *COUNTS) for part in parts)])
    return found if len(parts) == 1 else found.group_by(keys).agg(pl.col(COUNTS).sum())


def words(asking: Asking[Any], keys: pl.Series) -> pl.DataFrame:
    """Columns `key` and `WORDS` for these keys, the newest words of each; `(DWP)` for pages that may not be seen."""
    wanted, parts = keys.filter(keys >= 0), [_hidden_words(keys.filter(keys < 0))]
    for segment in reversed(asking.reading.segments(asking.account, asking.period)):
        if len(wanted):
            now = asking.parameters.structure == "now"
            found = asking.reading.run(segment, sql("pages_words"), {"keys": wanted.to_list(), "now": now})
            wanted = wanted.filter(~wanted.is_in(found["key"].implode()))
            parts.append(_worded(found))
    return pl.concat(parts)


def _of_segment(asking: Asking[Any], segment: Segment, period: Period, *, atoms: bool) -> pl.DataFrame:
    chosen = sets.of(asking, segment) if sets.narrowed(asking) else None
    rows = _rows(asking, segment, _bound(period, chosen), atoms=atoms)
    if chosen is not None:
        rows = rows.filter(pl.col("page").is_in(pl.Series(chosen, dtype=pl.UInt32).implode()))
    if chosen is not None or atoms or asking.viewer.sees_everything:
        return rows.filter(pl.col("hidden_of").is_null())
    return _folded(rows, asking, segment, period)


def _rows(asking: Asking[Any], segment: Segment, bound: dict[str, object], *, atoms: bool) -> pl.DataFrame:
    """One row a page (and device and channel, for atoms), with `hidden_of` where the viewer may not see it."""
    asked = asking.parameters
    owners = {"now": asked.structure == "now", "all": asking.viewer.sees_everything, "own": own_numbers(asking)}
    if not (atoms or asked.device or asked.channel or asked.country):
        return asking.reading.run(segment, sql("pages"), bound | owners)
    bound |= {"atoms": atoms, **sessions_that_fit(asking, atoms=atoms)}
    views = asking.reading.run(segment, sql("pages_by_view"), bound | owners)
    events = asking.reading.run(segment, sql("pages_events"), bound)
    joined = views.join(events, on=CELL, how="left", maintain_order="left")
    return joined.with_columns(pl.col("searches", "not_found").fill_null(0))


def _folded(rows: pl.DataFrame, asking: Asking[Any], segment: Segment, period: Period) -> pl.DataFrame:
    """Pages that may not be seen as one row a department; its sessions are counted anew, as one may see several pages."""
    hidden = rows.filter(pl.col("hidden_of").is_not_null())
    if hidden.is_empty():
        return rows
    bound = {
        "first": period.first,
        "last": period.last,
        "now": asking.parameters.structure == "now",
        "own": own_numbers(asking),
    }
    sessions = asking.reading.run(segment, sql("pages_hidden"), bound | sessions_that_fit(asking))
    sums = hidden.group_by("hidden_of").agg(pl.col(COUNTS).sum()).drop("sessions").join(sessions, on="hidden_of")
    named = sums.with_columns(key=-1 - pl.col("hidden_of").cast(pl.Int64))
    return pl.concat([rows.filter(pl.col("hidden_of").is_null()).select("key", *COUNTS), named.select("key", *COUNTS)])


def own_numbers(asking: Asking[Any]) -> list[int]:
    """The departments whose service pages the viewer may see, by number."""
    return sorted(register.number(short) for short in asking.viewer.own)


def sessions_that_fit(asking: Asking[Any], *, atoms: bool = False) -> dict[str, object]:
    """What is bound for filters on sessions; atoms are counted for every device and channel."""
    asked = asking.parameters
    return {
        "devices": [] if atoms else asked.devices,
        "channels": [] if atoms else asked.channels,
        "countries": list(asked.country),
    }


def _bound(period: Period, chosen: "Array | None") -> dict[str, object]:
    low, high = (0, LAST_PAGE) if chosen is None else (int(chosen.min(initial=LAST_PAGE)), int(chosen.max(initial=0)))
    return {"first": period.first, "last": period.last, "low": low, "high": high}


def _worded(found: pl.DataFrame) -> pl.DataFrame:
    names = pl.col("owner").replace_strict(register.department_names, return_dtype=pl.String)
    shown = clean.shown_expression().alias("page")
    return found.select("key", shown, "title", "document_type", names.alias("department"))


def _hidden_words(keys: pl.Series) -> pl.DataFrame:
    names = [register.department_names[-1 - key] for key in keys.to_list()]
    columns = {
        "key": keys,
        "page": [f"({name})" for name in names],
        "title": None,
        "document_type": None,
        "department": names,
    }
    return pl.DataFrame(columns, schema={"key": pl.Int64, **WORDS})
