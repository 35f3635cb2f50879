"""Reads the register's files into records. A value that doesn't fit its record is an error that names its field."""

import csv
import hashlib
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import TypeAdapter

from data.register.records import PLATFORM_HOST, Agreement, Department, Host, Organisation, Service

FOLDER: Final = Path(__file__).parent
ASKED_WITH: Final = "topics.toml"  # which pages a topic has is found when it is asked; nothing is built from it
Record = TypeVar("Record")
Raw = dict[str, Any]


def table(name: str) -> Raw:
    """The content of one TOML file of the register."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def rows(name: str) -> list[Raw]:
    """The rows of one CSV file without its comment lines; an empty cell is a value that isn't given."""
    lines = (FOLDER / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    kept = csv.DictReader(line for line in lines if line and not line.startswith("#"))
    return [{column: cell for column, cell in row.items() if cell} for row in kept]


def records(kind: type[Record], given: list[Raw]) -> tuple[Record, ...]:
    """Raw values as records of a kind. A field that the kind doesn't have is an error, never ignored."""
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]  # every kind is a dataclass
    for unknown in (set(row) - known for row in given):
        if unknown:
            raise ValueError(f"The register's kind {kind.__name__} has no field {', '.join(sorted(unknown))}")
    return tuple(map(TypeAdapter(kind).validate_python, given))


def departments() -> tuple[Department, ...]:
    """departments.toml"""
    return records(Department, table("departments")["department"])


def organisations() -> tuple[Organisation, ...]:
    """organisations.csv; `moves` reads `2023-02-07 DBT; 2024-07-09 MHCLG`."""
    given = rows("organisations")
    for row in given:
        moves = [move.strip().split(" ", 1) for move in row.pop("moves", "").split(";") if move]
        row["moves"] = [{"first_day": day, "department": short} for day, short in moves]
    return records(Organisation, given)


def hosts(services: tuple[Service, ...], accounts: tuple[str, ...]) -> tuple[Host, ...]:
    """hosts.csv, where each account has a column with the host's one sender; and the services of each host."""
    given = rows("hosts")
    for row in given:
        row["senders"] = {account: row.pop(account) for account in accounts if account in row}
        row["services"] = [service.slug for service in services if service.host == row["host"]]
    return records(Host, given)


def services() -> tuple[Service, ...]:
    """services.toml, with pages of www.gov.uk, written there from their `/` on, in the form host/path."""
    given: list[Raw] = table("services")["service"]
    for row in given:
        for pages in {"patterns", "start_pages", "end_pages"} & set(row):
            row[pages] = [address(page) for page in row[pages]]
        for step in row.get("steps", ()):
            step["pages"] = [address(page) for page in step["pages"]]
    return records(Service, given)


def agreements() -> tuple[Agreement, ...]:
    """agreements.toml, where a record says only what differs from the standard terms."""
    content = table("agreements")
    return records(Agreement, [content["standard"] | row for row in content["agreement"]])


def address(page: str) -> str:
    """The form host/path of a page or pattern; one that starts with `/` is of www.gov.uk."""
    return PLATFORM_HOST + page if page.startswith("/") else page


def fingerprint() -> str:
    """SHA-256 over every file of facts, hexadecimal: what was built from other facts can tell."""
    facts = sorted(path for path in FOLDER.iterdir() if path.suffix in {".toml", ".csv"} and path.name != ASKED_WITH)
    return hashlib.sha256(b"".join(hashlib.sha256(path.read_bytes()).digest() for path in facts)).hexdigest()
