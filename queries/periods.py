"""Which days a question is about: those asked for or the newest, those to compare with, and those that may be published."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from data import errors
from data.periods import Period, month_of, months, whole_month
from data.settings import Settings
from data.store import Reading
from queries.parameters import Common

DEFAULT_DAYS: Final = 28
EVER: Final = Period(date.min, date.max)
MONDAY: Final = 0
WEEK: Final = 7
QUARTER: Final = 13  # weeks


def period_of(wanted: Common, reading: Reading, settings: Settings) -> Period:
    """The days asked for; where an end isn't named, the last day that has data, and 28 days up to it.

    For publication that is the newest whole month instead.
    """
    newest = last_day(reading, wanted.account) or settings.today() - timedelta(days=1)
    if wanted.publication and not (wanted.first or wanted.last):
        return last_month(newest)
    last = wanted.last or max(newest, wanted.first or newest)
    return Period(wanted.first or last - timedelta(days=DEFAULT_DAYS - 1), last)


def comparison_of(wanted: Common, period: Period) -> Period | None:
    """The days that the period is compared with, or none; whole months are compared with whole months in publication."""
    if wanted.publication and wanted.compare in {"previous", "year"} and is_months(period):
        length = len(list(months(period)))
        return earlier(period, length if wanted.compare == "previous" else max(12, length))
    return wanted.compared_with(period)


def days_with_data(reading: Reading, account: str, period: Period) -> frozenset[date]:
    """The days of the period with an extract of the account; without a list of extracts, those of its segments."""
    if reading.manifest.deliveries:
        days = reading.manifest.days(account)
        return days & frozenset(period) if period.days < len(days) else frozenset(day for day in days if day in period)
    overlaps = (segment.period.overlap(period) for segment in reading.segments(account, period))
    return frozenset(day for overlap in overlaps if overlap for day in overlap)


def last_day(reading: Reading, account: str) -> date | None:
    """The last day of the account that has data."""
    if reading.manifest.deliveries:
        return max(reading.manifest.days(account), default=None)
    return max((one.last_day for one in reading.segments(account, EVER)), default=None)


def require_fixed(period: Period, field: str, today: date) -> None:
    """Raise `BadRequest` for days that aren't whole weeks or months, or that go on: what is said of those grows day by day."""
    if atoms_of(period, field)[-1].last > today:
        sentence = "Give weeks, months, quarters or years that are over: from what is published on one day and the next, one could tell that day"
        raise errors.BadRequest("These days can't be published yet", sentence, field)


def atoms_of(period: Period, field: str = "from") -> list[Period]:
    """The whole months, else the whole weeks, that make up the period. Raises `BadRequest` where none do."""
    if is_months(period):
        return list(months(period))
    if period.first.weekday() == MONDAY and period.days % WEEK == 0:
        return [Period(day, day + timedelta(days=WEEK - 1)) for day in list(period)[::WEEK]]
    sentence = "Give whole weeks from Monday to Sunday, or whole calendar months, quarters or years"
    raise errors.BadRequest("These days can't be published", sentence, field)


def named(atom: Period) -> str:
    """`2019-10` or `2019-W40`: the name of a whole month or week."""
    return month_of(atom.first) if is_months(atom) else f"{atom.first:%G-W%V}"


def published_by(asked: str | None, period: Period) -> str:
    """`week` or `month`: what a published period is made of, and so each point of a trend. Raises `BadRequest` for another."""
    found = "week" if "W" in named(atoms_of(period)[0]) else "month"
    if asked not in {None, found}:
        raise errors.BadRequest("These days can't be published", f"Ask for it by {found}", "by")
    return found


def stretches(period: Period, by: str) -> Iterator[Period]:
    """The days, weeks from Monday or calendar months of a period, the first and last cut where it ends."""
    first = period.first
    while first <= period.last:
        last = {"day": first, "week": first + timedelta(WEEK - 1 - first.weekday())}.get(by, whole_month(first).last)
        yield Period(first, min(last, period.last))
        first = last + timedelta(1)


def last_month(day: date) -> Period:
    """The newest calendar month that is over at the end of a day."""
    month = whole_month(day)
    return month if month.last == day else whole_month(month.first - timedelta(days=1))


def last_weeks(reading: Reading, wanted: Common, settings: Settings) -> Period:
    """The newest whole weeks that are over: a quarter's, or as many as have data."""
    newest = last_day(reading, wanted.account) or settings.today() - timedelta(days=1)
    last = newest - timedelta(days=(newest.weekday() + 1) % WEEK)
    known = min((one.first_day for one in reading.segments(wanted.account, EVER)), default=last)
    first = max(last - timedelta(days=QUARTER * WEEK - 1), known - timedelta(days=known.weekday()))
    return Period(min(first, last - timedelta(days=WEEK - 1)), last)


def is_months(period: Period) -> bool:
    """Whether the period is one or several whole calendar months."""
    return period.first.day == 1 and period.last == whole_month(period.last).last


def earlier(period: Period, count: int) -> Period:
    """Whole months, `count` months earlier (or later, where it is below 0)."""
    return Period(
        _months_before(period.first, count), whole_month(_months_before(period.last.replace(day=1), count)).last
    )


def _months_before(day: date, count: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - count, 12)
    return date(year, month + 1, 1)
