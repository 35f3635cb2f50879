"""The rows a segment is built from: cleaned frames as numbers, on London days, with one identity at a month's end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

import numpy as np
import polars as pl

from data.contract import CLEANED
from data.periods import LONDON, Period, whole_month
from data.segment.arrays import Array, Columns, joined, take

DAYS_BEFORE: Final = 2  # of a segment, that decide which sessions start in it
DAYS_AFTER: Final = 1  # into which its sessions may last
ASTRAY: Final = 1  # days by which a row may lie outside the day of its extract
EPOCH: Final = date(1970, 1, 1)
WORDS: Final = ("title", "document_type", "taxon", "organisations")  # that a page takes from its newest views
TEXTS: Final = ("address", "country", "value")  # kept as numbers from 1, 0 for none


@dataclass(frozen=True)
class CleanedFrame:
    """One cleaned extract. `sender` is the sender's number in the register: it orders rows of equal time."""

    sender: int
    day: date  # that the sender declared
    frame: pl.DataFrame  # of data.contract.CLEANED


@dataclass(frozen=True)
class Rows:
    """Every row that may belong to a session of a period.

    `columns`: at (microseconds UTC; the day's start where there is no time), timed, day (since 1970, in London), sender, order, row, kind,
    status, device, channel, occurrences, place (among the rows of `words`), address, country, value (numbers of
    `texts`), who_1, who_2, visitor_1, visitor_2 (the halves of pseudonyms, 0 for none), chained (no session id: sessions are
    cut from the visitor's rows).
    """

    columns: Columns
    texts: dict[str, pl.Series]
    words: pl.DataFrame
    followed: frozenset[int]  # days whose sessions can be followed into the day after


def window(period: Period) -> Period:
    """The days of the extracts that a segment of `period` must be built from."""
    first = period.first - timedelta(days=DAYS_BEFORE + ASTRAY)
    return Period(first, period.last + timedelta(days=DAYS_AFTER + ASTRAY))


def touched(day: date) -> Period:
    """The days whose segments may change when an extract of `day` does."""
    return Period(day - timedelta(days=DAYS_AFTER + ASTRAY), day + timedelta(days=DAYS_BEFORE + ASTRAY))


def number_of(day: date) -> int:
    """The days since 1 January 1970."""
    return (day - EPOCH).days


def midnight(day: int) -> int:
    """The microsecond at which a London day, given as a number, starts."""
    return int(datetime.combine(EPOCH + timedelta(days=day), time(), LONDON).timestamp()) * 1_000_000


def gather(cleaned: Sequence[CleanedFrame], period: Period) -> Rows:
    """The rows of the days that decide about a period of one month, in the order of extracts' days and senders."""
    ordered = sorted(cleaned, key=lambda one: (one.day, one.sender))
    ordered = ordered or [CleanedFrame(0, period.first, CLEANED.to_frame())]
    categories = {name: pl.Categories.random("segment") for name in TEXTS}
    # TRICKY: categories live only as long as some column of their type.
    held = [pl.Series(dtype=pl.Categorical(one)) for one in categories.values()]
    days = Period(period.first - timedelta(days=DAYS_BEFORE), period.last + timedelta(days=DAYS_AFTER))
    columns = joined([_numbers(one, days, categories) for one in ordered])
    texts = {name: kept.to_series() for name, kept in categories.items()}
    del held
    columns["place"] = np.arange(len(columns["at"]), dtype=np.uint32)
    earlier = _earlier(ordered)
    followed = _followed(ordered, columns["day"][earlier["place"]])
    for name in ("session", "visitor"):
        _as_of_month(columns, earlier, name, period)
    columns["chained"] = (columns["session_1"] | columns["session_2"]) == 0
    for half in ("1", "2"):
        columns[f"who_{half}"] = columns.pop(f"session_{half}")
        np.copyto(columns[f"who_{half}"], columns[f"visitor_{half}"], where=columns["chained"])
    _apart(columns)
    inside = _within(columns["day"], days)
    columns = columns if inside.all() else take(columns, np.flatnonzero(inside))
    words = pl.concat([one.frame.select(WORDS) for one in ordered], rechunk=False)
    return Rows(columns, texts, words, followed)


