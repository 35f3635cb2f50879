"""`kpi`: what services return about themselves: transactions by channel, started and completed, satisfaction, cost.

Four shapes, which may stand in one row: a record as the Performance Platform published it (`service, channel, count,
dataType, period`), columns named as their measures (`completed`, `rating_1` to `rating_5`, `cost` ...), quarterly
volumes (`service_slug, department_abbr, quarter, transactions, digital_transactions`), and a list of services with
their totals of a year (`service_slug, service, total_oct16_sep17_published, digital_oct16_sep17_published`). CSV, or JSON: an array of records,
one as `data` of an object, or a record a line; a line is then a record's number. A row whose figures are all empty says that
a service is there and nothing was published.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

import orjson
import polars as pl

from data import errors
from data.contract import ALL_CHANNELS, RATINGS, RETURNED
from data.intake import columns, return_words, tables
from data.intake.batches import BROKEN, Batch, Batches
from data.intake.lines import BYTE_ORDER
from data.intake.objects import Names
from data.intake.quarantine import BETWEEN_FIELDS
from data.intake.singles import Broken
from data.intake.source import Source

NAME: Final = "kpi"
KIND: Final = "KPI"
SUFFIXES: Final = (".csv", ".tsv", ".json", ".jsonl")
TIMED: Final = False

WORDS: Final = {
    **dict.fromkeys(("service", "serviceslug", "serviceid"), "service"),
    **dict.fromkeys(("servicename", "title"), "title"),
    **dict.fromkeys(("department", "departmentabbr"), "department"),
    "agency": "agency",
    **dict.fromkeys(("period", "quarter", "month"), "period"),
    **dict.fromkeys(("timestamp", "startat", "startdate"), "start"),
    **dict.fromkeys(("datatype", "measure"), "data_type"),
    "channel": "channel",
    **dict.fromkeys(("count", "value"), "count"),
}
MEASURES: Final[dict[str, tuple[str, str]]] = {  # a column named as a measure: the measure, and the channel it is of
    "transactions": ("transactions", ALL_CHANNELS),
    "digitaltransactions": ("transactions", "digital"),
    "started": ("started", ALL_CHANNELS),
    "completed": ("completed", ALL_CHANNELS),
    "cost": ("cost", ALL_CHANNELS),
    **{name.replace("_", ""): (name, ALL_CHANNELS) for name in RATINGS},
}
COLUMNS: Final = frozenset({*WORDS, *MEASURES})
Record = Mapping[str, str | None]
Row = tuple[object, ...]


def read(source: Source) -> Batches:
    """The figures of each row, one a row of RETURNED; a row that can't be understood breaks alone."""
    if tables.holds_json(source):
        return _records(source)
    found = tables.read(source, _chosen)
    return Batches(found.ignored_columns, map(_of_table, found.batches))


def _chosen(names: tuple[str, ...]) -> dict[str, str]:
    plain = {columns.plain(name) for name in names}
    words = WORDS | {name: name for name in (*MEASURES, *filter(return_words.span, plain))}
    if "serviceslug" in plain:
        words["service"] = "title"
    if "departmentabbr" in plain:
        del words["department"]
    found = columns.chosen(names, words)
    _need(found.values())
    return found


def _need(names: Iterable[str]) -> None:
    found = {name: name for name in names}
    columns.need(found, "service")
    if any(map(return_words.span, found)):
        return
    if not {"period", "start"} & found.keys():
        columns.need(found, "period")
    if not MEASURES.keys() & found.keys():
        columns.need(found, "data_type", "count")


def _of_table(batch: Batch) -> Batch:
    understood = _understood((row.pop("line"), row) for row in batch.rows.iter_rows(named=True))
    return Batch(understood.rows, pl.concat([batch.broken, understood.broken]))


def _records(source: Source) -> Batches:
    names = Names(set(COLUMNS))
    numbered = list(enumerate(_objects(b"".join(source.chunks()).removeprefix(BYTE_ORDER)), 1))
    objects = [one for _, one in numbered if isinstance(one, dict)]
    names.meet({columns.plain(name): name for one in objects for name in one}.values())
    _need({ours for one in objects for name in one if (ours := _ours(name))})
    return Batches(names.others, iter([_understood((number, one) for number, one in numbered)]))


def _objects(content: bytes) -> list[Any]:
    """The records of a file of JSON. Raises `Refused` where it is none."""
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError:
        return [_object(line) for line in content.splitlines() if line.strip()]
    if isinstance(found, dict):
        found = found.get("data", [found])
    if not isinstance(found, list) or not found:
        raise errors.Refused("no_header", "The file holds no record", "Send an array of records, or one a line")
    return found


def _object(line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return None


def _ours(name: str) -> str | None:
    plain = columns.plain(name)
    return WORDS.get(plain) or (plain if plain in MEASURES or return_words.span(plain) else None)


def _understood(numbered: Iterable[tuple[int, Any]]) -> Batch:
    rows: list[Row] = []
    broken: list[tuple[int, str, str]] = []
    for line, found in numbered:
        try:
            rows.extend((line, *row) for row in _figures(_record(found)))
        except Broken as error:
            broken.append(
                (line, error.rule, BETWEEN_FIELDS.join(map(str, found.values() if isinstance(found, dict) else ())))
            )
    return Batch(pl.DataFrame(rows, RETURNED, orient="row"), pl.DataFrame(broken, BROKEN, orient="row"))


def _record(found: Any) -> Record:
    """A row under our names, its values as text. Raises `Broken`."""
    if not isinstance(found, dict):
        raise Broken("bad_json")
    record: dict[str, str | None] = {}
    for name, value in found.items():
        ours = name if name in RETURNED or name in {"period", "start", "data_type", "count"} else _ours(name)
        if ours and record.get(ours) is None:
            record[ours] = _text(value)
    return record


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return (value or "").strip() or None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Broken("wrong_type")
    return str(value)


def _figures(record: Record) -> Iterator[Row]:
    """One row of RETURNED, without `line`, for each figure; one without a value where there is none."""
    if not (service := record.get("service")):
        raise Broken("null_key")
    known = (service, record.get("title"), record.get("department"), record.get("agency"))
    spanned = [*_spanned(record)]
    if not spanned or record.keys() & {"period", "start"}:
        first, last = return_words.period(record.get("period"), record.get("start"))
    else:
        first, last = spanned[0][:2]
    figures = [*spanned, *((first, last, *figure) for figure in _told(record))]
    filled = [(*known, *figure) for figure in figures if figure[-1] is not None]
    yield from filled or [(*known, first, last, "transactions", ALL_CHANNELS, None)]


def _spanned(record: Record) -> Iterator[tuple[date, date, str, str, float | None]]:
    """The figures whose days their column's name says: days, measure, channel, value."""
    for name, text in record.items():
        if found := return_words.span(name):
            yield found.first, found.last, "transactions", found.channel, return_words.value("transactions", text)


def _told(record: Record) -> Iterator[tuple[str, str, float | None]]:
    """The figures of a row's own period: measure, channel, value."""
    if data_type := record.get("data_type"):
        measure, channel = return_words.measure(data_type, record.get("channel"))
        yield measure, channel, return_words.value(measure, record.get("count"))
    elif record.get("count"):
        raise Broken("null_key")
    for name, (measure, channel) in MEASURES.items():
        if name in record:
            yield measure, channel, return_words.value(measure, record[name])
