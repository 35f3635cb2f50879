"""Handovers: steps from a page of one department to a page of another, hosts that are only passed through left out."""

from collections.abc import Iterable

import numpy as np
import polars as pl

from data.segment.arrays import Array, Columns, changes
from data.segment.pages import of_pages


def handover_day(view: Columns, session: Columns, pages: pl.DataFrame, passed: Iterable[str]) -> pl.DataFrame:
    """The table handover_day, of departments as then and as now. Pages that nobody owns hand nothing over."""
    skipped = pages.select("page", skipped=pl.col("host").is_in(list(passed)))
    there = np.flatnonzero(~of_pages(skipped, "skipped").astype(bool)[view["page"]])
    of, page = view["session"][there], view["page"][there]
    same = np.flatnonzero(~changes(of)[1:])
    found = [_crossed(of, of_pages(pages, f"owner_{name}")[page], same) for name in ("then", "now")]
    steps = pl.concat([one.with_columns(structure_now=pl.lit(bool(now))) for now, one in enumerate(found)])
    day = pl.Series("day", session["day"][steps["session"].to_numpy() - 1]).cast(pl.Date)
    keys = ("day", "structure_now", "from_department", "to_department")
    return steps.with_columns(day).group_by(keys).agg(sessions=pl.col("session").n_unique(), steps=pl.len()).sort(keys)


def _crossed(of: Array, owner: Array, same: Array) -> pl.DataFrame:
    """The session, from and to of each step between two owners; `same` are views that one of the same session follows."""
    came, went = owner[same], owner[same + 1]
    crossed = (came != went) & (came > 0) & (went > 0)
    columns = {"session": of[same][crossed], "from_department": came[crossed], "to_department": went[crossed]}
    return pl.DataFrame(columns)
