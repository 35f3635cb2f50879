"""The four KPIs of services: one small formula each over the counts of a row, and the columns that they stand in.

A formula gives no value where it has nothing to divide by; numerator and denominator are of the same returns alone.
"""

from datetime import date
from typing import Final

import polars as pl

from data.contract import RATINGS
from data.register import register
from queries.columns import Column, count, derived, label
from queries.metrics import ratio

Parts = tuple[str, str]
COMPLETION: Final[Parts] = ("finished_of", "started_of")
TAKE_UP: Final[Parts] = ("digital_of", "transactions_of")
COST: Final[Parts] = ("cost_of", "completed_of")
KPIS: Final = ("completion_rate", "satisfaction", "digital_take_up", "cost_per_transaction")
TARGETS: Final = tuple(f"target_{name}" for name in KPIS)
COUNTS: Final = ("started", "completed", "transactions", "digital_transactions", *RATINGS)
OVER: Final = "More were completed than started: visits that are taken up again count as completed only."
NAMES: Final = {
    "completion_rate": "completed / started",
    "satisfaction_a": "(mean score - 1) / 4",
    "satisfaction_b": "(satisfied + very satisfied) / all scores",
    "digital_take_up": "digital transactions / all transactions",
    "cost_per_transaction": "cost / completed, rolling 12 months",
    "same_visit_rate": "sessions that saw an end page after a start page / sessions that saw a start page",
}


def completion_rate(finished: str = COMPLETION[0], started: str = COMPLETION[1]) -> pl.Expr:
    """Completed over started, as the service returns them; no value above 1, never cut to it."""
    return pl.when(pl.col(finished) <= pl.col(started)).then(ratio(finished, started))


def digital_take_up(digital: str = TAKE_UP[0], transactions: str = TAKE_UP[1]) -> pl.Expr:
    """Digital transactions over all transactions of the same months."""
    return ratio(digital, transactions)


def cost_per_transaction(cost: str = COST[0], completed: str = COST[1]) -> pl.Expr:
    """Pounds spent over transactions completed, of the twelve months that end with the row's."""
    return ratio(cost, completed)


def satisfaction_a(responses: str = "responses") -> pl.Expr:
    """The mean of scores from 1 to 5, brought to a share: (mean - 1) / 4. Publishers' formula until March 2026."""
    points = pl.sum_horizontal(pl.col(name) * place for place, name in enumerate(RATINGS))
    return pl.when(pl.col(responses) > 0).then(points / (pl.col(responses) * (len(RATINGS) - 1)))


def satisfaction_b(responses: str = "responses") -> pl.Expr:
    """The share that gave the two best scores, of all who gave one. Publishers' formula from April 2026 on."""
    best = pl.sum_horizontal(RATINGS[-2:])
    return pl.when(pl.col(responses) > 0).then(best / pl.col(responses))


def formula_of(first: date, last: date) -> str | None:
    """`A` or `B`: which formula publishers used in these days; none where they changed it within them."""
    (changed,) = [one.day for one in register.calendar.breaks if one.measures == ("satisfaction",)]
    return "A" if last < changed else "B" if first >= changed else None


def satisfaction() -> pl.Expr:
    """The value by the formula that publishers used on the row's days."""
    chosen = pl.col("satisfaction_formula")
    return pl.when(chosen == "A").then(satisfaction_a()).when(chosen == "B").then(satisfaction_b())


COLUMNS: Final[tuple[Column, ...]] = (
    label("service"), label("name"), label("agency"), label("department"), label("period"), label("status"),
    label("first", "date", pl.Date), label("last", "date", pl.Date), label("services", "services", pl.Int64),
    *(count(name, "transactions") for name in COUNTS[:4]),
    derived("completion_rate", "share", completion_rate(), denominators=COMPLETION[1:]),
    label("completion_reason"),
    *(count(name, "answers") for name in RATINGS),
    count("responses", "answers"),
    derived("satisfaction", "share", satisfaction(), denominators=("responses",)),
    label("satisfaction_formula"),
    derived("satisfaction_a", "share", satisfaction_a(), denominators=("responses",)),
    derived("satisfaction_b", "share", satisfaction_b(), denominators=("responses",)),
    derived("digital_take_up", "share", digital_take_up(), denominators=TAKE_UP[1:]),
    label("cost", "pounds", pl.Float64),
    derived("cost_per_transaction", "pounds", cost_per_transaction(), denominators=COST[1:]),
    count("year_transactions", "transactions"),
    count("visit_starts", "sessions"), count("visit_completions", "sessions"),
    derived("same_visit_rate", "share", ratio("visit_completions", "visit_starts"), denominators=("visit_starts",)),
    *(label(name, "pounds" if "cost" in name else "share", pl.Float64) for name in TARGETS),
    label("flags"),
    *(count(name, "transactions", shown=False) for name in (*COMPLETION, *TAKE_UP, COST[1])),
    label(COST[0], "pounds", pl.Float64, shown=False),
)  # fmt: skip
