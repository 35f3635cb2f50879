"""Handovers, search terms, a page as a whole and finding a page: processor time beside ClickHouse and polars over the bare rows.

    python -m benchmarks.pages [millions of page views]

One month of independent traffic among 200,000 pages, some of them start pages, in one encrypted segment. Both peers are given
the rows of the same segment, already joined with what they need, polars in memory and ClickHouse in tables in their best order, and
their answers are compared first; the time to read and decrypt the rows isn't counted against them. Milliseconds of the process on all threads, the median of warm runs; no
final answer is kept. Finding a page is timed by the wall, as people wait for it.
"""

import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import polars as pl

from benchmarks import peers, traffic
from benchmarks.questions import RUNS, spent
from data import access, clean, segment
from data.periods import whole_month
from data.register import register
from data.segment import CleanedFrame
from data.settings import Settings
from data.store import Estate, Segment, engine
from data.store.manifest import Manifest
from queries.ask import ask
from queries.cache import Answers

JSON = dict[str, Any]
DAYS: Final = whole_month(traffic.MONTH)
DAYS_ASKED: Final = {"from": f"{DAYS.first}", "to": f"{DAYS.last}", "compare": "none"}
STARTS: Final = sorted(
    {start.removeprefix("www.gov.uk") for one in register.services.values() for start in one.start_pages}
)
ORDERS: Final = {"views": "session, position", "searches": "text", "pages": "page"}  # of ClickHouse's tables
FORMS: Final[dict[str, Callable[[list[Any]], object]]] = {
    "handovers": lambda rows: {
        (register.department_names[came], register.department_names[went]): n for came, went, n in rows
    },
    "terms": list,
    "find": lambda rows: [name for (name,) in rows],
}
Rows = dict[str, pl.DataFrame]


@dataclass(frozen=True)
class Case:
    """One question, how long it may take, and what polars makes of the rows, in the same form as `told` gives it."""

    name: str
    question: str
    asked: JSON
    most: float
    told: Callable[[Any], object] = lambda _: None
    peer: Callable[[Rows], object] | None = None
    wall: bool = False


def main(millions: float) -> None:
    """Measure and print, saying of each figure over its limit that it is."""
    with tempfile.TemporaryDirectory() as folder, patch("queries.ask._answers", Answers(most=0)):
        estate = built(int(millions * 1_000_000), Path(folder))
        rows = read(estate)
        _given(rows, Path(folder))
        print(f"{millions:g} million page views in one month", flush=True)
        print(f"{'':42}{'ms':>8}{'most':>7}{'ClickHouse':>12}{'polars':>10}", flush=True)
        for case in cases(rows):
            measured(estate, rows, case)


def built(page_views: int, folder: Path) -> Estate:
    """One encrypted segment of a month, in which some pages are start pages of services."""
    connection, key = engine.connect(Settings(threads=1), folder), secrets.token_hex(32)
    engine.create(connection, folder / "month.db", key, page_views)
    connection.execute('use "month"')
    totals = {"views": segment.build(list(_started(page_views)), DAYS, connection).page_views}
    connection.execute('use memory; detach "month"')
    one = Segment("month", "joined", DAYS.first, DAYS.last, sha256=secrets.token_hex(), kind="month", totals=totals)
    reader = engine.connect(Settings(), folder)
    engine.attach(reader, folder / "month.db", key)
    return Estate(Settings(statement_seconds=600), reader, Manifest(1, datetime.now(UTC), segments=(one,)))


def _started(page_views: int) -> Iterator[CleanedFrame]:
    """The traffic, whose pages with the lowest numbers are start pages."""
    number = pl.col("path").str.extract(r"page-(\d+)$").cast(pl.Int64)
    for one in traffic.month(page_views):
        is_start = (number < len(STARTS)).fill_null(value=False)
        start = number.replace_strict(dict(enumerate(STARTS)), default=None, return_dtype=pl.String)
        host = pl.when(is_start).then(pl.lit("www.gov.uk")).otherwise("host").alias("host")
        renamed = one.frame.with_columns(host, path=pl.when(is_start).then(start).otherwise("path"))
        yield CleanedFrame(one.sender, one.day, renamed)


def read(estate: Estate) -> Rows:
    """What polars works on: page views with owners, searches with terms, pages with names."""
    with estate.pinned() as reading:
        (one,) = reading.segments("joined", DAYS)
        views = reading.run(one, "select session, position, page from page_view order by session, position")
        pages = reading.run(one, "select page, host, path, title, owner_then from page where not mark")
        searches = reading.run(
            one, "select e.session, v.text from event e join value v on v.value = e.value where e.kind = 1"
        )
        seen = reading.run(one, "select page, sum(page_views)::bigint as page_views from page_day group by page")
    passed = pl.col("host").is_in(sorted(register.pass_through_hosts))
    owned = pages.select("page", owner=pl.when(~passed).then("owner_then"))
    named = pages.select(
        "page",
        name=clean.shown_expression(),
        text=pl.concat_str(clean.shown_expression(), "title", separator=" ").str.to_lowercase(),
    )
    return {
        "views": views.join(owned, on="page", how="left", maintain_order="left"),
        "searches": searches,
        "pages": named.join(seen, on="page"),
    }


