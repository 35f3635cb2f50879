"""Funnels: processor time of the whole answer and of the counts alone, beside the same by ClickHouse and polars, and the scan.

    python -m benchmarks.funnels [millions of page views]

Up to ten million lie in one month, more in thirteen; the segments are encrypted. The peers hold the same page views
unencrypted in the order of pages, which suits them best, polars in memory. What all answer is compared first. `whole` is the page's whole answer, `counts` those of its steps alone;
`at first` is the whole answer where no page views of these pages are kept in memory yet. `windowFunnel` and `polars` give
counts alone, `polars whole` also who dropped off where and went to which page, and units by day, though no times and no
intervals; windowFunnel can't say which page view it took. The scan is the question's own statements alone. Milliseconds of the
process on all threads, the median of warm runs; no final answer is kept. ClickHouse runs inside this process where
`chdb` is installed (`make bench` does so).
"""

import importlib
import secrets
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
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
from queries import parameters
from queries.ask import ask
from queries.asking import Asking
from queries.cache import Answers, Kept
from queries.funnels.funnel_definition import Parameters
from queries.funnels.funnel_frames import OTHER
from queries.funnels.funnel_sums import ENDED, SAME, funnel
from queries.page_sets.patterns import key

JSON = dict[str, Any]
Steps = list[list[str]]  # the pages of each step
RUNS: Final = 7
PEER_RUNS: Final = 3
ONE_MONTH: Final = 10  # millions of page views, that still lie in one
LIMITS: Final = {ONE_MONTH: (150, 30, 150), 100: (700, 60, 1_200)}  # ms: the busiest service, others, every service
FEW: Final = 4  # steps
LONGER: Final = 2  # times that 20 steps may take of the same pages in 4
OF_ESTATE: Final = 236  # pages of every service's steps together
EVERY_PLACE: Final = 10_000  # to which people went: so many are compared
ROWS: Final = """
    select page.key as page, session + {before} as session, position, coalesce(after.key, 0) as next, day
    from {segment}.page_view_by_page as view
    join {segment}.page on page.page = view.page left join {segment}.page as after on after.page = view.next_1
"""
HEADS: Final = ("whole", "most", "at first", "counts", "windowFunnel", "polars", "polars whole", "the scan")


@dataclass(frozen=True)
class World:
    """The estate, and its page views as each peer holds them."""

    estate: Estate
    polars: pl.DataFrame
    clickhouse: Any  # a session of chdb, none where it isn't installed


def main(millions: float) -> None:
    """Measure and print, saying of each figure over its limit that it is."""
    with tempfile.TemporaryDirectory() as folder, patch("queries.ask._answers", Answers(most=0)):
        secret, months = secrets.token_hex(32), MONTHS[-1:] if millions <= ONE_MONTH else MONTHS
        segments = built(int(millions * 1_000_000), months, Path(folder), secret)
        connection = engine.connect(Settings(), Path(folder))
        for one in segments:
            engine.attach(connection, Path(folder) / f"{one.name}.db", secret)
        world = opened(connection, segments, Path(folder))
        print(f"{millions:g} million page views in {len(months)} months", flush=True)
        print(f"{'':42}" + "".join(f"{head:>14}" for head in HEADS))
        usual = float("inf")
        limits = LIMITS[min(size for size in LIMITS if size >= min(millions, max(LIMITS)))]
        for name, steps, most in cases(seen(connection, segments), limits):
            usual = measured(world, name, steps, min(most, LONGER * usual) if len(steps) > FEW else most)


def opened(connection: duckdb.DuckDBPyConnection, segments: Sequence[Segment], folder: Path) -> World:
    """Estate and peers over the same page views; sessions are counted on from segment to segment."""
    parts: list[pl.DataFrame] = []
    for one in segments:
        before = parts[-1].select(pl.col("session").max()).item() if parts else 0
        parts.append(connection.sql(ROWS.format(segment=one.name, before=before)).pl())
    rows = pl.concat(parts).with_columns(pl.col("session").cast(pl.UInt32)).sort("page", "session", "position")
    manifest = Manifest(1, datetime.now(UTC), segments=tuple(segments))
    estate = Estate(Settings(statement_seconds=600), connection, manifest)
    return World(estate, rows, _clickhouse(rows.select("page", "session", "position"), folder))


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


def seen(connection: duckdb.DuckDBPyConnection, segments: Sequence[Segment]) -> dict[str, list[str]]:
    """Pages by host, most seen first."""
    each = " union all ".join(
        f"select host, path, count(*) as views from {one.name}.page_view_by_page join {one.name}.page using (page) group by all"
        for one in segments
    )
    text = f"select host, path from ({each}) group by all order by sum(views) desc, path limit 20000"
    found: dict[str, list[str]] = {}
    for host, path in connection.sql(text).fetchall():
        found.setdefault(host, []).append(clean.shown(host, path))
    return found


def cases(pages: dict[str, list[str]], limits: tuple[float, float, float]) -> Iterator[tuple[str, Steps, float]]:
    """The busiest service, then the others, then every service at once; 20 steps come after 4 steps of the same pages."""
    of_busiest, of_others, of_estate = limits
    services = [host for host in pages if host != clean.HOME_HOST]  # by their most seen page
    busiest = pages[services[0]]
    yield "4 steps, the busiest service", [[page] for page in busiest[:4]], of_busiest
    spread = [busiest[k::4][:5] for k in range(4)]
    yield "4 steps of 5 pages, the busiest service", spread, of_busiest
    yield "20 steps, the same pages", [[page] for step in spread for page in step], of_busiest * LONGER
    for host in services[1:]:
        yield f"4 steps, {host}", [[page] for page in pages[host][10:14]], of_others
    every = list(_in_turn([pages[host] for host in services]))[:OF_ESTATE]
    yield f"4 steps over every service ({OF_ESTATE} pages)", [every[k::4] for k in range(4)], of_estate


