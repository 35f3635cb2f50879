"""The same questions of the same page views in ClickHouse and in polars, both in this process."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl
from chdb.session import Session

PEER: Final = Path(__file__).parent / "peer"
ROWS: Final = "session, position, page, seconds, device, departments"  # of one table, by session and position
THREADS: Final = 2
STEPS, TOP, NEIGHBOURS = 6, 5, 100
NOBODY: Final = 0  # the page of "all others", and of no page left out
ENDED: Final = -1

Parameters = Mapping[str, Any]
Answer = set[tuple[object, ...]]
Ask = Callable[[str, Parameters], Answer]


@cache
def server() -> Any:
    """ClickHouse in a temporary folder of its own; a process can have one."""
    session: Any = Session()
    session.query("create database bench")
    session.query("use bench")
    return session


def clickhouse(rows: duckdb.DuckDBPyConnection, folder: Path) -> Ask:
    """Ask ClickHouse, whose table is in the order of session and position, as ours by session is."""
    file = folder / "peer.parquet"
    rows.execute(f"copy (select {ROWS} from peer.page_view) to '{file}'")
    session = server()
    session.query(
        "create or replace table page_view engine = MergeTree order by (session, position)"
        f" as select {ROWS} from file('{file}') settings schema_inference_make_columns_nullable = 0"
    )
    file.unlink()

    def ask(question: str, asked: Parameters) -> Answer:
        values = {name: value for name, value in asked.items() if name != "exclude"}
        values["exclude"] = ", ".join(map(str, asked.get("exclude") or [NOBODY]))
        text = (PEER / f"clickhouse_{question}.sql").read_text().format(**values)
        *before, last = text.split(";\n")
        for statement in before:
            session.query(f"{statement} settings max_threads = {THREADS}")
        found = session.query(f"{last} settings max_threads = {THREADS}", "ArrowTable")
        return set(zip(*(column.to_pylist() for column in found.columns), strict=True))

    return ask


def polars(rows: duckdb.DuckDBPyConnection) -> Ask:
    """Ask polars, with every column in memory."""
    frame = rows.sql(f"select {ROWS} from peer.page_view order by session, position").pl()
    questions = {"explore": _links, "next_pages": _neighbours}
    return lambda question, asked: set(questions[question](frame.lazy(), asked).collect().rows())


def _seeing(rows: pl.LazyFrame, page: int, *filters: pl.Expr) -> pl.LazyFrame:
    """The rows of the sessions with a view of the page that fits; the order is kept."""
    chosen = rows.filter(pl.col("page") == page, *filters).select("session").unique()
    return rows.join(chosen, on="session", how="semi", maintain_order="left")


def _beside(name: str, by: int) -> pl.Expr:
    """The value of the row before (1) or after (-1) in the same session."""
    return pl.when(pl.col("session") == pl.col("session").shift(by)).then(pl.col(name).shift(by))


def _neighbours(rows: pl.LazyFrame, asked: Parameters) -> pl.LazyFrame:
    views = _seeing(rows, asked["page"]).with_columns(previous=_beside("page", 1), following=_beside("page", -1))
    mine = views.filter(pl.col("page") == asked["page"])
    sides = [
        mine.filter(pl.col(side) != asked["page"])
        .group_by(page=pl.col(side))
        .agg(page_views=pl.len(), sessions=pl.col("session").n_unique())
        .sort(pl.col("page_views"), pl.col("page"), descending=[True, False])
        .head(NEIGHBOURS)
        .select(pl.lit(side), "page", "page_views", "sessions")
        for side in ("previous", "following")
    ]
    return pl.concat(sides)


def _links(rows: pl.LazyFrame, asked: Parameters) -> pl.LazyFrame:
    journeys = _outward(rows, asked)
    tops = journeys.group_by("step", "page").len().sort(pl.col("len"), "page", descending=[True, False])
    shown = tops.group_by("step", maintain_order=True).head(TOP).select("step", "page", face=pl.col("page"))
    faces = journeys.join(shown, on=["step", "page"], how="left", maintain_order="left")
    moves = faces.select(
        "step",
        tail=pl.col("face").fill_null(NOBODY).cast(pl.Int64),
        head=_beside("face", -1).fill_null(NOBODY).cast(pl.Int64),
        ended=_beside("page", -1).is_null(),
        took=(_beside("seconds", -1).cast(pl.Int64) - pl.col("seconds").cast(pl.Int64)).abs(),
    ).filter(pl.col("step") < STEPS)
    head = pl.when("ended").then(ENDED).otherwise("head")
    return moves.group_by("step", "tail", head.alias("to")).agg(
        sessions=pl.len(), median_seconds=pl.col("took").median()
    )


def _outward(rows: pl.LazyFrame, asked: Parameters) -> pl.LazyFrame:
    """The first steps from the first view of the page, by session and step."""
    kept = [pl.lit(value=True)]
    if asked["device"]:
        kept.append(pl.col("device") == asked["device"])
    if asked["department"]:
        kept.append((pl.col("departments") & asked["department"]) != 0)
    views = _seeing(rows, asked["page"], *kept).filter(~pl.col("page").is_in(asked["exclude"]))
    runs = (
        views.filter(_beside("page", -1).ne_missing(pl.col("page")))
        .with_row_index("place")
        .with_columns(pl.col("place").cast(pl.Int64))
    )
    anchors = runs.filter(pl.col("page") == asked["page"]).group_by("session").agg(anchor=pl.col("place").min())
    outward = runs.join(anchors, on="session", maintain_order="left").with_columns(
        step=(pl.col("place") - pl.col("anchor")) * asked["sign"]
    )
    outward = outward.filter(pl.col("step") >= 0)
    if asked["via"]:
        passing = outward.filter(pl.col("page") == asked["via"], pl.col("step") > 0).select("session").unique()
        outward = outward.join(passing, on="session", how="semi", maintain_order="left")
    return outward.filter(pl.col("step") <= STEPS).sort("session", "step")
