"""`sequences`: journeys with how many sessions took each, without times."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from data.intake import Extract
from tests.deliveries import csv, read, read_all, refusal

pytestmark = pytest.mark.usefixtures("without_a_process")
NAME = "journeys_2019-05-12.csv"
HEADER = "Occurrences,PageSeq_Length,PageSequence,CIDSequence"
CREDIT = "www.universal-credit.service.gov.uk"


def journeys(frame: pl.DataFrame) -> list[tuple[int, list[str]]]:
    """Sessions and pages of each journey, in the order of the file."""
    steps = frame.sort("row", "order").group_by("row", "session", "occurrences", maintain_order=True).agg("path")
    return [(count, pages) for _, _, count, pages in steps.rows()]


def test_a_row_is_a_journey_of_so_many_sessions(tmp_path: Path) -> None:
    one = read(tmp_path, csv("2,2,/a>>/b,x>>y", "37,3,/c>>/c>>/a,x", header=HEADER), name=NAME)
    assert journeys(one.frame) == [(2, ["/a", "/b"]), (37, ["/c", "/c", "/a"])]
    assert (one.read, one.kept, one.day, one.format) == (2, 2, date(2019, 5, 12), "sequences")
    assert one.frame["time"].null_count() == one.frame["visitor"].null_count() == one.frame.height == 5
    assert one.ignored_columns == ("PageSeq_Length", "CIDSequence")


def test_tabs_may_separate_and_devices_be_told(tmp_path: Path) -> None:
    one = read(tmp_path, csv("/a>>/b\t2\tMobile", header="PageSequence\tOccurrences\tdevice"), name="2019-05-12.tsv")
    assert one.frame["device"].to_list() == ["mobile", "mobile"]


@pytest.mark.parametrize(
    ("rule", "row"),
    [
        ("not_integer", "5.5,2,/a>>/b,x"),
        ("not_integer", '"1,234",2,/a>>/b,x'),
        ("not_integer", "two,2,/a>>/b,x"),
        ("range", "0,2,/a>>/b,x"),
        ("range", "-1,2,/a>>/b,x"),
        ("range", "1000001,2,/a>>/b,x"),
        ("range", "99999999999999999999,2,/a>>/b,x"),
        ("null_key", ",2,/a>>/b,x"),
        ("null_key", "2,2,,x"),
        ("null_key", "2,2,/a>>>>/b,x"),
        ("host_not_of_sender", "2,2,/a>>evil.example/b,x"),
        ("long_session", f"2,2,{'>>'.join(['/'] * 10_001)},x"),
        ("too_few_fields", "2,2,/a>>/b"),
    ],
)
def test_a_row_stands_or_falls_with_all_its_pages(tmp_path: Path, rule: str, row: str) -> None:
    one = read(tmp_path, csv("3,2,/a>>/b,x", row, header=HEADER), name=NAME)
    assert (one.read, one.kept, one.quarantined) == (2, 1, {rule: 1})
    assert [(broken.line, broken.rule) for broken in one.quarantine] == [(3, rule)]
    assert journeys(one.frame) == [(3, ["/a", "/b"])]


def test_a_file_stands_for_ten_million_sessions_at_most(tmp_path: Path) -> None:
    rows = [f"1000000,1,/page-{n},x" for n in range(10)]
    assert read(tmp_path, csv(*rows, header=HEADER), name=NAME).kept == 10
    assert refusal(tmp_path, csv(*rows, "1,1,/b,x", header=HEADER), name=NAME).reason == "too_many_sessions"


def test_pages_that_are_not_shared_become_one_mark_in_place(tmp_path: Path) -> None:
    rows = [f"2,4,/a>>{CREDIT}/x>>{CREDIT}/y>>/b,x", f"5,1,{CREDIT}/x,x"]
    one = read(tmp_path, csv(*rows, header=HEADER), Extract("joined", "GDS"), name=NAME)
    assert journeys(one.frame) == [(2, ["/a", "(not shared)", "/b"]), (5, ["(not shared)"])]
    assert (one.read, one.kept, one.ignored, one.dropped_unshared) == (2, 1, 1, {"DWP": 3})


def test_dates_in_the_file_are_days_of_their_own(tmp_path: Path) -> None:
    rows = csv(
        "/a>>/b,2,20190512", "/c,1,2019-05-13", "/d,1,soon", "/e,1,0001-01-01", header="PageSequence,Occurrences,Date"
    )
    apart = read_all(tmp_path, rows, Extract("gds", "GDS", split_days=True), name="journeys.csv")
    assert [(one.day.day, one.kept, one.quarantined) for one in apart] == [(12, 1, {"bad_time": 2}), (13, 1, {})]
    assert refusal(tmp_path, rows, name="journeys.csv").reason == "several_days"


def test_without_a_day_anywhere_the_file_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, csv("2,2,/a>>/b,x", header=HEADER), name="journeys.csv").reason == "no_day"


def test_the_same_file_gives_the_same_sessions_and_another_day_gives_others(tmp_path: Path) -> None:
    rows = csv("2,2,/a>>/b,x", header=HEADER)
    first, again = (read(tmp_path, rows, name=NAME) for _ in range(2))
    other = read(tmp_path, rows, name="2019-05-13.csv")
    assert first.frame.equals(again.frame)
    assert set(first.frame["session"]).isdisjoint(other.frame["session"])


@pytest.mark.parametrize("header", ["PageSequence,Times", "Occurrences,Pages"])
def test_a_missing_column_is_named(tmp_path: Path, header: str) -> None:
    refused = refusal(tmp_path, csv("a,b", header=header), Extract("gds", "GDS", format="sequences"), name=NAME)
    assert (refused.reason, "there is no column" in refused.detail) == ("schema", True)
