"""The measures day by day, week by week or month by month, what was expected of each, and whether the whole differs."""

from collections.abc import Iterator
from typing import Any, Final, Literal

import polars as pl

from data import errors
from data.periods import Period
from data.register import register
from data.settings import Settings
from data.store import Reading
from queries import metrics, periods, shapes
from queries.asking import Asking, Frames, Value
from queries.columns import Column, count, derived, label
from queries.departments.row_names import named as row_name
from queries.departments.summary import ADDS_UP
from queries.departments.summary_sums import DAILY, daily, of_pages, why_no_visitors
from queries.metrics import METRICS
from queries.parameters import Common
from queries.periods import atoms_of, named, published_by, stretches
from queries.publication import HIDDEN
from queries.trends.annotations import told as told_days
from queries.trends.trend_bands import BANDED, Banded, banded
from queries.trends.trend_sums import Held, Visitors, held, numbers, visitors

MEASURES: Final = (
    "sessions", "page_views", "visitors", "landings", "exits", "exit_rate", "single_page_rate", "searches",
)  # fmt: skip
FILTERS: Final = frozenset(
    {"department", "device", "channel", "country", "page", "service", "document_type", "organisation", "topic"}
)
DEFINITION: Final = (
    "The expected band of a day is where 99 of 100 ordinary days fall: it comes from the same weekday of the eight weeks before, "
    "last year's departure and bank holidays seen before, never from across a definition break. That of a week or month is what its "
    "days were expected to be from the eight weeks before its first, as far to either side as 99 of 100 stretches of its length depart. "
    "A change of the whole period is likely real where it departs from what was expected by more than earlier stretches of the same length did in 95 of 100 "
    f"cases (Benjamini-Hochberg over departments). {metrics.definitions(*MEASURES)}"
)
ANNOTATED: Final = True  # notes that people made are drawn on its charts


def _of_measure(name: str) -> list[Column]:
    metric = METRICS[name]
    if name not in BANDED:
        return [metric.column()]
    ends = [derived(f"{name}_expected_{end}", metric.unit, metric.counts) for end in ("low", "high")]
    return [metric.column(), *ends, derived(f"{name}_unusual", "true or false", metric.counts, dtype=pl.Boolean)]


COLUMNS: Final[tuple[Column, ...]] = (
    label("department"), label("day", "date", pl.Date), label("last_day", "date", pl.Date),
    *(column for name in MEASURES for column in _of_measure(name)),
    METRICS["single_page"].column(shown=False),
)  # fmt: skip
_PARTS: Final = ("hits", "trials")
MORE_COLUMNS: Final[dict[str, tuple[Column, ...]]] = {
    "breaks": (label("day", "date", pl.Date), *map(label, ("name", "why"))),
    "annotations": (label("first_day", "date", pl.Date), label("last_day", "date", pl.Date), *map(label, ("kind", "name", "by"))),
    "changes": (
        label("department"), label("measure"), count("hits", "count", shown=False), count("trials", "count", shown=False),
        *(derived(name, "as the measure", _PARTS) for name in ("value", "expected", "expected_low", "expected_high")),
        derived("verdict", "text", _PARTS, dtype=pl.String),
    ),
}  # fmt: skip


class Parameters(Common):
    """How long each point of the trend is; by day where nothing is said, for publication by week or month.

    `bands` is the one measure whose expected band and verdict are told; without it those of every measure are.
    """

    by: Literal["day", "week", "month"] | None = None
    bands: (
        Literal["sessions", "page_views", "landings", "exits", "searches", "exit_rate", "single_page_rate"] | None
    ) = None


PARAMETERS: Final = Parameters
SHAPE: Final = shapes.whole(
    by=shapes.TEXT, rows=shapes.rows(COLUMNS), **{name: shapes.rows(columns) for name, columns in MORE_COLUMNS.items()}
)


def period_of(wanted: Common, reading: Reading, settings: Settings) -> Period:
    """As of any question; for publication, where no day is named, the newest whole weeks: a month would be a single point."""
    if wanted.publication and not (wanted.first or wanted.last):
        return periods.last_weeks(reading, wanted, settings)
    return periods.period_of(wanted, reading, settings)


def answer(asking: Asking[Parameters]) -> Frames:
    """A row for each department asked for, or the whole estate, and each point in time."""
    if asking.parameters.publication:
        _require_publishable(asking)
        return Frames(pl.DataFrame(), atoms=_atoms(asking), rebuilt=lambda frames: _published(frames, asking))
    by = asking.parameters.by or "day"
    sums = held(asking)
    bands = banded(sums, asking, (asking.parameters.bands,) if asking.parameters.bands else BANDED)
    points = list(stretches(asking.period, by))
    rows = pl.DataFrame(
        [row for place in range(len(sums.rows)) for row in _rows(sums, points, place)],
        schema={"department": pl.String, "day": pl.Date, "last_day": pl.Date} | dict.fromkeys(DAILY, pl.Int64),
    )
    told = _with_visitors(rows, visitors(asking, by), by)
    told = told.with_columns(bands.columns() if by == "day" else bands.columns_of(points))
    return _frames(told, asking, _notes(asking, by), bands)


