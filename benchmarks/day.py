"""One more day into an open month: CPU seconds from its cleaned rows to the published version, and the memory held.

    python -m benchmarks.day

On the 10th, the 20th and the 31st, all days before being there. The day that comes builds itself with the late sessions of
the day before, its own late ones, and the month's visitors. Encryption, counting again and forcing to disk are in it.
"""

import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from benchmarks import traffic
from benchmarks.intake import held, spent
from data.intake import CleanedDay
from data.segment import CleanedFrame
from data.settings import Settings
from data.store.publish import import_extracts

FIRST: Final = date(2020, 10, 1)
DAYS: Final = (10, 20, 31)
MOST_SECONDS: Final = 3.0  # of CPU
MOST_MEMORY: Final = 2e9  # bytes
# As it is installed, without pandas, which only tests need: DuckDB loads it, where it is there, for 0.7 CPU s with the first bound parameter.
AGAIN: Final = """
import sys
from importlib.machinery import PathFinder
class Installed(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name == "pandas" else super().find_spec(name, path, target)
sys.meta_path[sys.meta_path.index(PathFinder)] = Installed
from benchmarks import day
day.publish(day.Path(sys.argv[1]), int(sys.argv[2]))
"""
PAGE_VIEWS: Final = 390_000  # a day


def extract(one: CleanedFrame) -> CleanedDay:
    """A day of traffic as it comes from the way in."""
    rows = one.frame.height
    sha256 = f"{one.day:%Y%m%d}".ljust(64, "0")
    return CleanedDay("gds", "GDS", one.day, "events", "hits", sha256, one.frame, rows, rows, 0, {}, (), {}, ())


def publish(folder: Path, day: int) -> None:
    """Publish the day that waits beside the home; prints CPU seconds, and the most bytes held, its rows included."""
    new = CleanedFrame(0, FIRST.replace(day=day), pl.read_parquet(folder / "new.parquet"))
    before = spent()
    import_extracts([extract(new)], _settings(folder))
    print(spent() - before, held())


def _settings(folder: Path) -> Settings:
    return Settings(home=folder / "home", clock=FIRST.replace(day=20))


def main() -> int:
    """Print both of each day; 1 where one is too much."""
    days, failed = traffic.walked(FIRST, 31 * PAGE_VIEWS), False
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for before, day in zip((0, *DAYS), DAYS, strict=False):
            import_extracts(map(extract, days[before : day - 1]), _settings(folder))
            days[day - 1].frame.write_parquet(folder / "new.parquet")
            # In a process of its own, so that no memory but the import's counts.
            command = [sys.executable, "-c", AGAIN, str(folder), str(day)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own
            seconds, memory = map(float, done.stdout.split())
            print(
                f"{PAGE_VIEWS:,} page views into an open month, day {day}: {seconds:.2f} CPU s (at most {MOST_SECONDS}), "
                f"{memory / 1e9:.2f} GB of memory (at most {MOST_MEMORY / 1e9:.0f})"
            )
            failed |= seconds > MOST_SECONDS or memory > MOST_MEMORY
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
