"""Drop-offs over time: the rate after each step day by day or week by week, with what was expected of each day."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final, Literal

import numpy as np
import polars as pl

from data import errors
from queries import metrics, parameters, shapes
from queries.annotations import told as told_days
from queries.asking import Asking, Frames, Value
from queries.columns import Column, count, derived, label
from queries.disclosure import rows
from queries.expected import band
from queries.funnel_days import Held, breaks, held
from queries.funnel_definition import Parameters as Definition
from queries.funnel_sums import require_tellable
from queries.metrics import METRICS

ANNOTATED: Final = True  # notes that people made are drawn on its charts
METRIC: Final = METRICS["drop_off_rate"]
PARTS: Final = ("drop_offs", "units")
FILTERS: Final = frozenset(parameters.FILTERS)
COLUMNS: Final[tuple[Column, ...]] = (
    label("step", "step", pl.Int64), label("name"), label("department"), label("day", "date", pl.Date), label("last_day", "date", pl.Date),
    count("units", METRIC.unit), count("drop_offs", METRIC.unit), METRIC.column(),
    *(derived(f"{METRIC.name}_expected_{end}", "share", PARTS) for end in ("low", "high")),
    derived(f"{METRIC.name}_unusual", "true or false", PARTS, dtype=pl.Boolean),
)  # fmt: skip
MORE_COLUMNS: Final[dict[str, tuple[Column, ...]]] = {
    "breaks": (label("day", "date", pl.Date), *map(label, ("name", "why"))),
    "annotations": (label("first_day", "date", pl.Date), label("last_day", "date", pl.Date), *map(label, ("kind", "name", "by"))),
}  # fmt: skip
DEFINITION: Final = (
    "The drop-off rate after a step is those who reached it and not the next, as a share of those who reached it; step 0 is the"
    " whole funnel, those who started and didn't finish. The expected band of a day is where 99 of 100 ordinary days fall: it"
    f" comes from the weeks before, never from across a definition break. {metrics.definitions(METRIC.name)}"
)
WEEK: Final = 7
DAYS_ONLY: Final = "The expected band is one of days: weeks have none."


class Parameters(Definition):
    """A funnel, and how long each point is."""

    by: Literal["day", "week"] = "day"


PARAMETERS: Final = Parameters
SHAPE: Final = shapes.whole(
    by=shapes.TEXT, rows=shapes.rows(shapes.without(COLUMNS, "department")),
    **{name: shapes.rows(columns) for name, columns in MORE_COLUMNS.items()},
)  # fmt: skip


def answer(asking: Asking[Parameters]) -> Frames:
    """A row for each step and point, the whole funnel first."""
    asked = asking.parameters
    if asked.publication:
        raise errors.BadRequest("This can't be published", "Ask for it without publication", "publication")
    require_tellable(asking, asking.period)
    found = held(asking, asking.period, **({"before": 0} if asked.by == "week" or asked.unit == "visitor" else {}))
    told = list(_days(found) if asked.by == "day" else _weeks(found))
    main = pl.DataFrame(told, {column.name: column.type for column in COLUMNS})
    others = {"breaks": _breaks(asking), "annotations": told_days(asking)}
    frames = {name: pl.DataFrame(some, {c.name: c.type for c in MORE_COLUMNS[name]}) for name, some in others.items()}
    return Frames(main, frames, notes=(DAYS_ONLY,) if asked.by == "week" else ())


def present(frames: Frames, asking: Asking[Parameters]) -> Value:
    """The rows, and the breaks and dated events among their days."""
    others = {name: frame.to_dicts() for name, frame in frames.others.items()}
    return {"by": asking.parameters.by, "rows": [_without(row) for row in rows(frames.main)], **others}


def _without(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "department"}


def _days(found: Held) -> Iterator[dict[str, Any]]:
    """One row for each row and day; days without data have no value."""
    ends = band(found.series, found.expected())
    hits, trials = found.last(found.length)
    low, high = (end[-found.length :] for end in (ends.low, ends.high))
    for place, (step, name) in enumerate(zip(found.rows.steps, found.rows.names, strict=True)):
        for n, day in enumerate(found.days[-found.length :]):
            known = day in found.with_data
            row = _row(found, step, name, (day, day)) | _counts(hits[n, place], trials[n, place], known=known)
            rate, ends_ = row[METRIC.name], (low[n, place], high[n, place])
            if rate is not None and not np.isnan(ends_[0]):
                row |= {f"{METRIC.name}_expected_low": float(ends_[0]), f"{METRIC.name}_expected_high": float(ends_[1])}
                row[f"{METRIC.name}_unusual"] = not ends_[0] <= rate <= ends_[1]
            yield row


def _weeks(found: Held) -> Iterator[dict[str, Any]]:
    """One row for each row and week from Monday; the first and the last are cut where the period ends."""
    hits, trials = found.last(found.length)
    first = found.days[-found.length]
    for place, (step, name) in enumerate(zip(found.rows.steps, found.rows.names, strict=True)):
        for n in sorted({max(0, day - (first + timedelta(day)).weekday()) for day in range(found.length)}):
            last = min(n + WEEK - (first + timedelta(n)).weekday(), found.length)
            span = (first + timedelta(n), first + timedelta(last - 1))
            known = any(first + timedelta(day) in found.with_data for day in range(n, last))
            yield _row(found, step, name, span) | _counts(
                hits[n:last, place].sum(), trials[n:last, place].sum(), known=known
            )


def _row(found: Held, step: int, name: str, span: tuple[date, date]) -> dict[str, Any]:
    empty = dict.fromkeys(column.name for column in COLUMNS)
    return empty | {"step": step, "name": name, "department": found.department, "day": span[0], "last_day": span[1]}


def _counts(hits: float, trials: float, *, known: bool) -> dict[str, Any]:
    if not known:
        return {}
    return {"drop_offs": int(hits), "units": int(trials), METRIC.name: float(hits / trials) if trials else None}


def _breaks(asking: Asking[Parameters]) -> list[dict[str, Any]]:
    return [{"day": one.day, "name": one.name, "why": one.why} for one in breaks(asking.period, asking.account)]
