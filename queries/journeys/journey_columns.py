"""The columns of the explorer's frames: nodes, links, how journeys ended, departments of hidden pages, whole paths."""

from collections.abc import Mapping
from typing import Final

import polars as pl

from queries import shapes
from queries.asking import Frames
from queries.columns import Column, count, derived, empty, label, optional, there

SHARE: Final = derived(
    "share", "share of the sessions at step 0", pl.col("sessions") / pl.col("journeys"), denominators=("journeys",)
)
STEP: Final = label("step", "step", pl.Int64)
SESSIONS: Final = count("sessions", "sessions")
JOURNEYS: Final = count("journeys", "sessions", shown=False)
_BOTH: Final = ("sessions", "compared_sessions")
COMPARED: Final = optional(
    count("compared_sessions", "sessions"),
    count("compared_journeys", "sessions", shown=False),
    derived(
        "compared_share",
        "share of the compared sessions at step 0",
        pl.col("compared_sessions") / pl.col("compared_journeys"),
        denominators=("compared_journeys",),
    ),
    derived(
        "difference",
        "share",
        pl.col("sessions") / pl.col("journeys") - pl.col("compared_sessions") / pl.col("compared_journeys"),
        denominators=("journeys", "compared_journeys"),
    ),
    *(derived(name, "share", _BOTH) for name in ("difference_low", "difference_high")),
    derived("difference_unusual", "true or false", _BOTH, dtype=pl.Boolean),
)
_BESIDE: Final = (*optional(JOURNEYS), *COMPARED)  # for a table that has no shares of its own
NODES: Final[tuple[Column, ...]] = (STEP, label("page"), label("department"), SESSIONS, JOURNEYS, SHARE, *COMPARED)
MORE: Final[dict[str, tuple[Column, ...]]] = {
    "links": (
        STEP,
        label("from"),
        label("to"),
        label("department"),
        SESSIONS,
        derived("median_seconds", "seconds", ("sessions",)),
        derived("mean_seconds", "seconds", ("sessions",)),
        *_BESIDE,
        *optional(derived("compared_median_seconds", "seconds", ("compared_sessions",))),
    ),
    "ended_how": (STEP, label("how"), SESSIONS, *_BESIDE),
    "hidden_departments": (STEP, label("page"), label("department"), SESSIONS),
    "paths": (label("pages", "pages", pl.List(pl.String)), label("department"), SESSIONS, JOURNEYS, SHARE),
}
_OTHER_SIDE: Final = {
    "sessions": "compared_sessions", "share": "compared_share", "difference": "difference", "low": "difference_low",
    "high": "difference_high", "unusual": "difference_unusual", "median_seconds": "compared_median_seconds",
}  # fmt: skip


def _shape(columns: tuple[Column, ...], *left_out: str) -> shapes.Shape:
    """A row as the answer has it: what is compared as an object of its own."""
    own = shapes.row(shapes.without(columns, *left_out, *_OTHER_SIDE.values()))
    known = shapes.row(columns)["properties"]
    other = {said: known[name] for said, name in _OTHER_SIDE.items() if name in known}
    return shapes.whole(**own["properties"], **({"compared": shapes.whole(**other)} if other else {}))


_NODE: Final = _shape(NODES, "step", "department")
_SPECIAL: Final = ("other", "ended", "reached_end", "hidden")
_STEP: Final = shapes.whole(
    step=shapes.NUMBER, nodes=shapes.listed(_NODE), **dict.fromkeys(_SPECIAL, shapes.NUMBER), ended_how=shapes.COUNTS,
    hidden_departments=shapes.COUNTS,
    compared=shapes.whole(**dict.fromkeys(_SPECIAL, _NODE["properties"]["compared"]), ended_how=shapes.COUNTS),
)  # fmt: skip
SHAPE: Final = shapes.whole(
    sessions=shapes.NUMBER, steps=shapes.listed(_STEP), links=shapes.listed(_shape(MORE["links"], "department")),
    compared=shapes.whole(sessions=shapes.NUMBER), paths=shapes.rows(shapes.without(MORE["paths"], "department")), paths_other=shapes.NUMBER,
)  # fmt: skip


def fitted(nodes: pl.DataFrame, others: Mapping[str, pl.DataFrame]) -> Frames:
    """Frames of these columns, in their order; a column that isn't there has no values (an optional one is left out), and a frame no rows."""
    more = {
        name: _fitted(others[name], columns) if name in others else empty(columns) for name, columns in MORE.items()
    }
    return Frames(_fitted(nodes, NODES), more)


def _fitted(frame: pl.DataFrame, columns: tuple[Column, ...]) -> pl.DataFrame:
    held = frame.schema
    return frame.select(
        (pl.col(one.name) if one.name in held else pl.lit(None)).cast(one.type).alias(one.name)
        for one in there(columns, frame)
    )
