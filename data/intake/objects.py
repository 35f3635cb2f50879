"""A file of objects, one a line: newline JSON, or Parquet whose rows are written as such lines, so that both say the same.

A format says what an object means; what can't be read as one breaks its line alone.
"""

import gc
import io
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Final

import orjson
import polars as pl

from data import errors
from data.formats import BROKEN, RAW, Batch
from data.intake import columns, tables
from data.intake.lines import BYTE_ORDER
from data.intake.source import Source

LONGEST: Final = 1 << 24  # bytes of a line
AT_ONCE: Final = 1 << 23  # bytes of lines understood at once
PIECE: Final = 1 << 14  # rows of Parquet written as lines at once
MOST_NAMES: Final = 50  # of columns that aren't read
FIRST_MOMENT, LAST_MOMENT = 946_684_800_000_000, 4_102_444_800_000_000  # the years 2000 to 2099, microseconds
MOST: Final = (1 << 63) - 1
DAY: Final = re.compile(r"[0-9]{4}(-?)[0-9]{2}\1[0-9]{2}")
DAMAGE: Final = (TypeError, AttributeError, KeyError)  # of taking one kind of value for another
NOTHING: Final = frozenset({"", "(not set)", "(not provided)"})  # what Google Analytics says for no value
LONGEST_NOTHING: Final = max(map(len, NOTHING))  # longer text needn't be hashed to know that it is none of these

Object = dict[str, Any]
Row = tuple[object, ...]  # values of a format's columns of RAW, without `line`
Days = Counter[date | None]  # lines by the day that they say they are of
Understand = Callable[[int, Object], Sequence[Row]]  # of a line's number and object; none where it is ignored


class Broken(Exception):
    """A line breaks this rule."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


@dataclass(frozen=True)
class Shape:
    """What the objects of a format look like, by the names of their columns."""

    read: Collection[str]
    known: Collection[str]  # that are the format's, but not read
    needed: Sequence[str]


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


def identified(name: str) -> errors.Refused:
    """The refusal of a file that says who somebody is under this name."""
    detail = f"{columns.shown([name])[0]!r} is filled in it and tells who people are; nothing of it was kept"
    return errors.Refused("identity_column", "The file has identities", f"{detail}. Send the file without it")


def batches(source: Source, shape: Shape, fields: Sequence[str], understand: Understand) -> Iterator[Batch]:
    """The rows of a file piece by piece; `fields` are the columns of RAW that `understand` gives, in order.

    Raises `Refused` where no line of the first piece has the columns that are needed.
    """
    if tables.is_parquet(source):
        yield from (_batch(first, texts, fields, understand) for first, texts in _parquet(source, shape))
        return
    first = 1
    for texts in _lines(source):
        if first == 1:
            _need(texts, shape)
        yield _batch(first, texts, fields, understand)
        first += len(texts)
    if first == 1:
        raise _nothing()


def _lines(source: Source) -> Iterator[list[bytes]]:
    """The lines of a file, many at once; of one that is too long only its beginning is kept."""
    held: list[bytes] = []
    rest, size, is_start = b"", 0, True
    for chunk in source.chunks():
        texts = (chunk.removeprefix(BYTE_ORDER) if is_start else chunk).split(b"\n")
        texts[0], is_start = rest + texts[0], False
        rest = texts.pop()[: LONGEST + 1]
        held, size = held + texts, size + len(chunk)
        if size >= AT_ONCE and held:
            yield held
            held, size = [], 0
    if rest:
        held.append(rest)
    if held:
        yield held


def _need(texts: Sequence[bytes], shape: Shape) -> None:
    found: set[str] = set()
    for text in texts:
        try:
            found |= orjson.loads(text).keys()
        except (orjson.JSONDecodeError, *DAMAGE):
            continue
        if found.issuperset(shape.needed):
            return
    if not any(map(bytes.strip, texts)):
        raise _nothing()
    columns.need({name: name for name in found}, *shape.needed)


def _nothing() -> errors.Refused:
    return errors.Refused("no_header", "The file holds nothing", "Not one line is in it: send it again")


def _batch(first: int, texts: Sequence[bytes | str], fields: Sequence[str], understand: Understand) -> Batch:
    numbers: list[int] = []
    rows: list[Row] = []
    broken: list[tuple[int, str, str]] = []
    collects = gc.isenabled()
    gc.disable()  # objects of JSON hold no circles, and looking for some takes a fifth of the time
    try:
        for number, text in enumerate(texts, first):
            if not text or text.isspace():
                continue
            try:
                found = understand(number, _loaded(text))
            except (Broken, orjson.JSONDecodeError, *DAMAGE) as error:
                broken.append((number, _rule(error, text), _said(text)))
            else:
                rows.extend(found)
                numbers.extend([number] * len(found))
    finally:
        if collects:
            gc.enable()
    return Batch(_frame(numbers, rows, fields), pl.DataFrame(broken, BROKEN, orient="row"))


def _loaded(text: bytes | str) -> Object:
    """The object of a line, or whatever else stands there."""
    if len(text) > LONGEST:
        raise Broken("long_line")
    found: Object = orjson.loads(text)
    return found


def _rule(error: Exception, text: bytes | str) -> str:
    if isinstance(error, Broken):
        return error.rule
    if isinstance(error, DAMAGE):
        return "wrong_type"
    try:
        text.decode() if isinstance(text, bytes) else text.encode()
    except UnicodeError:
        return "not_utf8"
    return "bad_json"


def _said(text: bytes | str) -> str:
    return text.decode(errors="replace") if isinstance(text, bytes) else text


def _frame(numbers: Sequence[int], rows: Sequence[Row], fields: Sequence[str]) -> pl.DataFrame:
    found = [pl.Series("line", numbers, RAW["line"])]
    for place, name in enumerate(fields):  # zip over all rows takes three times as long
        kind = RAW[name]
        column = [row[place] for row in rows]
        if column and column.count(column[0]) == len(column):
            found.append(pl.Series(name, column[:1], _sent_as(kind)).new_from_index(0, len(column)).cast(kind))
        else:
            found.append(pl.Series(name, column, _sent_as(kind)).cast(kind))
    return pl.DataFrame(found)


def _sent_as(kind: pl.DataType) -> pl.DataType:
    return pl.Int64() if isinstance(kind, pl.Datetime) else kind


def _parquet(source: Source, shape: Shape) -> Iterator[tuple[int, Sequence[str]]]:
    """The rows of a Parquet file as lines of JSON, with the number of the first."""
    content = source.whole()
    names = tables.parquet_schema(content).names()
    columns.need({name: name for name in names}, *shape.needed)
    whole = pl.struct(name for name in names if name in shape.read).struct.json_encode()
    rows, seen, expanded = pl.scan_parquet(io.BytesIO(content)), 0, 0
    while True:
        try:
            texts = rows.slice(seen, PIECE).select(whole).collect().to_series()
        except pl.exceptions.PolarsError:
            raise tables.unreadable() from None
        expanded += int(texts.str.len_bytes().sum())
        if expanded > source.expanded_bytes:
            raise errors.Refused("expands_too_far", "The file expands too far", "Send it in parts")
        yield seen + 1, texts.to_list()
        seen += len(texts)
        if len(texts) < PIECE:
            return


def names(source: Source, shape: Shape, exempt: Collection[str]) -> Names:
    """Where the names of a file's columns are met: those of Parquet at once. Raises `Refused` for one of identity."""
    found = Names({*shape.read, *shape.known, *exempt})
    if tables.is_parquet(source):
        found.meet(tables.parquet_schema(source.whole()).names())
    return found


