"""Sums of days that outlive the journeys they were counted in: sealed, and found by a keyed hash of what they are of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Engine, Table, and_, delete, insert, select

from data import errors
from data.periods import Period
from data.store.keys import EstateKey

PURPOSE: Final = "sums of days"


@dataclass(frozen=True)
class Sums:
    """Daily sums by what they are of, a text that nobody finds in the database."""

    engine: Engine
    table: Table
    key: EstateKey

    def keep(self, of: str, days: Mapping[date, Mapping[str, Any]]) -> None:
        """Keep what each day came to, instead of what was kept of it before; all of them, or none."""
        place, columns = self.key.name(PURPOSE, of), self.table.c
        rows = [
            {"place": place, "day": day, "content": {"place": place, "day": str(day), **told}}
            for day, told in days.items()
        ]
        if not rows:
            return
        with self.engine.begin() as connection:
            connection.execute(delete(self.table).where(and_(columns.place == place, columns.day.in_(list(days)))))
            connection.execute(insert(self.table), rows)

    def found(self, of: str, period: Period) -> dict[date, dict[str, Any]]:
        """What is kept of the days of a period. Raises `Untrusted` for a row that was written for another place or day."""
        place, columns = self.key.name(PURPOSE, of), self.table.c
        wanted = and_(columns.place == place, columns.day.between(period.first, period.last))
        with self.engine.connect() as connection:
            rows = connection.execute(select(columns.day, columns.content).where(wanted).order_by(columns.day))
            found: dict[date, dict[str, Any]] = {row.day: row.content for row in rows}
        if any((told["place"], told["day"]) != (place, str(day)) for day, told in found.items()):
            raise errors.Untrusted("The state database was changed", "Restore a backup of the home")
        return found

    def forget(self, before: date) -> None:
        """Remove the days before this one."""
        with self.engine.begin() as connection:
            connection.execute(delete(self.table).where(self.table.c.day < before))
