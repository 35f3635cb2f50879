"""A chart's table as ODS (OpenDocument 1.3, parts 2 and 3), built as XML: libraries for it take forty times as long."""

import io
import re
from collections.abc import Mapping, Sequence
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from callbacks.chart import Drawn
from callbacks.files.cells import Cell
from callbacks.files.workbook import COUNTRY, FONT, HEADING_SIZE, LANGUAGE, OTHER, SHARE, SIZE, WHOLE, Sheet, sheets

MEDIA_TYPE: Final = "application/vnd.oasis.opendocument.spreadsheet"
VERSION: Final = "1.3"
WHEN: Final = (1980, 1, 1, 0, 0, 0)  # of every part, so that the same table is the same file
CHARACTER: Final = 0.21  # centimetres
OASIS: Final = "urn:oasis:names:tc:opendocument:xmlns:"
SPACES: Final = {
    **{name: f"{OASIS}{name}:1.0" for name in ("office", "style", "text", "table", "meta", "manifest")},
    "number": f"{OASIS}datastyle:1.0",
    "fo": f"{OASIS}xsl-fo-compatible:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
}
NUMBERS: Final = {WHOLE: "whole", SHARE: "share", OTHER: "other"}  # how numbers are shown, and the style that does it
UNWRITABLE: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # in XML 1.0
Attributes = Mapping[str, str]


def write(drawn: Drawn) -> bytes:
    """The workbook's bytes, with document title and language set."""
    body = io.BytesIO()
    parts = {"content.xml": _content(sheets(drawn)), "styles.xml": _styles(), "meta.xml": _meta(drawn)}
    with ZipFile(body, "w") as book:
        book.writestr(ZipInfo("mimetype", WHEN), MEDIA_TYPE, ZIP_STORED)  # first, and not packed
        for name, part in {**parts, "META-INF/manifest.xml": _manifest(list(parts))}.items():
            book.writestr(ZipInfo(name, WHEN), tostring(part, "UTF-8", xml_declaration=True), ZIP_DEFLATED)
    return body.getvalue()


def _root(name: str) -> Element:
    spaces = {f"xmlns:{short}": long for short, long in SPACES.items()}
    return Element(name, {**spaces, f"{name.partition(':')[0]}:version": VERSION})


def _in(parent: Element, name: str, attributes: Attributes | None = None, text: str | None = None) -> Element:
    child = SubElement(parent, name, dict(attributes or {}))
    child.text = text
    return child


def _manifest(parts: Sequence[str]) -> Element:
    root = _root("manifest:manifest")
    for path, kind in {"/": MEDIA_TYPE, **dict.fromkeys(parts, "text/xml")}.items():
        _in(root, "manifest:file-entry", {"manifest:full-path": path, "manifest:media-type": kind})
    return root


def _meta(drawn: Drawn) -> Element:
    root = _root("office:document-meta")
    told = {"title": drawn.title, "subject": drawn.sentence, "language": f"{LANGUAGE}-{COUNTRY}"}
    meta = _in(root, "office:meta")
    for name, text in told.items():
        _in(meta, f"dc:{name}", text=UNWRITABLE.sub("", text))
    return root


def _styles() -> Element:
    root = _root("office:document-styles")
    default = _in(_in(root, "office:styles"), "style:default-style", {"style:family": "table-cell"})
    letters = {"family": FONT, "size": f"{SIZE}pt"}
    spoken = {"fo:language": LANGUAGE, "fo:country": COUNTRY}
    _in(default, "style:text-properties", {f"fo:font-{name}": value for name, value in letters.items()} | spoken)
    return root


