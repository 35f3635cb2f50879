"""Funnels: processor time of the whole answer, beside the counts alone by ClickHouse's windowFunnel and polars, and the scan.

    python -m benchmarks.funnels [millions of page views]

All of it in one month, encrypted; the peers hold the same page views unencrypted, in the order of pages, which suits them
best. The counts of all are compared first. The scan is the question's own statements alone. Milliseconds of the process on
all threads, the median of warm runs; no final answer is kept. ClickHouse runs inside this process where `chdb` is
installed (`make bench` does so).
"""

import importlib
import secrets
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import duckdb
import polars as pl

from benchmarks.questions import MONTHS, PERIOD, built, recorded, replayed, spent
from data import access, clean
from data.settings import Settings
from data.store import Estate, Segment, engine
from data.store.manifest import Manifest
from queries.ask import ask
from queries.cache import Answers
from queries.patterns import key

JSON = dict[str, Any]
Steps = list[list[str]]  # the pages of each step
RUNS: Final = 7
PEER_RUNS: Final = 3
BUSIEST, OTHERS, ESTATE = 150, 30, 150  # ms at most
LONGER: Final = 2  # times that 20 steps may take of the same pages in 4
OF_ESTATE: Final = 236  # pages of every service's steps together
ROWS: Final = "select page.key as page, session, position from page_view_by_page as view join page on page.page = view.page order by 1, 2, 3"


@dataclass(frozen=True)
class World:
    """The estate, and its page views as each peer holds them."""

    estate: Estate
    polars: pl.DataFrame
    clickhouse: Any  # a session of chdb, none where it isn't installed


def main(millions: float) -> None:
    """Measure and print, saying of each figure over its limit that it is."""
    with tempfile.TemporaryDirectory() as folder, patch("queries.ask._answers", Answers(most=0)):
        secret = secrets.token_hex(32)
        (segment,) = built(int(millions * 1_000_000), MONTHS[-1:], Path(folder), secret)
        connection = engine.connect(Settings(), Path(folder))
        engine.attach(connection, Path(folder) / f"{segment.name}.db", secret)
        connection.execute(f'use "{segment.name}"')
        world = opened(connection, segment, Path(folder))
        print(f"{millions:g} million page views in one month; the peers give counts alone", flush=True)
        print(f"{'':42}{'ms':>8}{'most':>7}{'windowFunnel':>20}{'polars':>18}{'the scan alone':>17}")
        usual = float("inf")
        for name, steps, most in cases(seen(connection)):
            usual = measured(world, name, steps, min(most, LONGER * usual))


def opened(connection: duckdb.DuckDBPyConnection, segment: Segment, folder: Path) -> World:
    """Estate and peers over the same page views."""
    rows = connection.sql(ROWS).pl()
    estate = Estate(Settings(statement_seconds=600), connection, Manifest(1, datetime.now(UTC), segments=(segment,)))
    return World(estate, rows, _clickhouse(rows, folder))


def _clickhouse(rows: pl.DataFrame, folder: Path) -> Any:
    try:
        chdb = importlib.import_module("chdb.session")
    except ModuleNotFoundError:
        print("ClickHouse is left out: pip install -r requirements-bench.txt")
        return None
    rows.write_parquet(folder / "rows.parquet")
    session = chdb.Session(str(folder / "clickhouse"))
    session.query(
        "create table pv (page Int64, session UInt32, position UInt16) engine MergeTree order by (page, session, position)"
    )
    session.query(f"insert into pv select * from file('{folder / 'rows.parquet'}', Parquet)")
    session.query("optimize table pv final")
    return session


