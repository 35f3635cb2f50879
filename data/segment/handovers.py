"""Handovers: steps from a page of one department to a page of another, hosts that are only passed through left out."""

from collections.abc import Iterable
from typing import Final

import numpy as np
import polars as pl

from data.segment.arrays import Array, Columns, tally
from data.segment.pages import of_pages

BITS: Final = 6  # that a department's number takes
PAIR: Final = (1 << 2 * BITS) - 1


def handover_day(view: Columns, session: Columns, pages: pl.DataFrame, passed: Iterable[str]) -> pl.DataFrame:
    """The table handover_day, of departments as then and as now. Pages that nobody owns hand nothing over."""
    skipped = pages["host"].is_in(list(passed)).to_numpy()
    there = np.flatnonzero(~np.append(False, skipped)[view["page"]]) if skipped.any() else slice(None)
    of, page = view["session"][there], view["page"][there]
    found = []
    for now, name in enumerate(("then", "now")):
        owner = of_pages(pages, f"owner_{name}")[page]
        found.append(counted(of, owner, session["day"]).with_columns(structure_now=pl.lit(bool(now))))
    return pl.concat(found).sort("day", "structure_now", "from_department", "to_department")


def counted(of: Array, owner: Array, day: Array, within: Array | None = None) -> pl.DataFrame:
    """Sessions and steps by day, from and to; a session counts once for each pair of departments.

    `of` and `owner` are of page views by session and position, `day` of each session. With `within`, truth values of the
    page views, a step is kept where either of its two pages is.
    """
    came, went = owner[:-1], owner[1:]
    handed = (came != went) & (came > 0) & (went > 0) & (of[1:] == of[:-1])
    crossed = np.flatnonzero(handed if within is None else handed & (within[:-1] | within[1:]))
    pair = came[crossed].astype(np.int64) << BITS | went[crossed]
    pairs, each = tally(of[crossed].astype(np.int64) << 2 * BITS | pair)
    first = int(day.min()) if len(day) else 0
    on_day = (day[(pairs >> 2 * BITS) - 1].astype(np.int64) - first) << 2 * BITS | pairs & PAIR
    sessions, steps = np.bincount(on_day), np.bincount(on_day, each).astype(np.int64)
    found = np.flatnonzero(sessions)
    columns = {
        "day": (found >> 2 * BITS) + first,
        "from_department": (found & PAIR) >> BITS,
        "to_department": found & (1 << BITS) - 1,
        "sessions": sessions[found],
        "steps": steps[found],
    }
    return pl.DataFrame(columns).with_columns(pl.col("day").cast(pl.Int32).cast(pl.Date))
