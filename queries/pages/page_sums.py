"""Sums by page over days, merged by the page's key: first what sorts the pages, then everything of the few that are shown.

Daily sums answer where no filter needs sessions, else page views do. All pages of a department's services that the viewer
may not see are one row; its key is -1 less the department's number.
"""

from functools import reduce
from typing import Any, Final

import numpy as np
import polars as pl

from data import clean
from data.periods import Period
from data.register import register
from data.store import Segment
from queries.asking import Asking, sql
from queries.page_sets import sets
from queries.pages import page_tables

COUNTS: Final = ("sessions", "page_views", "landings", "exits", "searches", "not_found", "single_page")
CELL: Final = ("page", "device", "channel")
TYPES: Final = {"key": pl.Int64, "device": pl.UInt8, "channel": pl.UInt8} | dict.fromkeys(COUNTS, pl.Int64)
WORDS: Final = {"page": pl.String, "title": pl.String, "document_type": pl.String, "department": pl.String}
LAST_PAGE: Final = 4_294_967_295


def found(asking: Asking[Any], needed: tuple[str, ...]) -> pl.DataFrame:
    """Every page with a page view: `key` and at least these counts; folded rows count a session for each of its pages."""
    counts = COUNTS if from_views(asking) else needed
    return _merged([_folded(_needed(asking, segment, needed)) for segment in _segments(asking)], ["key"], counts)


def completed(asking: Asking[Any], rows: pl.DataFrame) -> pl.DataFrame:
    """These rows of `found`, in their order, with all counts."""
    if not from_views(asking):
        parts = [part for segment in _segments(asking) for part in _of_keys(asking, segment, rows["key"])]
        whole = _merged(parts, ["key"], COUNTS)
        rows = rows.select("key").join(whole, on="key", how="left", maintain_order="left")
    return with_hidden_sessions(asking, rows)


