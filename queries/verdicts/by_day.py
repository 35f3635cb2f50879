"""Counts as arrays of days by rows, which is what days are compared and judged in."""

from collections.abc import Iterable

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data.periods import Period
from queries.verdicts.statistics import Floats


def by_day(
    found: pl.DataFrame, period: Period, places: NDArray[np.int64], *, rows: int, names: Iterable[str]
) -> dict[str, Floats]:
    """The sums of these columns, days first and `rows` beside each other, 0 where there is nothing.

    `places` says which row each line of `found` belongs to. Lines of one day and row add up: in an open month the
    sessions of a day lie in two segments.
    """
    at = (found["day"] - period.first).dt.total_days().to_numpy() * rows + places
    sums = {name: np.bincount(at, found[name].to_numpy(), period.days * rows) for name in names}
    return {name: one.astype(float).reshape(period.days, rows) for name, one in sums.items()}  # integers, of no lines


def places_of(rows: pl.Series, known: Iterable[object]) -> NDArray[np.int64]:
    """The place of each value among the `known`."""
    place = {one: number for number, one in enumerate(known)}
    return np.array([place[one] for one in rows.to_list()], np.int64)
