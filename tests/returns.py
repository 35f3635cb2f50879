"""Estates in memory that hold what services returned, one line a service and period.

    holding("vat-return 2019-10: started 100, completed 80, digital 70, phone 30, cost 500, ratings 1 2 3 4 5")

A name that is no measure is a channel of the transactions; `all` is their total as returned. A service that the register
doesn't hold has its department in front: `DfT:some-service`. `nothing` says that the service is there, without figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import duckdb
import polars as pl

from data import segment
from data.contract import ALL_CHANNELS, RATINGS, RETURNED
from data.intake import return_words
from data.periods import Period, whole_month
from data.register import register
from data.store import Estate, Segment
from tests.stories import DAY, cleaned

MEASURES = {"started", "completed", "cost"}


@dataclass(frozen=True)
class Return:
    """What one service returned for one period: figures by measure and channel."""

    service: str
    department: str
    period: Period
    figures: dict[tuple[str, str], float | None] = field(default_factory=dict)


def told(line: str) -> Return:
    """The return that a line tells."""
    head, _, rest = line.partition(": ")
    named, _, period = head.rpartition(" ")
    department, _, service = named.rpartition(":")
    days = Period(*return_words.period(period, None))
    known = register.services.get(service)
    owner = register.department_on(known.department, known.agency, days.last) if known else department
    return Return(service, owner, days, dict(_figures(rest)))


def _figures(text: str) -> list[tuple[tuple[str, str], float | None]]:
    found: list[tuple[tuple[str, str], float | None]] = []
    for part in text.split(", "):
        name, *values = part.split(" ")
        if name == "nothing":
            found.append((("transactions", ALL_CHANNELS), None))
        elif name == "ratings":
            found += [((rating, ALL_CHANNELS), float(value)) for rating, value in zip(RATINGS, values, strict=True)]
        elif name in MEASURES or name.startswith("target_"):
            found.append(((name, ALL_CHANNELS), float(values[0])))
        else:
            found.append((("transactions", name), float(values[0])))
    return found


def framed(returns: Sequence[Return]) -> pl.DataFrame:
    """The figures as a file's would be, cleaned and judged."""
    rows = [
        (line, one.service, None, one.department, None, one.period.first, one.period.last, measure, channel, value)
        for line, one in enumerate(returns, 1)
        for (measure, channel), value in one.figures.items()
    ]
    return pl.DataFrame(rows, RETURNED, orient="row")


def holding(*lines: str, by_gds: Sequence[str] = (), stories: Sequence[str] = ()) -> Estate:
    """An estate of these returns and of the stories of one month; `by_gds` are those that GDS sent for services."""
    return estate_of([told(line) for line in lines], [told(line) for line in by_gds], stories)


def estate_of(returns: Sequence[Return], by_gds: Sequence[Return] = (), stories: Sequence[str] = ()) -> Estate:
    """An estate of these returns, and of the stories of a month."""
    days = [one.period.last for one in (*returns, *by_gds)] or [date(2019, 10, 31)]
    one = Segment("returned", "joined", min(days), max(days), kind="returns")

    def fill(into: duckdb.DuckDBPyConnection, name: str) -> None:
        into.execute(f'use "{name}"')
        segment.build_returns([("HMRC", framed(returns)), ("GDS", framed(by_gds))], into)

    month = whole_month(DAY)

    def tell(into: duckdb.DuckDBPyConnection, name: str) -> None:
        into.execute(f'use "{name}"')
        segment.build(cleaned(*stories), month, into, seed=1)

    journeys = Segment("told", "joined", month.first, month.last, kind="month")
    return Estate.in_memory([(one, fill), *([(journeys, tell)] if stories else [])])
