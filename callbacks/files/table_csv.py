"""A chart's table as CSV: UTF-8 with a byte order mark, the header first, the notes after the table's end."""

from callbacks.charts import Drawn
from callbacks.files import cells
from layouts.notes import notes


def write(drawn: Drawn) -> bytes:
    """The table, a blank line, then a line for each note: its name and its text."""
    said = notes(drawn.title, drawn.sentence, drawn.answer.about)
    return cells.table(drawn.answer) + cells.lines([[], *([name, cells.written(text)] for name, text in said)])
