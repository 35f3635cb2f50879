"""A Parquet file of `hits` into a cleaned day, beside a bare read of the same file into memory.

Process time of the importer and of the low-rights process together; the fastest of several runs, taken in turns.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from benchmarks import traffic
from data.intake import Extract, read_extract
from data.settings import Settings

DAY: Final = date(2020, 10, 7)
RUNS: Final = 3
MOST_TIMES: Final = 5  # the CPU of a bare read that a cleaned day may take


@dataclass
class Best:
    """The least CPU seconds of several runs, and the wall seconds of that run."""

    cpu: float = float("inf")
    wall: float = 0.0

    def run(self, work: Callable[[], object]) -> None:
        """Run once more."""
        cpu, wall = spent(), time.perf_counter()
        kept = work()
        self.cpu, self.wall = min((self.cpu, self.wall), (spent() - cpu, time.perf_counter() - wall))
        del kept


def spent() -> float:
    """CPU seconds of this process and of those it waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def held() -> int:
    """The most bytes that this process held since its program started; what rusage says begins with its parent's."""
    said = Path("/proc/self/status").read_text()
    return int(said.partition("VmHWM:")[2].split()[0]) * 1024


def key(account: str, month: str) -> bytes:
    """A key of pseudonyms."""
    return f"{account} {month}".encode().ljust(32)


def hits(page_views: int) -> pl.DataFrame:
    """About `page_views` page views, and other events among them, all of one day and of www.gov.uk."""
    rows = pl.concat(one.frame for one in traffic.month(page_views)).sort(pl.col("time").dt.time())
    since_midnight = pl.col("time") - pl.col("time").dt.truncate("1d")
    return rows.select(
        pl.col("session", "visitor").bin.encode("hex"),
        (pl.lit(DAY).cast(pl.Datetime("us", "UTC")) + since_midnight).alias("time"),
        ("https://www.gov.uk" + pl.col("path")).alias("page"),
        "title",
        pl.col("device", "channel", "kind").cast(pl.String),
        "country",
        "value",
    ).rename({"kind": "event"})


def main(millions: float) -> None:
    """Print both, and how many times the one is the other."""
    rows = hits(int(millions * 1_000_000))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"hits_{DAY}.parquet"
        rows.write_parquet(path)
        about = ", ".join(f"{rows[name].n_unique():,} {name}s" for name in ("session", "visitor", "page"))
        print(f"{rows.height:,} rows, {about}; {path.stat().st_size / 1e6:.0f} MB")
        del rows
        compare(path)


def compare(path: Path) -> None:
    """Read a file in three ways, in turns."""
    settings = Settings(home=path.parent / "home")
    duckdb.execute("set enable_progress_bar = false")
    ways: dict[str, Callable[[], object]] = {
        "DuckDB, into a table": lambda: duckdb.sql(f"create or replace temp table bare as from read_parquet('{path}')"),
        "polars, into a frame": lambda: pl.read_parquet(path),
        "cleaned day": lambda: read_extract(path, Extract("gds", "GDS"), settings, key),
    }
    best = {name: Best() for name in ways}
    for _ in range(RUNS):
        for name, work in ways.items():
            best[name].run(work)
    bare = best["DuckDB, into a table"].cpu
    for name, found in best.items():
        print(f"{name:24}{found.cpu:8.2f} CPU s{found.wall:8.2f} s{found.cpu / bare:8.1f} times (at most {MOST_TIMES})")


if __name__ == "__main__":
    main(float(sys.argv[1]) if sys.argv[1:] else 1)
