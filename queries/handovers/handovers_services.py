"""Start pages and services, one row a service: who went on, who was seen arriving, and whether its own past expected that."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import polars as pl

from data.periods import Period
from data.register import register
from queries import disclosure
from queries.asking import Asking
from queries.cache import Kept
from queries.columns import Column, count, derived, filled, label
from queries.handovers import starts
from queries.handovers.starts import COUNTS
from queries.metrics import METRICS, ratio
from queries.parameters import FILTERS
from queries.periods import days_with_data
from queries.publication import HIDDEN
from queries.trends.trend_bands import banded
from queries.trends.trend_sums import BEFORE_PAGES, Held
from queries.verdicts.by_day import by_day, places_of
from queries.verdicts.statistics import Floats
from queries.verdicts.verdicts import LIKELY

JUDGED: Final = ("arrivals", "arrival_rate")
HELD: Final = ("start_page_sessions", "arrivals")
UNSEEN: Final = ("arrivals", "not_seen_arriving")  # of a service that doesn't share
KEPT: Final = 64  # answers for as many sets of segments and filters
_kept: Final[Kept[pl.DataFrame]] = Kept(KEPT)
_RATE: Final = ("arrivals", "start_page_sessions")
_PAST: Final = ("arrivals_comparison", "start_page_sessions_comparison")


def _expected(name: str) -> list[Column]:
    unit = METRICS[name].unit
    ends = [derived(f"{name}_{end}", unit, _RATE) for end in ("expected", "expected_low", "expected_high")]
    return [*ends, derived(f"{name}_verdict", "text", _RATE, dtype=pl.String)]


COLUMNS: Final[tuple[Column, ...]] = (
    *map(label, ("service", "name", "department", "status")),
    *(count(name, "sessions") for name in COUNTS),
    derived("arrival_rate", "share", ratio(*_RATE), denominators=_RATE[1:]),
    *(count(name, "sessions") for name in _PAST),
    derived("arrival_rate_comparison", "share", ratio(*_PAST), denominators=_PAST[1:]),
    *(column for name in JUDGED for column in _expected(name)),
    derived("departure", "widths of the expected range", _RATE),
)  # fmt: skip


@dataclass(frozen=True)
class Judged:
    """For each service and measure what was expected of the period, its range, and a verdict."""

    changes: list[dict[str, Any]]

    def columns(self) -> pl.DataFrame:
        """One row a service: the columns of `_expected` of each measure, and how far the further of them departs."""
        by_service: dict[str, dict[str, Any]] = {}
        for one in self.changes:
            row = by_service.setdefault(one["department"], {"service": one["department"], "departure": None})
            row |= {
                f"{one['measure']}_{end}": one[end] for end in ("expected", "expected_low", "expected_high", "verdict")
            }
            row["departure"] = max(row["departure"], _departure(one), key=lambda value: abs(value or 0))
        types = {column.name: column.type for column in COLUMNS}
        names = ["service", *(column.name for name in JUDGED for column in _expected(name)), "departure"]
        return pl.DataFrame(list(by_service.values()), {name: types[name] for name in names})


def table(asking: Asking[Any]) -> pl.DataFrame:
    """Every service of which a start page was seen, furthest from its own past first."""
    past = Period(asking.period.first - timedelta(BEFORE_PAGES), asking.period.last)
    found = starts.daily(asking, past)
    now = _sums(found, asking.period)
    before = _compared(asking, now)
    told = now.join(before, on="service", how="left", maintain_order="left")
    told = told.join(_judged(asking, past, found), on="service", how="left", maintain_order="left")
    return _covered(ordered(described(told, asking)), asking)


def described(rows: pl.DataFrame, asking: Asking[Any]) -> pl.DataFrame:
    """Rows of services with their names, owners and whether they share; without arrivals where those can't be seen."""
    services = [register.services[slug] for slug in rows["service"]]
    now = asking.parameters.structure == "now"
    day = register.known_to if now else asking.period.last
    words = {
        "name": [one.name for one in services],
        "department": [register.department_on(one.department, one.agency, day) for one in services],
        "status": [starts.status(one, asking.account, asking.period) for one in services],
    }
    blind = [*UNSEEN, _PAST[0], *(column.name for name in JUDGED for column in _expected(name)), "departure"]
    seen = pl.col("status").is_in(starts.SEEN)
    told = rows.with_columns(pl.Series(name, values, pl.String) for name, values in words.items())
    told = told.with_columns(pl.when(seen).then(name).alias(name) for name in blind if name in rows.columns)
    return filled(told, COLUMNS)