def seen(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Pages by host, most seen first."""
    text = "select host, path from page_view_by_page join page using (page) group by host, path order by count(*) desc, path limit 20000"
    found: dict[str, list[str]] = {}
    for host, path in connection.sql(text).fetchall():
        found.setdefault(host, []).append(clean.shown(host, path))
    return found


def cases(pages: dict[str, list[str]]) -> Iterator[tuple[str, Steps, float]]:
    """The busiest service, then the others, then every service at once; 20 steps come after 4 steps of the same pages."""
    services = [host for host in pages if host != clean.HOME_HOST]  # by their most seen page
    busiest = pages[services[0]]
    yield "4 steps, the busiest service", [[page] for page in busiest[:4]], BUSIEST
    spread = [busiest[k::4][:5] for k in range(4)]
    yield "4 steps of 5 pages, the busiest service", spread, BUSIEST
    yield "20 steps, the same pages", [[page] for step in spread for page in step], BUSIEST * LONGER
    for host in services[1:]:
        yield f"4 steps, {host}", [[page] for page in pages[host][10:14]], OTHERS
    every = list(_in_turn([pages[host] for host in services]))[:OF_ESTATE]
    yield f"4 steps over every service ({OF_ESTATE} pages)", [every[k::4] for k in range(4)], ESTATE


def _in_turn(lists: Sequence[list[str]]) -> Iterator[str]:
    for rank in range(max(map(len, lists))):
        yield from (one[rank] for one in lists if rank < len(one))


def measured(world: World, name: str, steps: Steps, most: float) -> float:
    """Compare, then measure and print one line; gives the milliseconds."""
    mine = partial(answered, world, steps)
    keys = [[key(*clean.page(page)) for page in step] for step in steps]
    expected = mine()["counts"]
    peers: list[Callable[[], list[int]]] = [partial(by_polars, world, keys)]
    peers += [partial(by_clickhouse, world, keys)] if world.clickhouse else []
    for peer in peers:
        assert peer() == expected, name
    with recorded() as statements:
        mine()
    took, scan = spent(mine, RUNS), spent(partial(replayed, world, statements), RUNS)  # type: ignore[arg-type]
    theirs = [spent(peer, PEER_RUNS) for peer in peers]
    told = [f"{one:10.0f}{one / took:7.1f}x" for one in theirs[::-1]]
    over = "  over the limit" if took > most else ""
    slower = "  behind a peer" if any(one < took for one in theirs) else ""
    ratios = "".join(f"{one:>20}" for one in (["", *told] if len(told) == 1 else told))
    print(f"{name:42}{took:8.1f}{most:7.0f}{ratios}{scan:9.1f}{took / scan:7.1f}x{over}{slower}", flush=True)
    return took


def answered(world: World, steps: Steps) -> Any:
    """The whole answer, as the page gets it."""
    asked = {
        "steps": [{"any": _matchers(step)} for step in steps],
        "from": PERIOD.first,
        "to": PERIOD.last,
        "compare": "none",
    }
    return ask(world.estate, access.person("estate-analyst"), "funnel", asked).value


def _matchers(pages: list[str], most: int = 50) -> list[JSON]:
    return [{"match": "exact", "value": pages[n : n + most]} for n in range(0, len(pages), most)]


def by_clickhouse(world: World, steps: list[list[int]]) -> list[int]:
    """The counts by windowFunnel, positions as its clock."""
    conditions = ", ".join(f"page in ({','.join(map(str, step))})" for step in steps)
    pages = ",".join(str(page) for step in steps for page in step)
    text = (
        f"select level, count() from (select windowFunnel(100000)(toUInt32(position), {conditions}) as level from pv"
        f" where page in ({pages}) group by session) group by level format CSV"
    )
    rows = [tuple(map(int, line.split(","))) for line in str(world.clickhouse.query(text)).split()]
    return [sum(units for level, units in rows if level > step) for step in range(len(steps))]


def by_polars(world: World, steps: list[list[int]]) -> list[int]:
    """The counts step by step: the first view of each after that of the step before."""
    before: pl.DataFrame | None = None
    counts = []
    for step in steps:
        mine = world.polars.lazy().filter(pl.col("page").is_in(step))
        if before is not None:
            mine = mine.join(before.lazy(), on="session").filter(pl.col("position") > pl.col("reached"))
        before = mine.group_by("session").agg(reached=pl.col("position").min()).collect()
        counts.append(before.height)
    return counts


if __name__ == "__main__":
    main(float(sys.argv[1]) if sys.argv[1:] else 1)
