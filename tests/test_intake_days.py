"""Which day an extract is of, whose rows it may hold, and which of them are shared."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.contract import CLEANED
from data.intake import Extract
from data.periods import london_day, london_days
from data.settings import Settings
from tests.counts import rounds
from tests.deliveries import (
    DAY,
    NAME,
    TIME,
    csv,
    read,
    read_all,
    refusal,
    refusal_of,
    views,
)

pytestmark = pytest.mark.usefixtures("without_a_process")
HMRC = Extract("joined", "HMRC")
WHOLE = Extract("joined", "GDS")


def test_the_day_is_the_declared_one_else_the_one_in_the_name_else_the_one_of_the_rows(tmp_path: Path) -> None:
    rows = csv(*views(2), "s9,2019-10-10T10:00:00Z,/a,T")
    assert read(tmp_path, rows, Extract("gds", "GDS", date(2019, 10, 10))).day == date(2019, 10, 10)
    assert read(tmp_path, rows, name="hits-20191009.csv").day == DAY
    assert refusal(tmp_path, rows, name="hits.csv").reason == "several_days"
    assert refusal(tmp_path, rows, name="2019-10-09_2019-10-10.csv").reason == "several_days"
    assert read(tmp_path, csv(*views(2)), name="hits.csv").day == DAY
    assert refusal(tmp_path, csv(), name="hits.csv").reason == "no_day"


@pytest.mark.parametrize("year", [1, 1969, 2100, 9999])
def test_a_day_that_no_extract_can_be_of_is_refused(tmp_path: Path, year: int) -> None:
    assert refusal(tmp_path, csv(*views(1)), Extract("gds", "GDS", date(year, 1, 1))).reason == "bad_day"


def test_a_day_that_has_not_come_is_refused_but_for_tomorrow(tmp_path: Path) -> None:
    ahead, behind = (Settings(clock=DAY - timedelta(days=days)) for days in (1, 2))
    for extract in (Extract("gds", "GDS", DAY), Extract("gds", "GDS", split_days=True)):
        assert read(tmp_path, csv(*views(1)), extract, settings=ahead).read == 1
        assert refusal(tmp_path, csv(*views(1)), extract, settings=behind).reason == "future_day"


def test_a_day_may_be_empty(tmp_path: Path) -> None:
    one = read(tmp_path, csv())
    assert (one.day, one.read, one.frame.height, one.frame.schema) == (DAY, 0, 0, CLEANED)


def test_a_file_of_several_days_can_be_taken_apart(tmp_path: Path) -> None:
    rows = csv(
        "s1,2019-10-09T22:59:00Z,/a,T", "s1,2019-10-09T23:00:00Z,/b,T", "s2,never,/c,T", "s3,2019-10-12T10:00:00Z,/d,T"
    )
    days = read_all(tmp_path, rows, Extract("gds", "GDS", split_days=True))
    found = [(one.day.day, one.read, one.kept, one.quarantined, one.frame["path"].to_list()) for one in days]
    assert found == [(9, 2, 1, {"bad_time": 1}, ["/a"]), (10, 1, 1, {}, ["/b"]), (12, 1, 1, {}, ["/d"])]
    assert days[0].frame["session"].to_list() == days[1].frame["session"].to_list()


def test_london_days_have_25_hours_when_the_clock_goes_back_and_23_when_it_goes_on(tmp_path: Path) -> None:
    for day, hours in ((date(2019, 10, 27), 25), (date(2019, 3, 31), 23), (DAY, 24)):
        rows = [f"s{n},{day:%Y-%m}-{day.day - 1 + n // 24:02}T{n % 24:02}:30:00Z,/a,T" for n in range(49)]
        split = read_all(tmp_path, csv(*rows), Extract("gds", "GDS", split_days=True))
        assert {one.day: one.kept for one in split}[day] == hours


def test_a_time_with_an_offset_is_kept_in_utc_and_counts_in_its_london_day(tmp_path: Path) -> None:
    one = read(tmp_path, csv("s1,2019-10-27T01:30:00+01:00,/a,T"), name="hits.csv")
    assert one.day == date(2019, 10, 27)
    assert one.frame["time"].to_list() == [datetime(2019, 10, 27, 0, 30, tzinfo=UTC)]


def test_a_sender_without_a_memorandum_is_refused_before_its_file_is_opened(tmp_path: Path) -> None:
    for sender, day, reason in (
        ("DWP", DAY, "no_agreement"),
        ("FCO", DAY, "no_agreement"),
        ("HMRC", date(2019, 5, 20), "no_agreement"),
        ("HMRC", DAY, "not_a_file"),
        ("HMRC", None, "not_a_file"),
        ("GDS", DAY, "not_a_file"),
    ):
        assert refusal_of(tmp_path / "missing.csv", Extract("joined", sender, day)).reason == reason


def test_the_day_found_in_the_rows_must_be_under_the_memorandum_too(tmp_path: Path) -> None:
    early = csv("s1,2019-05-20T10:00:00Z,https://www.tax.service.gov.uk/a,T")
    assert refusal(tmp_path, early, HMRC, name="hits.csv").reason == "no_agreement"


def test_a_department_sends_its_own_hosts_only(tmp_path: Path) -> None:
    rows = [
        f"s{n},{TIME},https://{host}/a,T"
        for n, host in enumerate(("www.tax.service.gov.uk", "www.gov.uk", "www.sorn.service.gov.uk"))
    ]
    one = read(tmp_path, csv(*rows), HMRC)
    assert (one.kept, one.quarantined) == (1, {"host_not_of_sender": 2})


CREDIT = "https://www.universal-credit.service.gov.uk"


def test_rows_of_a_department_that_does_not_share_leave_one_mark_for_each_run(tmp_path: Path) -> None:
    steps = ["/a", f"{CREDIT}/start", f"{CREDIT}/name?x", "/b", f"{CREDIT}/start", "/c"]
    rows = [f"s1,{DAY}T10:0{n}:00Z,{page},T" for n, page in enumerate(steps)]
    rows.append(f"s2,{DAY}T09:00:00Z,{CREDIT}/secret,Secret")
    one = read(tmp_path, csv(*reversed(rows)), WHOLE)
    walked = one.frame.filter(session=one.frame.filter(path="/a")["session"][0]).sort("time")
    assert walked["path"].to_list() == ["/a", "(not shared)", "/b", "(not shared)", "/c"]
    assert walked["time"].dt.minute().to_list() == [0, 2, 3, 4, 5]
    assert (one.read, one.kept, one.ignored, one.dropped_unshared) == (7, 3, 4, {"DWP": 4})
    marks = one.frame.filter(kind="not_shared")
    assert (marks.height, marks["title"].null_count(), marks["host"].unique().to_list()) == (3, 3, [""])
    assert "ecret" not in str(one.frame.rows())


def test_whether_a_host_is_shared_is_judged_day_by_day(tmp_path: Path) -> None:
    rows = csv(
        "s1,2020-01-31T10:00:00Z,https://www.ipo.gov.uk/a,T", "s2,2020-02-01T10:00:00Z,https://www.ipo.gov.uk/a,T"
    )
    one = read(tmp_path, rows, Extract("joined", "BEIS", date(2020, 1, 31)))
    assert (one.kept, one.dropped_unshared) == (2, {})
    early = csv(
        "s1,2019-06-16T10:00:00Z,https://www.ipo.gov.uk/a,T", "s2,2019-06-17T10:00:00Z,https://www.ipo.gov.uk/a,T"
    )
    late = read(tmp_path, early, Extract("joined", "BEIS", date(2019, 6, 17)))
    assert (late.kept, late.ignored, late.dropped_unshared) == (1, 1, {"BEIS": 1})


def test_a_session_keeps_its_first_ten_thousand_page_views(tmp_path: Path) -> None:
    rows = [f"s1,{DAY}T{10 + n // 3_600:02}:{n // 60 % 60:02}:{n % 60:02}Z,/a,T" for n in range(10_003)]
    one = read(tmp_path, csv(*reversed(rows)))
    assert (one.kept, one.quarantined) == (10_000, {"long_session": 3})
    assert [row.line for row in one.quarantine] == [2, 3, 4]


def test_a_manifest_beside_the_file_must_be_kept(tmp_path: Path) -> None:
    content, beside = csv(*views(3)), tmp_path / f"{NAME}.manifest.json"
    sound = f'"sha256": "{hashlib.sha256(content).hexdigest()}", "rows": 3, "department": "GDS", "day": "{DAY}"'
    beside.write_text("{" + sound + "}")
    assert read(tmp_path, content).kept == 3
    assert refusal(tmp_path, content + b"\n").reason == "manifest_mismatch"
    for wrong in ('{"rows": 4}', '{"department": "HMRC"}', '{"sha256": "00"}'):
        beside.write_text(wrong)
        assert refusal(tmp_path, content).reason == "manifest_mismatch"
    for nonsense in ("", "[]", '{"rows": "3"}', '{"day": "yesterday"}', "[" * 10_000):
        beside.write_text(nonsense)
        assert refusal(tmp_path, content).reason == "manifest_unreadable"
    beside.write_text('{"day": "2019-10-10"}')
    assert refusal(tmp_path, content, Extract("gds", "GDS", DAY)).reason == "manifest_mismatch"


@settings(max_examples=rounds(20, 500), deadline=None)
@given(st.lists(st.none() | st.datetimes(datetime(1848, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))))  # noqa: DTZ001 - the timezone is given
def test_a_moments_london_day_is_the_one_that_python_says(moments: list[datetime | None]) -> None:
    turns = [
        datetime(2019, month, day, 22, 59, tzinfo=UTC) + timedelta(minutes=n)
        for month, day in ((3, 31), (10, 27))
        for n in (0, 1, 60, 61)
    ]
    sent = pl.Series([*moments, *turns], dtype=pl.Datetime("us", "UTC"))
    assert london_days(sent).to_list() == [one and london_day(one) for one in (*moments, *turns)]