def present(frames: Frames, asking: Asking[Parameters]) -> Value:
    """The rows, the breaks and dated events among their days, and what is said of the whole period."""
    others = {name: frame.to_dicts() for name, frame in frames.others.items()}
    changes = [{k: v for k, v in row.items() if k not in _PARTS} for row in others.pop("changes")]
    asked = asking.parameters
    by = published_by(asked.by, asking.period) if asked.publication else asked.by or "day"
    return {"by": by, "rows": frames.main.drop("single_page").to_dicts(), **others, "changes": changes}


def _rows(sums: Held, points: list[Period], place: int) -> Iterator[dict[str, Any]]:
    """One row of the table for each stretch; no value where no day of it has data."""
    for one in points:
        first = (one.first - sums.days[0]).days
        known = any(day in sums.with_data for day in one)
        values = {
            name: int(sums.sums[name][first : first + one.days, place].sum()) if known else None for name in DAILY
        }
        yield {"department": sums.rows[place], "day": one.first, "last_day": one.last, **values}


def _with_visitors(rows: pl.DataFrame, found: Visitors | None, by: str) -> pl.DataFrame:
    """Visitors where they can be told apart: in days, and in weeks and months that lie in one month."""
    values = [
        _visitors(found, row, whole=by == "day" or Period(row["day"], row["last_day"]).in_one_month)
        for row in rows.select("department", "day", "last_day", "sessions").iter_rows(named=True)
    ]
    return rows.with_columns(visitors=pl.Series(values, dtype=pl.Int64))


def _visitors(found: Visitors | None, row: dict[str, Any], *, whole: bool) -> int | None:
    """The visitors of a point; none where sessions came and the files name no visitor, as in `summary`."""
    if found is None or not whole or row["sessions"] is None:
        return None
    seen = found.get((row["department"], row["day"]), 0)
    return None if row["sessions"] and not seen else seen


def _frames(rows: pl.DataFrame, asking: Asking[Parameters], notes: tuple[str, ...], bands: Banded | None) -> Frames:
    whole = rows.with_columns(metrics.formulas(COLUMNS))
    nothing = [pl.lit(None).alias(column.name) for column in COLUMNS if column.name not in whole.columns]
    main = whole.with_columns(nothing).select(pl.col(column.name).cast(column.type) for column in COLUMNS)
    told = {"breaks": _breaks(asking), "annotations": told_days(asking), "changes": bands.changes() if bands else []}
    return Frames(main, {name: _frame(name, rows) for name, rows in told.items()}, notes=notes)


def _frame(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={column.name: column.type for column in MORE_COLUMNS[name]})


def _breaks(asking: Asking[Parameters]) -> list[dict[str, Any]]:
    """Definition breaks inside the period, of any measure shown."""
    found = [one for name in MEASURES for one in register.calendar.breaks_in(asking.period, name, asking.account)]
    return [{"day": one.day, "name": one.name, "why": one.why} for one in dict.fromkeys(found)]


def _notes(asking: Asking[Parameters], by: str) -> tuple[str, ...]:
    point = Period(asking.period.first, asking.period.first) if by == "day" else asking.period
    none = "Visitors have no value: they aren't counted for sets of pages." if of_pages(asking) else ""
    adds = ADDS_UP if len(asking.parameters.department) > 1 else ""
    return tuple(filter(None, (adds, none or why_no_visitors(asking, point))))


def _require_publishable(asking: Asking[Parameters]) -> None:
    """Raise `BadRequest` for points that aren't those of the period, and for sets of pages."""
    published_by(asking.parameters.by, asking.period)
    if of_pages(asking):
        raise errors.BadRequest("This can't be published", "Leave out page and service: ask for pages instead", "page")


def _atoms(asking: Asking[Parameters]) -> pl.DataFrame:
    """The sums of each row by whole week or month, device and channel: those of `summary`, so that both say the same."""
    parts = [
        daily(asking, atom, atoms=True)
        .filter(pl.col("department").is_in(numbers(asking)))
        .group_by("department", "device", "channel")
        .agg(pl.col(DAILY).sum())
        .with_columns(period=pl.lit(named(atom)), point=pl.lit(named(atom)))
        for atom in atoms_of(asking.period)
    ]
    whole = pl.concat(parts)
    names = pl.Series("department", [row_name(number) for number in whole["department"].to_list()], pl.String)
    return whole.with_columns(names).with_columns(set=pl.format("department {}", "department"))


def _published(frames: Frames, asking: Asking[Parameters]) -> Frames:
    """The rows made of rounded atoms; what has none is hidden, for it may be anything below the limit."""
    atoms = frames.atoms if frames.atoms is not None else pl.DataFrame()
    points = [
        {"department": row_name(number), "point": named(atom), "day": atom.first, "last_day": atom.last}
        for number in numbers(asking)
        for atom in atoms_of(asking.period)
    ]
    told = atoms.select("department", "point", *DAILY)
    joined = pl.DataFrame(points).join(told, on=["department", "point"], how="left", maintain_order="left")
    whole = joined.drop("point").with_columns(pl.col(DAILY).fill_null(HIDDEN), visitors=pl.lit(None, pl.Int64))
    return _frames(whole, asking, ("Visitors aren't published.",), None)
