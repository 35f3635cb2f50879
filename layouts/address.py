"""Values in a page's address: read one by one, named where they can't be used, and written so that people can read them."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import quote

from data import errors
from data.periods import Period
from data.register import register
from queries.parameters import DAYS, MOST_DAYS

MOST_VALUES: Final = 50
LONGEST_TEXT: Final = 2_048  # characters of a page or pattern
SAFE: Final = "/:*(),>"  # may stand in a query string as they are
COMMA: Final = "%2C"  # a comma inside one of several values; a cleaned page never holds this text


@dataclass(frozen=True)
class Problem:
    """A value of an address that can't be used: its name there, a sentence, and whether the page has a control for it."""

    field: str
    sentence: str
    control: bool = True
    value: str = ""  # what was typed, to be mended where it stands
    beside: tuple[str, ...] = ()  # other fields that can't be used without it


@dataclass(frozen=True)
class Field:
    """One value of an address. `read` raises `ValueError` with what the value should be."""

    name: str
    label: str
    read: Callable[[str], Any]
    write: Callable[[Any], str] = str
    attribute: str = ""  # of the state, where it isn't the name

    @property
    def of_state(self) -> str:
        """The attribute of the state that holds the value."""
        return self.attribute or self.name


def read(fields: Mapping[str, Field], pairs: Iterable[tuple[str, str]]) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """The usable values by attribute of the state, and a problem for each that isn't usable. Empty values are unset."""
    found: dict[str, str] = {}
    problems: dict[str, Problem] = {}
    for name, value in pairs:
        if name not in fields:
            problems[name] = Problem(name[:60], f"{name[:60]} is not something that this page can show", control=False)
        elif name in found:
            problems[name] = Problem(
                name, f"{fields[name].label} stands twice in the address; put values in one, with commas"
            )
        found[name] = value
    usable: dict[str, Any] = {}
    for name in found.keys() - problems.keys():
        try:
            usable |= {fields[name].of_state: fields[name].read(found[name])} if found[name] else {}
        except ValueError as wrong:
            problems[name] = Problem(name, f"{fields[name].label} {wrong}")
    return usable, tuple(problems[name] for name in found if name in problems)


def read_days(
    fields: Mapping[str, Field], pairs: Iterable[tuple[str, str]]
) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """As `read`, of a state with `first` and `last`: days that are the wrong way round are a problem, and neither is used."""
    values, problems = read(fields, pairs)
    first, last = values.get("first"), values.get("last")
    wrong = _wrong_way(first, last) if first and last else ""
    if not wrong:
        return values, problems
    kept = {name: value for name, value in values.items() if name not in {"first", "last"}}
    return kept, (*problems, Problem("to", f"Last day {wrong}"))


def _wrong_way(first: date, last: date) -> str:
    """What is wrong with the last of two days; empty where nothing is."""
    if last < first:
        return "should not be before the first day"
    return f"should be at most {MOST_DAYS:,} days after the first day" if Period(first, last).days > MOST_DAYS else ""


def written(path: str, fields: Iterable[Field], state: object, default: object) -> str:
    """The address of a state; what stands as in `default` is left out."""
    values = [
        (f.name, f.write(getattr(state, f.of_state)))
        for f in fields
        if getattr(state, f.of_state) != getattr(default, f.of_state)
    ]
    query = "&".join(f"{name}={quote(value, safe=SAFE)}" for name, value in values)
    return f"{path}?{query}" if query else path


def text(value: str) -> str:
    """A page, pattern or name without control characters."""
    if len(value) > LONGEST_TEXT or re.search(r"[\x00-\x1f\x7f]", value):
        raise ValueError(f"should have at most {LONGEST_TEXT:,} characters and no control characters")
    return value.strip()


def one_of(*allowed: str) -> Callable[[str], str]:
    """One of a few words."""

    def read_one(value: str) -> str:
        if value not in allowed:
            raise ValueError(f"should be one of {', '.join(allowed)}")
        return value

    return read_one


def several(read_one: Callable[[str], str]) -> Callable[[str], tuple[str, ...]]:
    """Values separated by commas, each once, in their order."""

    def read_all(value: str) -> tuple[str, ...]:
        values = [part.replace(COMMA, ",") for part in value.split(",") if part]
        if len(values) > MOST_VALUES:
            raise ValueError(f"should have at most {MOST_VALUES} values")
        return tuple(dict.fromkeys(map(read_one, values)))

    return read_all


def joined(values: Iterable[str]) -> str:
    """What `several` reads."""
    return ",".join(value.replace(",", COMMA) for value in values)


def whole(least: int, most: int) -> Callable[[str], int]:
    """A whole number, its ends included."""

    def read_number(value: str) -> int:
        if not re.fullmatch(r"\d{1,6}", value, re.ASCII) or not least <= int(value) <= most:
            raise ValueError(f"should be a whole number from {least} to {most}")
        return int(value)

    return read_number


def day(value: str) -> date:
    """A Europe/London day."""
    try:
        found = date.fromisoformat(value)
    except ValueError:
        found = None
    if found is None or value != found.isoformat():
        raise ValueError("should be a date such as 2020-10-31")
    if found not in DAYS:
        raise ValueError(f"should be a date from {DAYS.first} to {DAYS.last}")
    return found


def switch(value: str) -> bool:
    """True or false, as words."""
    return one_of("true", "false")(value) == "true"


def switched(value: object) -> str:
    """What `switch` reads."""
    return "true" if value else "false"


def department(value: str) -> str:
    """A department's short name as the register writes it."""
    try:
        return str(register.department(value[:60]).short)
    except errors.UnknownDepartment:
        raise ValueError("should be the short name of a department, such as HMRC") from None
