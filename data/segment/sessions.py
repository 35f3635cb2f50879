"""Which session each row belongs to, and in what order: a session lies in the London day of its first page view.

A session id, or a visitor's chain of rows without a gap of half an hour, may be seen on several days. What is decided for
a day depends on two days before it and one after, so every row is counted once however the days are built: an id seen on
the day before goes on from there, unless it was seen on the day before that too; then it is cut and starts again. A day
without a page view goes with the day before where that has one and starts a session, and with the day after only where
the day before has none: what came before those two days can't be asked.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np

from data.contract import KINDS, MOST_PAGE_VIEWS
from data.periods import Period
from data.segment.arrays import Array, Columns, changes, in_blocks, lengths_of, per_block
from data.segment.cleaned import Rows
from data.segment.days import midnight, number_of

PAGE_VIEW: Final = KINDS.index("page_view")
NOT_SHARED: Final = KINDS.index("not_shared")
GAP: Final = 30 * 60 * 1_000_000  # microseconds without a row, after which a visitor's next row starts a session
NOWHERE: Final = np.iinfo(np.int32).min
ORDER: Final = ("at", "order", "sender", "row")
WHO: Final = ("chained", "who_1", "who_2")


@dataclass(frozen=True)
class Assembled:
    """Whole sessions: the rows of each, in order, one session after the other."""

    rows: Rows
    places: Array  # of the rows in the columns of `rows`
    starts: Array  # of each session, in `places`
    day: Array
    cut: Array  # whether more of it may have been than can be seen
    lost: Array  # the session's day for each page view beyond the most that a session may have
    without_page_view: Array  # the day for each id seen on it that has no page view there or next to it

    @property
    def lengths(self) -> Array:
        """Rows of each session."""
        return lengths_of(self.starts, len(self.places))

    def column(self, name: str) -> Array:
        """A column of the rows."""
        return self.rows.columns[name][self.places]

    def rows_of(self, day: date) -> int:
        """How many rows the sessions of one day have."""
        return int(self.lengths[self.day == number_of(day)].sum())

    def of_day(self, day: date) -> "Assembled":
        """The sessions of one day."""
        number = number_of(day)
        mine = np.flatnonzero(self.day == number)
        lengths = self.lengths[mine]
        places = self.places[in_blocks(self.starts[mine], lengths)]
        lost, without = (days[days == number] for days in (self.lost, self.without_page_view))
        return Assembled(self.rows, places, np.cumsum(lengths) - lengths, self.day[mine], self.cut[mine], lost, without)


def assemble(rows: Rows, period: Period) -> Assembled:
    """The sessions whose day lies in `period`."""
    columns = rows.columns
    order = _order(columns)
    one, day, kind = _ids(rows, order), columns["day"][order], columns["kind"][order]
    first_day, again, unseen = _first_days(one, day, kind == PAGE_VIEW, period)
    inside = (first_day >= number_of(period.first)) & (first_day <= number_of(period.last))
    session = np.cumsum(changes(one) | changes(first_day))
    kept = np.flatnonzero(inside)
    kept = kept[~_followed_by_mark(kind[kept], session[kept])]
    beyond = _beyond(kind[kept], session[kept])
    lost = kept[beyond]
    kept = kept[~beyond]
    starts = np.flatnonzero(changes(session[kept]))
    heads = kept[starts]
    cut = again[heads] | np.isin(session[heads], session[lost]) | _may_go_on(rows, order[kept], starts)
    views_lost = first_day[lost[kind[lost] == PAGE_VIEW]]
    return Assembled(rows, order[kept], starts, first_day[heads], cut, views_lost, unseen)


def _order(columns: Columns) -> Array:
    """Rows by session id (or visitor), then in the order that counts.

    The first bits of half a pseudonym, and the time, decide nearly always: with the place in the order of time packed
    below them they are sorted in place. Only the rest is sorted by everything, which would take three times as long for
    all rows.
    """
    order = np.argsort(columns["at"], kind="stable")
    bits = np.uint64(len(order).bit_length())
    packed = columns["who_1"][order] >> bits << bits | np.arange(len(order), dtype=np.uint64)
    packed.sort()
    order = order[(packed & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int64)]
    part, at = packed >> bits, columns["at"][order]
    other = np.logical_or.reduce([changes(columns[name][order]) for name in WHO])
    unclear = ~changes(part) & (other | ~changes(at))
    if unclear.any():
        again = np.flatnonzero(np.isin(part, part[unclear]))
        rows = order[again]
        order[again] = rows[np.lexsort([columns[name][rows] for name in (*ORDER[::-1], *WHO[::-1], "who_1")])]
    return order


def numbered(whole: Assembled, random: np.random.Generator) -> Assembled:
    """The same in random order, with those that stand for several sessions as that many."""
    each = whole.column("occurrences")[whole.starts]
    source = random.permutation(np.repeat(np.arange(len(each)), each))
    lengths = whole.lengths[source]
    places = whole.places[in_blocks(whole.starts[source], lengths)]
    starts = np.cumsum(lengths) - lengths
    return replace(whole, places=places, starts=starts, day=whole.day[source], cut=whole.cut[source])


def _ids(rows: Rows, order: Array) -> Array:
    """A number for each row's session id, or for its part of a visitor's rows without a gap."""
    chained = rows.columns["chained"][order]
    other = np.logical_or.reduce([changes(rows.columns[name][order]) for name in WHO])
    if chained.any():
        other |= chained & (np.diff(rows.columns["at"][order], prepend=0) >= GAP)
    return np.cumsum(other)


def _first_days(one: Array, day: Array, view: Array, period: Period) -> tuple[Array, Array, Array]:
    """For each row the day that its session belongs to, and whether that was cut; and days of ids without a page view."""
    heads = np.flatnonzero(changes(one) | changes(day))
    one, day, seen, rows = one[heads], day[heads], per_block(np.logical_or, view, heads), len(view)
    follows = ~changes(one) & np.append(False, np.diff(day) == 1)[: len(day)]
    before = follows & np.roll(seen, 1)
    twice = before & np.roll(before, 1)
    first = np.where(before & ~twice, day - 1, day)
    trails = before & (np.roll(first, 1) == day - 1)
    leads = np.roll(follows & seen, -1)
    first = np.where(seen, first, np.where(trails, day - 1, np.where(leads & ~before, day + 1, NOWHERE)))
    inside = (day >= number_of(period.first)) & (day <= number_of(period.last))
    unseen = day[inside & ~(seen | before | leads)]
    each = lengths_of(heads, rows)
    return np.repeat(first, each), np.repeat(seen & twice, each), unseen


def _followed_by_mark(kind: Array, session: Array) -> Array:
    """Marks that another mark of the same session follows before any page view: a run of them is one."""
    steps = np.flatnonzero((kind == PAGE_VIEW) | (kind == NOT_SHARED))
    mark = kind[steps] == NOT_SHARED
    followed = np.zeros(len(kind), bool)
    followed[steps[:-1]] = mark[:-1] & mark[1:] & ~changes(session[steps])[1:]
    return followed


def _beyond(kind: Array, session: Array) -> Array:
    """Rows from the first page view on that a session has too many of."""
    view, starts = kind == PAGE_VIEW, np.flatnonzero(changes(session))
    each = lengths_of(starts, len(kind))
    if each.max(initial=0) <= MOST_PAGE_VIEWS:
        return np.zeros(len(kind), bool)
    seen = np.cumsum(view)
    before = np.repeat((seen - view)[starts], each)
    beyond: Array = seen - before > MOST_PAGE_VIEWS
    return beyond


def _may_go_on(rows: Rows, places: Array, starts: Array) -> Array:
    """Sessions less than a gap away from a midnight on whose other side they can't be followed."""
    found = np.zeros(len(starts), bool)
    ends = np.append(starts[1:], len(places))[: len(starts)] - 1
    for edges, after in ((starts, 0), (ends, 1)):
        at, day, timed = (rows.columns[name][places[edges]] for name in ("at", "day", "timed"))
        days, of = np.unique(day, return_inverse=True)
        midnights = np.array([midnight(number + after) for number in days.tolist()], np.int64)
        open_ended = np.array([number - 1 + after not in rows.followed for number in days.tolist()], bool)
        found |= timed & open_ended[of] & (np.abs(at - midnights[of]) < GAP)
    return found
