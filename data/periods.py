"""Periods of Europe/London days. A period is a type; nothing else in the project carries two dates."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True, order=True)
class Period:
    """The days from `first` to `last`, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"A period can't end on {self.last} before it starts on {self.first}")

    def __iter__(self) -> Iterator[date]:
        return (self.first + timedelta(days=n) for n in range(self.days))

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __str__(self) -> str:
        return f"{self.first}..{self.last}"

    @property
    def days(self) -> int:
        """How many days, at least 1."""
        return (self.last - self.first).days + 1

    def overlap(self, other: "Period") -> "Period | None":
        """The days of both, or none."""
        first, last = max(self.first, other.first), min(self.last, other.last)
        return Period(first, last) if first <= last else None

    def shifted(self, days: int) -> "Period":
        """The same length, `days` later (or earlier)."""
        return Period(self.first + timedelta(days=days), self.last + timedelta(days=days))

    def previous(self) -> "Period":
        """The nearest earlier period of the same length that doesn't overlap and has the same weekdays."""
        return self.shifted(-7 * -(-self.days // 7))

    def year_before(self) -> "Period":
        """The same weekdays 52 weeks earlier (53 where 52 would overlap a longer period)."""
        return self.shifted(-7 * max(52, -(-self.days // 7)))

    @property
    def in_one_month(self) -> bool:
        """Whether all days are of one calendar month, the life of a visitor's pseudonym."""
        return (self.first.year, self.first.month) == (self.last.year, self.last.month)


KNOWN = Period(date(1970, 1, 1), date(2099, 12, 31))  # a day outside is a slip of a pen or of a clock, whatever says it


def month_of(day: date) -> str:
    """`2019-10`, the name of a calendar month."""
    return f"{day:%Y-%m}"


def whole_month(day: date) -> Period:
    """The calendar month that holds `day`."""
    first = day.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return Period(first, following - timedelta(days=1))


def months(period: Period) -> Iterator[Period]:
    """The calendar months that hold days of the period, in order."""
    month = whole_month(period.first)
    while month.first <= period.last:
        yield month
        month = whole_month(month.last + timedelta(days=1))


def london_day(moment: datetime) -> date:
    """The Europe/London day of an aware moment."""
    return moment.astimezone(LONDON).date()


def london_days(moments: pl.Series) -> pl.Series:
    """The Europe/London day of each moment (UTC), null for none.

    London's days begin with whole hours, so only the hours that are there are converted: a tenth of the work.
    """
    hours = moments.dt.truncate("1h").drop_nulls().unique().sort()
    days = hours.dt.convert_time_zone(str(LONDON)).dt.date()
    return pl.concat([pl.Series([None], dtype=pl.Date), days]).gather(hours.search_sorted(moments, "right"))
