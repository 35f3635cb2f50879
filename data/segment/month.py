"""What an open month counts from what its days leave aside: its visitors over days, and its search terms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from data.segment.arrays import Array, changes
from data.segment.aside import Aside, Frames
from data.segment.events import RARE, common_terms
from data.segment.visitors import Seen, visitor_days

Days = Sequence[tuple[date, Aside]]  # by the day over by which their sessions are, in order


@dataclass(frozen=True)
class Counted(Frames):
    """The rows of visitor_days, with the day over by which their visitors' sessions are; services by slug."""

    rows: pl.DataFrame  # over, slice, number, slug, day, previous_day, visitors


def counted(days: Days, since: date, before: Counted | None) -> Counted:
    """The visitors of the days of a month; those of days over before `since` are as they were counted `before`.

    Only who was seen from then on is looked at, on the days before too.
    """
    chosen = np.zeros(1 + max(int(one.numbers.max(initial=0)) for _, one in days), bool)
    for over, one in days:
        if over >= since:
            chosen[one.numbers] = True
    found, services, overs = _seen([(over, one.of(chosen)) for over, one in days], np.cumsum(chosen, dtype=np.uint32))
    rows = visitor_days(found, sum(over < since for over in overs)).join(services, on=["slice", "number"], how="left")
    told = rows.drop("part").with_columns(over=pl.Series(overs, dtype=pl.Date).gather(rows["part"]))
    return Counted(pl.concat([before.rows.filter(pl.col("over") < since), told]) if before else told)


def _seen(days: Days, place: Array) -> tuple[Seen, pl.DataFrame, list[date]]:
    """Who was seen on these days, numbered by `place`; the services that have a number; and the day that each part is over by."""
    starts = np.cumsum([0, *(one.visitors.height for _, one in days)])
    day = np.concatenate([one.visitors["day"].to_numpy() for _, one in days])
    begins = changes(day)
    begins[starts[starts < len(day)]] = True
    parts = np.flatnonzero(begins)
    slugs = pl.concat([one.services["slug"] for _, one in days])
    found = Seen(
        place[np.concatenate([one.numbers for _, one in days])],
        day,
        parts,
        np.concatenate([one.visitors["departments"].to_numpy() for _, one in days]),
        np.concatenate([one.services["of"].to_numpy() + start for (_, one), start in zip(days, starts, strict=False)]),
        slugs.rank("dense").cast(pl.UInt16).to_numpy(),
    )
    overs = [days[n][0] for n in np.searchsorted(starts, parts, "right") - 1]
    services = pl.DataFrame({"slug": slugs.unique().sort()}).with_columns(
        slice=pl.lit("service"), number=pl.int_range(1, pl.len() + 1)
    )
    return found, services, overs


def terms(days: Days) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Search terms that enough sessions of the month have, as the tables value, term_link and term_day.

    The searches for the others are together those for the value 0 of their day.
    """
    told = pl.concat([one.terms.with_columns(over=pl.lit(day)) for day, one in days])
    known = pl.DataFrame({"text": sorted(common_terms([told]))}, {"text": pl.String}).with_row_index("number", 1)
    rows = told.join(known, left_on="term", right_on="text", how="left").with_columns(pl.col("number").fill_null(0))
    shown = (
        rows.filter(pl.col("number") > 0).select(day="over", value="value", term="number").unique().sort("day", "value")
    )
    sums = rows.group_by("day", term="number").agg(pl.col("searches").sum())
    values = pl.concat([pl.DataFrame({"number": [0], "text": [RARE]}, known.schema), known]).rename({"number": "value"})
    return values, shown, sums.sort("day", "term")
