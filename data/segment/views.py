"""Page views by page: each with what went before and after it, found by counting along the steps of its session."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from data.segment.sessions import Array, changes

STEPS: Final = 6  # each way that a page view knows


def by_page(view: Mapping[str, Array], session: Mapping[str, Array]) -> dict[str, Array]:
    """The table page_view_by_page, from the columns of page_view and session (ordered by their number)."""
    same_session = ~changes(view["session"])
    reload_before = same_session & ~changes(view["page"])
    reload_after = np.append(reload_before[1:], False)
    of = view["session"].astype(np.int64) - 1
    table = {name: view[name] for name in ("page", "session", "position", "seconds")}
    table |= {name: session[name][of] for name in ("day", "device", "channel", "country", "ended", "ended_host")}
    table |= {"reload_before": reload_before, "reload_after": reload_after}
    table |= _occurrences(view) | {"timed": session["timed"][of]}
    ahead, behind, columns = _neighbours(view, ~reload_before)
    order = np.lexsort((view["position"], view["session"], behind, ahead, view["page"]))
    return {name: values[order] for name, values in (table | columns).items()}


def _occurrences(view: Mapping[str, Array]) -> dict[str, Array]:
    """Whether a view is the first, and the last, of its page in its session."""
    order = np.lexsort((view["position"], view["session"], view["page"]))
    first = changes(view["page"][order]) | changes(view["session"][order])
    first_of_page, last_of_page = np.empty_like(first), np.empty_like(first)
    first_of_page[order] = first
    last_of_page[order] = np.append(first[1:], True)[: len(first)]
    return {"first_of_page": first_of_page, "last_of_page": last_of_page}


def _neighbours(view: Mapping[str, Array], head: Array) -> tuple[Array, Array, dict[str, Array]]:
    """Steps after and before each view (at most six), and the pages and seconds of these; 0 where there is none.

    A step is a run of views of one page and takes the time of its last.
    """
    heads = np.flatnonzero(head)
    step = np.cumsum(head) - 1
    page, session = view["page"][heads], view["session"][heads]
    seconds = view["seconds"][np.append(heads[1:], len(step))[: len(heads)] - 1]
    moved = np.diff(seconds.astype(np.int64))  # from each step to the one after
    columns: dict[str, Array] = {}
    depths = {"next": np.zeros(len(step), np.uint8), "previous": np.zeros(len(step), np.uint8)}
    for k in range(1, STEPS + 1):
        pad = np.zeros(min(k, len(heads)), np.int64)
        there = session[k:] == session[:-k]
        depths["next"][np.append(there, pad.astype(bool))[step]] = k
        depths["previous"][np.append(pad.astype(bool), there)[step]] = k
        after, before = np.where(there, page[k:], 0), np.where(there, page[:-k], 0)
        took_after, took_before = (
            np.where(there, moved[k - 1 :], 0),
            np.where(there, moved[: max(0, len(heads) - k)], 0),
        )
        columns[f"next_{k}"] = np.append(after, pad)[step].astype(np.uint32)
        columns[f"next_{k}_seconds"] = np.append(took_after, pad)[step].astype(np.uint32)
        columns[f"previous_{k}"] = np.append(pad, before)[step].astype(np.uint32)
        columns[f"previous_{k}_seconds"] = np.append(pad, took_before)[step].astype(np.uint32)
    return depths["next"], depths["previous"], columns
