"""Rows that stay, rows that aren't shared, and rows that break a rule which only the whole file, or the register, tells."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np
import polars as pl

from data.contract import KINDS, MOST_PAGE_VIEWS
from data.intake import sharing
from data.intake.hostile import Found
from data.intake.quarantine import hashed, said
from data.intake.rules import IDENTIFIERS

ASTRAY: Final = timedelta(days=1)  # that a row may lie away from the day of its extract
PAGE_VIEW: Final = KINDS.index("page_view")


@dataclass(frozen=True)
class Parted:
    """A file's rows: `kept` and `dropped` (with `department`) have the columns of the rows that came in.

    `quarantined` has a row for each line: line, rule, hash (not keyed yet) and the day that the line is `of`, where known.
    """

    kept: pl.DataFrame
    dropped: pl.DataFrame
    quarantined: pl.DataFrame


def parted(found: Found, rows: pl.DataFrame, sender: str, account: str) -> Parted:
    """Every row in its part. Rows have `day` (London) and `of` (the extract's day); those of one line fall together."""
    judged = sharing.judged(rows, found.pages["host"], sender, account)
    rule = pl.coalesce(
        pl.when((pl.col("day") - pl.col("of")).abs() > ASTRAY).then(pl.lit("too_far_from_day")),
        judged["rule"],
        pl.when(_beyond_the_most(rows)).then(pl.lit("long_session")),
    )
    ruled = rows.with_columns(judged["department"], rule.alias("rule"))
    broken = _broken(found, ruled)
    if broken.height:
        ruled = ruled.filter(~pl.col("line").is_in(broken["line"].implode()))
    before = found.quarantined.with_columns(pl.lit(None, pl.Date).alias("of"))
    shared = pl.col("department").is_null()
    return Parted(ruled.filter(shared), ruled.filter(~shared), pl.concat([before, broken]).sort("line"))


def _beyond_the_most(rows: pl.DataFrame) -> pl.Series:
    """Whether each row is a page view past the most that a session may have, in the session's order."""
    views = rows.select("session", "time", "order", "line", viewed=pl.col("kind") == PAGE_VIEW)
    sizes = np.bincount(views.filter(pl.col("viewed") & pl.col("session").is_not_null())["session"].to_numpy())
    if not sizes.size or sizes.max() <= MOST_PAGE_VIEWS:
        return pl.repeat(value=False, n=rows.height, dtype=pl.Boolean, eager=True)
    return views.select(
        (pl.col("viewed").cum_sum().over("session", order_by=["time", "order", "line"]) > MOST_PAGE_VIEWS)
        & pl.col("viewed")
        & pl.col("session").is_not_null()
    ).to_series()


def _broken(found: Found, ruled: pl.DataFrame) -> pl.DataFrame:
    """The broken lines, each with its first rule and a hash of what was understood of its rows."""
    rows = ruled.filter(pl.col("rule").is_not_null())
    identifiers = [found.content.values[name].gather(rows[name]) for name in IDENTIFIERS]
    pages = [found.pages[name].gather(rows["page"]) for name in found.pages.columns]
    return hashed(rows.select("line", "rule", "of", said([*identifiers, rows["time"].cast(pl.String), *pages])))
