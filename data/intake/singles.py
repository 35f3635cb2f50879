"""Single values of objects, strictly: what isn't exactly a value of its kind breaks its line."""

import re
from datetime import date
from functools import lru_cache
from typing import Final

from data import errors
from data.intake import columns
from data.periods import KNOWN

FIRST_MOMENT, LAST_MOMENT = 946_684_800_000_000, 4_102_444_800_000_000  # the years 2000 to 2099, microseconds
MOST: Final = (1 << 63) - 1
MOST_DIGITS: Final = 20  # of the largest number, and its sign
DAY: Final = re.compile(r"[0-9]{4}(-?)[0-9]{2}\1[0-9]{2}")
NOTHING: Final = frozenset({"", "(not set)", "(not provided)"})  # what Google Analytics says for no value

Single = str | int | float | None  # as it may be sent; a truth value, a list or an object is a wrong type


class Broken(Exception):
    """A line breaks this rule."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


def text(value: Single) -> str | None:
    """A single value as text; none where it is empty."""
    if type(value) is str:
        return None if value in NOTHING else value
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    return None if value is None else str(value)


def whole_number(value: Single, low: int = 0, high: int = MOST) -> int | None:
    """A whole number, sent as one or as its digits; none where it is empty. Raises `Broken`."""
    if value is None or value == "":
        return None
    if type(value) is str:
        if not (value.isascii() and (value.isdigit() or value.removeprefix("-").isdigit())):
            raise Broken("not_integer")
        value = int(value) if len(value) <= MOST_DIGITS else MOST + 1
    if type(value) is not int:
        raise Broken("not_integer")
    if low <= value <= high:
        return value
    raise Broken("range")


@lru_cache(maxsize=4_096)
def day(value: str | None) -> date | None:
    """`20191009` or `2019-10-09` as a day; none where it is empty. Raises `Broken`."""
    if not value:
        return None
    if not DAY.fullmatch(value):
        raise Broken("bad_time")
    try:
        found = date.fromisoformat(value)
    except ValueError:
        raise Broken("bad_time") from None
    if found not in KNOWN:
        raise Broken("bad_time")
    return found


def uncut(value: str | None, longest: int, ends: str) -> str | None:
    """A text without its last word where it was cut at `longest` characters: half an identifier can't be known as one."""
    if value is None or len(value) < longest:
        return value
    kept = value[: max(value.rfind(end) for end in ends)]
    return kept or None


def filled(value: object) -> bool:
    """Whether there is anything in a value, whatever it is."""
    return any(map(filled, value.values())) if isinstance(value, dict) else value not in (None, "", [])


def identified(name: str) -> errors.Refused:
    """The refusal of a file that says who somebody is under this name."""
    detail = f"{columns.shown([name])[0]!r} is filled in it and tells who people are; nothing of it was kept"
    return errors.Refused("identity_column", "The file has identities", f"{detail}. Send the file without it")
