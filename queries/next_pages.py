"""Where the views of a page came from and went: raw page views, so that both sides add up to all of them."""

from typing import Any, Final

import polars as pl
from pydantic import field_validator

from data.contract import CHANNELS
from data.register import register
from data.store import Segment
from queries import pages, sets
from queries.asking import WHOLE_ESTATE, Asking, Frames, Value, sql
from queries.columns import Column, count, label
from queries.page_sums import sessions_that_fit, words
from queries.parameters import Common, SeveralPatterns

DEFINITION: Final = (
    "Views of a page with the page view before and after each. Earlier pages, loops (reloads) and landings add up to the"
    " page views, and so do later pages, loops and exits."
)
FILTERS: Final = pages.FILTERS
SIDES: Final = ("previous", "following")
TOTALS: Final = ("page_views", "sessions", "loops", "landings", "exits")
UNKNOWN: Final = "not known"  # the channel of sessions that were sent without one

COLUMNS: Final[tuple[Column, ...]] = (
    label("side", "previous or following"),
    label("page"),
    label("department"),
    count("page_views", "page views"),
    count("sessions", "sessions"),
)
MORE_COLUMNS: Final[dict[str, tuple[Column, ...]]] = {
    "totals": (label("department"), *(count(name, name.replace("_", " ")) for name in TOTALS)),
    "landings": (label("department"), label("channel"), count("landings", "landings")),
    "other": (label("side"), label("department"), count("page_views", "page views")),
}


class Parameters(Common):
    """The page, or pages. `limit` is how many neighbours are named on each side."""

    page: SeveralPatterns

    @field_validator("page")
    @classmethod
    def _named(cls, page: tuple[str, ...]) -> tuple[str, ...]:
        if not page:
            raise ValueError("should be a page, such as /vehicle-tax")
        return page


PARAMETERS: Final = Parameters


def answer(asking: Asking[Parameters]) -> Frames:
    """The neighbours named on each side; beside them the totals, landings by channel, and what isn't named."""
    own = sorted(register.number(short) for short in asking.viewer.own)
    moves = _each(asking, "next_pages", everything=asking.viewer.sees_everything, own=own)
    summed = moves.group_by("side", "key").agg(pl.col("page_views", "sessions").sum())
    ranked = summed.join(words(asking, summed["key"].unique()), on="key").sort(
        "page_views", "page", descending=[True, False]
    )
    sides = [ranked.filter(pl.col("side") == side) for side in SIDES]
    limit = asking.parameters.limit
    rest = [
        (side, WHOLE_ESTATE, int(rows[limit:]["page_views"].sum())) for side, rows in zip(SIDES, sides, strict=True)
    ]
    totals = _totals(_each(asking, "next_pages_totals"))
    others = {
        "totals": totals,
        "landings": _landings(_each(asking, "next_pages_landings"), totals["department"].item()),
        "other": pl.DataFrame(rest, [column.name for column in MORE_COLUMNS["other"]], orient="row"),
    }
    return Frames(pl.concat(rows.head(limit) for rows in sides).select(column.name for column in COLUMNS), others)


def present(frames: Frames, _: Asking[Parameters]) -> Value:
    """API.md's answer, with what isn't named on each side as `other`."""
    sides: dict[str, Any] = {side: frames.main.filter(pl.col("side") == side).drop("side").to_dicts() for side in SIDES}
    landings = dict(frames.others["landings"].select("channel", "landings").rows())
    hidden = [channel for channel, number in landings.items() if number is None]
    other = frames.others["other"].select("side", "page_views").rows()
    totals = frames.others["totals"].drop("department").row(0, named=True)
    return totals | {"landings_by_channel": {**landings, "suppressed": hidden}} | sides | {"other": dict(other)}


def _each(asking: Asking[Parameters], name: str, **more: object) -> pl.DataFrame:
    """A query's rows on every segment, in one frame."""
    segments = asking.reading.segments(asking.account, asking.period)
    parts = [asking.reading.run(one, sql(name), _bound(asking, one, name) | more) for one in segments]
    return pl.concat(parts) if parts else pl.DataFrame(schema=_SCHEMAS[name])


def _bound(asking: Asking[Parameters], segment: Segment, name: str) -> dict[str, object]:
    numbers = sets.of(asking, segment).tolist()
    place = {"pages": numbers, "low": numbers[0] if numbers else 1, "high": numbers[-1] if numbers else 0}
    same = place | {"first": asking.period.first, "last": asking.period.last} | sessions_that_fit(asking)
    if name == "next_pages_landings":
        return same
    return same | {"single": len(numbers) == 1, "now": asking.parameters.structure == "now"}


def _totals(found: pl.DataFrame) -> pl.DataFrame:
    """One row; its department is the pages' owner, or none where they are of several."""
    owners = {*found["least"].drop_nulls(), *found["most"].drop_nulls()}
    department = register.department_names[owners.pop()] if len(owners) == 1 else None
    sums = found.select(pl.col(TOTALS).sum())
    return sums.select(pl.lit(department, pl.String).alias("department"), *TOTALS)


def _landings(found: pl.DataFrame, department: str | None) -> pl.DataFrame:
    names = dict(enumerate((UNKNOWN, *CHANNELS)))
    summed = found.group_by("channel").agg(pl.col("landings").sum()).sort("channel")
    channel = pl.col("channel").replace_strict(names, return_dtype=pl.String)
    return summed.select(pl.lit(department, pl.String).alias("department"), channel, "landings")


_SCHEMAS: Final[dict[str, dict[str, Any]]] = {
    "next_pages": {"side": pl.String, "key": pl.Int64, "page_views": pl.Int64, "sessions": pl.Int64},
    "next_pages_totals": {"least": pl.UInt8, "most": pl.UInt8, **dict.fromkeys(TOTALS, pl.Int64)},
    "next_pages_landings": {"channel": pl.UInt8, "landings": pl.Int64},
}
