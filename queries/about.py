"""What is said beside every answer: days, comparison, coverage, definition, units, notes."""

from typing import Any

from data.periods import Period
from data.register import register
from data.settings import Settings
from data.store import Reading
from queries.answers import About, Coverage
from queries.asking import Asking, Frames, Question
from queries.columns import there, units
from queries.periods import days_with_data, last_day


def about(question: Question, asking: Asking[Any], frames: Frames, hidden: tuple[str, ...]) -> About:
    """Everything that must stand beside the answer, in one record."""
    return About(
        version=asking.reading.version,
        account=asking.account,
        period=asking.period,
        comparison=asking.comparison,
        coverage=coverage_of(asking.reading, asking.account, asking.period, asking.settings),
        definition=question.DEFINITION,
        suppression=hidden,
        units=units(there(question.COLUMNS, frames.main)),
        publication=asking.parameters.publication,
        notes=frames.notes,
    )


def coverage_of(reading: Reading, account: str, period: Period, settings: Settings) -> Coverage:
    """How much of the estate these days hold: who could share, who did, which days are missing."""
    with_data = reading.manifest.senders(account, period)
    in_force = register.sharing(period.first) | register.sharing(period.last)
    partners = register.partners(period.last)
    sharing = tuple(short for short in partners if short in with_data & in_force)
    return Coverage(
        departments=len(partners),
        sharing=sharing,
        not_sharing=tuple(short for short in partners if short not in sharing),
        missing_days=period.days - len(days_with_data(reading, account, period)),
        data_to=last_day(reading, account),
        demonstration=reading.manifest.demonstration or settings.mode == "demonstration",
    )
