"""`hits`: times, events, values and words as other tools write them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.deliveries import TIME, csv, read

pytestmark = pytest.mark.usefixtures("without_a_process")


@pytest.mark.parametrize(
    "time",
    [
        "2019-10-09T10:20:30Z",
        "2019-10-09T11:20:30+01:00",
        "2019-10-09T11:20:30+0100",
        "2019-10-09T11:20:30+01",
        "2019-10-09T05:50:30-04:30",
        "2019-10-09 10:20:30",
        "2019-10-09T10:20:30",
        "2019-10-09 11:20:30+01:00",
        " 2019-10-09T10:20:30Z ",
        '"2019-10-09T10:20:30,000Z"',
        "2019-10-09T10:20:30.000000Z",
    ],
)
def test_iso_8601_with_an_offset_or_in_utc_is_one_moment(tmp_path: Path, time: str) -> None:
    one = read(tmp_path, csv(f"s1,{time},/a,A"))
    assert one.frame["time"].to_list() == [datetime(2019, 10, 9, 10, 20, 30, tzinfo=UTC)]


def test_fractions_of_a_second_are_kept_to_the_microsecond(tmp_path: Path) -> None:
    one = read(tmp_path, csv("s1,2019-10-09T10:20:30.1234567Z,/a,A", "s2,2019-10-09 10:20,/a,A"))
    assert one.frame["time"].dt.microsecond().to_list() == [123_456, 0]


def test_visitors_may_stand_without_sessions(tmp_path: Path) -> None:
    one = read(tmp_path, csv(f"v1,{TIME},/a", f",{TIME},/b", header="visitor,time,page"))
    assert (one.kept, one.quarantined) == (1, {"null_key": 1})
    assert one.frame["session"].null_count() == 1
    assert one.frame["visitor"].null_count() == 0


def test_a_row_needs_a_session_or_a_visitor(tmp_path: Path) -> None:
    one = read(tmp_path, csv(f"s1,,{TIME},/a", f",v1,{TIME},/a", f",,{TIME},/a", header="session,visitor,time,page"))
    assert (one.kept, one.quarantined) == (2, {"null_key": 1})


def test_events_keep_what_they_are_about_and_nothing_else(tmp_path: Path) -> None:
    rows = [
        "/search?q=x,search,Car TAX",
        "/search/all?keywords=Road+Tax,search,",
        "/vehicle-tax,outbound,https://WWW.Tax.service.gov.uk/start?token=1",
        "/forms,download,form-v890.pdf",
        "/apply,error,Enter your name",
        "/help,useful_yes,",
        "/search/all?keywords=Road+Tax,page_view,ignored",
        "/help,,",
        "/help,Page_View,jo@example.com",
    ]
    one = read(tmp_path, csv(*(f"s1,{TIME},{row}" for row in rows), header="session,time,page,event,value"))
    assert list(one.frame.select("kind", "value").rows()) == [
        ("search", "car tax"),
        ("search", "road tax"),
        ("outbound", "www.tax.service.gov.uk"),
        ("download", "form-v890.pdf"),
        ("error", "Enter your name"),
        ("useful_yes", None),
        ("page_view", "road tax"),
        ("page_view", None),
        ("page_view", None),
    ]


def test_an_event_that_is_none_of_ours_breaks_its_row(tmp_path: Path) -> None:
    one = read(tmp_path, csv(f"s1,{TIME},/a,scroll", f"s1,{TIME},/a,not_shared", header="session,time,page,event"))
    assert one.quarantined == {"unknown_event": 2}


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("404", 404),
        ("", None),
        ("5.5", "not_integer"),
        ('"1,234"', "not_integer"),
        ("99", "range"),
        ("9" * 20, "range"),
    ],
)
def test_a_status_is_a_whole_number_or_breaks_its_row(tmp_path: Path, status: str, expected: int | str | None) -> None:
    one = read(tmp_path, csv(f"s1,{TIME},/a,{status}", header="session,time,page,status"))
    assert (one.quarantined or one.frame["status"][0]) == ({expected: 1} if isinstance(expected, str) else expected)


@pytest.mark.parametrize(
    ("device", "expected"),
    [("desktop", "desktop"), ("Mobile", "mobile"), ("smartphone", "mobile"), ("Smart TV", "other"), ("", None)],
)
def test_devices_are_told_in_our_words(tmp_path: Path, device: str, expected: str | None) -> None:
    one = read(tmp_path, csv(f"s1,{TIME},/a,{device}", header="session,time,page,device"))
    assert one.frame["device"].to_list() == [expected]


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        ("AI assistant", "AI assistant"),
        ("GOV.UK email", "GOV.UK email"),
        ("Organic Search", "search engine"),
        ("(none)", "direct"),
        ("cpc", "paid"),
        ("affiliates", "other"),
        ("", None),
    ],
)
def test_channels_are_told_in_our_words(tmp_path: Path, channel: str, expected: str | None) -> None:
    one = read(tmp_path, csv(f"s1,{TIME},/a,{channel}", header="session,time,page,channel"))
    assert one.frame["channel"].to_list() == [expected]


def test_no_personal_data_of_any_column_gets_in(tmp_path: Path) -> None:
    personal = "jo.bloggs@example.com"
    header = "session,time,page,title,country,event,value,document_type,content_id,taxon,step_by_step,organisations"
    row = (
        f"{personal},{TIME},/a/{personal}?email={personal},Dear {personal},{personal},error,{personal}"
        + f",{personal}" * 5
    )
    one = read(tmp_path, csv(row, header=header))
    assert one.kept == 1
    assert "bloggs" not in str(one.frame.rows())
    assert (one.frame["path"][0], one.frame["title"][0], one.frame["country"][0]) == (
        "/a/[email]",
        "Dear [email]",
        None,
    )


def test_markup_is_text_and_invisible_characters_go(tmp_path: Path) -> None:
    one = read(tmp_path, csv(f"s1,{TIME},/pay\u202etxt.exe,<img src=x onerror=alert(1)>"))
    assert one.frame["title"].to_list() == ["<img src=x onerror=alert(1)>"]
    assert "\u202e" not in one.frame["path"][0]
