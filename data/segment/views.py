"""Page views by page: each with what went before and after it, found by counting along the steps of its session."""

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from data.segment.arrays import Array, Columns, changes, lengths_of, order_of

STEPS: Final = 6  # each way that a page view knows
BUCKET: Final = 24_576  # rows: 12 of DuckDB's vectors
CHUNK: Final = 122_880  # rows handed over at once: one of DuckDB's row groups
OF_SESSION: Final = ("day", "device", "channel", "country", "ended", "ended_host", "timed")


def by_page(view: Mapping[str, Array], session: Mapping[str, Array]) -> Iterator[Columns]:
    """The table page_view_by_page in parts, from the columns of page_view and session.

    The order is by page, cut into buckets; within a bucket by the number of steps after and before, then by page,
    session and position. So columns that are empty for lack of steps are constants over whole vectors (38 bytes a page
    view where the plain order by page takes 53), and a page is still found in few vectors.
    """
    steps = _steps(view)
    table = {name: view[name] for name in ("page", "session", "position", "seconds")} | _repeats(view)
    order = order_of(view["page"])
    table |= _occurrences(view, order)
    key = (
        np.arange(len(order)) // BUCKET * (STEPS + 1) ** 2
        + (steps["ahead"] * np.int64(STEPS + 1) + steps["behind"])[order]
    )
    order = order[order_of(key)]
    for start in range(0, len(order), CHUNK):
        rows = order[start : start + CHUNK]
        of = view["session"][rows].astype(np.int64) - 1
        told = {name: session[name][of] for name in OF_SESSION}
        yield {name: column[rows] for name, column in table.items()} | told | _neighbours(steps, rows)


def _repeats(view: Mapping[str, Array]) -> Columns:
    """Whether the view before, or after, in the session is of the same page."""
    before = ~(changes(view["page"]) | changes(view["session"]))
    return {"reload_before": before, "reload_after": np.append(before[1:], False)[: len(before)]}


def _occurrences(view: Mapping[str, Array], order: Array) -> Columns:
    """Whether a view is the first, and the last, of its page in its session; `order` is by page, session, position."""
    first = changes(view["page"][order]) | changes(view["session"][order])
    columns = {"first_of_page": np.empty_like(first), "last_of_page": np.empty_like(first)}
    columns["first_of_page"][order] = first
    columns["last_of_page"][order] = np.append(first[1:], True)[: len(first)]
    return columns


def _steps(view: Mapping[str, Array]) -> Columns:
    """The page and seconds of each step, the step of each view, and how many steps (six at most) lie either side of it.

    A step is a run of views of one page and takes the time of its last. Six empty steps stand at either end.
    """
    other = changes(view["session"])
    heads = np.flatnonzero(other | changes(view["page"]))
    of = np.repeat(np.arange(len(heads)), lengths_of(heads, len(other)))
    starts = np.flatnonzero(other[heads])
    each = lengths_of(starts, len(heads))
    number = np.arange(len(heads)) - np.repeat(starts, each)
    after = np.repeat(each, each) - number - 1
    last = np.append(heads[1:], len(other))[: len(heads)] - 1
    behind, ahead = (np.minimum(count, STEPS).astype(np.uint8)[of] for count in (number, after))
    page, seconds = (np.pad(column, STEPS) for column in (view["page"][heads], view["seconds"][last]))
    return {"page": page, "seconds": seconds, "of": of, "behind": behind, "ahead": ahead}


def _neighbours(steps: Columns, rows: Array) -> Columns:
    """Pages of the next and previous steps of these views, and the seconds that each took; 0 where there is none."""
    around = steps["of"][rows]
    page, seconds = (sliding_window_view(steps[name], 2 * STEPS + 1)[around] for name in ("page", "seconds"))
    took = np.diff(seconds, axis=1)
    columns: Columns = {}
    for name, depth, way in (("next", "ahead", 1), ("previous", "behind", -1)):
        count = steps[depth][rows]
        for k in range(1, STEPS + 1):
            there = count >= k
            columns[f"{name}_{k}"] = page[:, STEPS + way * k] * there
            columns[f"{name}_{k}_seconds"] = took[:, STEPS + (k - 1 if way > 0 else -k)] * there
    return columns
