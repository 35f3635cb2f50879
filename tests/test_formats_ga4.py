"""`ga4`: what is kept of Google's events, how sessions began, and which day they are of."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from data.intake import CleanedDay, Extract
from tests.deliveries import read, read_all, refusal
from tests.ga4_rows import DAY, Event, counts, event, lines, moment, story

pytestmark = pytest.mark.usefixtures("without_a_process")
NAME = f"events_{DAY:%Y%m%d}.json"
JOINED = Extract("joined", "GDS")
GOOGLE = {"source": "google", "medium": "organic"}


def of(folder: Path, *events: object, name: str = NAME) -> CleanedDay:
    """The cleaned day of these events, sent by GDS."""
    return read(folder, lines(events), JOINED, name=name)


def only(folder: Path, one: Event) -> dict[str, Any]:
    """The one row kept of an event."""
    found = of(folder, one)
    assert (found.read, found.kept, found.quarantined) == (1, 1, {})
    return found.frame.row(0, named=True)


def test_a_page_view_keeps_what_the_contract_asks_for(tmp_path: Path) -> None:
    sent = event(
        page="https://www.gov.uk/vehicle-tax?utm_source=x#top",
        page_title="Tax your vehicle - GOV.UK",
        status_code="404",
        document_type="transaction",
        content_id="a6bb0fc8-753f-4732-aabc-ff727dcf1262",
        taxonomy_main="transport",
        step_navs="e01e924b-9c7c-4c71-8241-66a575c2f61f",
        organisations="<D9><OT532>",
        batch_event_index="3",
    )
    row = only(tmp_path, sent)
    assert (row["kind"], row["host"], row["path"], row["title"]) == (
        "page_view", "www.gov.uk", "/vehicle-tax", "Tax your vehicle - GOV.UK",
    )  # fmt: skip
    assert (row["time"], row["order"], row["row"]) == (datetime(2019, 10, 9, 8, tzinfo=UTC), 3, 1)
    assert (row["device"], row["country"], row["status"]) == ("mobile", "United Kingdom", 404)
    assert (row["document_type"], row["taxon"], row["organisations"]) == ("transaction", "transport", "<D9><OT532>")
    assert row["content_id"] == "a6bb0fc8-753f-4732-aabc-ff727dcf1262"
    assert row["step_by_step"] == "e01e924b-9c7c-4c71-8241-66a575c2f61f"


def test_events_are_kept_as_what_they_are(tmp_path: Path) -> None:
    one = of(
        tmp_path,
        *story(
            "v.1: /a +search Car TAX +out https://www.tax.service.gov.uk/start?token=1"
            " +download https://assets.example.gov.uk/media/1/form-v890.pdf?x=1 +error Enter your name"
            " +useful Yes +useful no +useful Report a problem +scroll 90 +session_start +click x"
        ),
        event("view_search_results", search_term="pension"),
        event("navigation", outbound="false", link_url="https://www.gov.uk/b"),
        event("navigation", outbound="true", link_domain="https://www.nhs.uk"),
        event("search", page="https://www.gov.uk/search/all?keywords=Road+Tax"),
    )
    kept = one.frame.sort("row").select("kind", "value").rows()
    assert kept == [
        ("page_view", None),
        ("search", "car tax"),
        ("outbound", "www.tax.service.gov.uk"),
        ("download", "form-v890.pdf"),
        ("error", "Enter your name"),
        ("useful_yes", None),
        ("useful_no", None),
        ("search", "pension"),
        ("outbound", "www.nhs.uk"),
        ("search", "road tax"),
    ]
    assert counts(one) == (15, 10, 5, {})


def test_a_session_is_a_visitor_and_a_number_for_the_number_alone_is_not_unique(tmp_path: Path) -> None:
    one = of(tmp_path, *story("v1.7: /a > /b", "v2.7: /a", "v1.8: /a"))
    assert one.frame["session"].n_unique() == 3
    assert one.frame["visitor"].n_unique() == 2


@pytest.mark.parametrize("kind", ["string_value", "int_value", "float_value", "double_value"])
@pytest.mark.parametrize("sent", ["404", 404, 404.0])
def test_a_value_may_come_as_any_of_its_kinds(tmp_path: Path, kind: str, sent: object) -> None:
    one = event()
    one["event_params"] += [{"key": "status_code", "value": {kind: sent}}, {"key": "session_engaged", "value": {}}]
    one["event_params"] += [{"key": "entrances"}, {"key": "page_title", "value": None}]
    assert only(tmp_path, one)["status"] == 404


def test_numbers_as_text_are_numbers_and_what_is_null_or_not_set_is_nothing(tmp_path: Path) -> None:
    text, number = event(ga_session_id="1"), event(event_timestamp=moment(DAY), batch_event_index=2, country=None)
    number |= {"geo": {"country": "(not set)"}, "device": None, "user_id": None, "items": []}
    one = of(tmp_path, text, number)
    assert one.frame["session"].n_unique() == 1
    assert one.frame["time"].n_unique() == 1
    assert one.frame.sort("row")["country"].to_list() == ["United Kingdom", None]
    assert one.frame.sort("row")["device"].to_list() == ["mobile", None]


def test_order_is_the_time_of_the_batch_then_the_place_in_it_then_the_row(tmp_path: Path) -> None:
    events = [event(page=f"https://www.gov.uk/{n}", batch_event_index=str(5 - n)) for n in range(5)]
    one = of(tmp_path, *events, event(page="https://www.gov.uk/last", event_timestamp=str(moment(DAY) + 1)))
    ordered = one.frame.sort("time", "order", "row")["path"].to_list()
    assert ordered == ["/4", "/3", "/2", "/1", "/0", "/last"]


def test_without_consent_an_event_is_ignored_and_without_any_identifier_it_is_broken(tmp_path: Path) -> None:
    refused: Event = {"privacy_info": {"analytics_storage": "No"}, "user_pseudo_id": None, "ga_session_id": None}
    one = of(
        tmp_path,
        event(),
        event(**refused),
        event(user_pseudo_id=None),
        event(user_pseudo_id=None, ga_session_id=None),
        event(ga_session_id=None),
    )
    assert counts(one) == (5, 2, 1, {"null_key": 2})
    assert one.frame.sort("row")["session"].null_count() == 1


@pytest.mark.parametrize(
    ("given", "channel"),
    [
        ({}, "direct"),
        ({"source": "google", "medium": "organic"}, "search engine"),
        ({"source": "bing", "medium": "cpc"}, "paid"),
        ({"source": "(direct)", "medium": "(none)"}, "direct"),
        ({"source": "chatgpt.com", "medium": "referral"}, "AI assistant"),
        ({"source": "govdelivery", "medium": "email"}, "GOV.UK email"),
        ({"source": "facebook.com", "medium": "referral"}, "social"),
        ({"source": "www.nhs.uk", "medium": "referral"}, "other government"),
        ({"source": "www.bbc.co.uk", "medium": "referral"}, "referral"),
        ({"source": "poster", "medium": "qr"}, "other"),
        ({"collected_traffic_source": {"manual_source": "duckduckgo", "manual_medium": "organic"}}, "search engine"),
        ({"collected_traffic_source": {"gclid": "x"}}, "paid"),
        ({"page_referrer": "https://www.google.co.uk/"}, "search engine"),
        ({"page_referrer": "https://copilot.microsoft.com/"}, "AI assistant"),
        ({"page_referrer": "https://www.tax.service.gov.uk/pay"}, "other government"),
        ({"page_referrer": "https://www.gov.uk/b"}, None),
        ({"traffic_source": GOOGLE}, "direct"),
        ({"session_traffic_source_last_click": {"manual_campaign": GOOGLE}, "source": "x", "medium": "email"}, "search engine"),
        ({"session_traffic_source_last_click": {"manual_campaign": {}}, "page_referrer": "https://t.co/x"}, "social"),
        ({"session_traffic_source_last_click": {"google_ads_campaign": {"campaign_id": "1"}}}, "paid"),
        (
            {"session_traffic_source_last_click": {"cross_channel_campaign": {"default_channel_group": "Organic Social"}}},
            "social",
        ),
    ],
)  # fmt: skip
def test_how_a_session_began(tmp_path: Path, given: Event, channel: str | None) -> None:
    assert only(tmp_path, event(**given))["channel"] == channel


def test_how_a_session_began_is_told_by_its_first_event_whichever_row_that_is(tmp_path: Path) -> None:
    later = {"event_timestamp": str(moment(DAY, 5)), "source": "t.co", "medium": "referral"}
    events = [
        event(**later),
        event("session_start", page_referrer="https://x.org/", source="bing", medium="organic"),
        event(),
    ]
    for order in (events, events[::-1]):
        assert of(tmp_path, *order).frame["channel"].to_list() == ["search engine"] * 2
    clicked: Event = {"session_traffic_source_last_click": {"manual_campaign": {"source": "x", "medium": "email"}}}
    one = of(tmp_path, *events, event("scroll", event_timestamp=str(moment(DAY, 9)), **clicked))
    assert one.frame["channel"].to_list() == ["GOV.UK email"] * 2


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"organisations": "<EA74><D25>", "primary_publishing_organisation": "HM Revenue & Customs"}, "<D25><EA74>"),
        ({"organisations": "<EA74>", "primary_publishing_organisation": "hm revenue and customs"}, "<D25><EA74>"),
        ({"primary_publishing_organisation": "HM Revenue & Customs"}, "<D25>"),
        ({"organisations": "<EA74>", "primary_publishing_organisation": "A body nobody knows"}, "<EA74>"),
        ({"primary_publishing_organisation": "A body nobody knows"}, None),
        ({"organisations": "<D25><EA74>"}, "<D25><EA74>"),
    ],
)
def test_the_primary_organisation_comes_as_a_title_and_goes_first(tmp_path: Path, sent: Event, expected: str) -> None:
    assert only(tmp_path, event(**sent))["organisations"] == expected


def test_what_was_cut_loses_its_last_word_for_half_an_identifier_cannot_be_known(tmp_path: Path) -> None:
    page = "https://www.gov.uk/" + "a" * 900 + "/jo.bloggs@example.co"
    row = only(tmp_path, event(page=page.ljust(1_000, "x"), page_title=("word " * 99 + "jo@exa").ljust(500, "x")))
    assert row["path"] == "/" + "a" * 900
    assert row["title"] == ("word " * 99).strip()


def test_a_page_without_a_host_is_on_the_host_of_the_event(tmp_path: Path) -> None:
    web = {"category": "tablet", "web_info": {"hostname": "www.gov.uk"}}
    assert only(tmp_path, event(page="/a", device=web))["host"] == "www.gov.uk"
    service = {"web_info": {"hostname": "www.tax.service.gov.uk"}}
    one = read(tmp_path, lines([event(page="/a", device=service)]), Extract("joined", "HMRC"), name=NAME)
    assert one.frame["host"].to_list() == ["www.tax.service.gov.uk"]


def test_hosts_that_do_not_share_are_dropped_and_leave_a_mark(tmp_path: Path) -> None:
    one = of(tmp_path, *story("v.1: /a > www.universal-credit.service.gov.uk/x +out https://a.uk > /b"))
    assert one.frame.sort("time")["path"].to_list() == ["/a", "(not shared)", "/b"]
    assert (*counts(one), one.dropped_unshared) == (4, 2, 2, {}, {"DWP": 2})


def test_columns_that_nobody_knows_are_ignored_and_named_once(tmp_path: Path) -> None:
    one = of(tmp_path, event() | {"weather": 1, "jo@example.com": 2}, event() | {"weather": 1, "items": []})
    assert one.ignored_columns == ("column 1", "weather")


@pytest.mark.parametrize("name", ["events_20191009", "events_intraday_20191009.json", "x-20191009.jsonl.gz"])
def test_the_day_stands_in_the_names_of_googles_tables(tmp_path: Path, name: str) -> None:
    assert of(tmp_path, event(), name=name).day == DAY


def test_without_a_name_the_day_is_the_one_that_the_events_say(tmp_path: Path) -> None:
    near = event(event_timestamp=str(moment(DAY, 15 * 3600 + 60)))  # one minute into the next day in London
    one = of(tmp_path, event(), near, event("scroll"), name="export.json")
    assert (one.day, counts(one)) == (DAY, (3, 2, 1, {}))
    assert (
        refusal(tmp_path, lines(story("v.1: /a", "2019-10-10 v.1: /b")), JOINED, name="export.json").reason
        == "several_days"
    )


def test_ignored_events_count_with_the_day_that_they_are_of(tmp_path: Path) -> None:
    events = story("v.1: /a", "2019-10-10 v.1: /b +scroll 1 +scroll 2", "2019-10-12 v.1: /c +scroll 3")
    days = read_all(tmp_path, lines(events), Extract("joined", "GDS", split_days=True), name="export.json")
    assert [(one.day.day, *counts(one)) for one in days] == [(9, 1, 1, 0, {}), (10, 3, 1, 2, {}), (12, 2, 1, 1, {})]


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2019-10-26T22:59:59.999999Z", "2019-10-26"),
        ("2019-10-26T23:00:00Z", "2019-10-27"),
        ("2019-10-27T23:59:59Z", "2019-10-27"),
        ("2019-10-28T00:00:00Z", "2019-10-28"),
        ("2020-03-28T23:59:59Z", "2020-03-28"),
        ("2020-03-29T22:59:59Z", "2020-03-29"),
        ("2020-03-29T23:00:00Z", "2020-03-30"),
    ],
)
def test_microseconds_of_utc_fall_on_london_days(tmp_path: Path, at: str, day: str) -> None:
    sent = datetime.fromisoformat(at)
    micros = int(sent.replace(microsecond=0).timestamp()) * 1_000_000 + sent.microsecond
    one = of(tmp_path, event(event_date=None, event_timestamp=str(micros)), name="export.json")
    assert (str(one.day), one.frame["time"].to_list()) == (day, [sent])
