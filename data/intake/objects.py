"""A file of objects, one a line: newline JSON, or Parquet whose rows are written as such lines, so that both say the same.

A format says what a line looks like, as a type, and what it means. What isn't of that type breaks its line alone; columns
that aren't read are passed over, whatever they hold, once their names are known to be none of an identity.
"""

import io
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice
from typing import Any, Final

import msgspec
import orjson
import polars as pl

from data import errors
from data.intake import columns, lines, tables
from data.intake.batches import BROKEN, RAW, Batch
from data.intake.known import Row, frame
from data.intake.singles import Broken
from data.intake.source import Source

LONGEST: Final = 1 << 24  # bytes of a line
BLOCK: Final = 1 << 16  # bytes read at once: few enough that their memory is used again, and never given back
AT_ONCE: Final = 1 << 14  # lines of a batch
PIECE: Final = 1 << 14  # rows of Parquet written as lines at once
MOST_NAMES: Final = 50  # of columns that aren't read
NO_SINGLE: Final = pl.Binary | pl.Datetime | pl.Duration | pl.Time | pl.Object  # kinds of columns of Parquet
UNREAD: Final = (ValueError, RecursionError)  # what decoding raises: not this type, no JSON, no UTF-8, too deep

Line = bytes | str
Day = date | None
Days = Counter[Day]  # lines by the day that they say they are of
Numbered = tuple[int, Line]
Understand = Callable[[int, Any], Row]  # of number and object of a line: its rows, one after the other


class Object(msgspec.Struct, frozen=True, gc=False):
    """A part of a line, of which the named fields are read. It holds no circles, so Python needn't look for any."""


@dataclass(frozen=True)
class Shape:
    """What the lines of a format look like."""

    line: type[Object]  # with the columns that are read
    others: Collection[str]  # that the format has besides
    needed: Sequence[str]

    @property
    def names(self) -> tuple[str, ...]:
        """All columns of the format."""
        return *self.line.__struct_encode_fields__, *self.others


@dataclass
class Names:
    """The names of a file's columns. What isn't the format's is listed once; a name of identity refuses the file."""

    met: set[str]
    others: list[str] = field(default_factory=list)

    def meet(self, names: Iterable[str]) -> None:
        """Look at the names that are new. Raises `Refused`."""
        for name in sorted(set(names) - self.met):
            columns.chosen([name], {})
            self.met.add(name)
            if len(self.others) < MOST_NAMES:
                self.others.extend(columns.shown([name]))


class Reader:
    """The lines of a file as objects of a shape."""

    def __init__(self, source: Source, shape: Shape) -> None:
        self.source, self.shape = source, shape
        self.names = Names({*shape.names})
        if tables.is_parquet(source):
            self.names.meet(tables.parquet_schema(source.whole()).names())
        self._passed = list(shape.others)
        self._lenient = msgspec.json.Decoder(shape.line).decode
        self.read = self._strict()

    def _strict(self) -> Callable[[Line], Any]:
        """Reads a line of columns that are known; another name is an error, so that it can be looked at."""
        passed = {f"passed_{number}": name for number, name in enumerate(self._passed)}
        line = msgspec.defstruct(
            "Line", [(name, msgspec.Raw, msgspec.Raw()) for name in passed], bases=(self.shape.line,),
            rename=passed.get, forbid_unknown_fields=True, frozen=True, gc=False,
        )  # fmt: skip
        return msgspec.json.Decoder(line).decode

    def batches(self, fields: Mapping[str, pl.DataType], understand: Understand) -> Iterator[Batch]:
        """The rows of the file, many at once: `line`, and the `fields` that `understand` gives after it.

        Raises `Refused` where no line of the first piece has the columns that are needed.
        """
        schema = {"line": RAW["line"], **fields}
        is_parquet = tables.is_parquet(self.source)
        numbered = enumerate((_rows if is_parquet else _lines)(self.source, self.shape), 1)
        for first in numbered:
            yield self._batch(chain([first], islice(numbered, AT_ONCE)), schema, understand)

    def _batch(self, numbered: Iterable[Numbered], schema: Mapping[str, pl.DataType], understand: Understand) -> Batch:
        rows: list[object] = []
        broken: list[tuple[int, str, str]] = []
        for number, text in numbered:
            try:
                found = self.read(text)
            except UNREAD:
                found = None
            try:
                if found is None or len(text) > LONGEST:
                    found = self._careful(text)
                rows += understand(number, found)
            except Broken as error:
                if text.strip():
                    broken.append((number, error.rule, _said(text)))
        return Batch(frame(rows, schema), pl.DataFrame(broken, BROKEN, orient="row"))

    def _careful(self, text: Line) -> Any:
        """A line that `read` doesn't take. Raises `Broken` with what is wrong, `Refused` for a name of identity."""
        if len(text) > LONGEST:
            raise Broken("long_line")
        try:
            found = orjson.loads(text)
            if isinstance(found, dict):
                self._meet(found)
            return self._lenient(text)
        except orjson.JSONDecodeError:
            raise Broken(_unreadable(text)) from None
        except UNREAD:
            raise Broken("wrong_type") from None

    def _meet(self, found: Mapping[str, object]) -> None:
        new = found.keys() - self.names.met
        self.names.meet(new)
        if new and len(self._passed) < len(self.shape.others) + MOST_NAMES:
            self._passed += new
            self.read = self._strict()


