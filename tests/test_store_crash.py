"""Killed, out of disk, or beside another importer: the published version stays whole and the next import completes."""

import random
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from data import errors
from data.audit import Log
from data.store import Estate
from data.store.home import Home
from data.store.publish import import_extracts
from data.store.verify import verify
from tests.counts import rounds
from tests.homes import extracts, settings_of, sums

SEED = 20_191_031
ROOT = Path(__file__).parent.parent


def deliver(folder: Path, number: int) -> None:
    """Import the extract of this number: its day then has that many sessions, each of two page views."""
    import_extracts(extracts(*[f"HMRC s{n}: /apply > /apply/{n}" for n in range(number)]), settings_of(folder))


@contextmanager
def importer(folder: Path, start: int) -> Iterator["subprocess.Popen[str]"]:
    """A process that imports one extract after another and says each number once it is published."""
    command = [sys.executable, "-m", "tests.test_store_crash", str(folder), str(start)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def killed_after(folder: Path, start: int, seconds: float) -> int:
    """Kill an importer this long after its first import; gives the last number that it acknowledged."""
    with importer(folder, start) as process:
        assert process.stdout
        acknowledged = int(process.stdout.readline())
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        return max([acknowledged, *map(int, process.stdout.read().split())])


def test_an_importer_killed_at_any_moment_harms_nothing(tmp_path: Path) -> None:
    luck = random.Random(SEED)  # noqa: S311 - when to kill, not a secret
    acknowledged = 0
    for _ in range(rounds(5, 50)):
        acknowledged = killed_after(tmp_path, acknowledged + 1, luck.uniform(0, 0.8))
        started = time.process_time()  # of this process alone, so that a busy machine fails nothing
        found = sums(settings_of(tmp_path))
        assert time.process_time() - started < 2
        assert found["sessions"] in {acknowledged, acknowledged + 1}
        assert found["page_views"] == 2 * found["sessions"]
        acknowledged = found["sessions"]
    deliver(tmp_path, acknowledged + 1)
    report = verify(settings_of(tmp_path))
    assert report.right, str(report)
    assert sums(settings_of(tmp_path))["sessions"] == acknowledged + 1
    left = [found for found in (tmp_path / "home").rglob("*") if found.name.startswith(".")]
    assert not left
    assert not [found for found in (tmp_path / "home" / "tmp").iterdir() if found.is_dir()]


def killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_version_published_but_not_yet_logged_is_logged_by_the_next_import(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(tmp_path, 1)
    with monkeypatch.context() as patched:
        patched.setattr("data.store.publish._log", killed)
        with pytest.raises(KeyboardInterrupt):
            deliver(tmp_path, 2)
    assert sums(settings_of(tmp_path))["sessions"] == 2
    deliver(tmp_path, 2)
    told = [(one.kind, one.facts.get("version")) for one in Log(Home.open(settings_of(tmp_path))).entries()]
    assert told[2:] == [("import", 2), ("publish", 2), ("duplicate", None)]


def test_a_second_importer_is_told_so_at_once(tmp_path: Path) -> None:
    home = Home.open(settings_of(tmp_path))
    with home.only_one("import"), pytest.raises(errors.TooBusy, match="Another import"):
        deliver(tmp_path, 1)
    deliver(tmp_path, 1)
    assert sums(settings_of(tmp_path))["sessions"] == 1


@pytest.mark.parametrize("room", [200, 3_000, 100_000])
def test_a_full_disk_is_said_in_words_and_harms_nothing(tmp_path: Path, room: int) -> None:
    """No file may grow beyond `room` bytes: that fails like a full disk, at other moments for other sizes."""
    deliver(tmp_path, 1)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        with pytest.raises(errors.EstateError, match="disk is full"):
            deliver(tmp_path, 2)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert sums(settings_of(tmp_path))["sessions"] == 1
    assert verify(settings_of(tmp_path)).right
    deliver(tmp_path, 2)
    assert sums(settings_of(tmp_path))["sessions"] == 2


def test_readers_go_on_while_versions_come_and_never_mix_them(tmp_path: Path) -> None:
    """Each version's day has as many sessions as its number, so an answer of parts of two versions would show."""
    deliver(tmp_path, 1)
    estate = Estate.open(settings_of(tmp_path, threads=2))
    estate.follow(every=0.02)
    versions, reads = rounds(6, 100), rounds(100, 100_000)
    seen: Counter[tuple[int, int, int]] = Counter()
    with importer(tmp_path, 2) as process, ThreadPoolExecutor(4) as pool:
        while (estate.version < versions or seen.total() < reads) and process.poll() is None:
            seen.update(pool.map(read, [estate] * 20))
    assert estate.version >= versions
    assert all(sessions == version and views == 2 * version for version, sessions, views in seen)
    assert len(seen) > 1


def read(estate: Estate) -> tuple[int, int, int]:
    """A version, and its sessions and page views by two statements with time between them."""
    with estate.pinned() as reading:
        day = next(one for one in reading.manifest.segments if one.kind == "day")
        sessions = reading.run(day, "select count(*) as n from session")["n"][0]
        time.sleep(0.001)
        return reading.version, sessions, reading.run(day, "select count(*) as n from page_view")["n"][0]


if __name__ == "__main__":
    for number in range(int(sys.argv[2]), 10_000):
        deliver(Path(sys.argv[1]), number)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
