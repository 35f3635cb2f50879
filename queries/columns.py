"""What a column of an answer holds: its type, its unit, and the counts that a rate was computed from."""

from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

Kind = Literal["label", "count", "derived"]


@dataclass(frozen=True)
class Column:
    """One column of a frame.

    A `count` is hidden below the small-number limit; a `derived` value is hidden with any of its `parts`,
    which are columns of the same frame; its `denominator`, one of them, is what a rate was divided by.
    """

    name: str
    type: pl.DataType | type[pl.DataType]
    unit: str
    kind: Kind = "label"
    parts: tuple[str, ...] = ()
    denominator: str | None = None
    shown: bool = True  # false for a column that only serves the rules, such as the numerator of a rate


def label(name: str, unit: str = "text", dtype: pl.DataType | type[pl.DataType] = pl.String) -> Column:
    """A column of names, numbers of steps, dates: never hidden."""
    return Column(name, dtype, unit)


def count(name: str, unit: str, *, shown: bool = True) -> Column:
    """A column of how many; whole numbers."""
    return Column(name, pl.Int64, unit, "count", shown=shown)


def derived(name: str, unit: str, parts: tuple[str, ...], denominator: str | None = None, **more: Any) -> Column:
    """A column computed from counts of the same row; fractions unless `type` says otherwise."""
    return Column(name, more.pop("type", pl.Float64), unit, "derived", parts, denominator, **more)


def empty(columns: tuple[Column, ...]) -> pl.DataFrame:
    """A frame of these columns without a row."""
    return pl.DataFrame(schema={column.name: column.type for column in columns})


def units(columns: tuple[Column, ...]) -> dict[str, str]:
    """The unit of each shown column, as `about.units` says it."""
    return {column.name: column.unit for column in columns if column.shown}


def shown(columns: tuple[Column, ...]) -> list[str]:
    """The names of the columns that a reader sees, in their order."""
    return [column.name for column in columns if column.shown]
