"""The explorer and next pages: processor time beside the same question in DuckDB, ClickHouse and polars, and the scan.

    python -m benchmarks.questions [millions of page views]

All of it in one month, then spread over thirteen, in encrypted segments that are all asked at once. The peers have the same
page views in one table of rows by session, and are asked where they know the option; all answers are compared first. The
scan is the question's own statements alone: the bytes it can't do without. Milliseconds of the process on all threads, the
median of warm runs; no final answer is kept. `first` is without the rows and sets of sessions that are kept in memory, as for
a page that nobody asked about; the scan and the peers are held against it.
"""

import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import duckdb
import polars as pl

from benchmarks import peers, traffic
from data import access, clean, segment
from data.contract import DEVICES
from data.periods import Period, whole_month
from data.register import register
from data.settings import Settings
from data.store import Estate, Reading, Segment, engine
from data.store.manifest import Manifest
from queries.ask import ask
from queries.cache import Answers, Kept

JSON = dict[str, Any]
MONTHS: Final = tuple(date(2019 + month // 12, month % 12 + 1, 1) for month in range(9, 22))
SPREADS: Final = {"one month": MONTHS[-1:], "thirteen months": MONTHS}
PERIOD: Final = Period(MONTHS[0], whole_month(MONTHS[-1]).last)
ORDINARY: Final = 100  # the place of an ordinary page among the most seen; 1 in 1,000 page views
RUNS: Final = 7
PEER_RUNS: Final = 1
HOT: Final = (150, 25)  # ms at most of the explorer, and of next and previous pages, for the hot page
OTHERS: Final = (50, 5)
BEYOND: Final = 300  # ms at most beyond six steps
FILTERED: Final = 2  # times that a filter may take of the same question without
DEPARTMENT: Final = "HMRC"
FILTERS: Final = (", on a mobile", f", with {DEPARTMENT}")
PEER: Final = Path(__file__).parent / "peer"
PEER_DEFAULTS: Final[JSON] = {"device": 0, "department": 0, "via": 0, "exclude": []}
SPECIAL: Final = {"(other)": 0, "(ended)": -1, "(began)": -1}


@dataclass(frozen=True)
class Case:
    """One question, how long it may take, and the peer's parameters that differ from none."""

    name: str
    question: str
    asked: JSON
    most: float
    peer: JSON | None  # none where the peers aren't asked
    filtered: bool = False  # then it may also take at most FILTERED times the question before without


@dataclass(frozen=True)
class World:
    """The estate, the peers with rows of their own, and the pages by number, most seen first."""

    estate: Estate
    peers: Mapping[str, peers.Ask]
    pages: list[str]
    seen: list[int]

    @property
    def numbers(self) -> dict[str, int]:
        """The peer's number of each page, and of what isn't one."""
        return {page: number for number, page in enumerate(self.pages, 1)} | SPECIAL


def main(millions: float) -> None:
    """Measure and print, saying of each figure over its limit that it is."""
    for spread, months in SPREADS.items():
        with tempfile.TemporaryDirectory() as folder, patch("queries.ask._answers", Answers(most=0)):
            key = secrets.token_hex(32)
            segments = built(int(millions * 1_000_000), months, Path(folder), key)
            world = opened(segments, Path(folder), key)
            print(f"{millions:g} million page views in {spread}", flush=True)
            beside = ("the scan alone", *world.peers)
            print(f"{'':42}{'ms':>8}{'most':>7}{'first':>8}" + "".join(f"{name:>17}" for name in beside))
            usual = float("inf")
            for case in cases(world):
                took = measured(world, case, min(case.most, FILTERED * usual) if case.filtered else case.most)
                usual = usual if case.filtered else took


def built(page_views: int, months: Sequence[date], folder: Path, key: str) -> list[Segment]:
    """Encrypted segments of these months, with about this many page views together."""
    connection = engine.connect(Settings(threads=1), folder)
    found = []
    for first in months:
        frames = traffic.walked(first, page_views // len(months))
        name = f"m{first:%Y%m}"
        engine.create(connection, folder / f"{name}.db", key, page_views)
        connection.execute(f'use "{name}"')
        totals = {"views": segment.build(frames, whole_month(first), connection).page_views}
        connection.execute(f'use memory; detach "{name}"')
        found.append(
            Segment(
                name, "joined", first, whole_month(first).last, sha256=secrets.token_hex(), kind="month", totals=totals
            )
        )
    return found


def opened(segments: list[Segment], folder: Path, key: str) -> World:
    """Estate and peer over the same page views."""
    connection = engine.connect(Settings(), folder)
    for one in segments:
        engine.attach(connection, folder / f"{one.name}.db", key)
    estate = Estate(
        Settings(statement_seconds=600), connection, Manifest(1, datetime.now(UTC), segments=tuple(segments))
    )
    connection.execute(f"attach {engine.quoted(folder / 'peer.db')} as peer")
    pages = _pages(connection, segments)
    connection.register("known", pages)
    connection.execute("create table peer.page as from known")
    _rows(connection, segments)
    seen = "select page from peer.page_view group by page order by count(*) desc, page limit 1000"
    beside = {
        "DuckDB": _duckdb(connection), "ClickHouse": peers.clickhouse(connection, folder), "polars": peers.polars(connection)
    }  # fmt: skip
    return World(estate, beside, pages["name"].to_list(), [page for (page,) in connection.sql(seen).fetchall()])


def _duckdb(connection: duckdb.DuckDBPyConnection) -> peers.Ask:
    def ask(question: str, asked: peers.Parameters) -> peers.Answer:
        return set(connection.execute((PEER / f"{question}.sql").read_text(), dict(asked)).fetchall())

    return ask


def _pages(connection: duckdb.DuckDBPyConnection, segments: list[Segment]) -> pl.DataFrame:
    """Every page once, numbered from 1 in the order of the form shown, as ties are."""
    each = " union ".join(f'select key, host, path from "{one.name}".page' for one in segments)
    known = connection.sql(each).pl().select("key", name=clean.shown_expression()).sort("name")
    return known.with_columns(number=pl.int_range(1, pl.len() + 1, dtype=pl.UInt32))


def _rows(connection: duckdb.DuckDBPyConnection, segments: list[Segment]) -> None:
    """The peer's one table of page views, by session and position."""
    before = 0
    for number, one in enumerate(segments):
        text = (PEER / "rows.sql").read_text().replace("segment.", f'"{one.name}".')
        into = "insert into peer.page_view" if number else "create table peer.page_view as"
        connection.execute(f"{into} {text}", {"before": before})
        before += connection.sql(f'select count(*) from "{one.name}".session').fetchall()[0][0]


def cases(world: World) -> Iterator[Case]:
    """Every question of a hot page and of an ordinary one; the question that filters leave out comes before them."""
    for name, number, (explorer, beside) in (
        ("hot", world.seen[0], HOT),
        ("ordinary", world.seen[ORDINARY - 1], OTHERS),
    ):
        page = world.pages[number - 1]
        for direction, sign in (("forward", 1), ("backward", -1)):
            asked = {"anchor": {"match": "exact", "value": page}, "steps": 6, "direction": direction}
            for what, mine, theirs in _ways(world):
                peer = None if theirs is None else PEER_DEFAULTS | {"page": number, "sign": sign} | theirs
                most = BEYOND if "steps" in mine else explorer
                yield Case(f"{name}, {direction}{what}", "explore", asked | mine, most, peer, what in FILTERS)
        yield Case(f"{name}, next and previous pages", "next_pages", {"page": page}, beside, {"page": number})


def _ways(world: World) -> Iterator[tuple[str, JSON, JSON | None]]:
    """What may be added to a journey, as the explorer and, where they know it, the peers are asked for it."""
    exclude, via = world.seen[4], world.seen[9]
    yield "", {}, {}
    yield FILTERS[0], {"device": ["mobile"]}, {"device": DEVICES.index("mobile") + 1}
    yield FILTERS[1], {"department": [DEPARTMENT]}, {"department": 1 << register.number(DEPARTMENT)}
    yield ", via a page", {"via": {"match": "exact", "value": world.pages[via - 1]}}, {"via": via}
    yield ", without a page", {"exclude": [world.pages[exclude - 1]]}, {"exclude": [exclude]}
    yield ", by document type", {"group": "document_type"}, None
    yield ", with reloads", {"collapse_repeats": False}, None
    yield ", with whole paths", {"paths": 10}, None
    yield ", eight steps", {"steps": 8}, None


def measured(world: World, case: Case, most: float) -> float:
    """Compare, then measure and print one line; gives the milliseconds."""
    mine = partial(answered, world, case)
    asked = (
        {}
        if case.peer is None
        else {name: partial(ask_peer, case.question, case.peer) for name, ask_peer in world.peers.items()}
    )
    for name, theirs in asked.items():
        assert SAME[case.question](mine(), world.numbers) == theirs(), (case.name, name)
    with patch.multiple("queries.source", _rows=Kept(0), _sets_of_sessions=Kept(0)):
        with recorded() as statements:
            mine()
        first, scan = spent(mine, RUNS), spent(partial(replayed, world, statements), RUNS)
    took = spent(mine, RUNS)
    over = "  over the limit" if took > most else ""
    beside = [spent(theirs, PEER_RUNS) for theirs in asked.values()]
    ratios = f"{scan:9.1f}{first / scan:7.1f}x" + "".join(f"{peer:9.0f}{peer / first:7.1f}x" for peer in beside)
    print(f"{case.name:42}{took:8.1f}{most:7.0f}{first:8.1f}{ratios}{over}", flush=True)
    return took


def answered(world: World, case: Case) -> Any:
    """The answer, as everybody gets it."""
    asked = case.asked | {"from": PERIOD.first, "to": PERIOD.last}
    return ask(world.estate, access.person("estate-analyst"), case.question, asked).value


def spent(work: Callable[[], object], runs: int) -> float:
    """Processor milliseconds, of all threads of the process, the median."""
    times = []
    for _ in range(runs):
        started = time.process_time()
        work()
        times.append(1000 * (time.process_time() - started))
    return statistics.median(times)


Statement = tuple[Callable[..., object], Segment, str, Mapping[str, object]]


@contextmanager
def recorded() -> Iterator[list[Statement]]:
    """The statements that a question asks meanwhile."""
    found: list[Statement] = []

    def noted(ask_for: Callable[..., Any]) -> Callable[..., Any]:
        def note(reading: Reading, one: Segment, sql: str, parameters: Mapping[str, object] | None = None) -> Any:
            found.append((ask_for, one, sql, parameters or {}))
            return ask_for(reading, one, sql, parameters)

        return note

    with patch.multiple(Reading, arrow=noted(Reading.arrow), numpy=noted(Reading.numpy)):
        yield found


def replayed(world: World, statements: list[Statement]) -> None:
    """The same statements, and nothing made of what they find."""
    with world.estate.pinned() as reading:
        for ask_for, *statement in statements:
            ask_for(reading, *statement)


def _links(value: Any, numbers: Mapping[str, int]) -> set[tuple[object, ...]]:
    """The explorer's links as the peer gives them; nodes, endings and all other counts are sums of these."""
    return {
        (link["step"], numbers[link["from"]], numbers[link["to"]], link["sessions"], link["median_seconds"])
        for link in value["links"]
    }


def _neighbours(value: Any, numbers: Mapping[str, int]) -> set[tuple[object, ...]]:
    """Next and previous pages as the peer gives them."""
    return {
        (side, numbers[row["page"]], row["page_views"], row["sessions"])
        for side in ("previous", "following")
        for row in value[side]
    }


SAME: Final = {"explore": _links, "next_pages": _neighbours}

if __name__ == "__main__":
    main(float(sys.argv[1]) if sys.argv[1:] else 1)
