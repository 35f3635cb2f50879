"""What rows say of pages: titles, document types, tags and the like, which may be others on another day of a month.

A day's segment tells what its own rows say, and so a month's tells the same of each of its days: of the views in sessions
that were over by one day, the newest that says something counts for all; but for the sessions of the day before among
them, the newest of that day, where one says something.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from data.segment.arrays import Array, changes
from data.segment.cleaned import WORDS, Rows

PLACE_BITS: Final = 32  # that a moment takes below a page's place


@dataclass(frozen=True)
class Views:
    """Page views: the place of each among the rows, and its page, from 0.

    `moment` is the day of its session added to the one by which that was over: so moments are in the order of segments
    of days, and odd where it was over by the day after only.
    """

    rows: Rows
    places: Array
    page: Array
    moment: Array

    def some(self, which: Array) -> "Views":
        """These of the views."""
        return Views(self.rows, self.places[which], self.page[which], self.moment[which])

    @property
    def since(self) -> Array:
        """Page and moment of each as one number."""
        return packed(self.page, self.moment)


def packed(page: Array, moment: Array) -> Array:
    """Pages and moments as numbers in the order of pages, and of moments in each."""
    return page.astype(np.int64) << PLACE_BITS | moment


def newest(views: Views, pages: int) -> dict[str, pl.Series]:
    """For each page, each of `WORDS` from the last of the page's views that has it."""
    last = _last_views(views.rows, views.places, views.page, pages)
    return {word: views.rows.words[word].gather(at) for word, at in last.items()}


def changed(views: Views, told: pl.DataFrame) -> Array:
    """The pages, in order, of which some view before the last day says something else than `told`, the newest of each."""
    last = views.moment.max(initial=0) + 1 >> 1  # day by which sessions were over
    older = np.flatnonzero(views.moment < 2 * last)
    page, place = views.page[older], views.rows.columns["place"][views.places[older]]
    then, now = _hashed(views.rows.words, place), _hashed(told, page)
    return np.unique(page[then[place] != now[page]])


def _hashed(words: pl.DataFrame, rows: Array) -> Array:
    """What stands for the `WORDS` of each of these rows; of a day, few are compared."""
    which = np.flatnonzero(np.bincount(rows, minlength=words.height))
    hashes = np.zeros(words.height, np.uint64)
    hashes[which] = words[which].select(WORDS).hash_rows().to_numpy()
    return hashes


def versions(views: Views) -> pl.DataFrame:
    """What is said of each page at each moment that it has a view of: `place` (the page), `moment` and `WORDS`, in order."""
    cells, cell = np.unique(views.since, return_inverse=True)
    place, moment = cells >> PLACE_BITS, cells & (1 << PLACE_BITS) - 1
    over = np.cumsum(changes(place) | changes(moment + 1 >> 1)) - 1  # cells of sessions over by the same day
    rows, of, count = views.rows, over[cell], int(over.max(initial=-1)) + 1
    before = np.flatnonzero(rows.columns["day"][views.places] < views.moment + 1 >> 1)
    last = _last_views(rows, views.places, of, count)
    last_before = _last_views(rows, views.places[before], of[before], count)
    late = pl.Series(moment & 1 == 1)
    found = {
        word: rows.words[word].gather(
            pl.select(
                pl.coalesce(pl.when(late).then(last_before[word].gather(over)), last[word].gather(over))
            ).to_series()
        )
        for word in WORDS
    }
    return pl.DataFrame({"place": place.astype(np.uint32), "moment": moment, **found})


def _last_views(rows: Rows, places: Array, of: Array, count: int) -> dict[str, pl.Series]:
    """By word, and by what the rows at `places` are `of`: the place in `rows.words` of the last that has the word, or null."""
    place = rows.columns["place"][places]
    always = _last(rows, places, of, count)
    found = {}
    for word in WORDS:
        known = rows.words[word].is_not_null().to_numpy()[place]
        found[word] = always if known.all() else _last(rows, places[known], of[known], count)
    return found


def _last(rows: Rows, places: Array, of: Array, count: int) -> pl.Series:
    """The place in `rows.words` of the last of these rows by what they are of; null where there is none."""
    at, latest = rows.columns["at"][places], np.full(count, np.iinfo(np.int64).min)
    np.maximum.at(latest, of, at)
    last = np.flatnonzero(at == latest[of])
    keys = [rows.columns[name][places[last]] for name in ("row", "sender", "order", "day")]
    ordered = last[np.lexsort([*keys, of[last]])]
    ends = ordered[np.append(changes(of[ordered])[1:], True)[: len(ordered)]]
    return pl.Series([None] * count, dtype=pl.UInt32).scatter(of[ends], rows.columns["place"][places[ends]])