def _content(told: Sequence[Sheet]) -> Element:
    root = _root("office:document-content")
    styles = _in(root, "office:automatic-styles")
    _number_styles(styles)
    _text_styles(styles)
    for width in sorted({width for sheet in told for width in sheet.widths}):
        style = _in(styles, "style:style", {"style:name": f"w{width}", "style:family": "table-column"})
        _in(style, "style:table-column-properties", {"style:column-width": f"{width * CHARACTER:.2f}cm"})
    book = _in(_in(root, "office:body"), "office:spreadsheet")
    for sheet in told:
        _sheet(book, sheet)
    marked = _in(book, "table:database-ranges")
    for sheet in told:
        if sheet.header:
            _in(marked, "table:database-range", _marked(sheet))
    return root


def _number_styles(styles: Element) -> None:
    """The styles of cells with numbers, each with how it shows them."""
    one = {"number:min-integer-digits": "1", "number:grouping": "true"}
    places = {WHOLE: ("0", "0"), SHARE: ("1", "1"), OTHER: ("3", "1")}
    for shown, name in NUMBERS.items():
        kind = "number:percentage-style" if shown == SHARE else "number:number-style"
        style = _in(styles, kind, {"style:name": f"n-{name}"})
        most, least = places[shown]
        _in(style, "number:number", one | {"number:decimal-places": most, "number:min-decimal-places": least})
        if shown == SHARE:
            _in(style, "number:text", text="%")
        family = {"style:family": "table-cell", "style:data-style-name": f"n-{name}"}
        _in(styles, "style:style", {"style:name": name, **family})


def _text_styles(styles: Element) -> None:
    bold = {"fo:font-weight": "bold"}
    for name, looks in {"heading": bold | {"fo:font-size": f"{HEADING_SIZE}pt"}, "title": bold, "line": {}}.items():
        style = _in(styles, "style:style", {"style:name": name, "style:family": "table-cell"})
        _in(style, "style:table-cell-properties", {"fo:wrap-option": "wrap", "style:vertical-align": "top"})
        _in(style, "style:text-properties", looks)
    style = _in(styles, "style:style", {"style:name": "row", "style:family": "table-row"})
    _in(style, "style:table-row-properties", {"style:use-optimal-row-height": "true"})


def _sheet(book: Element, sheet: Sheet) -> None:
    table = _in(book, "table:table", {"table:name": sheet.name})
    kinds = [NUMBERS[shown] for shown in sheet.header.values()] or ["line"]
    for width, kind in zip(sheet.widths, kinds, strict=True):
        style = {"table:style-name": f"w{width}", "table:default-cell-style-name": kind}
        _in(table, "table:table-column", style)
    if sheet.header:
        _row(_in(table, "table:table-header-rows"), list(sheet.header), ["title"] * len(kinds))
    for number, row in enumerate(sheet.rows):
        _row(table, row, kinds if sheet.header or number else ["heading"])


def _row(table: Element, cells: Sequence[Cell], kinds: Sequence[str]) -> None:
    row = _in(table, "table:table-row", {"table:style-name": "row"})
    for cell, kind in zip(cells, kinds, strict=True):
        style = {"table:style-name": kind}
        if isinstance(cell, str):
            inner = _in(row, "table:table-cell", style | {"office:value-type": "string"})
            _in(inner, "text:p", text=UNWRITABLE.sub("", cell))
        else:
            number = {
                "office:value-type": "percentage" if kind == NUMBERS[SHARE] else "float",
                "office:value": repr(cell),
            }
            _in(row, "table:table-cell", style | number)


def _marked(sheet: Sheet) -> Attributes:
    """The table of a sheet as a named range with a header, from A1 to its last cell."""
    last = f"'{sheet.name}'.{letters(len(sheet.header))}{max(1, len(sheet.rows)) + 1}"
    return {
        "table:name": sheet.name.replace(" ", "_"),
        "table:target-range-address": f"'{sheet.name}'.A1:{last}",
        "table:contains-header": "true",
        "table:display-filter-buttons": "false",
    }


def letters(column: int) -> str:
    """The letters of a column counted from 1: A to Z, then AA."""
    before, last = divmod(column - 1, 26)
    return (letters(before) if before else "") + chr(ord("A") + last)
