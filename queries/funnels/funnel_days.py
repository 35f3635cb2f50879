"""A funnel's drop-offs day by day, with the days before them: what bands and verdicts are made of."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np

from data.periods import Period
from data.register import register
from queries.asking import Asking
from queries.funnels.funnel_definition import Parameters
from queries.funnels.funnel_frames import owner
from queries.funnels.kept_days import with_kept
from queries.periods import days_with_data
from queries.verdicts.expected import WINDOW, Days, Expected, Series, days_of, expected
from queries.verdicts.statistics import Floats
from queries.verdicts.verdicts import WITHIN

BEFORE: Final = WITHIN + WINDOW  # days that are read before those asked for
WHOLE: Final = 0  # the step that stands for all of them: who entered and didn't reach the last
BREAKS_OF: Final = "sessions"  # the measure whose definition breaks are a funnel's too


@dataclass(frozen=True)
class Rows:
    """What is looked at over time: the whole, and each required step that can be followed by another."""

    steps: tuple[int, ...]  # from 1; `WHOLE` first
    names: tuple[str, ...]


@dataclass(frozen=True)
class Held:
    """Drop-offs and the units that could drop off by day and row, over `days`; those asked for are the last `length`."""

    rows: Rows
    days: tuple[date, ...]
    series: Series
    with_data: frozenset[date]
    length: int
    notes: tuple[str, ...]
    department: str | None
    account: str

    def known(self) -> Days:
        """These days as the register's calendar knows them; one on which nobody started tells nothing of the days after."""
        started = self.counts[1][:, 0] > 0
        told = frozenset(day for day, some in zip(self.days, started, strict=True) if some) & self.with_data
        return days_of(self.days, told, [one.day for one in breaks(Period(self.days[0], self.days[-1]), self.account)])

    def expected(self) -> Expected:
        """What each day was expected to be."""
        return expected(self.series, self.known())

    @property
    def counts(self) -> tuple[Floats, Floats]:
        """Drop-offs and units of every day."""
        assert self.series.trials is not None  # noqa: S101 - a rate always has them
        return self.series.hits, self.series.trials

    def last(self, days: int) -> tuple[Floats, Floats]:
        """Drop-offs and units of the last days."""
        hits, trials = self.counts
        return hits[-days:], trials[-days:]


def breaks(period: Period, account: str) -> list[Any]:
    """Definition breaks within a period."""
    return list(register.calendar.breaks_in(period, BREAKS_OF, account))


def rows_of(asked: Parameters) -> Rows:
    """The rows of a funnel."""
    required = asked.rule.required
    told = [WHOLE, *(step + 1 for step in required[:-1])]
    return Rows(tuple(told), ("the whole funnel", *(asked.names[step - 1] for step in told[1:])))


def held(asking: Asking[Any], period: Period, before: int = BEFORE) -> Held:
    """The drop-offs of a period and of so many days before it."""
    asked, longer = asking.parameters, Period(period.first - timedelta(before), period.last)
    one, notes = with_kept(asking, longer, period)
    units, came = one.daily(longer)
    required = asked.rule.required
    trials = [one.daily_entries(longer), *(units[:, step] for step in required[:-1])]
    going_on = [units[:, required[-1]], *(came[:, step] for step in required[1:])]
    hits = np.stack([part - on for part, on in zip(trials, going_on, strict=True)], axis=1)
    series = Series(hits.astype(float), np.stack(trials, axis=1).astype(float))
    with_data = days_with_data(asking.reading, asking.account, longer) | one.kept.keys()
    return Held(
        rows_of(asked), tuple(longer), series, with_data, period.days, notes, owner(asking, one), asking.account
    )
