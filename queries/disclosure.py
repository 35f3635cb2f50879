"""The one last function of every question: what may not be said is taken out here, for screen, JSON and files alike.

Inside, a cell of a department that the viewer isn't named for is hidden below the limit, and so is every rate computed
from it. For publication every figure is rounded as `queries/publication.py` says, whoever asks.
"""

from dataclasses import replace
from typing import Any, Final

import polars as pl

from data.access import Viewer
from queries.asking import WHOLE_ESTATE, Asking, Frames, Question
from queries.columns import Column

LIMIT: Final = 10
SUPPRESSED: Final = "suppressed"  # the last column of a disclosed frame: names of the cells hidden in the row


def disclose(frames: Frames, asking: Asking[Any], question: Question) -> Frames:
    """The frames with every cell hidden that this viewer may not see, and a last column that names these cells."""
    others = {name: _inside(frame, question.MORE_COLUMNS[name], asking.viewer) for name, frame in frames.others.items()}
    return replace(frames, main=_inside(frames.main, question.COLUMNS, asking.viewer), others=others)


def small(viewer: Viewer, department: str, number: str) -> pl.Expr:
    """Whether the count in column `number` is too small to show to the viewer, for the department in that column."""
    if viewer.sees_everything:
        return pl.lit(value=False)
    return ~_own(viewer, department) & (pl.col(number) < LIMIT).fill_null(value=False)


def _own(viewer: Viewer, department: str) -> pl.Expr:
    return pl.col(department).is_in([*sorted(viewer.departments), WHOLE_ESTATE]).fill_null(value=False)


def _inside(frame: pl.DataFrame, columns: tuple[Column, ...], viewer: Viewer) -> pl.DataFrame:
    owned = "department" in frame.columns
    counts = {c.name: small(viewer, "department", c.name) for c in columns if c.kind == "count" and owned}
    return hide(frame, columns, counts)


def hide(frame: pl.DataFrame, columns: tuple[Column, ...], counts: dict[str, pl.Expr]) -> pl.DataFrame:
    """The frame without the counts for which the expression holds, and without what was computed from these."""
    never = pl.lit(value=False)
    derived = {
        c.name: pl.any_horizontal(never, *(counts.get(p, never) for p in c.parts))
        for c in columns
        if c.kind == "derived"
    }
    hidden = counts | derived
    names = pl.concat_list(
        [pl.when(rule & pl.col(name).is_not_null()).then(pl.lit(name)) for name, rule in hidden.items()]
        or [pl.lit(None, pl.String)]
    )
    return frame.with_columns(
        *(pl.when(~rule).then(pl.col(name)).alias(name) for name, rule in hidden.items()),
        names.list.drop_nulls().alias(SUPPRESSED),
    )
