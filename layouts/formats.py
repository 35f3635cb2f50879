"""How numbers, days and pages are written. Numbers stay numbers until they come here."""

import math
import re
from datetime import date
from typing import Final

from data.periods import Period
from layouts.markup import Child, span, wbr

HIDDEN: Final = "[c]"
NO_VALUE: Final = "no value"
MINUS: Final = "\N{MINUS SIGN}"
LEAST_SAID: Final = 0.1  # per cent: the smallest share, and the smallest rest, that one decimal can say
ONE_DECIMAL: Final = 9.95  # per cent: below this a share has a decimal
ROUNDED_UP: Final = 0.5  # per cent: a rest below this would be rounded away
SIXTY: Final = 60  # seconds of a minute, minutes of an hour


def whole(number: int | None) -> str:
    """`12,345`; a hidden count is `[c]`."""
    return HIDDEN if number is None else f"{number:,}"


def share(fraction: float | None) -> str:
    """`31%`, one decimal near either end; never a 0% or 100% that isn't one. None is `[c]`."""
    if fraction is None or math.isnan(fraction):
        return HIDDEN
    percent = fraction * 100
    if 0 < percent < LEAST_SAID:
        return f"under {LEAST_SAID}%"
    if 100 - LEAST_SAID < percent < 100:  # noqa: PLR2004 - all of them
        return f"over {100 - LEAST_SAID}%"
    plain = ONE_DECIMAL <= percent < 100 - ROUNDED_UP or percent in {0, 100}
    return f"{percent:.0f}%" if plain else f"{percent:.1f}%"


def known_share(fraction: float | None) -> str:
    """A share as `share` has it, or that there is no value."""
    return NO_VALUE if fraction is None else share(fraction)


def rate(part: int | None, of: int | None) -> str:
    """The share of two counts; `no value` where there is nothing to divide by."""
    if of == 0:
        return NO_VALUE
    return HIDDEN if part is None or of is None else share(part / of)


def points(difference: float | None) -> str:
    """`+4.2`, `-0.3`: a difference of two shares in percentage points; none is `[c]`."""
    if difference is None:
        return HIDDEN
    rounded = round(difference * 100, 1)
    return f"{'+' if rounded > 0 else MINUS if rounded < 0 else ''}{abs(rounded):.1f}"


def signed(change: float | None) -> str:
    """`+1,234`, `−5`, `0`: a change of a count; a hidden one is `[c]`."""
    if change is None:
        return HIDDEN
    rounded = round(change)
    return f"{'+' if rounded > 0 else MINUS if rounded < 0 else ''}{abs(rounded):,}"


def counted(number: int | None, one: str, several: str | None = None) -> str:
    """`1 session`, `12,345 sessions`."""
    return f"{whole(number)} {one if number == 1 else several or one + 's'}"


def duration(seconds: float | None) -> str:
    """`48 seconds`, `2 min 5 s`, `1 h 10 min`; none is empty, where a session has no times."""
    if seconds is None:
        return ""
    rest = round(seconds)
    if rest < SIXTY:
        return counted(rest, "second")
    minutes, rest = divmod(rest, 60)
    if minutes < SIXTY:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def day(value: date) -> str:
    """`31 October 2020`."""
    return f"{value:%-d %B %Y}"


def period(value: Period) -> str:
    """`5 to 31 October 2020`, without repeating a month or a year that both ends share."""
    first, last = value.first, value.last
    if first == last:
        return day(last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {day(last)}"
    return f"{first:%-d %B} to {day(last)}" if first.year == last.year else f"{day(first)} to {day(last)}"


def breakable(words: str, after: str = "/_-") -> list[Child]:
    """Words with an address in them, which may break after its slashes and dashes but not after its first.

    The `gov.uk` at the end of a host stays on one line.
    """
    parts = re.split(rf"(?<=[^\s/][{re.escape(after)}])(?=\S)(?!gov\.uk$|uk$)", words)
    return [piece for part in parts for piece in (wbr(), part)][1:]


def named(page: str) -> list[Child]:
    """A page's address for where there is little room: its host, if it has one, as a line of its own above the path."""
    host, slash, path = page.partition("/")
    if not host or not slash:
        return breakable(page)
    return [span(breakable(host, after="."), class_="host"), *breakable(f"/{path}")]


def listed(words: list[str], last: str = "and") -> str:
    """`a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}" if words else ""


def of_iso(written: str) -> date:
    """The day that an answer writes as `2020-10-31`."""
    return date.fromisoformat(written)
