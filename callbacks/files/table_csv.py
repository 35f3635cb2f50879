"""A chart's table as CSV: UTF-8 with a byte order mark, the header first, the notes after the table's end."""

from callbacks.chart import Drawn
from callbacks.files import cells


def write(drawn: Drawn) -> bytes:
    """The table, a blank line, then a line for each note and for each mark in the cells: its name and its text."""
    said = ([name, cells.written(text)] for name, text in (*drawn.notes, *drawn.shorthand))
    return cells.table(drawn.answer) + cells.lines([[], *said])
