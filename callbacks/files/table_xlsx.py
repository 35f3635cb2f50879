"""A table as XLSX by the Analysis Function's rules: cover, contents, notes, then one marked-up table a sheet at A1."""

import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

import xlsxwriter

from callbacks.chart import Drawn
from callbacks.files import cells
from queries.answers import Answer

FONT: Final = {"font_name": "Arial", "font_size": 12}
SAFE: Final = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
COVER, CONTENTS, NOTES, TABLE = "Cover", "Contents", "Notes", "Table 1"
STYLE: Final = "Table Style Light 1"
WIDEST: Final = 60  # characters
WHOLE, SHARE, OTHER = "#,##0", "0.0%", "#,##0.0##"  # how numbers are shown; the cell keeps every digit


def write(drawn: Drawn) -> bytes:
    """The workbook's bytes, with document title and language set."""
    body = io.BytesIO()
    said = [f"{name}: {text}" for name, text in drawn.notes[2:]]
    with xlsxwriter.Workbook(body, SAFE) as book:
        book.formats[0].set_font_name(FONT["font_name"])
        book.formats[0].set_font_size(FONT["font_size"])
        book.set_properties({"title": drawn.title, "subject": drawn.sentence})
        book.set_custom_property("Language", "en-GB")
        _lines(book, COVER, [drawn.title, drawn.sentence, *said])
        _table(
            book,
            CONTENTS,
            {"Sheet": WHOLE, "What it holds": WHOLE},
            [[NOTES, "Shorthand in the table"], [TABLE, drawn.title]],
        )
        _table(book, NOTES, {"Shorthand": WHOLE, "Meaning": WHOLE}, drawn.shorthand)
        header = {name: _numbers(drawn.answer, name) for name in cells.header(drawn.answer)}
        _table(book, TABLE, header, cells.rows(drawn.answer))
    return body.getvalue()


def _numbers(answer: Answer, column: str) -> str:
    """How a column writes its numbers, by its type and unit."""
    if not answer.table.schema[column].is_float():
        return WHOLE
    return SHARE if answer.about.units.get(column, "").startswith(("share", "rate")) else OTHER


def _lines(book: Any, name: str, lines: Sequence[str]) -> None:
    """A sheet of sentences in column A, the first one a heading."""
    sheet = book.add_worksheet(name)
    heading = book.add_format({**FONT, "font_size": 16, "bold": True, "text_wrap": True})
    text = book.add_format({**FONT, "text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 100, text)
    for number, line in enumerate(lines):
        sheet.write_string(number, 0, cells.written(line), heading if number == 0 else text)


def _table(book: Any, name: str, header: Mapping[str, str], rows: Sequence[Sequence[object]]) -> None:
    """A sheet with one marked-up table at A1, wide enough to read; `header` has how each column writes its numbers.

    A table without rows keeps its header.
    """
    sheet = book.add_worksheet(name)
    looks = [book.add_format({**FONT, "num_format": numbers}) for numbers in header.values()]
    columns = [{"header": title, "format": look} for title, look in zip(header, looks, strict=True)]
    marked = {"name": name.replace(" ", "_"), "columns": columns, "data": rows, "autofilter": False, "style": STYLE}
    sheet.add_table(0, 0, max(1, len(rows)), len(header) - 1, marked)
    for column, title in enumerate(header):
        widest = max([len(title), *(len(str(row[column])) for row in rows[:1_000])])
        sheet.set_column(column, column, min(WIDEST, widest + 3), looks[column])