def _in_turn(lists: Sequence[list[str]]) -> Iterator[str]:
    for rank in range(max(map(len, lists))):
        yield from (one[rank] for one in lists if rank < len(one))


def measured(world: World, name: str, steps: Steps, most: float) -> float:
    """Compare, then measure and print one line; gives the milliseconds of the whole answer."""
    mine, counts = partial(answered, world, steps), partial(counted, world, steps)
    keys = [[key(*clean.page(page)) for page in step] for step in steps]
    whole = partial(whole_by_polars, world, keys)
    counting: list[Callable[[], list[int]]] = [partial(by_clickhouse, world, keys)] if world.clickhouse else []
    counting.append(partial(by_polars, world, keys))
    told = answered(world, steps, EVERY_PLACE)
    assert counts() == told["counts"]
    assert all(peer() == told["counts"] for peer in counting), name
    assert _agree(told, *whole()), name
    with patch("queries.funnels.funnel_rows._kept", Kept(0)):
        with recorded() as statements:
            mine()
        first, scan = spent(mine, RUNS), spent(partial(replayed, world, statements), RUNS)  # type: ignore[arg-type]
    took, alone = spent(mine, RUNS), spent(counts, RUNS)
    theirs = [*(spent(peer, PEER_RUNS) for peer in counting), spent(whole, PEER_RUNS)]
    shown = [took, most, first, alone, *([] if world.clickhouse else [float("nan")]), *theirs, scan]
    over = "  over the limit" if took > most else ""
    slower = "  behind a peer" if min(theirs[:-1]) < alone or theirs[-1] < took else ""
    print(f"{name:42}" + "".join(f"{one:14.1f}" for one in shown) + over + slower, flush=True)
    return took


def answered(world: World, steps: Steps, limit: int = 100) -> Any:
    """The whole answer, as the page gets it."""
    return ask(world.estate, access.person("estate-analyst"), "funnel", _asked(steps) | {"limit": limit}).value


def counted(world: World, steps: Steps) -> list[int]:
    """The counts alone."""
    with world.estate.pinned() as reading:
        wanted = parameters.read(Parameters, _asked(steps))
        viewer, settings = access.person("estate-analyst"), world.estate.settings
        asking = Asking(reading, viewer, wanted, PERIOD, None, "joined", settings, b"")
        found: list[int] = funnel(asking, PERIOD).units().tolist()
        return found


def _asked(steps: Steps) -> JSON:
    sets = [{"any": _matchers(step)} for step in steps]
    return {"steps": sets, "from": PERIOD.first, "to": PERIOD.last, "compare": "none"}


def _agree(told: JSON, counts: list[int], places: list[dict[int, int]], days: list[JSON]) -> bool:
    """Whether both say the same: of the most gone to places each, of all of them the sum."""
    mine = _places(told)
    named = all(theirs.get(page) == n for one, theirs in zip(mine, places, strict=True) for page, n in one.items())
    sums = [sum(one["units"] for one in step["went"]) for step in told["steps"]]
    return named and (told["counts"], sums, _days(told)) == (counts, [sum(one.values()) for one in places], days)


def _places(told: JSON) -> list[dict[int, int]]:
    """The units that dropped off after each step, by the page that they went to; 0 stands for none, others are left out."""
    found: list[dict[int, int]] = []
    for step in told["steps"]:
        places: dict[int, int] = {}
        for one in (one for one in step["went"] if one["to"] != OTHER):
            number = 0 if one["to"] in {SAME, ENDED} else key(*clean.page(one["to"]))
            places[number] = places.get(number, 0) + one["units"]
        found.append(places)
    return found


def _days(told: JSON) -> list[dict[str, int]]:
    """The units of each step by day, days with none left out."""
    steps = range(len(told["counts"]))
    return [{day["day"]: day["counts"][step] for day in told["days"] if day["counts"][step]} for step in steps]


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


def whole_by_polars(world: World, steps: list[list[int]]) -> tuple[list[int], list[dict[int, int]], list[JSON]]:
    """The counts, where those who dropped off went, and the units by day."""
    found: list[pl.DataFrame] = []
    for step in steps:
        mine = world.polars.lazy().filter(pl.col("page").is_in(step))
        if found:
            before = found[-1].lazy().select("session", reached="position")
            mine = mine.join(before, on="session").filter(pl.col("position") > pl.col("reached"))
        first = pl.col("next", "day").get(pl.col("position").arg_min())
        found.append(mine.group_by("session").agg(pl.col("position").min(), first).collect())
    dropped = [one.join(after, on="session", how="anti") for one, after in pairwise(found)]
    places = [dict(one.group_by("next").len().rows()) for one in dropped]
    days = [{day.isoformat(): units for day, units in one.group_by("day").len().rows()} for one in found]
    return [one.height for one in found], [*places, {}], days


if __name__ == "__main__":
    main(float(sys.argv[1]) if sys.argv[1:] else 1)
