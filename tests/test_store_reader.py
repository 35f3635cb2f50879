"""Readers of an estate in memory: names, time limits, queues and threads."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import duckdb
import pytest

from data import errors
from data.periods import Period
from data.settings import Settings
from data.store import Estate, Reading, Segment
from data.store.publish import import_extracts
from tests.homes import EVER, extracts, settings_of

DAY = date(2019, 10, 7)
FOREVER = "select count(*) as n from range(1_000_000_000) a, range(1_000) b where (a.range * b.range) % 7 = 3"


def pages(count: int) -> Callable[[duckdb.DuckDBPyConnection, str], object]:
    return lambda connection, name: connection.execute(
        f'create table "{name}".page as select (range + 1)::uinteger as page from range({count})'
    )


def segment(name: str, day: date = DAY, account: str = "gds") -> Segment:
    return Segment(name, account, day, day)


def count(reading: Reading, one: Segment) -> int:
    return int(reading.run(one, "select count(*) as pages from page")["pages"][0])


def test_an_unqualified_table_is_that_of_the_segment_asked() -> None:
    estate = Estate.in_memory([(segment("a"), pages(3)), (segment("b"), pages(5))])
    with estate.pinned() as reading:
        assert [count(reading, one) for one in reading.segments("gds", Period(DAY, DAY))] == [3, 5]


def test_parameters_are_bound_by_name_and_come_back_in_three_shapes() -> None:
    estate = Estate.in_memory([(segment("a"), pages(3))])
    sql = "select page from page where page >= $page::uinteger order by page"
    with estate.pinned() as reading:
        one = reading.segments("gds", Period(DAY, DAY))[0]
        assert reading.run(one, sql, {"page": 2})["page"].to_list() == [2, 3]
        assert reading.arrow(one, sql, {"page": 2})["page"].to_pylist() == [2, 3]
        assert reading.numpy(one, sql, {"page": 2})["page"].tolist() == [2, 3]


def test_segments_of_other_days_accounts_and_kinds_are_left_out() -> None:
    month = Segment("m", "gds", date(2019, 9, 1), date(2019, 9, 30), kind="month")
    visitors = Segment("v", "gds", date(2019, 10, 1), DAY, kind="visitors")
    held = [segment("a"), segment("j", account="joined"), segment("z", date(2019, 10, 8)), month, visitors]
    estate = Estate.in_memory([(one, pages(1)) for one in held])
    with estate.pinned() as reading:
        assert [one.name for one in reading.segments("gds", Period(date(2019, 9, 30), DAY))] == ["m", "a"]
        assert [one.name for one in reading.months("gds", Period(date(2019, 9, 30), DAY))] == ["m", "v"]


def test_a_statement_that_takes_too_long_is_stopped_and_others_go_on() -> None:
    estate = Estate.in_memory([(segment("a"), pages(3))], Settings(statement_seconds=0.3))
    with estate.pinned() as slow, estate.pinned() as quick:
        one = slow.segments("gds", Period(DAY, DAY))[0]
        with pytest.raises(errors.TookTooLong):
            slow.run(one, FOREVER)
        assert count(quick, one) == 3
        with pytest.raises(errors.TookTooLong):
            slow.run(one, FOREVER)


def test_a_question_that_needs_too_much_memory_is_stopped_and_says_so() -> None:
    estate = Estate.in_memory([(segment("a"), pages(3))], Settings(memory_limit="20MB", threads=1))
    with estate.pinned() as reading:
        one = reading.segments("gds", Period(DAY, DAY))[0]
        with pytest.raises(errors.TooLarge, match="ESTATE_MEMORY_LIMIT"):
            reading.run(one, "select list(range) as every from range(20_000_000)")
        assert count(reading, one) == 3


def test_one_question_too_many_is_turned_away() -> None:
    settings = Settings(threads=1, waiting_questions=1, statement_seconds=1)
    estate = Estate.in_memory([(segment("a"), pages(3))], settings)
    outcomes: list[str] = []

    def ask() -> None:
        with estate.pinned() as reading:
            try:
                reading.run(segment("a"), FOREVER)
            except errors.EstateError as error:
                outcomes.append(type(error).__name__)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(set(outcomes)) == ["TooBusy", "TookTooLong"]
    assert len(outcomes) == 6


def test_many_threads_read_many_segments_without_mixing_them_up() -> None:
    held = [(segment(f"s{n}", date(2019, 10, n)), pages(n)) for n in range(1, 9)]
    estate = Estate.in_memory(held)

    def ask(turn: int) -> bool:
        with estate.pinned() as reading:
            one = held[turn % 8][0]
            return count(reading, one) == one.first_day.day

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(400)))


def test_a_locked_estate_reads_no_file_and_changes_no_setting() -> None:
    estate = Estate.in_memory([(segment("a"), pages(3))])
    for sql in ("select * from read_text('/etc/hostname')", "set threads = 1", "attach '/tmp/other.db' as other"):
        with estate.pinned() as reading, pytest.raises(duckdb.Error):
            reading.run(segment("a"), sql)


def test_a_call_keeps_its_version_and_what_nobody_reads_is_detached(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    sessions = "select count(*) as n from session"
    import_extracts(extracts("HMRC s1: /a"), settings)
    estate = Estate.open(settings)
    with estate.pinned() as before:
        import_extracts(extracts("HMRC s1: /a", "HMRC s2: /b"), settings)
        assert estate.refresh()
        assert not estate.refresh()
        with estate.pinned() as after:
            found = [reading.run(reading.segments("joined", EVER)[0], sessions)["n"][0] for reading in (before, after)]
            attached = after.run(
                after.manifest.segments[0], "select count(*) as n from duckdb_databases() where encrypted"
            )
        assert (found, attached["n"][0]) == ([1, 2], 6)  # each the day, its late sessions and the visitors
    with estate.pinned() as after:
        assert (
            after.run(after.manifest.segments[0], "select count(*) as n from duckdb_databases() where encrypted")["n"][
                0
            ]
            == 3
        )
    estate.close()


def test_an_estate_without_a_version_is_empty(tmp_path: Path) -> None:
    estate = Estate.open(settings_of(tmp_path))
    with estate.pinned() as reading:
        assert (reading.version, reading.segments("joined", EVER)) == (0, [])
    assert not estate.refresh()
