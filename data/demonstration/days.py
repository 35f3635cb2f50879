"""What is special about a day: how many come for what, when, and how many of them are recorded."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, Final

import numpy as np

from data.demonstration import files
from data.demonstration.changes import Changed, changed
from data.demonstration.world import Array, World
from data.periods import LONDON
from data.register import register

SEED: Final = 20_191_001
NOISE: Final = 0.05  # of a theme's landings from day to day, as a standard deviation
HOLIDAY: Final = 7  # the place of a bank holiday in a week's factors
SATURDAY: Final = 5
MONTHS_START, MONTHS_END = 2, 3  # days that make the ends of a month


@dataclass(frozen=True, eq=False)
class Conditions:
    """A day's world. `landings`, by node, add up to its sessions where an ordinary day before consent has about 9,300."""

    day: date
    midnight: float  # the moment the London day begins, in seconds since 1970, UTC
    seconds: float  # of the day; the clocks change twice a year
    hours: Array  # sessions that begin before each hour, as shares
    landings: Array
    changed: Changed

    @property
    def ends_month(self) -> bool:
        """Whether it is a month's last day."""
        return (self.day + timedelta(days=1)).day == 1


def conditions(whole: World, day: date) -> Conditions:
    """What the day is like."""
    now = changed(whole, day)
    stands = (whole.first_day <= day.toordinal()) & (day.toordinal() <= whole.last_day)
    landings = now.landings * stands * _themes(day)[whole.theme] * _moved("consent", day)
    begins, ends = _midnight(day), _midnight(day + timedelta(days=1))
    return Conditions(day, begins, ends - begins, _hours(day), landings, now)


def _midnight(day: date) -> float:
    return datetime.combine(day, time(), LONDON).timestamp()


def _hours(day: date) -> Array:
    working = day.weekday() < SATURDAY and not register.calendar.is_bank_holiday(day)
    sessions = np.cumsum(files.table("themes")["hours"]["working" if working else "other"])
    return np.concatenate([[0.0], sessions / sessions[-1]])


@cache
def _themes(day: date) -> Array:
    """The factor of each theme's landings."""
    told = files.table("themes")
    place = HOLIDAY if register.calendar.is_bank_holiday(day) else day.weekday()
    noise = np.random.default_rng([SEED, day.toordinal()]).normal(0, NOISE, len(told["theme"]))
    ends = day.day <= MONTHS_START or (day + timedelta(days=MONTHS_END)).month != day.month
    factors = [
        told["week"][theme["week"]][place] * _line(theme, day) * (theme.get("ends", 1.0) if ends else 1.0)
        for theme in told["theme"].values()
    ]
    result: Array = np.array(factors) * np.exp(noise) * _moved("everywhere", day)
    return result


def _moved(name: str, day: date) -> float:
    return _line(files.table("themes")[name], day)


def _line(told: dict[str, Any], day: date) -> float:
    """The product of the lines that hold on the day."""
    factor = 1.0
    for first, last, begins, ends in told.get("moved", []):
        if first <= day <= last:
            factor *= begins + (ends - begins) * (day - first).days / max((last - first).days, 1)
    return factor