def ordered(rows: pl.DataFrame) -> pl.DataFrame:
    """Services whose change is likely real first, those furthest from their past before others; then the most seen."""
    likely = pl.any_horizontal((pl.col(f"{name}_verdict") == LIKELY).fill_null(value=False) for name in JUDGED)
    keys = [likely, pl.col("departure").abs().fill_null(-1), pl.col("start_page_sessions").fill_null(0)]
    return rows.sort(*keys, "service", descending=[True, True, True, False])


def _sums(found: pl.DataFrame, period: Period) -> pl.DataFrame:
    within = found.filter(pl.col("day").is_between(period.first, period.last))
    return within.group_by("service").agg(pl.col(COUNTS).sum()).sort("service")


def _compared(asking: Asking[Any], now: pl.DataFrame) -> pl.DataFrame:
    """What it was in the comparison, 0 for a service that nobody came to; no value where there is no data at all."""
    compared = asking.comparison
    there = compared is not None and days_with_data(asking.reading, asking.account, compared)
    if compared is None or not there:
        return now.select("service", *(pl.lit(None, pl.Int64).alias(name) for name in _PAST))
    before = _sums(starts.daily(asking, compared), compared)
    sides = before.select("service", *(pl.col(name).alias(f"{name}_comparison") for name in HELD))
    return now.select("service").join(sides, on="service", how="left", maintain_order="left").fill_null(0)


def _judged(asking: Asking[Any], past: Period, found: pl.DataFrame) -> pl.DataFrame:
    """What each service's own days before led to expect of the period, kept by the segments that it was told by."""
    with_data = days_with_data(asking.reading, asking.account, past)

    def judge() -> pl.DataFrame:
        within = found.filter(pl.col("day").is_between(asking.period.first, asking.period.last))
        services = within["service"].unique().sort()
        if services.is_empty():
            return Judged([]).columns()
        held = Held(tuple(past), tuple(services), _days(found, past, services), with_data)
        return Judged(banded(held, asking, JUDGED).changes()).columns()

    segments = [one.sha256 for one in asking.reading.segments(asking.account, past)]
    if asking.parameters.topic:  # topics are changed by people
        return judge()
    filters = asking.parameters.model_dump_json(include={*FILTERS, "structure"})
    key = (asking.account, past, asking.period, with_data, tuple(segments), filters, asking.viewer.rights)
    return _kept.find(key, judge)


def _days(found: pl.DataFrame, past: Period, services: pl.Series) -> dict[str, Floats]:
    """The counts by day and service."""
    known = found.filter(pl.col("service").is_in(services.implode()))
    return by_day(known, past, places_of(known["service"], services), rows=len(services), names=HELD)


def _covered(rows: pl.DataFrame, asking: Asking[Any]) -> pl.DataFrame:
    """Where one part of the start page's sessions is too small to show, so are those that would tell it by subtraction."""
    parts = ("arrivals", "not_seen_arriving", "did_not_click")
    small = pl.any_horizontal(disclosure.small(asking.viewer, "department", name) for name in parts)
    beside = [name for name in COUNTS if name not in HELD]
    return rows.with_columns(pl.when(small).then(HIDDEN).otherwise(pl.col(name)).alias(name) for name in beside)


def _departure(one: dict[str, Any]) -> float | None:
    """How far the period lies from what was expected, in widths of the range on that side; over 1 is outside."""
    if one["value"] is None or one["expected"] is None or one["expected_low"] is None or one["expected_high"] is None:
        return None
    gap = one["value"] - one["expected"]
    width = one["expected_high"] - one["expected"] if gap > 0 else one["expected"] - one["expected_low"]
    return gap / width if width else None
