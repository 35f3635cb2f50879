"""Alerts: saved funnels whose drop-off rate lies outside what was expected of the newest day, or over a limit."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import polars as pl

from data.periods import Period
from queries import parameters, shapes
from queries.asking import Asking, Frames, Value
from queries.columns import Column, count, derived, label
from queries.disclosure import rows
from queries.funnels import funnel_trend
from queries.funnels.watching import MOST, Watch
from queries.parameters import Common

WATCHED: Final = True  # it is given the alert rules that the viewer may see
FILTERS: Final[frozenset[str]] = frozenset()
PARAMETERS: Final = Common
WEEK: Final = 7
DEFINITION: Final = (
    "An alert rule watches the drop-off rate of a step of a saved funnel, or of the whole. It is raised where the rate of the newest "
    "day lies outside its expected band (of ordinary days one in a hundred does), or where the rate of the last seven days is over "
    "the limit that was set."
)
UNSEEN: Final = f"The first {MOST} alert rules by name are looked at; {{}} more are not."
_PARTS: Final = ("drop_offs", "units")
COLUMNS: Final[tuple[Column, ...]] = (
    *map(label, ("name", "slug", "funnel", "funnel_name")), label("step", "step", pl.Int64), label("step_name"), label("rule"),
    label("limit", "share", pl.Float64), label("department"), label("first_day", "date", pl.Date), label("last_day", "date", pl.Date),
    count("units", "units"), count("drop_offs", "units"),
    *(derived(name, "share", _PARTS) for name in ("drop_off_rate", "expected_low", "expected_high")),
    derived("raised", "true or false", _PARTS, dtype=pl.Boolean),
)  # fmt: skip
MORE_COLUMNS: Final[dict[str, tuple[Column, ...]]] = {}
SHAPE: Final = shapes.rows(COLUMNS)


def answer(asking: Asking[Common]) -> Frames:
    """One row an alert rule, those that are raised first."""
    looked_at, more = asking.watches[:MOST], len(asking.watches) - MOST
    found = [_row(asking, watch) for watch in looked_at]
    frame = pl.DataFrame(found, {column.name: column.type for column in COLUMNS})
    notes = (UNSEEN.format(more),) if more > 0 else ()
    return Frames(frame.sort("raised", "name", "slug", descending=[True, False, False], nulls_last=True), notes=notes)


def present(frames: Frames, _: Asking[Common]) -> Value:
    """One object a rule."""
    return rows(frames.main)


def _row(asking: Asking[Common], watch: Watch) -> dict[str, Any]:
    """What the rule finds on the newest days."""
    last = asking.period.last
    days = Period(last - timedelta(WEEK - 1), last) if watch.rule.rule == "over" else Period(last, last)
    given = {**watch.question(), "compare": "none", "account": asking.account}
    wanted = parameters.read(funnel_trend.PARAMETERS, given)
    of_days: Asking[Any] = replace(asking, parameters=wanted, period=days, comparison=None)
    of_step = funnel_trend.answer(of_days).main.filter(pl.col("step") == watch.rule.step)
    known = {
        "name": watch.name, "slug": watch.slug, "funnel": watch.rule.funnel, "funnel_name": watch.funnel_name, "step": watch.rule.step,
        "rule": watch.rule.rule, "limit": watch.rule.limit, "first_day": days.first, "last_day": days.last,
    }  # fmt: skip
    return known | (_found(of_step, watch) if of_step.height else {})


def _found(days: pl.DataFrame, watch: Watch) -> dict[str, Any]:
    newest = days.row(-1, named=True)
    told: dict[str, Any] = {"step_name": newest["name"], "department": newest["department"]}
    told |= {name: days[name].sum() if days[name].null_count() < days.height else None for name in _PARTS}
    rate = told["drop_offs"] / told["units"] if told["units"] else None
    if watch.rule.limit is not None:
        return told | {"drop_off_rate": rate, "raised": None if rate is None else rate > watch.rule.limit}
    ends = {f"expected_{end}": newest[f"drop_off_rate_expected_{end}"] for end in ("low", "high")}
    return told | ends | {"drop_off_rate": rate, "raised": newest["drop_off_rate_unusual"]}
