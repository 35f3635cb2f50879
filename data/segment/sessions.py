"""Which session each row belongs to, and in what order: a session lies in the London day of its first page view.

A session id, or a visitor's chain of rows without a gap of half an hour, may be seen on several days. What is decided for
a day depends on two days before it and one after, so every row is counted once however the days are built: an id seen on
the day before goes on from there, unless it was seen on the day before that too; then it is cut and starts again.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from data.contract import KINDS, MOST_PAGE_VIEWS
from data.periods import Period
from data.segment.cleaned import number_of

Array = np.ndarray[Any, Any]

PAGE_VIEW: Final = KINDS.index("page_view")
NOT_SHARED: Final = KINDS.index("not_shared")
GAP: Final = 30 * 60 * 1_000_000  # microseconds without a row, after which a visitor's next row starts a session
ORDER: Final = ("at", "order", "sender", "row")
NOWHERE: Final = np.iinfo(np.int32).min


@dataclass(frozen=True)
class Assembled:
    """The rows of whole sessions, by session and order; `starts` are the first rows of each session."""

    rows: pl.DataFrame
    starts: Array
    day: Array  # of each session
    again: Array  # whether each session is the rest of one that was cut
    lost: int  # page views beyond the most that a session may have
    without_page_view: int  # sessions that have no page view

    @property
    def lengths(self) -> Array:
        """Rows of each session."""
        return np.diff(self.starts, append=len(self.rows))


def assemble(rows: pl.DataFrame, period: Period) -> Assembled:
    """The sessions whose day lies in `period`, from the rows of `cleaned.gather`."""
    rows = rows.sort("chained", "who", *ORDER)
    one, kind, day = _ids(rows), rows["kind"].to_physical().to_numpy(), rows["day"].to_numpy()
    first_day, again, unseen = _first_days(one, day, kind == PAGE_VIEW, period)
    kept = (first_day >= number_of(period.first)) & (first_day <= number_of(period.last))
    breaks = changes(one) | changes(first_day)
    kept &= ~_repeated_marks(kind, breaks)
    session = np.cumsum(breaks)
    beyond = _beyond(session[kept], kind[kept])
    chosen = np.flatnonzero(kept)[~beyond]
    starts = np.flatnonzero(changes(session[chosen]))
    heads = chosen[starts]
    cut_short = np.isin(session[heads], np.unique(session[kept][beyond]))
    lost = int(np.count_nonzero(kind[kept][beyond] == PAGE_VIEW))
    return Assembled(rows[chosen], starts, first_day[heads], again[heads] | cut_short, lost, unseen)


def changes(values: Array) -> Array:
    """Where a value differs from the one before it; the first always does."""
    return np.concatenate((np.ones(min(1, len(values)), bool), values[1:] != values[:-1]))


def _ids(rows: pl.DataFrame) -> Array:
    """A number for each row's session id, or for its part of a visitor's rows without a gap."""
    chained = rows["chained"].to_numpy()
    other = changes(rows["who"].rle_id().to_numpy()) | changes(chained)
    pause = np.diff(rows["at"].to_numpy(), prepend=0) >= GAP
    return np.cumsum(other | (chained & pause))


def _first_days(one: Array, day: Array, view: Array, period: Period) -> tuple[Array, Array, int]:
    """For each row the day that its session belongs to, and whether that was cut; and sessions without a page view."""
    heads = np.flatnonzero(changes(one) | changes(day))
    if not len(heads):
        return day, np.zeros(0, bool), 0
    one, day, seen = one[heads], day[heads], np.logical_or.reduceat(view, heads)
    follows = np.concatenate(([False], (one[1:] == one[:-1]) & (day[1:] == day[:-1] + 1)))
    before = follows & np.roll(seen, 1)
    twice = before & np.roll(before, 1)
    first = np.where(before & ~twice, day - 1, day)
    trails = before & (np.roll(first, 1) == day - 1)
    leads = np.roll(follows & seen, -1)
    first = np.where(seen, first, np.where(trails, day - 1, np.where(leads, day + 1, NOWHERE)))
    inside = (day >= number_of(period.first)) & (day <= number_of(period.last))
    unseen = np.count_nonzero((first == NOWHERE) & inside & ~np.isin(one, one[seen]))
    rows_each = np.diff(heads, append=len(view))
    return np.repeat(first, rows_each), np.repeat(seen & twice, rows_each), int(unseen)


def _repeated_marks(kind: Array, breaks: Array) -> Array:
    """Marks that another mark of the same session follows before any page view: a run of them is one."""
    steps = np.flatnonzero((kind == PAGE_VIEW) | (kind == NOT_SHARED))
    session = np.cumsum(breaks)[steps]
    mark = kind[steps] == NOT_SHARED
    repeated = np.zeros(len(kind), bool)
    repeated[steps[:-1]] = mark[:-1] & mark[1:] & (session[:-1] == session[1:])
    return repeated


def _beyond(session: Array, kind: Array) -> Array:
    """Rows that come after the most page views that a session may have."""
    view = kind == PAGE_VIEW
    heads = np.flatnonzero(changes(session))
    if not len(heads):
        return np.zeros(0, bool)
    seen = np.cumsum(view)
    before = np.repeat(seen[heads] - view[heads], np.diff(heads, append=len(session)))
    return seen - before > MOST_PAGE_VIEWS
