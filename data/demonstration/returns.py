"""What the demonstration's services return about themselves each month, and the volumes that GDS publishes for the others.

Every figure is drawn from the demonstration's one seed by the service's number, so a service returns the same whatever
others do. Some return no costs, one month is late here and there, and a few figures are odd, as real ones are.
"""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np

from data.demonstration.days import SEED
from data.demonstration.writing import CLOCK, Written
from data.periods import Period, month_of, months
from data.register import PLATFORM_SENDER, register
from data.register.records import Service

FORMAT: Final = "kpi"
HEADER: Final = ("service", "channel", "count", "dataType", "period")
Record = tuple[str, str, str, str, str]
SEASON: Final = (1.12, 0.98, 1.04, 0.9, 0.95, 0.98, 1.0, 1.02, 1.06, 1.05, 0.99, 0.86)  # by month
LOCKED_DOWN: Final = Period(date(2020, 4, 1), date(2020, 6, 30))  # fewer came by post and counter, and fewer at all
OFFLINE: Final = {"telephone": 0.6, "post": 0.4}  # shares of what isn't digital
SCORES: Final = (0.04, 0.05, 0.08, 0.29, 0.54)  # of a service that does well
TARGET: Final = 0.9  # digital take-up that departments aim at
WITH_COSTS: Final = 0.75  # the share of services that return costs
PHOTO: Final = (
    "renew-passport",
    Period(date(2020, 9, 1), date(2020, 9, 30)),
    0.86,
)  # completion when the photo check failed


def returns(period: Period, today: date) -> dict[str, list[Record]]:
    """The records of each sender: monthly returns of departments that share, quarterly volumes of the rest by GDS."""
    found: dict[str, list[Record]] = {}
    sharing = register.sharing(today)
    for service in register.services.values():
        drawn = np.random.default_rng([SEED, 7, service.number])
        traits = _Traits(drawn)
        for month in months(period):
            sender = register.department_on(service.department, service.agency, month.last)
            if sender in sharing:
                found.setdefault(sender, []).extend(traits.returned(service, month))
            elif month.last.month % 3 == 0:
                found.setdefault(PLATFORM_SENDER, []).extend(traits.volumes(service, month))
    return found


def write(folder: Path, period: Period) -> Iterator[Written]:
    """A file of records for each sender, of the months of the period."""
    for sender, records in sorted(returns(period, CLOCK).items()):
        path = folder / f"returns-{sender.lower().replace(' ', '-')}.csv"
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([HEADER, *records])
        yield Written(path, FORMAT, sender, "joined", None)


class _Traits:
    """What is typical of one service; each month is drawn around it."""

    def __init__(self, drawn: np.random.Generator) -> None:
        self.drawn = drawn
        self.volume = float(10 ** drawn.uniform(3.4, 5.7))
        self.digital = float(drawn.beta(9, 2))
        self.completion = float(drawn.uniform(0.62, 0.97))
        self.unhappy = float(drawn.uniform(0.6, 2.4))  # how much more often than usual the low scores are given
        self.pounds = float(10 ** drawn.uniform(-0.5, 1.2))  # a transaction
        self.costs = bool(drawn.random() < WITH_COSTS)  # whether it returns them
        self.late = int(drawn.integers(0, 90))  # the month that is missing, if there is one

    def returned(self, service: Service, month: Period) -> Iterator[Record]:
        """The records of a month."""
        place = (month.first.year - 2019) * 12 + month.first.month
        done, digital = self._volumes(month)
        started = round(digital / self._completion(service, month))
        scores = self.drawn.multinomial(max(digital // 60, 20), self._scores())
        if place - 9 == self.late:
            return
        told: list[tuple[str, str, float]] = [
            ("digital", "transactions-by-channel", digital),
            *((name, "transactions-by-channel", round((done - digital) * share)) for name, share in OFFLINE.items()),
            ("digital", "started", started), ("digital", "completed", digital),
            *(("all", f"satisfaction-{number}", int(count)) for number, count in enumerate(scores, 1)),
            ("all", "target-digital-take-up", TARGET),
        ]  # fmt: skip
        if self.costs:
            told.append(("all", "cost", round(done * self.pounds * self.drawn.uniform(0.93, 1.07), 2)))
        yield from (
            (service.slug, channel, f"{count:g}" if count < 1 else f"{count:.12g}", kind, month_of(month.first))
            for channel, kind, count in told
        )

    def volumes(self, service: Service, month: Period) -> Iterator[Record]:
        """The volumes of the quarter that ends with a month; some of a department's services publish none."""
        done, digital = self._volumes(month)
        quarter = f"{month.first.year}-Q{month.first.month // 3}"
        if not self.costs:
            yield service.slug, "all", "", "transactions", quarter
            return
        odd = 1.01 if self.late == 0 else 1.0  # digital counted by another team than the total
        yield service.slug, "all", str(3 * done), "transactions", quarter
        yield service.slug, "digital", str(round(3 * digital * odd)), "transactions", quarter

    def _volumes(self, month: Period) -> tuple[int, int]:
        """All transactions of a month, and the digital ones."""
        locked = month.first in LOCKED_DOWN
        done = self.volume * SEASON[month.first.month - 1] * self.drawn.uniform(0.94, 1.06) * (0.7 if locked else 1)
        share = min(self.digital * self.drawn.uniform(0.985, 1.015) + (0.03 if locked else 0), 0.999)
        return round(done), round(done * share)

    def _completion(self, service: Service, month: Period) -> float:
        slug, when, share = PHOTO
        known = self.completion * self.drawn.uniform(0.97, 1.03)
        return float(known * share if service.slug == slug and month.first in when else known)

    def _scores(self) -> list[float]:
        low = [share * self.unhappy for share in SCORES[:3]]
        high = [share * (1 - sum(low)) / sum(SCORES[3:]) for share in SCORES[3:]]
        return [*low, *high]
