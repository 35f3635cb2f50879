"""A text file as numbered records: blocks of whole lines, any line ends, and rows whose quoted values go over several.

TRICKY: an unclosed quotation mark must not swallow what follows. Only a row that is one by the strict rules of RFC 4180
is put together from several lines; otherwise its first line stands alone, broken, and the next is looked at afresh.
"""

import csv
from collections.abc import Iterator
from itertools import zip_longest
from typing import Final

import polars as pl

from data.intake.source import CHUNK, Source

LONGEST_LINE: Final = 1 << 16  # bytes
MOST_LINES: Final = 100  # of one row
BYTE_ORDER: Final = b"\xef\xbb\xbf"
NUMBERED: Final = pl.Schema({"line": pl.UInt32, "text": pl.String})


def records(source: Source, separator: str) -> Iterator[pl.DataFrame]:
    """The file in pieces: columns `line` (from 1) and `text`, blank lines left out. Bytes that aren't UTF-8 become U+FFFD."""
    held = pl.DataFrame(schema=NUMBERED)
    read = 0
    for block in blocks(source):
        lines = _lines(block)
        numbered = lines.to_frame("text").with_row_index("line", read + 1)
        read += lines.len()
        done, held = _joined(pl.concat([held, numbered]), separator)
        yield done.filter(pl.col("text") != "")
    if held.height:
        yield held.filter(pl.col("text") != "")


def blocks(source: Source, longest: int = LONGEST_LINE, size: int = CHUNK) -> Iterator[bytes]:
    """The content in blocks of whole lines, of about `size` bytes.

    Of a line of more than `longest` bytes only its beginning is kept.
    """
    rest, is_start = b"", True
    for chunk in source.chunks(size):
        piece = rest + (chunk.removeprefix(BYTE_ORDER) if is_start else chunk)
        cut, is_start = piece.rfind(b"\n") + 1, False
        if cut:
            yield piece[:cut]
        rest = piece[cut : cut + longest + 1]
    if rest:
        yield rest


def fields(text: str, separator: str) -> list[str] | None:
    """The fields of one record, or none where its quotation marks don't fit."""
    try:
        return next(csv.reader([text], delimiter=separator, strict=True))
    except csv.Error:
        return None


def _lines(block: bytes) -> pl.Series:
    """The lines of a block. TRICKY: polars would unpack bytes that look packed, unbounded; behind a line end none do."""
    try:
        return pl.read_lines(b"\n" + block)["line"][1:]
    except pl.exceptions.ComputeError:
        return pl.read_lines(b"\n" + block.decode(errors="replace").encode())["line"][1:]


def _joined(lines: pl.DataFrame, separator: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Lines with those of one row put together, and those at the end that may go on in the next block."""
    texts = lines["text"]
    odd = (texts.str.count_matches('"', literal=True) % 2 == 1).arg_true().to_list()
    rows: dict[int, tuple[int, str]] = {}  # the place of its first line -> of its last, and the row
    after, waiting = 0, lines.height
    for first, last in zip_longest(odd, odd[1:]):
        if first < after or fields(texts[first], separator) is not None:
            continue
        if last is None:
            waiting = first if lines.height - first < MOST_LINES else waiting
        elif row := _row(texts.slice(first, last - first + 1), separator):
            rows[first], after = (last, row), last + 1
    return _put_together(lines, rows).head(waiting), lines.slice(waiting)


def _row(lines: pl.Series, separator: str) -> str | None:
    """Several lines as one row, where they are one."""
    if len(lines) > MOST_LINES:
        return None
    text = "\n".join(lines.to_list())
    return text if len(text) <= LONGEST_LINE and fields(text, separator) is not None else None


def _put_together(lines: pl.DataFrame, rows: dict[int, tuple[int, str]]) -> pl.DataFrame:
    if not rows:
        return lines
    texts = lines["text"].clone().scatter(list(rows), [row for _, row in rows.values()])
    inner = [place for first, (last, _) in rows.items() for place in range(first + 1, last + 1)]
    return lines.with_columns(texts.scatter(inner, ""))
