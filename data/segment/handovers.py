"""Handovers: steps from a page of one department to a page of another, hosts that are only passed through left out."""

from collections.abc import Iterable

import numpy as np
import polars as pl

from data.segment.arrays import Array, Columns, tally
from data.segment.pages import of_pages


def handover_day(view: Columns, session: Columns, pages: pl.DataFrame, passed: Iterable[str]) -> pl.DataFrame:
    """The table handover_day, of departments as then and as now. Pages that nobody owns hand nothing over."""
    skipped = pages["host"].is_in(list(passed)).to_numpy()
    there = slice(None) if not skipped.any() else np.flatnonzero(~np.append(False, skipped)[view["page"]])
    of, page = view["session"][there], view["page"][there]
    found = [
        _counted(of, of_pages(pages, f"owner_{name}")[page], session["day"]).with_columns(
            structure_now=pl.lit(bool(now))
        )
        for now, name in enumerate(("then", "now"))
    ]
    keys = ("day", "structure_now", "from_department", "to_department")
    return pl.concat(found).group_by(keys).agg(sessions=pl.len(), steps=pl.col("steps").sum()).sort(keys)


def _counted(of: Array, owner: Array, day: Array) -> pl.DataFrame:
    """Day, from, to and steps of each session's handovers."""
    came, went = owner[:-1], owner[1:]
    crossed = np.flatnonzero((came != went) & (came > 0) & (went > 0) & (of[1:] == of[:-1]))
    packed = of[crossed].astype(np.int64) << 16 | came[crossed].astype(np.int64) << 8 | went[crossed]
    pairs, steps = tally(packed)
    columns = {"from_department": pairs >> 8 & 255, "to_department": pairs & 255, "steps": steps}
    return pl.DataFrame({"day": day[(pairs >> 16) - 1], **columns}).with_columns(pl.col("day").cast(pl.Date))