def _unreadable(text: Line) -> str:
    """The rule that a line breaks which is no JSON."""
    try:
        text.decode() if isinstance(text, bytes) else text.encode()
    except UnicodeError:
        return "not_utf8"
    return "bad_json"


def _said(text: Line) -> str:
    return text.decode(errors="replace") if isinstance(text, bytes) else text


def _lines(source: Source, shape: Shape) -> Iterator[Line]:
    """The lines of a file, one by one, so that their memory is used again and again; of one too long only its beginning."""
    blocks = lines.blocks(source, LONGEST, BLOCK)
    start = next(blocks, b"")
    _need(start, shape)
    return chain.from_iterable(map(io.BytesIO, chain([start], blocks)))


def _need(block: bytes, shape: Shape) -> None:
    found: set[str] = set()
    for line in io.BytesIO(block):
        try:
            found |= orjson.loads(line).keys()
        except (orjson.JSONDecodeError, AttributeError):
            continue
        if found.issuperset(shape.needed):
            return
    if not block.strip():
        raise errors.Refused("no_header", "The file holds nothing", "Not one line is in it: send it again")
    if not found:
        raise columns.wrong_schema(
            "no line is an object: write each event or session on a line of its own, in no array"
        )
    columns.need({name: name for name in found}, *shape.needed)


def _need_single(name: str, kind: object) -> None:
    """Raise `Refused` for a column that can't be said in JSON, or only by guessing: bytes, moments, spans of time."""
    if isinstance(kind, pl.Struct):
        for field in kind.fields:
            _need_single(name, field.dtype)
    elif isinstance(kind, pl.List | pl.Array):
        _need_single(name, kind.inner)
    elif isinstance(kind, NO_SINGLE):
        raise columns.wrong_schema(f"the column {columns.shown([name])[0]} holds neither text nor numbers")


def _rows(source: Source, shape: Shape) -> Iterator[Line]:
    """The rows of a Parquet file as lines of JSON."""
    content = source.whole()
    kinds = tables.parquet_schema(content)
    columns.need({name: name for name in kinds}, *shape.needed)
    read = [name for name in kinds if name in shape.line.__struct_encode_fields__]
    for name in read:
        _need_single(name, kinds[name])
    whole = pl.struct(read).struct.json_encode()
    rows, seen, expanded = pl.scan_parquet(io.BytesIO(content)), 0, 0
    while True:
        try:
            texts = rows.slice(seen, PIECE).select(whole).collect().to_series()
        except pl.exceptions.PolarsError:
            raise tables.unreadable() from None
        expanded += int(texts.str.len_bytes().sum())
        if expanded > source.expanded_bytes:
            raise errors.Refused("expands_too_far", "The file expands too far", "Send it in parts")
        yield from texts.to_list()
        seen += len(texts)
        if len(texts) < PIECE:
            return