def _given(rows: Rows, folder: Path) -> None:
    """Give ClickHouse the same rows."""
    for name, order in ORDERS.items():
        file = folder / f"{name}.parquet"
        rows[name].write_parquet(file)
        peers.server().query(
            f"create or replace table {name} engine = MergeTree order by ({order}) settings allow_nullable_key = 1"
            f" as select * from file('{file}')"
        )
        file.unlink()


def asked_of_clickhouse(case: Case) -> object:
    """The answer of ClickHouse, in the form of the others."""
    text = (peers.PEER / f"clickhouse_{case.question}.sql").read_text()
    table = peers.server().query(f"{text} settings max_threads = {peers.THREADS}", "ArrowTable")
    found = list(zip(*(column.to_pylist() for column in table.columns), strict=True))
    return FORMS[case.question](found)


def pairs(value: Any) -> object:
    """Sessions by pair of departments, of an answer."""
    return {(row["from"], row["to"]): row["sessions"] for row in value["handovers"]}


def terms(value: Any) -> object:
    """Terms with their searches and sessions, in order."""
    return [(row["term"], row["searches"], row["sessions"]) for row in value["terms"]]


def names(value: Any) -> object:
    """Pages in order."""
    return [row["page"] for row in value["pages"]]


def cases(rows: Rows) -> Iterator[Case]:
    """Every question of these pages; a limit is that of the issue, or what is thought fit beside it."""
    busiest = rows["pages"].sort("page_views", descending=True)["name"][0]
    yield Case("handovers", "handovers", {"limit": 10_000}, 20, pairs, handed)
    yield Case("handovers on a mobile", "handovers", {"device": "mobile"}, 300)
    yield Case("search terms", "terms", {}, 20, terms, looked_for)
    yield Case("search terms, ending most", "terms", {"sort": "ended"}, 30)
    yield Case("a page as a whole, the busiest", "page", {"page": busiest}, 150)
    yield Case("a page as a whole, one that few saw", "page", {"page": STARTS[0]}, 50)
    yield Case(
        "find a page, by the wall",
        "find",
        {"words": "tax page-12"},
        100,
        names,
        partial(found, words=("tax", "page-12")),
        wall=True,
    )


def handed(rows: Rows) -> object:
    """Sessions by pair of departments, by sorting and shifting."""
    views = rows["views"].lazy().filter(pl.col("owner").is_not_null())
    after = views.with_columns(pl.col("owner", "session").shift(-1).name.suffix("_next"))
    crossed = after.filter(
        (pl.col("session") == pl.col("session_next"))
        & (pl.col("owner") != pl.col("owner_next"))
        & (pl.col("owner") > 0)
        & (pl.col("owner_next") > 0)
    )
    sums = crossed.group_by("owner", "owner_next").agg(pl.col("session").n_unique()).collect()
    names = register.department_names
    return {(names[came], names[went]): sessions for came, went, sessions in sums.iter_rows()}


def looked_for(rows: Rows) -> object:
    """The hundred terms searched for most."""
    sums = rows["searches"].lazy().group_by("text").agg(pl.len(), pl.col("session").n_unique())
    return sums.sort("len", "text", descending=[True, False]).head(100).collect().rows()


def found(rows: Rows, words: tuple[str, ...]) -> object:
    """The pages that hold every word, the most seen first."""
    kept = (
        rows["pages"]
        .lazy()
        .filter(pl.all_horizontal(pl.col("text").str.contains(word, literal=True) for word in words))
    )
    return kept.sort("page_views", "name", descending=[True, False]).head(100).collect()["name"].to_list()


def measured(estate: Estate, rows: Rows, case: Case) -> None:
    """Compare, then measure and print one line."""

    def mine() -> Any:
        return ask(estate, access.person("estate-analyst"), case.question, DAYS_ASKED | case.asked).value

    others: list[Callable[[], object]] = (
        [partial(asked_of_clickhouse, case), partial(case.peer, rows)] if case.peer else []
    )
    for other in others:
        assert case.told(mine()) == other(), case.name
    timed = _waited if case.wall else spent
    mine()
    took = timed(mine, RUNS)
    took_others = [timed(other, RUNS) for other in others]
    beside = "".join(f"{one:{width}.1f}" for one, width in zip(took_others, (12, 10), strict=False))
    print(
        f"{case.name:42}{took:8.1f}{case.most:7.0f}{beside}{'  over the limit' if took > case.most else ''}",
        flush=True,
    )


def _waited(work: Callable[[], object], runs: int) -> float:
    """Milliseconds by the wall, the median."""
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - started))
    return sorted(times)[len(times) // 2]


if __name__ == "__main__":
    main(float(sys.argv[1]) if sys.argv[1:] else 1)
