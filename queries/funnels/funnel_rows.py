"""The page views of some pages in one segment, by session and position: what every funnel over these pages begins with.

They are kept in memory under the segment's hash, so that the same steps in another mode, with other windows, side by side or
over time are neither read nor put in order again.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from queries.cache import Kept
from queries.funnels.engine.views import Array, heads_of
from queries.source import Columns, Source, taken

MOST_KEPT: Final = 12_000_000  # page views of all funnels that are kept, about 300 MB; those used last stay
BITS: Final = 63  # of a sorted key
_kept: Final[Kept[Columns]] = Kept(MOST_KEPT, lambda rows: max(1, len(rows["page"])))


def rows(source: Source, pages: Array) -> Columns:
    """The views of these page numbers that fit the filters on sessions, with `unit`: the place of each one's session among them."""
    filters, days = source.session_filters(), source.segment.period
    asked, whole = hashlib.sha256(pages.tobytes()).digest(), filters | {"from": days.first, "to": days.last}

    def read() -> Columns:
        known = _kept.known((source.segment.sha256, asked, str(whole)))
        return _read(source, pages, filters) if known is None else _of_days(known, filters)

    return _kept.find((source.segment.sha256, asked, str(filters)), read)


def _of_days(rows: Columns, filters: Mapping[str, Any]) -> Columns:
    """Those of a month's rows whose sessions are of some of its days."""
    low, high = (filters[end].day for end in ("from", "to"))
    return _numbered(taken(rows, np.flatnonzero((rows["day"] >= low) & (rows["day"] <= high))))


def _read(source: Source, pages: Array, filters: dict[str, object]) -> Columns:
    found = source.fetch("funnel", pages=pages.tolist(), **filters)
    return _numbered(taken(found, _order(found["session"], found["position"])))


def _numbered(ordered: Columns) -> Columns:
    """Rows by session, with the place of each one's session among them."""
    return ordered | {"unit": np.cumsum(heads_of(ordered["session"]), dtype=np.int32) - np.int32(1)}


def _order(session: Array, position: Array) -> Array:
    """The order by session and position: both and the place are sorted as one number where they fit.

    Rows come in runs that are sorted already, one a page, which a merge sort finds.
    """
    place, width = (max(1, int(some).bit_length()) for some in (len(session), position.max(initial=0)))
    if int(session.max(initial=0)).bit_length() + place + width > BITS:
        return np.lexsort((position, session))
    keys = (session.astype(np.int64) << width | position) << place | np.arange(len(session))
    keys.sort(kind="stable")
    order: Array = keys & ((1 << place) - 1)
    return order
