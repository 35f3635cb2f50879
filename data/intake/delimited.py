"""Delimited text: commas or tabs, quoted as in RFC 4180.

A record is split only where it has exactly as many fields as the header. Ordinary ones are split all at once; those with
a quotation mark go through the standard library's strict reader, one by one.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from data import errors
from data.intake import lines
from data.intake.batches import BROKEN, Batch
from data.intake.columns import wrong_schema
from data.intake.source import Source

DAMAGED: Final = "\ufffd"  # stands where bytes weren't UTF-8
NO_NAME: Final = re.compile(r"[\x00-\x1f\x7f\ufffd]")
BLANK_LINES: Final = 100  # that may come before the header, and comments
COMMENT: Final = "#"


@dataclass(frozen=True)
class Header:
    """The names of the columns in order, what stands between the fields, and the header's line in the file."""

    names: tuple[str, ...]
    separator: str
    line: int


def header(source: Source) -> Header:
    """The first line that is neither blank nor a comment. Raises `Refused` where there is none or it can't be one."""
    start = next(lines.blocks(source), b"").decode(errors="replace")
    for number, line in enumerate(start.split("\n", BLANK_LINES), 1):
        if line.strip() and not line.startswith(COMMENT):
            return _header(line.rstrip("\r")[: lines.LONGEST_LINE], number)
    raise errors.Refused("no_header", "The file has no header", "Its first line must name the columns")


def _header(line: str, number: int) -> Header:
    separator = "\t" if "\t" in line else ","
    names = lines.fields(line, separator)
    if names is None or NO_NAME.search("".join(names)):
        raise wrong_schema("the first line can't be read as names of columns")
    return Header(tuple(name.strip() for name in names), separator, number)


def batches(source: Source, head: Header, found: Mapping[str, str]) -> Iterator[Batch]:
    """The rows below the header: the columns of `found` under their new names, and `line`; empty fields are null."""
    for records in lines.records(source, head.separator):
        yield batch(records.filter(pl.col("line") > head.line), head, found)


def batch(records: pl.DataFrame, head: Header, found: Mapping[str, str]) -> Batch:
    """Numbered records as rows of the columns of `found`."""
    wanted = [_filled(_place(head.names.index(name))).alias(ours) for name, ours in found.items()]
    rows, broken = _split(records, head)
    return Batch(rows.select("line", *wanted), broken)


def _filled(column: str) -> pl.Expr:
    return pl.when(pl.col(column) != "").then(column)


def _place(number: int) -> str:
    return f"field_{number}"


def _split(records: pl.DataFrame, head: Header) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Records as rows of fields, and those that are no rows (BROKEN)."""
    width = len(head.names)
    counted = records.with_columns(
        pl.col("text").str.contains('"', literal=True).alias("quoted"),
        (pl.col("text").str.count_matches(head.separator, literal=True) + 1).cast(pl.Int64).alias("width"),
    )
    quoted = counted.filter("quoted")
    fields = [lines.fields(text, head.separator) or [] for text in quoted["text"].to_list()]
    quoted = quoted.with_columns(pl.Series("width", [len(each) for each in fields], pl.Int64))
    plain = counted.filter(~pl.col("quoted"))
    rule = _rule(width)
    kept = [each for each, broken in zip(fields, quoted.select(rule)["rule"], strict=True) if broken is None]
    rows = pl.concat(
        [_plain_rows(plain.filter(rule.is_null()), head), _quoted_rows(quoted.filter(rule.is_null()), kept, head)]
    )
    broken = pl.concat([plain, quoted]).with_columns(rule).filter(pl.col("rule").is_not_null())
    return rows, broken.select(BROKEN.names())


def _rule(width: int) -> pl.Expr:
    """The rule that a record breaks before it can be a row of `width` fields, or null."""
    rules = {
        "long_line": pl.col("text").str.len_bytes() > lines.LONGEST_LINE,
        "not_utf8": pl.col("text").str.contains(DAMAGED, literal=True),
        "bad_quotes": pl.col("width") == 0,
        "too_few_fields": pl.col("width") < width,
        "too_many_fields": pl.col("width") > width,
    }
    return pl.coalesce(pl.when(broken).then(pl.lit(rule)) for rule, broken in rules.items()).alias("rule")


def _plain_rows(records: pl.DataFrame, head: Header) -> pl.DataFrame:
    split = records["text"].str.split_exact(head.separator, len(head.names) - 1)
    return split.struct.rename_fields(_places(head)).struct.unnest().insert_column(0, records["line"])


def _quoted_rows(records: pl.DataFrame, fields: list[list[str]], head: Header) -> pl.DataFrame:
    columns = zip(*fields, strict=True) if fields else [()] * len(head.names)
    texts = {name: pl.Series(name, column, pl.String) for name, column in zip(_places(head), columns, strict=True)}
    return pl.DataFrame({"line": records["line"], **texts})


def _places(head: Header) -> list[str]:
    return [_place(number) for number in range(len(head.names))]
