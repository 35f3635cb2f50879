"""Which session each row belongs to, and in what order: a session lies in the London day of its first page view.

A session id, or a visitor's chain of rows without a gap of half an hour, may be seen on several days. What is decided for
a day depends on two days before it and one after, so every row is counted once however the days are built: an id seen on
the day before goes on from there, unless it was seen on the day before that too; then it is cut and starts again. A day
without a page view goes with the day before where that has one and starts a session, and with the day after only where
the day before has none: what came before those two days can't be asked.

A day is over half an hour before its end: what is seen after that may go on. So a session is over by its day, or by the
next one if it was seen late; and a day's extract seldom touches what was over by the day before.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import numpy as np

from data.contract import KINDS, MOST_PAGE_VIEWS
from data.periods import Period
from data.segment.arrays import Array, Columns, changes, in_blocks, lengths_of, per_block
from data.segment.cleaned import Rows
from data.segment.days import EPOCH, GAP, midnight, number_of

PAGE_VIEW: Final = KINDS.index("page_view")
NOT_SHARED: Final = KINDS.index("not_shared")
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
    over: Array  # the day by which it was over
    lost: Array  # that day of the session for each page view beyond the most that it may have
    without_page_view: Array  # and of each id that has no page view on its day or next to it
    reached: frozenset[date]  # days on which the day after reaches a session that is over by them, or may

    @property
    def lengths(self) -> Array:
        """Rows of each session."""
        return lengths_of(self.starts, len(self.places))

    def column(self, name: str) -> Array:
        """A column of the rows."""
        return self.rows.columns[name][self.places]

    def rows_over_by(self, day: date) -> int:
        """How many rows the sessions of `over_by` have."""
        return int(self.lengths[self.over == number_of(day)].sum())

    def over_by(self, day: date) -> "Assembled":
        """The sessions that were over by one day, and not before."""
        number = number_of(day)
        mine = np.flatnonzero(self.over == number)
        lengths = self.lengths[mine]
        lost, without = (days[days == number] for days in (self.lost, self.without_page_view))
        return replace(
            self, places=self.places[in_blocks(self.starts[mine], lengths)], starts=np.cumsum(lengths) - lengths,
            day=self.day[mine], cut=self.cut[mine], over=self.over[mine], lost=lost, without_page_view=without,
        )  # fmt: skip


def assemble(rows: Rows, period: Period) -> Assembled:
    """The sessions whose day lies in `period`."""
    columns = rows.columns
    order = _order(columns)
    one, day, kind = _ids(rows, order), columns["day"][order], columns["kind"][order]
    heads = np.flatnonzero(changes(one) | changes(day))
    late = _late(columns["at"][order[np.append(heads[1:], len(order))[: len(heads)] - 1]], day[heads])
    seen = per_block(np.logical_or, kind == PAGE_VIEW, heads)
    first, twice, unseen = _first_days(one[heads], day[heads], seen, period)
    each = lengths_of(heads, len(order))
    first_day, again, lasts = (np.repeat(of, each) for of in (first, twice, late & (day[heads] == first)))
    inside = (first_day >= number_of(period.first)) & (first_day <= number_of(period.last))
    session = np.cumsum(changes(one) | changes(first_day))
    kept = np.flatnonzero(inside)
    kept = kept[~_followed_by_mark(kind[kept], session[kept])]
    beyond = _beyond(kind[kept], session[kept])
    lost = kept[beyond]
    kept = kept[~beyond]
    starts = np.flatnonzero(changes(session[kept]))
    begin = kept[starts]
    cut = again[begin] | np.isin(session[begin], session[lost]) | _may_go_on(rows, order[kept], starts)
    over = first_day[begin] + per_block(np.logical_or, lasts[kept], starts)
    views_lost = over[np.searchsorted(session[begin], session[lost[kind[lost] == PAGE_VIEW]])]
    goes_on = np.roll(_follows(one[heads], day[heads]), -1)
    reached = day[heads][(goes_on & ~late) | (late & (first == day[heads] - 1))]
    return Assembled(
        rows, order[kept], starts, first_day[begin], cut, over, views_lost, (day[heads] + late)[unseen],
        frozenset(EPOCH + timedelta(days=number) for number in np.unique(reached).tolist()),
    )  # fmt: skip


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
    day, cut, over = (column[source] for column in (whole.day, whole.cut, whole.over))
    return replace(whole, places=places, starts=starts, day=day, cut=cut, over=over)


def _ids(rows: Rows, order: Array) -> Array:
    """A number for each row's session id, or for its part of a visitor's rows without a gap."""
    chained = rows.columns["chained"][order]
    other = np.logical_or.reduce([changes(rows.columns[name][order]) for name in WHO])
    if chained.any():
        other |= chained & (np.diff(rows.columns["at"][order], prepend=0) >= GAP)
    return np.cumsum(other)


def _late(at: Array, day: Array) -> Array:
    """Whether each id may go on after each day that it was seen on, last at these moments."""
    days, of = np.unique(day, return_inverse=True)
    late: Array = at >= np.array([midnight(number + 1) - GAP for number in days.tolist()], np.int64)[of]
    return late


def _follows(one: Array, day: Array) -> Array:
    """Whether the id of each day was seen on the day before."""
    follows: Array = ~changes(one) & np.append(False, np.diff(day) == 1)[: len(day)]
    return follows


def _first_days(one: Array, day: Array, seen: Array, period: Period) -> tuple[Array, Array, Array]:
    """For each day of an id the day that its session belongs to, whether that was cut, and whether no page view is near.

    `seen` says whether it has a page view on the day.
    """
    follows = _follows(one, day)
    before = follows & np.roll(seen, 1)
    twice = before & np.roll(before, 1)
    first = np.where(before & ~twice, day - 1, day)
    trails = before & (np.roll(first, 1) == day - 1)
    leads = np.roll(follows & seen, -1)
    first = np.where(seen, first, np.where(trails, day - 1, np.where(leads & ~before, day + 1, NOWHERE)))
    inside = (day >= number_of(period.first)) & (day <= number_of(period.last))
    return first, seen & twice, inside & ~(seen | before | leads)


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
