"""What goes to the low-rights process and what comes back: a task as JSON, the file's content as frames."""

import mmap
import os
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

import polars as pl

from data import errors, formats
from data.contract import KINDS
from data.intake import hostile, outlet
from data.intake.batches import TEXTS
from data.intake.coded import Coded
from data.intake.hostile import Found
from data.intake.quarantine import HASHED
from data.intake.returned import Returned
from data.intake.source import Source
from data.intake.source import prepare as prepare_source
from data.intake.words import WORDS

CODES: Final = tuple(name for name in TEXTS if name not in WORDS)
PAGES: Final = pl.Schema({"host": pl.String, "path": pl.String})
ROWS: Final = pl.Schema(
    {
        "line": pl.UInt32(),
        "time": pl.Datetime("us", "UTC"),
        "day": pl.Date(),
        "order": pl.UInt32(),
        "occurrences": pl.UInt32(),
        "kind": pl.UInt8(),
        "device": pl.UInt8(),
        "channel": pl.UInt8(),
        "status": pl.UInt16(),
        **dict.fromkeys(CODES, pl.UInt32()),
    }
)


def load() -> None:
    """Load what every task needs, but start no thread yet: a process that has some can't be forked well."""
    formats.formats()


def prepare(task: Mapping[str, Any], shared: mmap.mmap) -> Callable[[], None]:
    """Load whatever the task needs; calling the result does it, and hands back the content or the refusal."""
    load()
    source = Source(os.fdopen(task["file"], "rb"), task["name"], task["expanded_bytes"], task["expanded_ratio"])
    prepare_source(source.file)
    outlet.give(shared, {}, {"warm": pl.DataFrame(schema=ROWS)})

    def work() -> None:
        try:
            with source.file:
                found = hostile.read(source, task["format"], frozenset(task["query_keys"]))
        except errors.Refused as refused:
            outlet.give(shared, {"refused": [refused.reason, refused.title, refused.detail]}, {})
        else:
            outlet.give(shared, _told(found), _frames(found))

    return work


def _told(found: Found | Returned) -> dict[str, object]:
    ignored = found.ignored if isinstance(found, Found) else {None: found.ignored}
    return {
        "format": found.format,
        "kind": found.kind,
        "read": found.read,
        "ignored_columns": found.ignored_columns,
        "ignored": [[str(day) if day else None, count] for day, count in ignored.items()],
    }


def _frames(found: Found | Returned) -> dict[str, pl.DataFrame]:
    if isinstance(found, Returned):
        return {"rows": found.rows, "quarantined": found.quarantined}
    rows = found.content.rows
    texts = {
        f"text {name}": texts.alias("text").to_frame() for name, texts in found.content.values.items() if name != "page"
    }
    return {
        "rows": rows.select(name for name in ROWS.names() if name in rows.columns),
        "pages": found.pages,
        "quarantined": found.quarantined,
        **texts,
    }


def taken(file: int, room: int) -> Found | Returned:
    """The content that was handed back, complete in all columns of ROWS. Raises `Refused`; ValueError for nonsense."""
    told, frames = outlet.take(file, room)
    if "refused" in told:
        raise errors.Refused(*map(str, told["refused"]))
    if told["kind"] in formats.FIGURES:
        return _returned(told, frames)
    values = {name: _text(frames.get(f"text {name}")) for name in CODES}
    rows = _completed(frames["rows"], values, frames["pages"].height)
    _expect(frames["pages"], PAGES)
    _expect(frames["quarantined"], HASHED)
    return Found(
        str(told["format"]),
        str(told["kind"]),
        int(told["read"]),
        tuple(map(str, told["ignored_columns"])),
        Coded(rows, values),
        frames["pages"],
        frames["quarantined"],
        {date.fromisoformat(day) if day else None: int(count) for day, count in told["ignored"]},
    )


def _returned(told: Mapping[str, Any], frames: Mapping[str, pl.DataFrame]) -> Returned:
    kind, ignored = str(told["kind"]), sum(int(count) for _, count in told["ignored"])
    _expect(frames["rows"], formats.FIGURES[kind])
    _expect(frames["quarantined"], HASHED)
    columns = tuple(map(str, told["ignored_columns"]))
    return Returned(
        str(told["format"]), kind, int(told["read"]), columns, frames["rows"], frames["quarantined"], ignored
    )


def _text(frame: pl.DataFrame | None) -> pl.Series:
    return pl.Series("text", [], pl.String) if frame is None else frame.cast({"text": pl.String})["text"]


def _expect(frame: pl.DataFrame, schema: pl.Schema) -> None:
    if frame.schema != schema:
        raise ValueError(frame.schema)


def _completed(rows: pl.DataFrame, values: Mapping[str, pl.Series], pages: int) -> pl.DataFrame:
    """Rows in all columns of ROWS; a missing one is null, but for the kind, the order and the number of sessions."""
    given: dict[str, object] = {"kind": KINDS.index("page_view"), "order": 0, "occurrences": 1}
    missing = [pl.lit(given.get(name), kind).alias(name) for name, kind in ROWS.items() if name not in rows.columns]
    whole = rows.with_columns(missing).select(ROWS.names())
    _expect(whole, ROWS)
    for name in CODES:
        places = pages if name == "page" else values[name].len()
        if (whole[name] >= places).any():
            raise ValueError(name)
    return whole
