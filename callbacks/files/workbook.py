"""A chart's table as sheets by the Analysis Function's rules: cover, contents, notes, then one marked-up table at A1."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from callbacks.chart import Drawn
from callbacks.files import cells
from callbacks.files.cells import Cell
from queries.answers import Answer

FONT, SIZE, HEADING_SIZE = "Arial", 12, 16
LANGUAGE, COUNTRY = "en", "GB"
NOTES, TABLE = "Notes", "Table 1"
SENTENCES_WIDTH, WIDEST = 100, 60  # characters
WHOLE, SHARE, OTHER = "#,##0", "0.0%", "#,##0.0##"  # how numbers are shown; the cell keeps every digit


@dataclass(frozen=True)
class Sheet:
    """A table with its header at A1, `header` telling how each column shows its numbers; or, without one, sentences.

    Sentences stand in column A, the first of them a heading.
    """

    name: str
    header: Mapping[str, str]
    rows: Sequence[Sequence[Cell]]

    @property
    def widths(self) -> list[int]:
        """How many characters wide each column is."""
        if not self.header:
            return [SENTENCES_WIDTH]
        some = self.rows[:1_000]
        return [
            min(WIDEST, max(len(title), *(len(str(row[place])) for row in some), 0) + 3)
            for place, title in enumerate(self.header)
        ]


def sheets(drawn: Drawn) -> tuple[Sheet, ...]:
    """Every sheet of a chart's workbook, in order."""
    said = [f"{name}: {text}" for name, text in drawn.notes[2:]]
    names = cells.header(drawn.answer)
    return (
        Sheet("Cover", {}, [[cells.written(line)] for line in (drawn.title, drawn.sentence, *said)]),
        _words("Contents", ("Sheet", "What it holds"), [(NOTES, "Shorthand in the table"), (TABLE, drawn.title)]),
        _words(NOTES, ("Shorthand", "Meaning"), drawn.shorthand),
        Sheet(TABLE, {name: numbers(drawn.answer, name) for name in names}, cells.rows(drawn.answer)),
    )


def _words(name: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Sheet:
    return Sheet(name, dict.fromkeys(header, WHOLE), [[cells.written(word) for word in row] for row in rows])


def numbers(answer: Answer, column: str) -> str:
    """How a column writes its numbers, by its type and unit."""
    if not answer.table.schema[column].is_float():
        return WHOLE
    return SHARE if answer.about.units.get(column, "").startswith(("share", "rate")) else OTHER