def with_hidden_sessions(asking: Asking[Any], rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with each session counted once in those that are folded."""
    if not (rows["key"] < 0).any():
        return rows
    sessions = reduce(np.add, (_hidden_sessions(asking, segment) for segment in _segments(asking)))
    counted = pl.DataFrame({"key": -1 - np.arange(len(sessions)), "distinct": sessions})
    joined = rows.join(counted, on="key", how="left", maintain_order="left")
    return joined.with_columns(sessions=pl.coalesce("distinct", "sessions")).drop("distinct")


def atoms(asking: Asking[Any], period: Period, keys: pl.Series) -> pl.DataFrame:
    """One row a page of these keys, device and channel."""
    segments = asking.reading.segments(asking.account, period)
    parts = [_from_views(asking, segment, period, atoms_of=keys) for segment in segments]
    return _merged(parts, ["key", "device", "channel"], COUNTS)


def words(asking: Asking[Any], keys: pl.Series, period: Period) -> pl.DataFrame:
    """Columns `key` and `WORDS` for keys of pages of the period, the newest of it that filters leave; `(DWP)` for pages that may not be seen."""
    bound = {"now": asking.parameters.structure == "now"}
    wanted, parts = keys.filter(keys >= 0), [_hidden_words(keys.filter(keys < 0))]
    for segment in reversed(asking.reading.segments(asking.account, period)):
        if len(wanted):
            numbers = sets.among(asking, segment, period, _numbers(asking, segment, wanted))
            key = page_tables.table(asking.reading, segment).key[numbers]
            newest = numbers[np.append(key[1:] != key[:-1], True)[: len(key)]]  # a page's numbers are neighbours
            told = asking.reading.run(segment, sql("pages_words"), bound | {"pages": newest.tolist()})
            wanted = wanted.filter(~wanted.is_in(told["key"].implode()))
            parts.append(_worded(told))
    return pl.concat(parts)


def any_of(count: str, asking: Asking[Any], segment: Segment, pages: page_tables.Array) -> bool:
    """Whether the daily sums of a segment know of any such count between the first and the last of these pages, in order."""
    ends = {"low": int(pages[0]), "high": int(pages[-1]), "measure": count}
    return bool(asking.reading.run(segment, sql("pages"), _days(segment, asking.period) | ends)["value"].sum())


def from_views(asking: Asking[Any]) -> bool:
    """Whether a filter needs sessions, which the daily sums don't know."""
    return bool(asking.parameters.device or asking.parameters.channel or asking.parameters.country)


def sessions_that_fit(asking: Asking[Any], *, atoms: bool = False) -> dict[str, object]:
    """What is bound for filters on sessions; atoms are counted for every device and channel."""
    asked = asking.parameters
    return {
        "devices": [] if atoms else asked.devices,
        "channels": [] if atoms else asked.channels,
        "countries": list(asked.country),
    }


def _segments(asking: Asking[Any]) -> list[Segment]:
    return asking.reading.segments(asking.account, asking.period)


def _merged(parts: list[pl.DataFrame], keys: list[str], counts: tuple[str, ...]) -> pl.DataFrame:
    columns = [*keys, *counts]
    if len(parts) == 1 and parts[0]["key"].n_unique() == parts[0].height:
        return parts[0].select(columns)
    empty = pl.DataFrame(schema={name: TYPES[name] for name in columns})
    return pl.concat([empty, *(part.select(columns) for part in parts)]).group_by(keys).agg(pl.col(counts).sum())


def _needed(asking: Asking[Any], segment: Segment, needed: tuple[str, ...]) -> pl.DataFrame:
    """One row a page of a segment with these counts, and `hidden_of`."""
    if from_views(asking):
        return _from_views(asking, segment, asking.period)
    bound, chosen = _pages(asking, segment)
    bound |= _days(segment, asking.period)
    runs = [
        asking.reading.run(segment, sql("pages"), bound | {"measure": name}).rename({"value": name}) for name in needed
    ]
    joined = reduce(lambda one, other: one.join(other, on="page"), runs)
    return _chosen(_known(asking, segment, joined), chosen)


def _of_keys(asking: Asking[Any], segment: Segment, keys: pl.Series) -> list[pl.DataFrame]:
    """All counts of these keys in a segment; sessions of those that are folded are not known here."""
    days = _days(segment, asking.period)
    numbers = {"pages": _numbers(asking, segment, keys.filter(keys >= 0)).tolist()}
    seen = asking.reading.run(segment, sql("pages_of_keys"), days | numbers)
    if not (keys < 0).any():
        return [seen]
    hidden = asking.reading.run(segment, sql("pages_hidden_sums"), days | _denied(asking, segment))
    return [seen, _folded(hidden.with_columns(key=pl.lit(None, pl.Int64), sessions=pl.lit(0, pl.Int64)))]


def _from_views(
    asking: Asking[Any], segment: Segment, period: Period, atoms_of: pl.Series | None = None
) -> pl.DataFrame:
    """One row a page of a segment with all counts, and `hidden_of`; one a page, device and channel for atoms of keys."""
    bound, chosen = _pages(asking, segment)
    bound |= {"first": period.first, "last": period.last, "atoms": atoms_of is not None}
    bound |= sessions_that_fit(asking, atoms=atoms_of is not None)
    keys: dict[str, object] = {"keys": [] if atoms_of is None else atoms_of.to_list()}
    views = _known(asking, segment, asking.reading.run(segment, sql("pages_by_view"), bound | keys))
    events = asking.reading.run(segment, sql("pages_events"), bound)
    joined = views.join(events, on=CELL, how="left", maintain_order="left")
    return _chosen(joined.with_columns(pl.col("searches", "not_found").fill_null(0)), chosen)


def _known(asking: Asking[Any], segment: Segment, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows that aren't marks, with each page's `key` and whose it is where it may not be seen, `hidden_of`."""
    pages, number = page_tables.table(asking.reading, segment), rows["page"].to_numpy()
    folded = page_tables.hidden(asking, segment)[number].astype(np.int64)
    whose = pl.Series("hidden_of", folded - 1).set(pl.Series(folded == 0), None)
    return rows.with_columns(pl.Series("key", pages.key[number]), whose).filter(pl.Series(~pages.mark[number]))


def _folded(rows: pl.DataFrame) -> pl.DataFrame:
    """Pages that may not be seen as one row a department."""
    counts = [name for name in COUNTS if name in rows.columns]
    if rows["hidden_of"].null_count() == rows.height:
        return rows.select("key", *counts)
    hidden = rows.filter(pl.col("hidden_of").is_not_null()).group_by("hidden_of").agg(pl.col(counts).sum())
    named = hidden.select((-1 - pl.col("hidden_of").cast(pl.Int64)).alias("key"), *counts)
    return pl.concat([rows.filter(pl.col("hidden_of").is_null()).select("key", *counts), named])


def _hidden_sessions(asking: Asking[Any], segment: Segment) -> "np.ndarray[Any, np.dtype[np.int64]]":
    """By number of department: the different sessions of a segment that saw any of its pages that may not be seen."""
    days = {"first": asking.period.first, "last": asking.period.last}
    bound = days | _denied(asking, segment) | sessions_that_fit(asking)
    told = asking.reading.run(segment, sql("pages_hidden_sessions"), bound)
    whose, session = told["hidden_of"].to_numpy(), told["session"].to_numpy()
    counts = np.zeros(256, np.int64)
    for number in np.unique(whose):
        seen = np.zeros(int(session.max()) + 1, bool)
        seen[session[whose == number]] = True
        counts[number] = seen.sum()
    return counts


def _pages(asking: Asking[Any], segment: Segment) -> tuple[dict[str, object], pl.Series | None]:
    """The range of page numbers that the filters leave, as bound, and the numbers themselves; none without filters."""
    if not sets.narrowed(asking):
        return {"low": 0, "high": LAST_PAGE}, None
    numbers = pl.Series(sets.of(asking, segment), dtype=pl.UInt32)
    return {"low": numbers.min() or LAST_PAGE, "high": numbers.max() or 0}, numbers


def _numbers(asking: Asking[Any], segment: Segment, keys: pl.Series) -> page_tables.Array:
    """The numbers of these keys in a segment that the filters leave and the viewer may see: a page may have had another owner before."""
    found = page_tables.table(asking.reading, segment).numbers(keys.to_list())
    seen = found[page_tables.hidden(asking, segment)[found] == 0]
    return np.intersect1d(seen, sets.of(asking, segment)) if sets.narrowed(asking) else seen


def _chosen(rows: pl.DataFrame, numbers: pl.Series | None) -> pl.DataFrame:
    """The rows of these pages; pages that may not be seen are never among those that a filter chose."""
    if numbers is None:
        return rows
    return rows.filter(pl.col("page").is_in(numbers.implode()) & pl.col("hidden_of").is_null())


def _days(segment: Segment, period: Period) -> dict[str, object]:
    whole = period.first <= segment.first_day and segment.last_day <= period.last
    return {"first": period.first, "last": period.last, "whole": whole}


def _denied(asking: Asking[Any], segment: Segment) -> dict[str, object]:
    return page_tables.denied_hosts(asking, segment) | {"now": asking.parameters.structure == "now"}


def _worded(told: pl.DataFrame) -> pl.DataFrame:
    names = pl.col("owner").replace_strict(register.department_names, return_dtype=pl.String)
    shown = clean.shown_expression().alias("page")
    return told.select("key", shown, "title", "document_type", names.alias("department"))


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