def filled(value: object) -> bool:
    """Whether there is anything in a value, whatever it is."""
    return any(map(filled, value.values())) if isinstance(value, dict) else value not in (None, "", [])


def text(value: object) -> str | None:
    """A single value as text; none where it is empty. Raises `Broken` for a list or an object."""
    if type(value) is str:
        return None if len(value) <= LONGEST_NOTHING and value in NOTHING else value
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    if type(value) is int:
        return str(value)
    raise Broken("wrong_type")


def whole_number(value: object, low: int = 0, high: int = MOST) -> int | None:
    """A whole number, sent as one or as its digits; none where it is empty. Raises `Broken`."""
    if type(value) is str:
        if not value:
            return None
        if not (value.isascii() and (value.isdigit() or value.removeprefix("-").isdigit())):
            raise Broken("not_integer")
        value = int(value) if len(value) <= 20 else MOST + 1  # noqa: PLR2004 - digits of the largest and its sign
    if value is None:
        return None
    if type(value) is not int:
        raise Broken("not_integer" if isinstance(value, float) else "wrong_type")
    if not low <= value <= high:
        raise Broken("range")
    return value


@lru_cache(maxsize=4_096)
def day(value: str | None) -> date | None:
    """`20191009` or `2019-10-09` as a day; none where it is empty. Raises `Broken`."""
    if not value:
        return None
    if not DAY.fullmatch(value):
        raise Broken("bad_time")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise Broken("bad_time") from None


def uncut(value: str | None, longest: int, ends: str) -> str | None:
    """A text without its last word where it was cut at `longest` characters: half an identifier can't be known as one."""
    if value is None or len(value) < longest:
        return value
    kept = value[: max(value.rfind(end) for end in ends)]
    return kept or None
