"""Many extracts from one nursery: each is read as if it were alone, whatever the others did."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from data.intake import nursery, process, together
from data.settings import Settings
from tests.deliveries import csv, packed, read, refusal, views


@pytest.fixture(autouse=True)
def _from_one_nursery() -> Iterator[None]:
    with together():
        yield


def running() -> int:
    """The process that forks."""
    started = nursery.current()
    assert started
    assert started.process
    return started.process.pid


def test_files_are_read_one_after_the_other_by_one_nursery(tmp_path: Path) -> None:
    assert [read(tmp_path, csv(*views(count))).kept for count in (3, 40)] == [3, 40]
    first = running()
    assert read(tmp_path, packed(csv(*views(5))), name="2019-10-09.csv.gz").kept == 5
    assert running() == first


def test_a_damaged_a_hungry_and_an_endless_file_harm_only_themselves(tmp_path: Path) -> None:
    assert read(tmp_path, csv(*views(3))).kept == 3
    first = running()
    assert refusal(tmp_path, b"PAR1" + b"\x00" * 100 + b"PAR1").reason == "unreadable"
    assert refusal(tmp_path, packed(csv(*views(9)))[:-8]).reason == "gzip_truncated"
    bomb = packed(csv("x" * 300_000_000))
    assert refusal(tmp_path, bomb, settings=Settings(expanded_bytes=50_000_000)).reason == "expands_too_far"
    assert read(tmp_path, csv(*views(4))).kept == 4
    assert running() == first


def test_a_nursery_that_breaks_off_or_does_not_answer_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, puppet = process.CHILD, tmp_path / "puppet.py"
    monkeypatch.setattr(process, "CHILD", puppet)
    puppet.write_text("exit(1)")
    assert refusal(tmp_path, csv(*views(9))).reason == "unreadable"
    puppet.write_text("import time; time.sleep(60)")
    assert refusal(tmp_path, csv(*views(9)), settings=Settings(reader_seconds=1)).reason == "took_too_long"
    monkeypatch.setattr(process, "CHILD", ours)
    assert read(tmp_path, csv(*views(2))).kept == 2


def test_with_other_limits_another_nursery_is_started(tmp_path: Path) -> None:
    assert read(tmp_path, csv(*views(3))).kept == 3
    assert refusal(tmp_path, csv(*views(9)), settings=Settings(reader_memory=100_000_000)).reason == "unreadable"
    assert read(tmp_path, csv(*views(3))).kept == 3


def test_nothing_runs_once_all_is_read(tmp_path: Path) -> None:
    with together():
        assert read(tmp_path, csv(*views(3))).kept == 3
        inner = nursery.current()
    assert inner
    assert inner.process is None
