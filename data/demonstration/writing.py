"""Extract files of the demonstration: each account's rows of each day, parted by sender."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from pathlib import Path
from types import ModuleType
from typing import Final, Literal

import numpy as np
import polars as pl

from data.demonstration import ga4, hits, ua
from data.demonstration.days import SEED, Conditions, conditions
from data.demonstration.people import DAYS_OF_VISITORS
from data.demonstration.rows import rows
from data.demonstration.sessions import sessions
from data.demonstration.world import world
from data.periods import LONDON, Period, whole_month
from data.register import PLATFORM_HOST, PLATFORM_SENDER, register

PERIOD: Final = Period(date(2019, 10, 1), date(2020, 10, 31))
CLOCK: Final = date(2020, 11, 1)  # the day that the demonstration calls today
SIZE: Final = 3_000_000  # page views of the whole period, both accounts together

Span = Literal["day", "month", "period"]


@dataclass(frozen=True)
class Account:
    """Its share of all page views, and how many of them a session has, measured."""

    number: int
    share: float
    views: float


ACCOUNTS: Final = {"joined": Account(0, 0.78, 1.786), "gds": Account(1, 0.22, 1.196)}


FORMATS: Final[dict[tuple[str, str], ModuleType]] = {  # by account and sender; the rest send `hits`
    ("gds", PLATFORM_SENDER): ua,
    **{("joined", sender): ga4 for sender in ("HMRC", "Home Office", "MoJ", "DfE")},
}


@dataclass(frozen=True)
class Written:
    """A file of one sender and account; without a day it holds several, and is taken apart as it is imported."""

    path: Path
    format: str
    sender: str
    account: str
    day: date | None


def write(folder: Path, size: int = SIZE, period: Period = PERIOD, *, span: Span = "day") -> Iterator[Written]:
    """Write extracts into `folder`, and give each as it is closed; `size` page views fall to the whole of `PERIOD`.

    A file holds a `span` of days: one, a calendar month or all of them. Together the files say the same; the longer the
    span, the fewer they are and the less the way in costs (5,500, 180 or 14 files), and the more memory this takes
    (about 2 GB for the files of 10 million rows; above, take "month" and import each month as it comes).
    """
    for days in _spans(period, span):
        for (account, sender), frames in sorted(_parted(days, size, span).items()):
            writer = FORMATS.get((account, sender), hits)
            name = f"{account}-{sender.lower().replace(' ', '-')}-{_named(days, span)}{writer.SUFFIX}"
            writer.write(pl.concat(frames), folder / name)
            yield Written(folder / name, writer.FORMAT, sender, account, days.first if span == "day" else None)


def day_rows(day: date, account: str, size: int = SIZE) -> pl.DataFrame:
    """The rows of one day in one account, `rows.ROWS` with `sender`; the same however many other days are made."""
    return _rows(conditions(world(), day), account, size)


def _rows(today: Conditions, account: str, size: int) -> pl.DataFrame:
    told, ordinary = ACCOUNTS[account], size / _whole()
    random = np.random.default_rng([SEED, told.number + 1, today.day.toordinal()])
    count = random.poisson(today.landings.sum() * ordinary * told.share / told.views)
    visitors = max(1, round(world().landings.sum() * DAYS_OF_VISITORS * ordinary * told.share / told.views))
    drawn = sessions(world(), today, (told.number, visitors), (count, random))
    found = rows(world(), today, drawn, random)
    host = world().pages["host"].gather(found["page"]).alias("host")
    senders = host.replace_strict(_senders(today.day), return_dtype=_everybody())
    kept = found.with_columns(senders.alias("sender"))
    return kept if register.account(account).whole else kept.filter(host == PLATFORM_HOST)


@cache
def _whole() -> float:
    """The landings of all days of the period, in the measure of pages.csv."""
    return sum(float(conditions(world(), day).landings.sum()) for day in PERIOD)


@lru_cache(maxsize=2)
def _senders(day: date) -> dict[str, str]:
    """Who sends each host in the joined account.

    The property sees every host. Rows of a department that doesn't share reach GDS with the rest of it, and the way in
    drops them, leaving marks.
    """
    sharing = register.sharing(day)
    hosts = world().pages["host"].unique().to_list()
    departments = {host: register.department_of_host(host, day) for host in hosts}
    return {host: found if found in sharing else PLATFORM_SENDER for host, found in departments.items()}


@cache
def _everybody() -> pl.Enum:
    """Everybody who sends something on some day."""
    return pl.Enum([PLATFORM_SENDER, *(one.department for one in register.agreements if one.signed)])


def _parted(days: Period, size: int, span: Span) -> dict[tuple[str, str], list[pl.DataFrame]]:
    """The rows of the days by account and sender. A file of several days ends with the last of them."""
    end = datetime.combine(days.last + timedelta(days=1), time(), LONDON).astimezone(UTC)
    parts: dict[tuple[str, str], list[pl.DataFrame]] = {}
    for day in days:
        today = conditions(world(), day)
        for account in ACCOUNTS:
            found = _rows(today, account, size)
            if span != "day" and day == days.last:
                found = found.filter(pl.col("time") < end)
            for (sender,), part in found.partition_by("sender", as_dict=True, include_key=False).items():
                parts.setdefault((account, sender), []).append(part)
    return parts


def _spans(period: Period, span: Span) -> Iterator[Period]:
    if span == "period":
        yield period
    for day in period if span != "period" else ():
        if span == "day":
            yield Period(day, day)
        elif day == period.first or day.day == 1:
            yield Period(day, min(whole_month(day).last, period.last))


def _named(days: Period, span: Span) -> str:
    return f"{days.first:%Y%m%d}" if span == "day" else f"{days.first:%Y-%m}"
