"""What a column of an answer holds: its type, its unit, and the counts that a rate was computed from."""

from dataclasses import dataclass, field, replace
from typing import Literal

import polars as pl

Kind = Literal["label", "count", "derived"]
Type = pl.DataType | type[pl.DataType]


@dataclass(frozen=True)
class Column:
    """One column of a frame.

    A `count` is hidden below the small-number limit; a `derived` value is hidden with any of its `parts`, which are
    columns of the same frame. `formula` computes it from them; one without a formula isn't published. `denominators`
    are the parts that it was divided by. An `optional` column is left out of a frame that has nothing to say in it.
    """

    name: str
    type: Type
    unit: str
    kind: Kind = "label"
    parts: tuple[str, ...] = ()
    formula: pl.Expr | None = field(default=None, compare=False)
    denominators: tuple[str, ...] = ()
    shown: bool = True  # false for a column that only serves the rules, such as the numerator of a rate
    optional: bool = False


def label(name: str, unit: str = "text", dtype: Type = pl.String, *, shown: bool = True) -> Column:
    """A column of names, numbers of steps, dates: never hidden."""
    return Column(name, dtype, unit, shown=shown)


def count(name: str, unit: str, *, shown: bool = True) -> Column:
    """A column of how many; whole numbers."""
    return Column(name, pl.Int64, unit, "count", shown=shown)


def derived(
    name: str,
    unit: str,
    formula: pl.Expr | tuple[str, ...],
    *,
    denominators: tuple[str, ...] = (),
    dtype: Type = pl.Float64,
) -> Column:
    """A column computed from counts of the same row: by a formula, or elsewhere from the parts named."""
    if isinstance(formula, tuple):
        return Column(name, dtype, unit, "derived", formula, denominators=denominators)
    parts = tuple(dict.fromkeys(formula.meta.root_names()))
    return Column(name, dtype, unit, "derived", parts, formula, denominators)


def empty(columns: tuple[Column, ...]) -> pl.DataFrame:
    """A frame of these columns, but for optional ones, without a row."""
    return pl.DataFrame(schema={column.name: column.type for column in columns if not column.optional})


def optional(*columns: Column) -> tuple[Column, ...]:
    """The same columns, which a frame may lack."""
    return tuple(replace(column, optional=True) for column in columns)


def there(columns: tuple[Column, ...], frame: pl.DataFrame) -> tuple[Column, ...]:
    """Those of the columns that the frame has; it may lack only optional ones."""
    return tuple(column for column in columns if column.name in frame.columns or not column.optional)


def filled(frame: pl.DataFrame, columns: tuple[Column, ...]) -> pl.DataFrame:
    """The frame with these columns, each of its type; one that it lacks is computed by its formula, or has no value."""
    has = frozenset(frame.columns)

    def of(column: Column) -> pl.Expr:
        known = pl.col(column.name) if column.name in has else column.formula
        return (pl.lit(None) if known is None else known).cast(column.type).alias(column.name)

    return frame.select([of(column) for column in columns])


def shown(columns: tuple[Column, ...]) -> list[str]:
    """The names of the columns that a reader sees, in their order."""
    return [column.name for column in columns if column.shown]


def units(columns: tuple[Column, ...]) -> dict[str, str]:
    """The unit of each shown column, as `about.units` says it."""
    return {column.name: column.unit for column in columns if column.shown}
