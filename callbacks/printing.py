"""What the command line prints: tables for people, JSON for programs, from the same values."""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson
from rich.console import Console
from rich.table import Table

from callbacks.files import cells
from data import access, errors
from data.settings import Settings
from data.store import Estate, versions
from data.store.home import Home
from data.store.verify import Report, verify
from queries import parameters, verifying
from queries.answers import Answer
from queries.ask import ask

FORMS: Final = ("json", "csv", "table")
WIDE: Final = 220  # characters
LONGEST: Final = 1 << 24  # characters of a file of definitions


@dataclass(frozen=True)
class Wish:
    """How a question is asked on the command line, by whom, and how the answer is wanted."""

    plain: tuple[str, ...] = ()
    definition: Path | None = None
    definitions: Path | None = None
    person: str = access.DEFAULT_PERSON
    form: str = "json"


@dataclass(frozen=True)
class Verified:
    """The outcome of verifying."""

    told: dict[str, Any]
    sound: bool


def show(told: Mapping[str, Any], *, as_json: bool) -> None:
    """Print the outcome of a command: one JSON object, or a line a fact and a table a list."""
    if as_json:
        _write(orjson.dumps(told))
        return
    screen = _screen()
    for name, value in told.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for row in value:
                screen.print(f"{name.replace('_', ' ')}: {_line(row)}", highlight=False, soft_wrap=True)
        elif value not in ([], {}, None):
            screen.print(f"{name.replace('_', ' ')}: {_plain(value)}", highlight=False)


def status(settings: Settings) -> dict[str, Any]:
    """The published version: its days, its segments and what became of the rows."""
    manifest = versions.newest(Home.open(settings))
    if manifest is None:
        return {
            "version": 0,
            "says": "Nothing is published yet. Import an extract, or run make run for a demonstration",
        }
    sums = {name: sum(getattr(one, name) for one in manifest.deliveries) for name in ("read", "kept", "ignored")}
    rules: dict[str, int] = {}
    for one in manifest.deliveries:
        for rule, rows in one.quarantined.items():
            rules[rule] = rules.get(rule, 0) + rows
    days = sorted({one.day for one in manifest.deliveries if one.has_journeys})
    returned = sum(one.totals["returns"] for one in manifest.segments if one.kind == "returns")
    main = [one for one in manifest.segments if one.kind != "visitors"]
    return {
        "version": manifest.version, "published": manifest.created, "extracts": len(manifest.deliveries),
        "first_day": min(days, default=None), "last_day": max(days, default=None), "days": len(days), "segments": len(manifest.segments),
        "sessions": sum(one.totals.get("sessions", 0) for one in main),
        "page_views": sum(one.totals.get("page_views", 0) for one in main), "returned_figures": returned,
        "bytes": sum(one.size for one in manifest.segments), **sums, "quarantined": rules,
    }  # fmt: skip


def verified(settings: Settings) -> Verified:
    """Every check of `verify`, in order; where the estate is as published, also that its journeys balance."""
    report: Report = verify(settings)
    checks = [{"right": one.right, "check": one.name, "found": one.found} for one in report.checks]
    if report.right and report.version:
        checks += _journeys(settings)
    right = all(check["right"] for check in checks)
    return Verified({"version": report.version, "right": right, "checks": checks}, right)


def _journeys(settings: Settings) -> list[dict[str, Any]]:
    """One line for every way to ask for journeys."""
    estate = Estate.open(settings)
    try:
        return [
            {"right": not wrong, "check": name, "found": "; ".join(dict.fromkeys(wrong)) or "balances"}
            for name, wrong in verifying.checked(estate)
        ]
    finally:
        estate.close()


def answers(settings: Settings, question: str, wish: Wish) -> None:
    """Ask, and print each answer as it comes. Raises `BadRequest` for what can't be asked."""
    if wish.form not in FORMS:
        raise errors.BadRequest("There is no such format", f"Choose one of {', '.join(FORMS)}", "format")
    viewer = access.person(wish.person)
    plain = parameters.once(_pair(text) for text in wish.plain)
    estate = Estate.open(settings)
    try:
        for given in _definitions(wish):
            _print(ask(estate, viewer, question, {**plain, **given}), wish.form)
    finally:
        estate.close()


def _definitions(wish: Wish) -> Iterable[dict[str, Any]]:
    """The definitions of the files named, or one without anything."""
    if wish.definitions:
        for number, line in enumerate(_text(wish.definitions).split("\n"), 1):  # JSON may hold other ends of lines
            if line.strip():
                yield _object(line, f"line {number} of {wish.definitions.name}")
    else:
        yield _object(_text(wish.definition), wish.definition.name) if wish.definition else {}


def _text(path: Path) -> str:
    try:
        with sys.stdin if str(path) == "-" else path.open(encoding="utf-8") as file:
            text = file.read(LONGEST + 1)
    except (OSError, UnicodeDecodeError):
        raise errors.BadRequest(f"{path} can't be read", "Name a file of JSON in UTF-8", "definition") from None
    if len(text) > LONGEST:
        raise errors.BadRequest(f"{path} is too long", f"Give up to {LONGEST:,} characters", "definition")
    return text


def _object(text: str, where: str) -> dict[str, Any]:
    try:
        found: Any = parameters.of_json(text)
    except errors.BadRequest as wrong:
        raise errors.BadRequest(f"{where}: {wrong.title}", wrong.detail, wrong.field or "definition") from None
    if not isinstance(found, dict):
        raise errors.BadRequest(f"There is no JSON object in {where}", "Write one as README shows", "definition")
    return found


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise errors.BadRequest(f"{text} is no parameter", "Write it as name=value", "param")
    return name, value


def _print(answer: Answer, form: str) -> None:
    if form == "json":
        _write(orjson.dumps(answer.value))
    elif form == "csv":
        _write(cells.table(answer), end=b"")
    else:
        _screen().print(_table(cells.header(answer), cells.rows(answer)))


def _write(body: bytes, end: bytes = b"\n") -> None:
    sys.stdout.buffer.write(body + end)
    sys.stdout.buffer.flush()


def _table(header: list[str], rows: list[list[cells.Cell]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, name in enumerate(header):
        is_number = any(isinstance(row[number], int | float) for row in rows)
        table.add_column(name.replace("_", " "), justify="right" if is_number else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_plain(value) for value in row))
    return table


def _screen() -> Console:
    """The terminal; where there is none, lines as wide as a wide one's."""
    return Console() if sys.stdout.isatty() else Console(width=WIDE)


def _line(row: Mapping[str, object]) -> str:
    """A row of facts in one line; what is empty is left out."""
    return ", ".join(
        f"{name.replace('_', ' ')} {_plain(value)}" for name, value in row.items() if value not in ([], {}, "")
    )


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_plain(one)}" for name, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(_plain, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:,}" if isinstance(value, int) else f"{value:.4g}"
    return "" if value is None else str(value)
