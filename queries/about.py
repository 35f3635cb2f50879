"""What is said beside every answer: days, comparison, coverage, definition, units, notes."""

from datetime import date, timedelta
from typing import Any, Final

from data.periods import Period
from data.settings import Settings
from data.store import Reading
from queries.answers import About, Coverage
from queries.asking import Asking, Frames, Question
from queries.columns import units
from queries.parameters import Common

DEFAULT_DAYS: Final = 28
EVER: Final = Period(date.min, date.max)


def period_of(wanted: Common, reading: Reading, settings: Settings) -> Period:
    """The days asked for; where an end isn't named, the last day that has data, and 28 days up to it."""
    last = wanted.last or max(
        _last_day(reading, wanted, settings), wanted.first or _last_day(reading, wanted, settings)
    )
    return Period(wanted.first or last - timedelta(days=DEFAULT_DAYS - 1), last)


def comparison_of(wanted: Common, period: Period) -> Period | None:
    """The days that the period is compared with, or none."""
    return wanted.compared_with(period)


def about(question: Question, asking: Asking[Any], frames: Frames, hidden: tuple[str, ...]) -> About:
    """Everything that must stand beside the answer, in one record."""
    return About(
        version=asking.reading.version,
        account=asking.account,
        period=asking.period,
        comparison=asking.comparison,
        coverage=_coverage(asking),
        definition=question.DEFINITION,
        suppression=hidden,
        units=units(question.COLUMNS),
        publication=asking.parameters.publication,
        notes=frames.notes,
    )


def _last_day(reading: Reading, wanted: Common, settings: Settings) -> date:
    days: list[date] = [segment.last_day for segment in reading.segments(wanted.account, EVER)]
    return max(days, default=settings.today() - timedelta(days=1))


def _coverage(asking: Asking[Any]) -> Coverage:
    return Coverage(0, (), (), 0, None, demonstration=asking.settings.mode == "demonstration")
