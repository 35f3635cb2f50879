"""Making the demonstration: its extract files are written, taken in like any department's, and thrown away."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import Progress

from data import demonstration, errors
from data.demonstration import Span, Written
from data.intake import CleanedDay, Extract, read_extract, together
from data.periods import Period, whole_month
from data.settings import Settings
from data.store import publish, versions
from data.store.home import Home
from data.store.pseudonyms import PseudonymKeys

HOME: Final = Path("home-demo")
SMALLEST: Final = 20_000  # page views
LARGEST: Final = 100_000_000  # page views
AT_ONCE: Final = 2  # files that are read: one by its own process, while what another held is put together here
LARGEST_AT_ONCE: Final = 10_000_000  # page views; above, months are written, taken in and deleted one by one


def demonstrated(settings: Settings) -> Settings:
    """These settings, in the demonstration's own home and on the day that it calls today; nobody sends its days again."""
    home = settings.home if "home" in settings.model_fields_set else HOME
    clock = settings.clock or demonstration.CLOCK
    return settings.model_copy(update={"home": home, "clock": clock, "restatement_days": 0})


def is_there(settings: Settings) -> bool:
    """Whether something is published in the home."""
    return versions.newest(Home.open(settings)) is not None


def make(settings: Settings, size: int, screen: Console) -> None:
    """Make the demonstration of about `size` page views. Raises `WrongCall` for another size, or where there is one."""
    if not SMALLEST <= size <= LARGEST:
        detail = f"Give a number of page views from {SMALLEST:,} to {LARGEST:,}"
        raise errors.WrongCall(f"No demonstration has {size:,} page views", detail)
    if is_there(settings):
        detail = "Use it as it is, or delete that folder and call again"
        raise errors.WrongCall(f"A demonstration is in {settings.folder} already", detail)
    screen.print(f"Making a demonstration of {size:,} page views, once; it takes about a minute for each two million.")
    with publish.importing(settings) as home:
        for period, span in _parts(size):
            _publish(home, (size, period, span), screen)


def _publish(home: Home, part: tuple[int, Period, Span], screen: Console) -> None:
    """Write the files of these days, take them in, publish, and delete them."""
    size, period, span = part
    with tempfile.TemporaryDirectory() as folder:
        with screen.status(f"Writing the extracts of {period}"):
            written = list(demonstration.write(Path(folder), size, period, span=span))
            if period.last == demonstration.PERIOD.last:
                written += demonstration.write_returns(Path(folder), demonstration.PERIOD)
                written += demonstration.write_reports(Path(folder), demonstration.PERIOD)
        with Progress(console=screen, transient=True) as progress:
            task = progress.add_task(f"Reading the extracts of {period}", total=len(written))
            days = _read(home, written, lambda: progress.advance(task))
    with screen.status(f"Publishing {period}"):
        publish.publish(home, days)


def _parts(size: int) -> Iterator[tuple[Period, Span]]:
    """The days whose files are on disk at once: all of them, or of a large demonstration a month."""
    whole = demonstration.PERIOD
    if size <= LARGEST_AT_ONCE:
        yield whole, "period"
        return
    for day in whole:
        if day in {whole.first, whole_month(day).first}:
            yield Period(day, min(whole_month(day).last, whole.last)), "month"


def _read(home: Home, written: Sequence[Written], done: Callable[[], None]) -> list[CleanedDay]:
    """The days of the files, of which two are read at once, the largest first; `done` is called after each."""
    waiting = iter(sorted(written, key=lambda one: one.path.stat().st_size, reverse=True))

    def reads(_: int) -> list[CleanedDay]:
        found = []
        with together():
            for one in waiting:
                found += _taken(home, one)
                done()
        return found

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return [day for found in threads.map(reads, range(AT_ONCE)) for day in found]


def _taken(home: Home, one: Written) -> list[CleanedDay]:
    extract = Extract(one.account, one.sender, one.day, one.format, split_days=one.day is None)
    return read_extract(one.path, extract, home.settings, PseudonymKeys(home).key)
