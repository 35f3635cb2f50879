"""The four KPIs of services as they return them, by service, agency, department or of all, for each period or a year."""

from datetime import date
from typing import Any, Final, Literal

import polars as pl

from data.periods import Period
from data.register import register
from data.settings import Settings
from data.store import Reading
from queries import periods, shapes
from queries.asking import Asking, Frames, Value
from queries.parameters import Common, Words
from queries.services import kpis, returns, rolling_up, same_visit
from queries.services.kpis import COLUMNS
from queries.services.returns import returned

FILTERS: Final = frozenset({"department", "service"})
MORE_COLUMNS: Final[dict[str, tuple[Any, ...]]] = {}
DEFINITION: Final = (
    "Figures that services return. Completion rate: completed / started, no value above 100%. Satisfaction A: (mean score - 1) / 4; "
    "B: the share of the two best of five scores; publishers went from A to B in April 2026. Digital take-up: digital / all "
    "transactions. Cost per transaction: cost / completed, over the 12 months that end with the row's. Of several services each rate "
    "is weighted by transactions, of those that returned both its sides; flags say how many didn't. Completion in the same visit is "
    "counted from journeys: sessions that saw an end page of the service after a start page, of those that saw a start page."
)


Sort = Literal[
    "", "name", "department", "year_transactions", "same_visit_rate", "completion_rate", "satisfaction", "digital_take_up",
    "cost_per_transaction",
]  # fmt: skip


class Parameters(returns.Parameters):
    """`by` says what a row is about; `each` whether it is of one returned period, or of the twelve months up to the end."""

    by: Literal["service", "agency", "department", "estate"] = "service"
    each: Literal["period", "year"] = "period"
    search: Words = ""  # in a service's name or slug
    sort: Sort = ""
    order: Literal["up", "down"] = "up"


PARAMETERS: Final = Parameters


def period_of(wanted: Common, reading: Reading, settings: Settings) -> Period:
    """The days asked for; without a last day the newest that returns are of, without a first one the year up to it.

    For publication a year is of whole months: the last is the newest that is over by then.
    """
    newest = max((one.last_day for one in reading.returns()), default=None)
    last = wanted.last or newest
    if last and wanted.publication and not wanted.first:
        last = periods.last_month(last).last
    if last is None or (wanted.first and wanted.first > last):
        return periods.period_of(wanted, reading, settings)
    return Period(wanted.first, last) if wanted.first else year_to(last)


def year_to(last: date) -> Period:
    """The twelve months that end on a day."""
    following = pl.Series([last]).dt.offset_by("1d")
    return Period(following.dt.offset_by("-12mo").item(), last)


SHAPE: Final = shapes.whole(
    total=shapes.NUMBER, rows=shapes.rows(COLUMNS, flags=shapes.TEXTS), formulas=shapes.WORDS,
    breaks=shapes.listed(shapes.whole(day=shapes.TEXT, name=shapes.TEXT, why=shapes.TEXT, measures=shapes.TEXTS)),
)  # fmt: skip


def answer(asking: Asking[Parameters]) -> Frames:
    """A row for each service (or what is asked for) and period, newest last."""
    asked = year_to(asking.period.last) if asking.parameters.each == "year" else asking.period
    known = Period(
        periods.EVER.first, asked.last
    )  # a service that has stopped returning is still there, and not published
    rows = _found(returned(asking, known), asking.parameters.search)
    if asking.parameters.publication:
        atoms = rolling_up.atoms(rows)
        return Frames(pl.DataFrame(), atoms=atoms, rebuilt=lambda frames: _published(frames, rows, asked, asking))
    visits = same_visit.daily(asking, asked)
    return Frames(_table(rows, visits, asked, asking), notes=_notes(rows))


def _found(rows: pl.DataFrame, words: str) -> pl.DataFrame:
    """The rows of services that have each of these words in their name."""
    named = pl.format("{} {}", "name", "service").str.to_lowercase()
    return rows.filter(pl.lit(value=True), *(named.str.contains(word, literal=True) for word in words.lower().split()))


def present(frames: Frames, asking: Asking[Parameters]) -> Value:
    """The rows, the name of each formula, and the breaks that the days cross."""
    hidden = [column.name for column in COLUMNS if not column.shown]
    rows = [row | {"flags": _listed(row["flags"])} for row in frames.main.drop(hidden).to_dicts()]
    found = register.calendar.breaks_in(_days(frames.main, asking.period), "satisfaction", asking.account)
    breaks = [
        {"day": one.day.isoformat(), "name": one.name, "why": one.why, "measures": list(one.measures)} for one in found
    ]
    return {"total": len(rows), "rows": rows[: asking.parameters.limit], "formulas": dict(kpis.NAMES), "breaks": breaks}


def _listed(flags: str | None) -> list[str]:
    return flags.split("; ") if flags else []


def _days(rows: pl.DataFrame, asked: Period) -> Period:
    first: Any = rows["first"].min()
    last: Any = rows["last"].max()
    return Period(first, last) if rows.height else asked


def _table(rows: pl.DataFrame, visits: pl.DataFrame, asked: Period, asking: Asking[Parameters]) -> pl.DataFrame:
    """The answer's rows out of those of services."""
    by, each = asking.parameters.by, asking.parameters.each
    placed = rolling_up.yearly(rows, asked) if each == "year" else rolling_up.within(rows, asked)
    grouped = rolling_up.grouped(
        rolling_up.visited(placed, visits), by, "year_transactions" if each == "year" else "transactions"
    )
    formulas = [pl.struct("first", "last").map_elements(_formula, pl.String).alias("satisfaction_formula")]
    found = grouped.with_columns(formulas)
    found = found.with_columns(
        column.formula.cast(column.type).alias(column.name) for column in COLUMNS if column.formula is not None
    )
    over = (pl.col(kpis.COMPLETION[0]) > pl.col(kpis.COMPLETION[1])).fill_null(value=False)
    told = found.with_columns(pl.when(over).then(pl.lit(kpis.OVER)).alias("completion_reason"))
    typed = told.select(pl.col(column.name).cast(column.type) for column in COLUMNS)
    by_name = [asking.parameters.sort, "name", "service", "last"]
    down = [asking.parameters.order == "down", False, False, False]
    return typed.sort(by_name, descending=down, nulls_last=True) if asking.parameters.sort else typed


def _formula(days: dict[str, date]) -> str | None:
    return kpis.formula_of(days["first"], days["last"])


def _notes(rows: pl.DataFrame) -> tuple[str, ...]:
    return ("Nothing is published for these services and months.",) if rows.is_empty() else ()


def _published(frames: Frames, rows: pl.DataFrame, asked: Period, asking: Asking[Parameters]) -> Frames:
    """The table made of rounded atoms. Journeys' completion isn't published here, for it is rounded in its funnel."""
    atoms = frames.atoms if frames.atoms is not None else pl.DataFrame()
    told = rolling_up.of_atoms(atoms, rows)
    return Frames(_table(told, pl.DataFrame(schema=same_visit.DAILY), asked, asking), notes=_notes(rows))
