"""The columns of a funnel's frames: steps, where people went, groups, days, and the comparison period."""

from dataclasses import replace
from typing import Final

import polars as pl

from queries import shapes
from queries.columns import Column, count, derived, label
from queries.metrics import ratio

UNITS: Final = count("units", "sessions or visitors")
STEP: Final = label("step", "step", pl.Int64)
TIMES: Final = ("median_seconds", "mean_seconds", "lower_quartile_seconds", "upper_quartile_seconds")
ENDS: Final = ("low", "high", "previous_low", "previous_high")


def _share(of: str, *parts: str) -> Column:
    return derived(f"share_of_{of}", f"share of the units that {'started' if of == 'start' else 'reached the step before'}", ratio(*parts), denominators=parts[1:])  # fmt: skip


SHARES: Final = (
    _share("start", "units", "start"), _share("previous", "came", "previous"),
    *(derived(name, "share", ("units", "start") if name in ENDS[:2] else ("came", "previous")) for name in ENDS),
)  # fmt: skip
PARTS: Final = tuple(count(name, "sessions or visitors", shown=False) for name in ("start", "came", "previous"))
STEPS: Final[tuple[Column, ...]] = (
    STEP, label("name"), label("department"), UNITS, *SHARES, *PARTS,
    count("going_on", "sessions or visitors", shown=False),
    derived("drop_offs", "sessions or visitors", pl.col("units") - pl.col("going_on"), dtype=pl.Int64),
    count("skipped", "sessions or visitors"), count("entered", "sessions or visitors"),
    *(derived(name, "seconds", ("units", "came")) for name in TIMES),
)  # fmt: skip
MORE: Final[dict[str, tuple[Column, ...]]] = {
    "went": (
        STEP, label("to"), label("department"), count("cell", "sessions or visitors", shown=False),
        count("going_on", "sessions or visitors", shown=False),
        replace(derived("units", "sessions or visitors", ("cell", "going_on"), dtype=pl.Int64), formula=pl.col("cell")),
    ),
    "histogram": (
        STEP, label("from_seconds", "seconds", pl.Int64), label("to_seconds", "seconds", pl.Int64), label("department"), UNITS,
    ),
    "voided": (label("department"), count("voided", "sessions or visitors")),
    "groups": (
        label("value"), STEP, label("department"), UNITS, *SHARES, *PARTS,
        *(derived(name, "share", ("came", "previous")) for name in ("difference", "difference_low", "difference_high")),
        derived("unusual", "true or false", ("came", "previous"), dtype=pl.Boolean),
    ),
    "days": (label("day", "date", pl.Date), STEP, label("department"), UNITS),
    "compared": (
        STEP, label("department"), UNITS, *SHARES, *PARTS,
        count("units_now", "sessions or visitors", shown=False), count("previous_now", "sessions or visitors", shown=False),
        *(
            derived(name, "share", ("came", "previous", "units_now", "previous_now"))
            for name in ("change", "change_low", "change_high")
        ),
        derived("unusual", "true or false", ("came", "previous", "units_now", "previous_now"), dtype=pl.Boolean),
    ),
}  # fmt: skip
EDGES: Final = (0, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 21_600, 86_400, 604_800)  # seconds at which bars start
_UNITS: Final = {"counts": shapes.listed({"type": ["integer", "null"]})}
_INSIDE: Final = {name: shapes.rows(shapes.without(MORE[name], "step", "department")) for name in ("went", "histogram")}
STEP_SHAPE: Final = shapes.row(
    shapes.without(STEPS, "department", "lower_quartile_seconds", "upper_quartile_seconds"),
    quartiles=shapes.perhaps(shapes.listed({"type": "number"})), went=_INSIDE["went"], histogram=shapes.perhaps(_INSIDE["histogram"]),
)  # fmt: skip
SHAPE: Final = shapes.whole(
    **_UNITS, steps=shapes.listed(STEP_SHAPE), voided=shapes.NUMBER,
    groups=shapes.listed(shapes.whole(value=shapes.TEXT, **_UNITS, steps=shapes.rows(shapes.without(MORE["groups"], "value", "department")))),
    days=shapes.listed(shapes.whole(day=shapes.TEXT, **_UNITS)),
    compared=shapes.whole(**shapes.DAYS["properties"], **_UNITS, steps=shapes.rows(shapes.without(MORE["compared"], "department"))),
)  # fmt: skip
