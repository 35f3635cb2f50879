"""Things that the lines of a file say again and again - a page, a visit, a device: each is understood once, and numbered."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import polars as pl

from data.intake.batches import RAW, TEXTS
from data.intake.coded import Coded, coded

MOST: Final = 1 << 16  # things that are remembered, and rows that wait to be packed
NONE: Final = -1  # the number of what is of no use to us

Row = tuple[object, ...]


class Known(dict[Any, int]):
    """The number of each thing as lines say it, from 0; a new one is understood when it is looked up.

    `understand` gives the values of its `fields`, which are columns of RAW, or none where it is of no use: its number is
    NONE then. What it raises, looking up raises. Where there are more than MOST, it may understand the same thing again,
    under a new number; but what is said in several ways and `spelled` in one has one number, however many there are.
    """

    def __init__(
        self,
        fields: Sequence[str],
        understand: Callable[[Any], Row | None],
        spelled: Callable[[Any], object] | None = None,
    ) -> None:
        super().__init__()
        self._spelled = spelled
        self._schema, self._understand = {name: RAW[name] for name in fields}, understand
        self._parts: list[pl.DataFrame] = []
        self._values: list[object] = []  # of rows that aren't packed yet, one after the other
        self._count = 0  # of all rows

    def __missing__(self, said: object) -> int:
        if self._spelled and (spelled := self._spelled(said)) != said:
            number = self[spelled]
        else:
            row = self._understand(said)
            number = NONE if row is None else self.add(row)
        if len(self) < MOST or self._spelled:
            self[said] = number
        return number

    def add(self, row: Row) -> int:
        """The number of what is understood already, and won't come again."""
        if len(self._values) >= MOST * len(self._schema):
            self._pack()
        self._values += row
        self._count += 1
        return self._count - 1

    def _pack(self) -> None:
        """Frames take a tenth of the room of values of Python."""
        self._parts.append(frame(self._values, self._schema))
        self._values = []

    @property
    def table(self) -> pl.DataFrame:
        """What was understood, a row each."""
        self._pack()
        return pl.concat(self._parts)


def frame(values: Sequence[object], schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """The values of rows, one row after the other, as columns. Moments are whole numbers in rows."""
    return pl.DataFrame(list(_columns(values, schema)))


def _columns(values: Sequence[object], schema: Mapping[str, pl.DataType]) -> Iterator[pl.Series]:
    for place, (name, kind) in enumerate(schema.items()):
        sent_as = pl.Int64() if isinstance(kind, pl.Datetime) else kind
        yield pl.Series(name, values[place :: len(schema)], sent_as).cast(kind)


def told(whole: Coded, tables: Mapping[str, pl.DataFrame]) -> Coded:
    """The rows with the columns of tables; the number of a table's row stands in the column of its name."""
    rows, values = whole.rows.drop(tables), dict(whole.values)
    for name, table in tables.items():
        known = coded([table], TEXTS)
        numbers = whole.rows[name]
        rows = rows.with_columns(column.gather(numbers) for column in known.rows)
        values |= known.values
    return Coded(rows, values)
