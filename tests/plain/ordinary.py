"""Made-up days on which nothing happened: weeks, seasons, trends, holidays, and noise that outlasts a day."""

from datetime import date, timedelta
from functools import cache
from typing import Any, Final

import numpy as np

from data.periods import Period
from data.register import register

Floats = np.ndarray[Any, np.dtype[np.float64]]
FIRST: Final = date(2019, 10, 1)
MONTHS_13: Final = 397  # days to 31 October 2020
DEPARTMENTS: Final = 17
WORKING_WEEK: Final = np.array([1.05, 1.03, 1, 0.98, 0.92, 1, 1])


@cache
def bank_holidays() -> frozenset[date]:
    """Those of all years that the register knows."""
    found = register.calendar.events(Period(date(2018, 1, 1), date(2027, 12, 31)), "bank holiday")
    return frozenset(one.first_day for one in found)


def days(length: int = MONTHS_13) -> list[date]:
    """Consecutive days."""
    return [FIRST + timedelta(number) for number in range(length)]


def counts(
    luck: np.random.Generator,
    length: int = MONTHS_13,
    things: int = DEPARTMENTS,
    sizes: tuple[float, float] = (1.5, 4.7),
) -> Floats:
    """Counts by day and thing, each in its own way, a day's from 10 to the first size to 10 to the second.

    Departments, unless said otherwise: from thirty to some fifty thousand a day.
    """
    return np.stack([_thing(luck, days(length), sizes) for _ in range(things)], axis=1)


def parts(luck: np.random.Generator, whole: Floats) -> Floats:
    """Of each count a part: a share of each thing's own, which differs from day to day by more than chance."""
    noise = np.stack([_lasting(luck, len(whole)) for _ in range(whole.shape[1])], axis=1)
    shares = 1 / (1 + np.exp(-luck.normal(0, 1.2, whole.shape[1]) - 2 * noise))
    return np.asarray(luck.binomial(whole.astype(int), shares), float)


def _thing(luck: np.random.Generator, on: list[date], sizes: tuple[float, float]) -> Floats:
    size = 10 ** luck.uniform(*sizes)
    known = _week(luck, on) + _season(luck, on) + _holidays(luck, on)
    trend = luck.uniform(-0.2, 0.2) * np.arange(len(on)) / 365
    mean = size * np.exp(known + trend + _lasting(luck, len(on)))
    alike = luck.uniform(30, 300)  # the smaller, the more days differ beyond chance
    return np.asarray(luck.poisson(mean * luck.gamma(alike, 1 / alike, len(on))), float)


def _week(luck: np.random.Generator, on: list[date]) -> Floats:
    weekday = np.array([day.weekday() for day in on])
    weekend = np.where(weekday >= 5, luck.uniform(0.3, 1), 1)
    return np.asarray(np.log(weekend * WORKING_WEEK[weekday]))


def _season(luck: np.random.Generator, on: list[date]) -> Floats:
    turn = 2 * np.pi * np.array([day.timetuple().tm_yday for day in on]) / 365
    year, half = luck.uniform(0, 0.25), luck.uniform(0, 0.1)
    return np.asarray(year * np.sin(turn + luck.uniform(0, 7)) + half * np.sin(2 * turn + luck.uniform(0, 7)))


def _holidays(luck: np.random.Generator, on: list[date]) -> Floats:
    bank = np.array([day in bank_holidays() for day in on])
    christmas = np.array([(day.month, day.day) >= (12, 24) or (day.month, day.day) <= (1, 3) for day in on])
    fallen = np.log(luck.uniform(0.35, 0.8)) * bank
    return np.asarray(fallen + np.log(luck.uniform(0.5, 0.9)) * (christmas & ~bank))


def _lasting(luck: np.random.Generator, length: int) -> Floats:
    """Noise of which a part is still there the next day."""
    size, kept = luck.uniform(0.02, 0.1), luck.uniform(0.1, 0.6)
    new = luck.normal(size=length) * size * np.sqrt(1 - kept**2)
    found = np.zeros(length)
    for day in range(length):
        found[day] = new[day] + (kept * found[day - 1] if day else luck.normal() * size)
    return found
