"""`ua`: what is kept of the hits of a session, and that a line with many hits is kept, ignored or quarantined as one."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from data.intake import CleanedDay, Extract
from tests.deliveries import packed, read, read_all, refusal
from tests.ga4_rows import DAY, Event, counts, lines, shown, told, ua

pytestmark = pytest.mark.usefixtures("without_a_process")
NAME = f"ga_sessions_{DAY:%Y%m%d}.json"
JOINED = Extract("joined", "GDS")
START = datetime(2019, 10, 9, 8, tzinfo=UTC)


def of(folder: Path, *sessions: object, name: str = NAME) -> CleanedDay:
    """The cleaned day of these sessions, sent by GDS."""
    return read(folder, lines(sessions), JOINED, name=name)


def rows(folder: Path, *hits: Event, **given: Any) -> list[dict[str, Any]]:
    """The rows kept of one session, in order."""
    found = of(folder, ua(*hits, **given))
    assert counts(found) == (1, 1, 0, {})
    return found.frame.sort("time", "order").rows(named=True)


def test_a_page_hit_keeps_what_the_contract_asks_for(tmp_path: Path) -> None:
    custom = {2: "transaction", 4: "a6bb0fc8-753f-4732-aabc-ff727dcf1262", 9: "<D9><OT532>", 12: "false", 15: "404"}
    first, second = rows(tmp_path, shown("/vehicle-tax?x=1", dimensions=custom), shown("/pay", "www.gov.uk"))
    assert (first["host"], first["path"], first["title"]) == ("www.gov.uk", "/vehicle-tax", "Title of /vehicle-tax?x=1")
    assert (first["document_type"], first["status"], first["organisations"]) == ("transaction", 404, "<D9><OT532>")
    assert first["content_id"] == "a6bb0fc8-753f-4732-aabc-ff727dcf1262"
    assert (first["device"], first["channel"], first["country"]) == ("desktop", "search engine", "France")
    assert (second["status"], second["organisations"], second["session"]) == (None, None, first["session"])


def test_times_count_in_milliseconds_from_the_start_and_equal_ones_by_their_number(tmp_path: Path) -> None:
    hits = [shown("/c") | {"time": "1500", "hitNumber": "3"}, shown("/b") | {"time": "1500", "hitNumber": "2"}]
    found = rows(tmp_path, *hits, shown("/a") | {"time": 0, "hitNumber": 1, "hour": "23", "minute": "59"})
    assert [row["path"] for row in found] == ["/a", "/b", "/c"]
    assert [row["time"] - START for row in found] == [timedelta(), *[timedelta(seconds=1.5)] * 2]


def test_events_are_kept_as_what_they_are(tmp_path: Path) -> None:
    found = rows(
        tmp_path,
        shown("/a"),
        told("External Link Clicked", "https://www.tax.service.gov.uk/start?token=1", "Start now"),
        told("startButtonClicked", "Start now", "https://www.nhs.uk/x"),
        told("Download Link Clicked", "/uploads/form-v890.pdf?x=1", "Form"),
        told("userAlerts: local_transaction", "postcodeErrorShown: invalidPostcodeFormat", "Enter a full postcode"),
        told("yesNoFeedbackForm", "ffYesClick"),
        told("yesNoFeedbackForm", "ffNoClick"),
        told("yesNoFeedbackForm", "ffFormOpen"),
        told("scrollTo", "Percent", "50"),
        shown("/b") | {"type": "TRANSACTION"},
        {"type": "SOCIAL"},
    )
    assert [(row["kind"], row["value"]) for row in found] == [
        ("page_view", None),
        ("outbound", "www.tax.service.gov.uk"),
        ("outbound", "www.nhs.uk"),
        ("download", "form-v890.pdf"),
        ("error", "Enter a full postcode"),
        ("useful_yes", None),
        ("useful_no", None),
    ]


def test_a_search_is_started_from_the_page_before_its_results_and_once_for_all_their_pages(tmp_path: Path) -> None:
    found = rows(
        tmp_path,
        shown("/a"),
        shown("/search/all?keywords=Car", searchKeyword="Car TAX"),
        shown("/search/all?page=2", searchKeyword="Car TAX"),
        shown("/b"),
        shown("/search/all", searchKeyword="Car TAX"),
    )
    assert [(row["kind"], row["value"]) for row in found if row["kind"] == "search"] == [("search", "car tax")] * 2
    assert [row["kind"] for row in found] == ["page_view", "search", *["page_view"] * 3, "search", "page_view"]


def test_dimensions_of_a_hit_go_before_those_of_its_session(tmp_path: Path) -> None:
    custom = [{"index": "9", "value": "<D1>"}, {"index": 2, "value": "guide"}, {"index": "15", "value": None}]
    first, second = rows(tmp_path, shown("/a", dimensions={9: "<D2>"}), shown("/b"), customDimensions=custom)
    assert (first["organisations"], first["document_type"], first["status"]) == ("<D2>", "guide", None)
    assert (second["organisations"], second["document_type"]) == ("<D1>", "guide")


@pytest.mark.parametrize(
    ("given", "channel"),
    [
        ({}, "search engine"),
        ({"trafficSource": {"source": "google", "medium": "organic", "isTrueDirect": True}}, "direct"),
        ({"trafficSource": {"source": "(direct)", "medium": "(none)"}, "channelGrouping": "Email"}, "direct"),
        ({"trafficSource": None, "channelGrouping": "Paid Search"}, "paid"),
        ({"trafficSource": {"source": "(not set)"}, "channelGrouping": "(Other)"}, "other"),
        ({"trafficSource": {}, "channelGrouping": None}, "direct"),
    ],
)
def test_how_a_session_began(tmp_path: Path, given: Event, channel: str) -> None:
    assert rows(tmp_path, shown("/a"), **given)[0]["channel"] == channel


def test_without_anything_else_the_first_referrer_tells_how_a_session_began(tmp_path: Path) -> None:
    hits = [
        shown("/b") | {"referer": "https://t.co/", "time": "9"},
        shown("/a") | {"referer": "https://www.bing.com/", "time": "0"},
    ]
    found = rows(tmp_path, *hits, trafficSource=None, channelGrouping=None)
    assert [row["channel"] for row in found] == ["search engine"] * 2
    inside = shown("/a") | {"referer": "https://www.gov.uk/b"}
    assert rows(tmp_path, inside, trafficSource=None, channelGrouping=None)[0]["channel"] is None


def test_pages_stand_on_their_host_wherever_it_is_written(tmp_path: Path) -> None:
    hits = [shown("/a"), shown("www.gov.uk/b"), shown("/c", ""), shown("/d", "(not set)")]
    assert [(row["host"], row["path"]) for row in rows(tmp_path, *hits)] == [
        ("www.gov.uk", f"/{letter}") for letter in "abcd"
    ]


def test_hits_that_are_not_shared_leave_a_mark_and_their_line_is_kept_for_the_others(tmp_path: Path) -> None:
    hidden = shown("/x", "www.universal-credit.service.gov.uk")
    one = of(tmp_path, ua(shown("/a"), hidden, hidden, shown("/b")), ua(hidden, fullVisitorId="w"))
    walked = one.frame.filter(session=one.frame.filter(path="/a")["session"][0]).sort("time")
    assert walked["path"].to_list() == ["/a", "(not shared)", "/b"]
    assert (*counts(one), one.dropped_unshared) == (2, 1, 1, {}, {"DWP": 3})


def test_a_line_without_a_hit_that_is_kept_is_ignored(tmp_path: Path) -> None:
    one = of(tmp_path, ua(shown("/a")), ua(told("scrollTo")), ua(), ua(hits=None), ua(totals={"visits": None}))
    assert counts(one) == (5, 1, 4, {})


def test_an_event_on_no_page_is_ignored_and_costs_its_session_nothing(tmp_path: Path) -> None:
    """As a server sends them, which knows of no page."""
    nowhere = told("Download Link Clicked", "/x.pdf", path="")
    found = rows(tmp_path, shown("/a"), nowhere, nowhere | {"page": None}, shown("/b"))
    assert [row["path"] for row in found] == ["/a", "/b"]


def test_the_part_after_midnight_goes_on_with_the_same_session(tmp_path: Path) -> None:
    before = ua(shown("/a"), visitId="1570661990", visitStartTime=str(1_570_661_990))
    after = ua(shown("/b"), visitId="1570661990", visitStartTime=str(1_570_662_005), date="20191010")
    days = read_all(tmp_path, lines([before, after]), Extract("joined", "GDS", split_days=True), name="x.json")
    assert [one.day.day for one in days] == [9, 10]
    assert len({*days[0].frame["session"], *days[1].frame["session"]}) == 1


@pytest.mark.parametrize(
    ("rule", "broken"),
    [
        ("bad_json", b'{"hits": [}'),
        ("bad_json", b'{"hits": ' + b"[" * 50_000),
        ("not_utf8", b'{"hits": "\xff"}'),
        ("wrong_type", b"7"),
        ("wrong_type", lines([ua(shown("/a"), hits=7)])),
        ("wrong_type", lines([ua(shown("/a"), hits="ab")])),
        ("wrong_type", lines([ua(shown("/a") | {"page": "/a"})])),
        ("wrong_type", lines([ua(shown("/a") | {"customDimensions": {"index": 9}})])),
        ("wrong_type", lines([ua(shown("/a", pageTitle=["x"]))])),
        ("wrong_type", lines([ua(shown("/a"), fullVisitorId={})])),
        ("not_integer", lines([ua(shown("/a"), visitStartTime="noon")])),
        ("not_integer", lines([ua(shown("/a") | {"time": 0.5})])),
        ("not_integer", lines([ua(shown("/a", dimensions={15: "x"}))])),
        ("range", lines([ua(shown("/a"), visitStartTime=str(10**15))])),
        ("range", lines([ua(shown("/a") | {"time": "-1"})])),
        ("range", lines([ua(shown("/a") | {"hitNumber": str(1 << 31)})])),
        ("bad_time", lines([ua(shown("/a"), date="yesterday")])),
        ("null_key", lines([ua(shown("/a"), visitStartTime=None)])),
        ("null_key", lines([ua(shown("/a"), fullVisitorId=None)])),
        ("null_key", lines([ua(shown("/a"), {"type": "PAGE"})])),
        ("host_not_of_sender", lines([ua(shown("/a"), shown("/b", "evil.example"))])),
        ("too_far_from_day", lines([ua(shown("/a"), visitStartTime="1570000000")])),
    ],
)
def test_a_session_that_breaks_a_rule_is_quarantined_alone_and_whole(tmp_path: Path, rule: str, broken: bytes) -> None:
    one = read(
        tmp_path, lines([ua(shown("/a"))]) + broken.rstrip() + b"\n" + lines([ua(shown("/b"))]), JOINED, name=NAME
    )
    assert counts(one) == (3, 2, 0, {rule: 1})
    assert one.frame["row"].to_list() == [1, 3]


@pytest.mark.parametrize(
    ("reason", "content"),
    [
        ("schema", lines([{"hits": []}])),
        ("identity_column", lines([ua(shown("/a")), ua(shown("/a"), userId="jo")])),
        ("identity_column", lines([ua(shown("/a")), ua(shown("/a"), nhs_number=1)])),
        ("gzip_truncated", packed(lines([ua(shown("/a"))]))[:-5]),
        ("day_mismatch", lines([ua(shown("/a"), date="20191008", visitStartTime="1570521600")])),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused_with_its_reason(tmp_path: Path, reason: str, content: bytes) -> None:
    assert refusal(tmp_path, content, Extract("joined", "GDS", format="ua"), name=NAME).reason == reason


def test_gzip_says_the_same(tmp_path: Path) -> None:
    content = lines([ua(shown("/a"), userId=None), ua(shown("/b"), fullVisitorId="w")])
    plain, zipped = read(tmp_path, content, name=NAME), read(tmp_path, packed(content), name=f"{NAME}.gz")
    assert plain.frame.equals(zipped.frame)
    assert (plain.format, counts(plain)) == (zipped.format, counts(zipped)) == ("ua", (2, 2, 0, {}))
