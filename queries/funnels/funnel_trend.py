"""Drop-offs over time: the rate after each step day by day, week by week or month by month, with what was expected of each."""

from collections.abc import Iterable, Iterator
from typing import Any, Final, Literal

import numpy as np
import polars as pl

from queries import metrics, parameters, shapes
from queries.asking import Asking, Frames, Value
from queries.columns import Column, count, derived, label
from queries.disclosure import rows
from queries.funnels import publishing_funnels
from queries.funnels.funnel_days import WHOLE, Held, breaks, held, rows_of
from queries.funnels.funnel_definition import Parameters as Definition
from queries.funnels.funnel_sums import require_tellable
from queries.funnels.publishing_funnels import Flows, stopped, told
from queries.metrics import METRICS
from queries.periods import atoms_of, published_by, stretches
from queries.publication import HIDDEN
from queries.trends.annotations import told as told_days
from queries.trends.trend_bands import Stretch, bands_of
from queries.verdicts.expected import band
from queries.verdicts.verdicts import departures

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
    " comes from the weeks before, never from across a definition break; that of a week is what its days were expected to be from"
    f" before its first, as far to either side as 99 of 100 weeks depart; a month alike. {metrics.definitions(METRIC.name)}"
)

UNPUBLISHED: Final = "Expected ranges aren't published: they are made of single days."


class Parameters(Definition):
    """A funnel, and how long each point is; by day where nothing is said, for publication by week or month."""

    by: Literal["day", "week", "month"] | None = None


PARAMETERS: Final = Parameters
SHAPE: Final = shapes.whole(
    by=shapes.TEXT, rows=shapes.rows(shapes.without(COLUMNS, "department")),
    **{name: shapes.rows(columns) for name, columns in MORE_COLUMNS.items()},
)  # fmt: skip


def answer(asking: Asking[Parameters]) -> Frames:
    """A row for each step and point, the whole funnel first."""
    asked = asking.parameters
    if asked.publication:
        return _published(asking)
    require_tellable(asking, asking.period)
    found = held(asking, asking.period, **({"before": 0} if asked.unit == "visitor" else {}))
    return _frames(_days(found) if asked.by in {None, "day"} else _longer(found, asking), asking, found.notes)


def _frames(points: Iterable[dict[str, Any]], asking: Asking[Parameters], notes: tuple[str, ...] = ()) -> Frames:
    """The rows, and beside them what is dated."""
    main = pl.DataFrame(list(points), {column.name: column.type for column in COLUMNS})
    others = {"breaks": _breaks(asking), "annotations": told_days(asking)}
    frames = {name: pl.DataFrame(some, {c.name: c.type for c in MORE_COLUMNS[name]}) for name, some in others.items()}
    return Frames(main, frames, notes=notes)


def present(frames: Frames, asking: Asking[Parameters]) -> Value:
    """The rows, and the breaks and dated events among their days."""
    others = {name: frame.to_dicts() for name, frame in frames.others.items()}
    asked = asking.parameters
    by = published_by(asked.by, asking.period) if asked.publication else asked.by or "day"
    return {"by": by, "rows": [_without(row) for row in rows(frames.main)], **others}


def _without(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "department"}


def _days(found: Held) -> Iterator[dict[str, Any]]:
    """One row for each row and day; days without data have no value."""
    ends = band(found.series, found.expected())
    for place in range(len(found.rows.steps)):
        for day in range(len(found.days) - found.length, len(found.days)):
            yield _point(found, place, (day, 1), (ends.low[day, place], ends.high[day, place]))


def _longer(found: Held, asking: Asking[Parameters]) -> Iterator[dict[str, Any]]:
    """One row for each row and week or month."""
    points = [
        ((one.first - found.days[0]).days, one.days) for one in stretches(asking.period, asking.parameters.by or "")
    ]
    bands = bands_of(found.series, points, departures(found.expected(), found.known(), points))
    for place in range(len(found.rows.steps)):
        for point, ends in zip(points, bands, strict=True):
            yield _point(found, place, point, (ends.low[place], ends.high[place]))


def _point(found: Held, place: int, stretch: Stretch, ends: tuple[float, float]) -> dict[str, Any]:
    """What is said of one row over a day or week; its drop-offs have no value where no day of it has data."""
    first, last = stretch[0], sum(stretch)
    row = dict.fromkeys(column.name for column in COLUMNS) | {
        "step": found.rows.steps[place], "name": found.rows.names[place], "department": found.department,
        "day": found.days[first], "last_day": found.days[last - 1],
    }  # fmt: skip
    if not found.with_data.intersection(found.days[first:last]):
        return row
    hits, trials = (int(part[first:last, place].sum()) for part in found.counts)
    rate = hits / trials if trials else None
    row |= {"drop_offs": hits, "units": trials, METRIC.name: rate}
    if rate is not None and not np.isnan(ends[0]):
        row |= {f"{METRIC.name}_expected_{end}": float(value) for end, value in zip(("low", "high"), ends, strict=True)}
        row[f"{METRIC.name}_unusual"] = not ends[0] <= rate <= ends[1]
    return row


def _breaks(asking: Asking[Parameters]) -> list[dict[str, Any]]:
    return [{"day": one.day, "name": one.name, "why": one.why} for one in breaks(asking.period, asking.account)]


def _published(asking: Asking[Parameters]) -> Frames:
    """The points of whole weeks or months, each made of the flow that `funnel` publishes of the same days."""
    published_by(asking.parameters.by, asking.period)
    exact = publishing_funnels.flows(asking)
    return Frames(
        pl.DataFrame(),
        flows=exact,
        rebuilt=lambda frames: _frames(_rounded(frames.flows, exact, asking), asking),
        notes=(UNPUBLISHED,),
    )


def _rounded(flows: Flows, exact: Flows, asking: Asking[Parameters]) -> Iterator[dict[str, Any]]:
    """As `_point`, from rounded flows; the band of a point is made of single days, which aren't published."""
    rows, last = rows_of(asking.parameters), len(asking.parameters.steps)
    counts = [told((one,), (truth,)) for one, truth in zip(flows, exact, strict=True)]
    for step, name in zip(rows.steps, rows.names, strict=True):
        ends = ("1", str(last)) if step == WHOLE else (str(step), str(step + 1))
        for atom, of in zip(atoms_of(asking.period), counts, strict=True):
            units, going_on = (of.get(end, HIDDEN) for end in ends)
            yield {
                "step": step, "name": name, "day": atom.first, "last_day": atom.last, "units": units,
                "drop_offs": stopped(units, going_on), METRIC.name: 0.0,
            }  # fmt: skip
