"""Workbooks to take away: the same sheets as XLSX and as ODS, cell for cell what the page shows."""

import io
import zipfile
from dataclasses import replace

import openpyxl
import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from callbacks.files import cells
from callbacks.files import table_ods as ods
from callbacks.files.make import FORMATS
from tests.test_files import drawn, taken


def test_the_xlsx_has_the_same_cells_on_a_sheet_of_its_own() -> None:
    book = openpyxl.load_workbook(io.BytesIO(taken("xlsx").data))
    assert book.sheetnames == ["Cover", "Contents", "Notes", "Table 1"]
    one = drawn()
    header, *rows = [list(row) for row in book["Table 1"].iter_rows(values_only=True)]
    assert header == cells.header(one.answer)
    assert rows == cells.rows(one.answer)
    assert not book["Table 1"].merged_cells.ranges
    assert book.properties.title == one.title
    assert book["Table 1"].tables
    assert [cell.number_format for cell in book["Table 1"][2]][-2:] == ["#,##0", "0.0%"]


def test_the_ods_has_the_same_cells_as_the_xlsx_on_the_same_sheets() -> None:
    body = taken("ods").data
    book = CalamineWorkbook.from_filelike(io.BytesIO(body))
    other = openpyxl.load_workbook(io.BytesIO(taken("xlsx").data))
    assert book.sheet_names == other.sheetnames
    for name in book.sheet_names:
        assert book.get_sheet_by_name(name).to_python() == [
            list(row) for row in other[name].iter_rows(values_only=True)
        ]
    parts = zipfile.ZipFile(io.BytesIO(body))
    assert parts.namelist()[0] == "mimetype"
    assert parts.read("mimetype").decode() == FORMATS["ods"].media_type
    one = drawn()
    assert f"<dc:title>{one.title}</dc:title>" in parts.read("meta.xml").decode()
    last = f"{ods.letters(len(cells.header(one.answer)))}{one.answer.table.height + 1}"
    assert f"\"'Table 1'.A1:'Table 1'.{last}\"" in parts.read("content.xml").decode()


def test_the_ods_writes_no_sign_that_xml_does_not_know() -> None:
    one = drawn()
    odd = replace(one.answer, table=pl.DataFrame({"page": ["/a\x01\ufffe<&b"]}))
    book = CalamineWorkbook.from_filelike(io.BytesIO(ods.write(replace(one, answer=odd))))
    assert book.get_sheet_by_name("Table 1").to_python() == [["page"], ["/a<&b"]]


@pytest.mark.parametrize(("column", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (53, "BA"), (703, "AAA")])
def test_columns_have_the_letters_of_spreadsheets(column: int, letters: str) -> None:
    assert ods.letters(column) == letters
