"""The rows a segment is built from: cleaned frames as numbers, on London days, with one identity at a month's end."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np
import polars as pl

from data.contract import CLEANED
from data.periods import Period, whole_month
from data.segment.arrays import Array, Columns, joined, take
from data.segment.days import EPOCH, CleanedFrame, deciding, midnight, number_of
from data.segment.nearby import BEFORE

WORDS: Final = (
    "title",
    "document_type",
    "taxon",
    "step_by_step",
    "organisations",
)  # that a page takes from its newest views
BATCH: Final = 1_000_000  # rows that are made numbers at once: small extracts together, large ones each alone
TEXTS: Final = ("address", "country", "value")  # kept as numbers from 1, 0 for none


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


def gather(cleaned: Sequence[CleanedFrame], period: Period) -> Rows:
    """The rows of the days that decide about a period of one month, in the order of extracts' days and senders."""
    ordered = sorted(cleaned, key=lambda one: (one.day, one.sender))
    ordered = ordered or [CleanedFrame(0, period.first, CLEANED.to_frame())]
    categories = {name: pl.Categories.random("segment") for name in TEXTS}
    # TRICKY: categories live only as long as some column of their type.
    held = [pl.Series(dtype=pl.Categorical(one)) for one in categories.values()]
    days = deciding(period)
    columns = joined([_numbers(batch, days, categories) for batch in _batches(ordered)])
    texts = {name: kept.to_series() for name, kept in categories.items()}
    del held
    columns["place"] = np.arange(len(columns["at"]), dtype=np.uint32)
    every = pl.concat([one.frame for one in ordered], rechunk=False)
    earlier = _earlier(every)
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
    return Rows(columns, texts, every.select(WORDS), followed)


def _batches(ordered: Sequence[CleanedFrame]) -> Iterator[list[CleanedFrame]]:
    """The frames in their order, as many at a time as have the rows of a batch; one at least."""
    batch: list[CleanedFrame] = []
    rows = 0
    for one in ordered:
        if batch and rows + one.frame.height > BATCH:
            yield batch
            batch, rows = [], 0
        batch.append(one)
        rows += one.frame.height
    yield batch


def _numbers(batch: Sequence[CleanedFrame], days: Period, categories: dict[str, pl.Categories]) -> Columns:
    """The columns of some extracts as numbers."""
    frame, rows = pl.concat([one.frame for one in batch], rechunk=False), [one.frame.height for one in batch]
    at = frame["time"].to_physical()
    columns = {"at": at.fill_null(0).to_numpy(writable=True), "timed": at.is_not_null().to_numpy()}
    loose = np.flatnonzero(~columns["timed"])
    columns["at"][loose] = np.repeat([midnight(number_of(one.day)) for one in batch], rows)[loose]
    first, last = number_of(days.first), number_of(days.last)
    midnights = [
        midnight(day) for day in range(first, last + 3)
    ]  # beyond the day before and the one after all are alike
    columns["day"] = np.searchsorted(midnights, columns["at"], "right").astype(np.int32) + np.int32(first - 1)
    columns["sender"] = np.repeat(np.array([one.sender for one in batch], np.uint16), rows)
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


def _earlier(every: pl.DataFrame) -> Columns:
    """Of the few rows that have them, the pseudonyms under the month before, and the rows' places among all."""
    found = every.select(BEFORE).with_row_index("place").filter(pl.any_horizontal(pl.col(BEFORE).is_not_null()))
    return {"place": found["place"].to_numpy(), **_halves(found, *BEFORE)}


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
