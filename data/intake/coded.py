"""Text coded by value: a column becomes numbers, and each different text is looked at once however often it comes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

import polars as pl


@dataclass(frozen=True)
class Coded:
    """Rows whose text columns hold places (UInt32, null for no text) in `values`, one series of texts a column."""

    rows: pl.DataFrame
    values: dict[str, pl.Series]

    def texts(self, column: str) -> pl.Series:
        """The column's texts, row by row."""
        return self.values[column].gather(self.rows[column]).alias(column)

    def where(self, column: str, flags: pl.Series) -> pl.Series:
        """For each row, whether `flags` - one truth value for each text of the column - holds of its text."""
        if not flags.any():
            return pl.repeat(value=False, n=self.rows.height, dtype=pl.Boolean, eager=True)
        return flags.gather(self.rows[column]).fill_null(value=False)


def coded(batches: Iterable[pl.DataFrame], texts: Sequence[str]) -> Coded:
    """Frames, which are let go one by one, as one; `texts` are the columns to code where they are there."""
    kinds = {column: pl.Categorical(pl.Categories.random(column)) for column in texts}
    parts = [
        part.with_columns(part[name].cast(kinds[name]) for name in part.columns if name in kinds) for part in batches
    ]
    rows = pl.concat(parts)
    found = [name for name in rows.columns if name in kinds]
    values = {name: _values(rows[name]) for name in found}
    return Coded(rows.with_columns(rows[name].to_physical() for name in found), values)


def _values(column: pl.Series) -> pl.Series:
    """The texts of a coded column, each at the place that its code says."""
    last = cast("int | None", column.to_physical().max())
    places = pl.arange(0 if last is None else last + 1, dtype=pl.UInt32, eager=True)
    return places.cat.to(column.dtype).cast(pl.String).alias(column.name)