def _numbers(one: CleanedFrame, days: Period, categories: dict[str, pl.Categories]) -> Columns:
    """The columns of one extract as numbers."""
    frame, at = one.frame, one.frame["time"].to_physical()
    columns = {"at": at.fill_null(midnight(number_of(one.day))).to_numpy(), "timed": at.is_not_null().to_numpy()}
    first, last = number_of(days.first), number_of(days.last)
    midnights = [midnight(day) for day in range(first, last + 2)]  # what lies outside is a day before or after
    columns["day"] = np.searchsorted(midnights, columns["at"], "right").astype(np.int32) + np.int32(first - 1)
    columns["sender"] = np.full(frame.height, one.sender, np.uint16)
    columns |= {name: frame[name].fill_null(0).to_numpy() for name in ("order", "row", "occurrences", "status")}
    columns["kind"] = frame["kind"].to_physical().to_numpy()
    columns |= {name: _from_1(frame[name]) for name in ("device", "channel")}
    texts = frame.select(address=pl.concat_str("host", "path"), country="country", value="value")
    columns |= {name: _from_1(texts[name].cast(pl.Categorical(categories[name]))) for name in TEXTS}
    return columns | _halves(frame, "session", "visitor")


def _apart(columns: Columns) -> None:
    """Let the id of a session without times, which is a line's number, mean nothing beyond its own extract."""
    loose = np.flatnonzero(~columns["timed"])
    extract = columns["day"][loose].astype(np.uint64) << np.uint64(16) | columns["sender"][loose]
    columns["who_1"][loose] ^= extract


def _from_1(values: pl.Series) -> Array:
    """The numbers of an enumeration's values, from 1; 0 for none."""
    return (values.to_physical() + 1).fill_null(0).to_numpy()


def _halves(frame: pl.DataFrame, *names: str) -> Columns:
    """Both halves of pseudonyms as numbers, 0 for none."""
    halves = [(name, half, pl.col(name).bin.slice(8 * (half - 1), 8)) for name in names for half in (1, 2)]
    numbers = frame.select(
        part.bin.reinterpret(dtype=pl.UInt64, endianness="little").fill_null(0).alias(f"{name}_{half}")
        for name, half, part in halves
    )
    return {name: numbers[name].to_numpy(writable=True) for name in numbers.columns}


def _earlier(cleaned: Sequence[CleanedFrame]) -> Columns:
    """Of the few rows that have them, the pseudonyms under the month before, and the rows' places among all."""
    names = ("session_before", "visitor_before")
    known = pl.any_horizontal(pl.col(*names).is_not_null())
    ends = np.cumsum([one.frame.height for one in cleaned])
    parts = []
    for one, end in zip(cleaned, ends, strict=True):
        found = one.frame.with_row_index("place", int(end) - one.frame.height).filter(known)
        parts.append({"place": found["place"].to_numpy(), **_halves(found, *names)})
    return joined(parts)


def _within(day: Array, period: Period) -> Array:
    return (day >= number_of(period.first)) & (day <= number_of(period.last))


def _followed(cleaned: Sequence[CleanedFrame], told: Array) -> frozenset[int]:
    """Days with extracts on them and the day after; at a month's end only where rows of that day (`told`) know the key."""
    there, known = {number_of(one.day) for one in cleaned}, set(np.unique(told).tolist())
    starts_month = {day for day in there if (EPOCH + timedelta(days=day)).day == 1}
    return frozenset(day - 1 for day in there if day - 1 in there and (day not in starts_month or day in known))


def _as_of_month(columns: Columns, earlier: Columns, name: str, period: Period) -> None:
    """Put one identity in place of the pseudonyms of two months: the one under the key of the period's month.

    Rows of the next month carry it. Rows of the month before get it where the same id is seen in the first days of the
    month; elsewhere it doesn't matter.
    """
    month, place = whole_month(period.first), earlier["place"]
    own, before = [columns[f"{name}_{half}"] for half in "12"], [earlier[f"{name}_before_{half}"] for half in "12"]
    told = (before[0] | before[1]) != 0
    after = np.flatnonzero(told & (columns["day"][place] > number_of(month.last)))
    within = np.flatnonzero(told & _within(columns["day"][place], month))
    known, first = np.unique(before[0][within], return_index=True)
    candidates = np.flatnonzero(columns["day"] < number_of(month.first)) if len(known) else place[:0]
    at = np.minimum(np.searchsorted(known, own[0][candidates]), max(0, len(known) - 1))
    same = within[first[at]] if len(known) else within[:0]
    met = (before[0][same] == own[0][candidates]) & (before[1][same] == own[1][candidates])
    for half in (0, 1):
        own[half][candidates[met]] = own[half][place[same[met]]]
        own[half][place[after]] = before[half][after]
