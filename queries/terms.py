"""What people searched for: how often, in how many sessions, from which pages, and how often nothing more was seen."""

from typing import Any, Final

import polars as pl

from data.store import Segment
from queries import page_names, sets
from queries.asking import Asking, Frames, Value, sql
from queries.columns import Column, count, derived, label
from queries.metrics import formulas, ratio
from queries.page_sums import sessions_that_fit
from queries.parameters import Common

FILTERS: Final = frozenset(
    {"department", "device", "channel", "country", "page", "service", "document_type", "organisation", "topic"}
)
PARAMETERS: Final = Common
PAGES: Final = 10  # of a term, the most searched from
FIRST: Final = "(before any page)"
DEFINITION: Final = (
    "Site searches by their cleaned term. A term is known once 10 sessions of its month have it; the others are one row, (rare). "
    "Sessions: different sessions that searched for it. Ended: searches after which no page view, click out or download was seen, "
    "also as a share of its searches. Page: the one it was most searched from."
)
COLUMNS: Final[tuple[Column, ...]] = (
    label("term"), label("department"), count("searches", "searches"), count("sessions", "sessions"), label("page"),
    count("ended", "searches"),
    derived("ended_share", "share", ratio("ended", "searches"), denominators=("searches",)),
)  # fmt: skip
MORE_COLUMNS: Final[dict[str, tuple[Column, ...]]] = {
    "pages": (
        label("term"), label("page"), label("department"), count("searches", "searches"), count("sessions", "sessions"),
    ),
    "total": (label("terms", "terms", pl.Int64),),
}  # fmt: skip
FOUND: Final = {
    "term": pl.String, "page": pl.String, "department": pl.String, "searches": pl.Int64, "sessions": pl.Int64, "ended": pl.Int64,
}  # fmt: skip


def answer(asking: Asking[Common]) -> Frames:
    """The terms most searched for, each with the pages that it was searched from."""
    segments = asking.reading.segments(asking.account, asking.period)
    parts = [_searched(asking, segment) for segment in segments]
    empty = pl.DataFrame(schema=FOUND)
    by_page = _added(
        [empty, *(_grouped(part, "term", "page", "department") for part in parts)], "term", "page", "department"
    )
    whose = _owner(by_page) if sets.narrowed(asking) else None
    terms = _added([empty.drop("page", "department"), *(_grouped(part, "term") for part in parts)], "term")
    top = terms.sort("searches", "term", descending=[True, False]).head(asking.parameters.limit)
    ranked = by_page.sort("searches", "page", descending=[True, False])
    most = ranked.group_by("term", maintain_order=True).agg(pl.col("page").first())
    main = top.join(most, on="term", how="left", maintain_order="left").with_columns(
        pl.lit(whose, pl.String).alias("department"), *formulas(COLUMNS)
    )
    pages = ranked.group_by("term", maintain_order=True).head(PAGES).join(top.select("term"), on="term", how="semi")
    others = {
        "pages": pages.select(column.name for column in MORE_COLUMNS["pages"]),
        "total": pl.DataFrame({"terms": [terms.height]}),
    }
    return Frames(main.select(pl.col(column.name).cast(column.type) for column in COLUMNS), others)


def present(frames: Frames, asking: Asking[Common]) -> Value:  # noqa: ARG001 - every question is presented alike
    """How many terms there are, and those asked for, each with its pages."""
    pages: dict[str, list[dict[str, Any]]] = {}
    for row in frames.others["pages"].to_dicts():
        pages.setdefault(row.pop("term"), []).append(row)
    rows = [row | {"pages": pages.get(row["term"], [])} for row in frames.main.to_dicts()]
    return {"total": frames.others["total"]["terms"].item(), "terms": rows}


def _searched(asking: Asking[Common], segment: Segment) -> pl.DataFrame:
    """One row per term, page and session of a segment, its pages named as the viewer may see them."""
    narrowed = sets.narrowed(asking)
    pages = sets.of(asking, segment).tolist() if narrowed else []
    bound = {"first": asking.period.first, "last": asking.period.last, "pages": pages, "narrowed": narrowed}
    found = asking.reading.run(segment, sql("terms"), bound | sessions_that_fit(asking))
    return found.join(_words(asking, segment, found["page"].unique()), left_on="page", right_on="number")


def _words(asking: Asking[Common], segment: Segment, numbers: pl.Series) -> pl.DataFrame:
    """The name and the department of these pages, and of none."""
    none = pl.DataFrame([(0, FIRST, None)], page_names.NAMED, orient="row")
    return pl.concat([none, page_names.named(asking, segment, numbers)])


def _grouped(part: pl.DataFrame, *by: str) -> pl.DataFrame:
    """The sums of a segment; sessions are told apart within it."""
    counts = [pl.col("searches").sum(), pl.col("session").n_unique().alias("sessions"), pl.col("ended").sum()]
    return part.drop("page").rename({"name": "page"}).group_by(by).agg(counts)


def _added(parts: list[pl.DataFrame], *by: str) -> pl.DataFrame:
    columns = [*by, "searches", "sessions", "ended"]
    typed = [part.select(pl.col(name).cast(FOUND[name]) for name in columns) for part in parts]
    return pl.concat(typed).group_by(by).agg(pl.col("searches", "sessions", "ended").sum())


def _owner(by_page: pl.DataFrame) -> str | None:
    """The one department whose pages were searched from, or none."""
    owners = by_page["department"].unique()
    return str(owners.item()) if len(owners) == 1 and owners.null_count() == 0 else None
