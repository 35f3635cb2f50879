"""The one last function of every question: what may not be said is taken out here, for screen, JSON and files alike.

Inside, a cell of a department that the viewer isn't named for is hidden below the limit, and so is every rate computed
from it. For publication every figure is rounded as `queries/publication.py` says, whoever asks.
"""

from dataclasses import replace
from typing import Any, Final

import polars as pl

from data.access import Viewer
from queries import publication
from queries.asking import WHOLE_ESTATE, Asking, Frames, Question
from queries.columns import Column, there
from queries.publication import HIDDEN, LIMIT

SUPPRESSED: Final = "suppressed"  # the last column of a disclosed frame: names of the cells hidden in the row
_NOTHING: Final = pl.Series(SUPPRESSED, [[]], pl.List(pl.String))


def disclose(frames: Frames, asking: Asking[Any], question: Question) -> Frames:
    """The frames with every cell hidden that this viewer may not see, and a last column that names these cells."""
    if asking.parameters.publication:
        return _each(
            publication.rounded(frames, asking),
            question,
            lambda frame, columns: seal(publication.recomputed(frame, columns), columns),
        )
    if asking.viewer.sees_everything:
        return _each(frames, question, lambda frame, _: _open(frame))
    return _each(frames, question, lambda frame, columns: seal(_inside(frame, columns, asking.viewer), columns))


def small(viewer: Viewer, department: str, number: str) -> pl.Expr:
    """Whether the count in column `number` is too small to show to the viewer, for the department in that column."""
    if viewer.sees_everything:
        return pl.lit(value=False)
    own = pl.col(department).is_in([*sorted(viewer.own), WHOLE_ESTATE]).fill_null(value=False)
    return ~own & (pl.col(number) < LIMIT).fill_null(value=False)


def seal(frame: pl.DataFrame, columns: tuple[Column, ...]) -> pl.DataFrame:
    """The frame with null for each count marked hidden and for what was computed from it, and their names at the end."""
    counts = {c.name: (pl.col(c.name) == HIDDEN).fill_null(value=False) for c in columns if c.kind == "count"}
    never = pl.lit(value=False)
    derived = {
        c.name: pl.any_horizontal(never, *(counts.get(part, never) for part in c.parts))
        for c in columns
        if c.kind == "derived"
    }
    names = [pl.when(rule).then(pl.lit(name)).otherwise(None) for name, rule in (counts | derived).items()]
    return frame.with_columns(
        *(pl.when(~rule).then(pl.col(name)).alias(name) for name, rule in (counts | derived).items()),
        pl.concat_list(pl.lit(None, pl.String), *names).list.drop_nulls().alias(SUPPRESSED),
    )


def rows(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """The rows of a disclosed frame; the lists of hidden cells (slow to read) are left out where all are empty.

    `drop` and `list.len` would make plans of it, which takes longer than all rows of most answers, and a list alone is
    tried as numbers of rows first.
    """
    shown = [name for name in frame.columns if name != SUPPRESSED]
    marked = len(shown) < frame.width and len(frame.get_column(SUPPRESSED).to_arrow().flatten())
    return (frame if marked else frame[:, shown]).to_dicts()


def _open(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with nothing hidden."""
    return frame.hstack([_NOTHING.new_from_index(0, frame.height)])


def _each(frames: Frames, question: Question, rule: Any) -> Frames:
    others = {name: rule(frame, there(question.MORE_COLUMNS[name], frame)) for name, frame in frames.others.items()}
    return replace(frames, main=rule(frames.main, there(question.COLUMNS, frames.main)), others=others)


def _inside(frame: pl.DataFrame, columns: tuple[Column, ...], viewer: Viewer) -> pl.DataFrame:
    if "department" not in frame.columns:
        return frame
    counts = [c.name for c in columns if c.kind == "count"]
    return frame.with_columns(
        pl.when(small(viewer, "department", name)).then(HIDDEN).otherwise(name).alias(name) for name in counts
    )
