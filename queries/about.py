"""What is said beside every answer: days, comparison, coverage, definition, units, notes."""

from collections.abc import Iterator
from typing import Any

from data.periods import Period
from data.register import register
from data.settings import Settings
from data.store import Reading
from queries.answers import About, Coverage
from queries.asking import Asking, Frames, Question
from queries.columns import there, units
from queries.coverage import reported
from queries.periods import days_with_data, last_day


def about(question: Question, asking: Asking[Any], frames: Frames, hidden: tuple[str, ...]) -> About:
    """Everything that must stand beside the answer, in one record."""
    covered = coverage_of(asking.reading, asking.account, asking.period, asking.settings)
    return About(
        version=asking.reading.version,
        account=asking.account,
        period=asking.period,
        comparison=asking.comparison,
        coverage=covered,
        definition=question.DEFINITION,
        suppression=hidden,
        units=units(there(question.COLUMNS, frames.main)),
        publication=asking.parameters.publication,
        notes=(*frames.notes, *(_left_out(covered) if question.__name__ != reported.__name__ else ())),
    )


def _left_out(covered: Coverage) -> Iterator[str]:
    """Whose figures aren't among those of the answer, because they are sums that somebody else counted."""
    if covered.totals_only:
        shares = "shares" if len(covered.totals_only) == 1 else "share"
        yield f"{', '.join(covered.totals_only)} {shares} totals only, as {'its' if shares == 'shares' else 'their'} own tool reports them. {reported.WHY}: they are in no figure here, and stand under `reported`."


def coverage_of(reading: Reading, account: str, period: Period, settings: Settings) -> Coverage:
    """How much of the estate these days hold: who could share, who did, which days are missing."""
    with_data = reading.manifest.senders(account, period)
    in_force = register.sharing(period.first) | register.sharing(period.last)
    partners = register.partners(period.last)
    totals_only = reading.manifest.totals_only(account, period)
    sharing = tuple(short for short in partners if short in (with_data | totals_only) & in_force)
    return Coverage(
        departments=len(partners),
        sharing=sharing,
        not_sharing=tuple(short for short in partners if short not in sharing),
        totals_only=tuple(sorted(totals_only)),
        missing_days=period.days - len(days_with_data(reading, account, period)),
        data_to=last_day(reading, account),
        demonstration=reading.manifest.demonstration or settings.mode == "demonstration",
    )
