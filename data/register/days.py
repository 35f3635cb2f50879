"""The calendar: dated events that move figures, and days on which a measure began to count something else."""

from dataclasses import dataclass
from datetime import date

from data.periods import Period
from data.register import files
from data.register.records import Break, Dated


@dataclass(frozen=True)
class Calendar:
    """Dated events in the order of their first days, and definition breaks in the order of theirs."""

    dated: tuple[Dated, ...]
    breaks: tuple[Break, ...]

    @classmethod
    def read(cls) -> "Calendar":
        """calendar.csv and breaks.toml"""
        dated = files.records(Dated, files.rows("calendar"))
        breaks = files.records(Break, files.table("breaks")["break"])
        return cls(tuple(sorted(dated, key=_first)), tuple(sorted(breaks, key=lambda one: one.day)))

    def events(self, period: Period, kind: str | None = None) -> tuple[Dated, ...]:
        """Dated events with a day in the period, of one kind or of all."""
        kept = (one for one in self.dated if kind in {None, one.kind})
        return tuple(one for one in kept if one.period.overlap(period))

    def is_bank_holiday(self, day: date) -> bool:
        """Whether the day is a bank holiday of England and Wales."""
        return bool(self.events(Period(day, day), "bank holiday"))

    def breaks_in(self, period: Period, measure: str, account: str) -> tuple[Break, ...]:
        """The breaks inside the period of this measure in this account."""
        return tuple(one for one in self.breaks if one.splits(measure, account, period))


def _first(dated: Dated) -> tuple[date, str]:
    return dated.first_day, dated.name
