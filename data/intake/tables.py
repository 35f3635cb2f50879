"""A file of columns, whatever holds it: delimited text or Parquet. Every column comes as text; nothing guesses types."""

import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, cast

import orjson
import polars as pl

from data import errors
from data.intake import columns, delimited, lines
from data.intake.batches import BROKEN, Batch, Batches
from data.intake.casts import MOMENT
from data.intake.source import Source

PARQUET: Final = b"PAR1"
DELIMITED: Final = frozenset({".csv", ".tsv", ".txt"})  # suffixes of files that hold no objects
BEGINNING: Final = 1 << 10  # bytes that tell whether a file holds objects
LONGEST_OBJECT: Final = 1 << 24  # bytes of a line of JSON
PIECE: Final = 1 << 18  # rows of Parquet handed on at once
Choose = Callable[[tuple[str, ...]], Mapping[str, str]]


def header(source: Source) -> frozenset[str]:
    """The plain names of the file's columns. Raises `Refused` where it has none."""
    if is_parquet(source):
        names: Iterable[str] = parquet_schema(source.whole()).names()
    else:
        names = _first_object(source) or delimited.header(source).names
    return frozenset(map(columns.plain, names))


def _first_object(source: Source) -> dict[str, object]:
    """The object on a file's first line, an empty one where it is none."""
    if source.suffix in DELIMITED:
        return {}
    start = next(source.chunks(), b"")[:BEGINNING].removeprefix(lines.BYTE_ORDER).lstrip()
    if not start.startswith(b"{"):
        return {}
    first = next(lines.blocks(source, LONGEST_OBJECT), b"").lstrip().partition(b"\n")[0]
    try:
        found = orjson.loads(first)
    except orjson.JSONDecodeError:
        return {}
    return cast("dict[str, object]", found)


def read(source: Source, choose: Choose) -> Batches:
    """The columns that `choose` picks of the file's names, under the names that it gives them, with `line`."""
    return _parquet(source, choose) if is_parquet(source) else _delimited(source, choose)


def holds_json(source: Source) -> bool:
    """Whether the file starts as JSON does, and isn't called delimited text."""
    start = next(source.chunks(), b"").removeprefix(lines.BYTE_ORDER).lstrip()[:1]
    return start in {b"{", b"["} and source.suffix not in DELIMITED


def is_parquet(source: Source) -> bool:
    """Whether the content starts as Parquet does."""
    return next(source.chunks(len(PARQUET)), b"").startswith(PARQUET)


def _delimited(source: Source, choose: Choose) -> Batches:
    head = delimited.header(source)
    found = choose(head.names)
    return Batches(columns.ignored(head.names, found), delimited.batches(source, head, found))


def _parquet(source: Source, choose: Choose) -> Batches:
    content = source.whole()
    schema = parquet_schema(content)
    found = choose(tuple(schema.names()))
    texts = [_text(pl.col(name), schema[name], name).alias(ours) for name, ours in found.items()]
    return Batches(columns.ignored(schema.names(), found), _pieces(source, content, texts))


def parquet_schema(content: bytes) -> pl.Schema:
    """Names and types of the columns. Raises `Refused` for what is no Parquet file."""
    try:
        return pl.Schema(pl.read_parquet_schema(io.BytesIO(content)))
    except pl.exceptions.PolarsError:
        raise unreadable() from None


def _pieces(source: Source, content: bytes, texts: list[pl.Expr]) -> Iterator[Batch]:
    rows, seen, expanded = pl.scan_parquet(io.BytesIO(content)), 0, 0
    while True:
        try:
            piece = rows.slice(seen, PIECE).select(texts).with_row_index("line", seen + 1).collect()
        except pl.exceptions.PolarsError:
            raise unreadable() from None
        expanded += _size(piece)
        if expanded > source.expanded_bytes:
            raise errors.Refused("expands_too_far", "The file expands too far", "Send it in parts")
        yield Batch(piece, pl.DataFrame(schema=BROKEN))
        seen += piece.height
        if piece.height < PIECE:
            return


def _size(piece: pl.DataFrame) -> int:
    """Bytes of the text in it and eight for each row: what it would be as a plain file, about."""
    texts = piece.select(pl.col(pl.String).str.len_bytes().sum())
    return 8 * piece.height + sum(total or 0 for total in texts.row(0)) if texts.width else 8 * piece.height


def _text(column: pl.Expr, kind: pl.DataType, name: str) -> pl.Expr:
    """A column as text. Whole numbers and days are text as they stand; a fraction, a list or a truth value is a wrong column.

    A column without one value may have no type at all.
    """
    if isinstance(kind, pl.Datetime):
        return column.cast(MOMENT) if kind.time_zone else column.dt.cast_time_unit("us").dt.replace_time_zone("UTC")
    if kind.is_integer() or isinstance(kind, pl.String | pl.Categorical | pl.Enum | pl.Date | pl.Null):
        return column.cast(pl.String)
    raise columns.wrong_schema(f"the column {columns.shown([name])[0]} isn't text")


def unreadable() -> errors.Refused:
    """The refusal of a Parquet file that isn't whole."""
    return errors.Refused("unreadable", "The file can't be read", "It isn't whole, or no Parquet file: send it again")
