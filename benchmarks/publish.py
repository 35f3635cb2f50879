"""Publishing a rebuilt month: page views a CPU second, and bytes a page view, table by table.

    python -m benchmarks.publish [millions of page views]

From cleaned frames in memory to one closed encrypted file, on one thread as the importer does. The physical limit is the
same tables written once more as they are.
"""

import resource
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb

from benchmarks import traffic
from data import segment
from data.periods import whole_month
from data.segment import CleanedFrame, Totals
from data.settings import Settings
from data.store import engine

WANTED: Final = 250_000  # page views a CPU second
MOST_BYTES: Final = 65  # a page view, in all tables together
RUNS: Final = 3
TABLES: Final = (
    "select table_name, estimated_size from duckdb_tables() where database_name = current_catalog() order by 1"
)


@contextmanager
def file(connection: duckdb.DuckDBPyConnection, path: Path, rows: int) -> Iterator[None]:
    """A new encrypted file, attached and used; closed at the end."""
    path.unlink(missing_ok=True)
    engine.create(connection, path, secrets.token_hex(32), rows)
    connection.execute(f'use "{path.stem}"')
    connection.begin()
    yield
    connection.commit()
    connection.execute("use memory")
    connection.execute(f'detach "{path.stem}"')


def built(connection: duckdb.DuckDBPyConnection, frames: Sequence[CleanedFrame], path: Path) -> tuple[Totals, float]:
    """The month in a new file, and the CPU seconds that it took."""
    started = time.process_time()
    with file(connection, path, sum(one.frame.height for one in frames)):
        totals = segment.build(frames, whole_month(traffic.MONTH), connection)
    return totals, time.process_time() - started


def copied(connection: duckdb.DuckDBPyConnection, tables: Sequence[str], path: Path) -> float:
    """The CPU seconds of writing tables of the catalog `month` into a new file as they are."""
    started = time.process_time()
    with file(connection, path, sys.maxsize):
        for table in tables:
            connection.execute(f"create table {table} as from month.{table}")
    return time.process_time() - started


def main(millions: float) -> int:
    """Measure and print; 1 where a wanted figure is missed."""
    frames = traffic.month(int(millions * 1_000_000))
    with tempfile.TemporaryDirectory() as folder:
        connection = engine.connect(Settings(threads=1), Path(folder))
        path, other = Path(folder) / "built.db", Path(folder) / "copied.db"
        runs = [built(connection, frames, path) for _ in range(RUNS)]
        totals, cpu = runs[0][0], min(run[1] for run in runs)
        speed, size = totals.page_views / cpu, path.stat().st_size / totals.page_views
        print(f"{totals.page_views:,} page views, {totals.sessions:,} sessions, {totals.pages:,} pages")
        print(
            f"{speed:,.0f} page views a CPU second (wanted {WANTED:,}); {size:.1f} bytes a page view (most {MOST_BYTES})"
        )
        print(
            f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.1f} GB of memory at most, made-up frames included"
        )
        limit(frames, other, totals.page_views)
    return int(speed < WANTED or size > MOST_BYTES)


def limit(frames: Sequence[CleanedFrame], path: Path, page_views: int) -> None:
    """Print the bare write of all tables, and each table's share of the bytes."""
    connection = engine.connect(Settings(threads=1, memory_limit="8GB"), path.parent)
    connection.execute("attach ':memory:' as month")
    connection.execute("use month")
    segment.build(frames, whole_month(traffic.MONTH), connection)
    rows = dict(connection.execute(TABLES).fetchall())
    bare = copied(connection, list(rows), path)
    copied(connection, [], path)
    empty = path.stat().st_size
    print(f"{page_views / bare:,.0f} page views a CPU second: the limit, a bare write of the finished tables")
    for table, count in rows.items():
        copied(connection, [table], path)
        if (size := (path.stat().st_size - empty) / page_views) >= 0.05:
            print(f"  {table:20} {count:12,} rows {size:6.2f} bytes a page view")


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 1))
