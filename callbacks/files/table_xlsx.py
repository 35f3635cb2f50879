"""A chart's table as XLSX."""

import io
from typing import Any, Final

import xlsxwriter

from callbacks.chart import Drawn
from callbacks.files.workbook import COUNTRY, FONT, HEADING_SIZE, LANGUAGE, SIZE, Sheet, sheets

LOOK: Final = {"font_name": FONT, "font_size": SIZE}
SAFE: Final = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
LINE, ROOM = SIZE * 1.3, HEADING_SIZE - SIZE  # points of height
STYLE: Final = "Table Style Light 1"


def write(drawn: Drawn) -> bytes:
    """The workbook's bytes, with document title and language set."""
    body = io.BytesIO()
    with xlsxwriter.Workbook(body, SAFE) as book:
        book.formats[0].set_font_name(FONT)
        book.formats[0].set_font_size(SIZE)
        book.set_properties({"title": drawn.title, "subject": drawn.sentence})
        book.set_custom_property("Language", f"{LANGUAGE}-{COUNTRY}")
        for sheet in sheets(drawn):
            page = book.add_worksheet(sheet.name)
            page.set_landscape()
            page.fit_to_pages(1, 0)  # as wide as paper, as long as it takes
            (_table if sheet.header else _sentences)(book, page, sheet)
    return body.getvalue()


def _sentences(book: Any, page: Any, sheet: Sheet) -> None:
    heading = book.add_format({**LOOK, "font_size": HEADING_SIZE, "bold": True, "text_wrap": True})
    text = book.add_format({**LOOK, "text_wrap": True, "valign": "top"})
    page.set_column(0, 0, *sheet.widths, text)
    for number, (line,) in enumerate(sheet.rows):
        page.write_string(number, 0, line, text if number else heading)
        page.set_row(number, LINE * -(-len(str(line)) // sheet.widths[0]) + ROOM)  # not every program makes rows grow


def _table(book: Any, page: Any, sheet: Sheet) -> None:
    """A marked-up table; one without rows keeps its header."""
    looks = [book.add_format({**LOOK, "num_format": numbers}) for numbers in sheet.header.values()]
    columns = [{"header": title, "format": look} for title, look in zip(sheet.header, looks, strict=True)]
    marked = {"name": sheet.name.replace(" ", "_"), "columns": columns, "data": sheet.rows, "autofilter": False}
    page.add_table(0, 0, max(1, len(sheet.rows)), len(sheet.header) - 1, marked | {"style": STYLE})
    for place, (width, look) in enumerate(zip(sheet.widths, looks, strict=True)):
        page.set_column(place, place, width, look)
