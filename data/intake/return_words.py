"""The words of service returns: which measure, channel and period a text means, and what a value may be."""

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from data.contract import ALL_CHANNELS, RATINGS
from data.intake import columns
from data.intake.singles import Broken
from data.periods import KNOWN, Period, whole_month

MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
SPAN: Final = re.compile(r"(total|digital)([a-z]{3})(\d\d)([a-z]{3})(\d\d)published")
DIGITAL_OR_ALL: Final = {"digital": "digital", "total": ALL_CHANNELS}
MONTHS_OF: Final = {"month": 1, "quarter": 3, "year": 12}
UNITS: Final = ("week", *MONTHS_OF)
DIGITAL: Final = frozenset({"digital", "online", "web", "internet", "fully-digital"})
WHOLE: Final = frozenset({"all", "total", "all-channels", "total-volume"})
CHANNEL: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_CHANNEL: Final = 40
COUNT: Final = re.compile(r"([0-9]{1,12})(?:\.0+)?")
AMOUNT: Final = re.compile(r"£?([0-9]{1,12}(?:\.[0-9]{1,6})?)")
MOST_OF_SHARE: Final = 1.0
STAGES: Final = {
    **dict.fromkeys(("start", "starts", "started"), "started"),
    **dict.fromkeys(("end", "done", "complete", "completed", "completions"), "completed"),
}
TARGETS: Final = (
    "target_completion_rate",
    "target_satisfaction",
    "target_digital_take_up",
    "target_cost_per_transaction",
)
TYPES: Final[dict[str, str]] = {  # the data type of a record, without spaces and dashes
    **dict.fromkeys(("transactions", "transactionsbychannel", "digitaltakeup", "volumes"), "transactions"),
    **dict.fromkeys(("started", "starts", "transactionsstarted"), "started"),
    **dict.fromkeys(("completed", "completions", "transactionscompleted"), "completed"),
    **dict.fromkeys(("cost", "totalcost"), "cost"),
    **{kind + number: f"rating_{number}" for number in "12345" for kind in ("rating", "satisfaction")},
    **{columns.plain(name): name for name in TARGETS},
}
SCORES: Final = {word + number: f"rating_{number}" for number in "12345" for word in ("", "rating-")}
BY_CHANNEL: Final[dict[str, dict[str, str]]] = {  # where a record's channel says which of several measures it counts
    "completionrate": STAGES,
    "satisfaction": SCORES,
    "usersatisfaction": SCORES,
    "customersatisfaction": SCORES,
}


class Span(NamedTuple):
    """What a column such as `total_oct16_sep17_published` holds: transactions of a channel between two days."""

    first: date
    last: date
    channel: str


@lru_cache(maxsize=1_024)
def span(name: str) -> Span | None:
    """What the plain name of such a column says; none for another, and for days that are no week, month, quarter or year."""
    found = SPAN.fullmatch(name)
    if not found or not {found[2], found[4]} <= set(MONTHS):
        return None
    first, last = (
        date(2000 + int(year), MONTHS.index(month) + 1, 1) for month, year in (found.group(2, 3), found.group(4, 5))
    )
    end = whole_month(last).last
    return None if unit(first, end) == "days" else Span(first, end, DIGITAL_OR_ALL[found[1]])


@lru_cache(maxsize=1_024)
def measure(data_type: str, channel: str | None) -> tuple[str, str]:
    """The measure and the channel that a record's words mean. Raises `Broken`."""
    plain, told = columns.plain(data_type), _channel(channel)
    found = TYPES.get(plain)
    if plain in BY_CHANNEL:
        found, told = BY_CHANNEL[plain].get(told), ALL_CHANNELS
    if found is None:
        raise Broken("unknown_data_type")
    return found, told


def _channel(channel: str | None) -> str:
    plain = re.sub(r"[\s_]+", "-", (channel or ALL_CHANNELS).strip().lower())
    if len(plain) > LONGEST_CHANNEL or not CHANNEL.fullmatch(plain):
        raise Broken("bad_channel")
    return ALL_CHANNELS if plain in WHOLE else "digital" if plain in DIGITAL else plain


def value(measure: str, text: str | None) -> float | None:
    """The value of a figure; none where it is empty. Raises `Broken` for what is no count, or no amount of money."""
    if text is None:
        return None
    amount = measure not in {"started", "completed", "transactions", *RATINGS}
    found = (AMOUNT if amount else COUNT).fullmatch(text)
    if not found:
        raise Broken("range" if text.startswith("-") else "not_number" if amount else "not_integer")
    number = float(found[1])
    if measure in TARGETS[:3] and number > MOST_OF_SHARE:
        raise Broken("range")
    return number


@lru_cache(maxsize=4_096)
def period(text: str | None, start: str | None) -> tuple[date, date]:
    """The first and last day that a return's period means. Raises `Broken`.

    `2020-10`, `2020-Q4` (of the calendar year), `2020`, `2020-W44`, `2020-10-01..2020-10-31` or with `/`; or the name of a
    unit in `text` and its first day, maybe with a time, in `start`.
    """
    wanted, begun = (text or "").strip().lower(), (start or "")[:10]
    try:
        found = _starting(wanted, date.fromisoformat(begun)) if wanted in UNITS else _written(wanted or begun[:7])
    except (ValueError, OverflowError):
        raise Broken("bad_period") from None
    if not (found.first in KNOWN and found.last in KNOWN) or unit(found.first, found.last) == "days":
        raise Broken("bad_period")
    return found.first, found.last


def _starting(named: str, first: date) -> Period:
    if named == "week":
        return Period(first, first + timedelta(days=6))
    return _months(first, MONTHS_OF[named])


def _written(text: str) -> Period:
    if found := re.fullmatch(r"(\d{4})-?q([1-4])", text):
        return _months(date(int(found[1]), int(found[2]) * 3 - 2, 1), MONTHS_OF["quarter"])
    if re.fullmatch(r"\d{4}-w\d\d", text):
        return _starting("week", date.fromisoformat(f"{text.upper()}-1"))
    if re.fullmatch(r"\d{4}", text):
        return _months(date(int(text), 1, 1), MONTHS_OF["year"])
    if re.fullmatch(r"\d{4}-\d\d(?:-01)?", text):
        return _months(date.fromisoformat(f"{text[:7]}-01"), MONTHS_OF["month"])
    first, _, last = text.replace("/", "..").partition("..")
    return Period(date.fromisoformat(first), date.fromisoformat(last))


def _months(first: date, count: int) -> Period:
    last = whole_month(first)
    for _ in range(count - 1):
        last = whole_month(last.last + timedelta(days=1))
    return Period(first, last.last)


def unit(first: date, last: date) -> str:
    """`week`, `month`, `quarter` or `year`: how long a period is; `days` for any other length."""
    if last - first == timedelta(days=6):
        return "week"
    return next(
        (name for name, count in MONTHS_OF.items() if first.day == 1 and _months(first, count).last == last), "days"
    )
