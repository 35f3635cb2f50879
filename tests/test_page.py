"""A page as a whole: the same numbers as every other question has, balanced, and as plain Python counts them."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import errors
from data.access import PEOPLE
from data.store import Estate
from queries.answers import Answer
from queries.ask import ask, questions
from queries.pages.neighbours import TOTALS
from queries.pages.page import MEASURES
from tests.counts import rounds
from tests.plain import page as plain
from tests.plain import visits
from tests.plain.visits import NOW, Told
from tests.plain.worlds import DOCUMENT_TYPES, OWNERS
from tests.stories import estate

JSON = dict[str, Any]
DAYS: JSON = {"from": f"{NOW[0]}", "to": f"{NOW[-1]}"}
FILTERS = st.fixed_dictionaries({}, optional={"device": st.just("mobile"), "channel": st.just("social")})


def asked(held: Estate, name: str, person: str = "estate-analyst", **given_: object) -> Answer:
    return ask(held, PEOPLE[person], name, DAYS | given_)


def told_of(held: Estate, page: str, person: str = "estate-analyst", **given_: object) -> Any:
    return asked(held, "page", person, page=page, **given_).value


def fitting(told: list[Told], filters: JSON) -> list[Any]:
    seen = [one.visit for one in told if one.visit.day in NOW]
    return [visit for visit in seen if all(getattr(visit, name) == value for name, value in filters.items())]


@settings(max_examples=rounds(10, 200), deadline=None)
@given(visits.told(), visits.CUTS, FILTERS, st.sampled_from(sorted(OWNERS)))
def test_a_profile_balances_and_has_the_numbers_of_every_other_question(
    told: list[Told], by: str, filters: JSON, page: str
) -> None:
    held = visits.built(told, by)
    found, measures = told_of(held, page, **filters), told_of(held, page, **filters)["measures"]
    around: Any = asked(held, "next_pages", page=page, **filters).value
    assert {name: found[name] for name in around if name not in {"previous", "following"}} == {
        name: value for name, value in around.items() if name not in {"previous", "following"}
    }
    assert (found["previous_pages"], found["next_pages"]) == (around["previous"], around["following"])
    for side, ends in (("previous", "landings"), ("next", "exits")):
        rest = found["other"]["previous" if side == "previous" else "following"]
        named = sum(row["page_views"] for row in found[f"{side}_pages"])
        assert named + rest + found["loops"] + found[ends] == found["page_views"] == measures["page_views"]
    listed: Any = asked(held, "pages", page=page, **filters).value
    for row in listed["pages"]:
        for name in (
            "sessions",
            "page_views",
            "landings",
            "exits",
            "exit_rate",
            "single_page_rate",
            "searches",
            "not_found",
        ):
            assert row[name] == measures[name]
    days: Any = asked(held, "trend", page=page, **filters).value
    for name in ("sessions", "page_views", "landings", "exits", "searches"):
        assert sum(row[name] or 0 for row in days["rows"]) == measures[name]


@settings(max_examples=rounds(10, 200), deadline=None)
@given(visits.told(), visits.CUTS, FILTERS, st.sampled_from(sorted(OWNERS)))
def test_who_came_right_back_and_what_was_not_found_are_as_plain_python_counts(
    told: list[Told], by: str, filters: JSON, page: str
) -> None:
    found, seen = told_of(visits.built(told, by), page, **filters), fitting(told, filters)
    sessions, back = plain.returned(seen, {page})
    measures = found["measures"]
    assert (measures["sessions"], measures["returned"]) == (sessions, back)
    assert measures["pogo_stick_rate"] == (back / sessions if sessions else None)
    kind = DOCUMENT_TYPES.get(page) if sessions else None
    alike = [one for one, type_ in DOCUMENT_TYPES.items() if type_ == kind]
    each = [plain.returned(seen, {one}) for one in alike]
    if kind and found["document_type"]:
        assert (found["kind"]["sessions"], found["kind"]["returned"]) == (
            sum(s for s, _ in each),
            sum(b for _, b in each),
        )
        assert found["kind"]["pages"] == sum(s > 0 for s, _ in each)
    missing = plain.missing(seen, page)
    assert {row["page"]: row["not_found"] for row in found["not_found_from"]} == dict(missing)
    assert measures["not_found"] == sum(missing.values())


def test_answers_clicks_downloads_and_errors_are_told_by_what_they_are_of() -> None:
    lines = [
        "2019-10-08 HMRC s1: /a +useful_yes +out www.example.com +download form.pdf",
        "2019-10-08 HMRC s2: /a +useful_yes +useful_no +error postcode > /b +out www.example.org",
        "2019-10-08 HMRC s3: /a +out www.example.com",
    ]
    found = told_of(estate(*lines), "/a")
    measures = found["measures"]
    assert (measures["useful_yes"], measures["useful_no"], measures["usefulness"]) == (2, 1, 2 / 3)
    assert (measures["outbound"], measures["download"], measures["error"]) == (2, 1, 1)
    told = {(row["kind"], row["name"]): row["events"] for row in found["events"]}
    assert told["outbound", "www.example.com"] == 2
    assert ("outbound", "www.example.org") not in told


def test_an_owner_is_told_then_and_now_with_tags_service_and_memorandum() -> None:
    held = estate("2019-10-08 DfT s1: /vehicle-tax > DFID:/aid")
    found = told_of(held, "/vehicle-tax")
    assert (found["owner_then"], found["service"], found["memorandum"]) == (
        "DfT",
        "vehicle-tax",
        "in force since 14 May 2019",
    )
    aid = told_of(held, "/aid")
    assert (aid["owner_then"], aid["owner_now"], aid["tagged"], aid["service"]) == ("DFID", "FCDO", "DFID", None)


def test_a_page_that_nobody_saw_has_zeros_and_no_rates() -> None:
    found = told_of(estate("2019-10-08 HMRC s1: /a"), "/nowhere")
    assert (found["page"], found["title"], found["page_views"]) == ("/nowhere", None, 0)
    assert all(found["measures"][name] in {0, None} for name in MEASURES)
    assert found["measures"]["pogo_stick_rate"] is found["measures"]["usefulness"] is None


def test_a_change_stands_beside_each_measure_and_none_is_computed_over_other_weekdays() -> None:
    lines = [f"2019-10-{day:02} HMRC d{day}n{n}: /a" for day in range(1, 15) for n in range(5 if day < 8 else 8)]
    held = estate(*lines)
    week = {"from": "2019-10-08", "to": "2019-10-14"}
    assert told_of(held, "/a", **week)["measures"]["sessions_change"] == 21
    other = asked(held, "page", page="/a", **week, compare="2019-10-02..2019-10-07")
    assert other.value["measures"]["sessions_change"] is None  # type: ignore[call-overload, index]
    assert any("weekdays" in note for note in other.about.notes)


def test_what_is_published_of_a_page_is_what_pages_and_next_pages_publish() -> None:
    held = estate(
        *(f"2019-10-{1 + n % 30:02} HMRC s{n} [mobile]: /a +useful_yes > /b > /a" for n in range(87)),
        *(f"2019-10-{1 + n % 30:02} HMRC t{n}: /c > /a +download form" for n in range(34)),
        *(f"2019-09-{1 + n % 30:02} HMRC u{n}: /c > /a" for n in range(35)),
        by="month",
    )
    month: JSON = {"page": "/a", "from": "2019-10-01", "to": "2019-10-31", "publication": True}
    values: list[Any] = [asked(held, name, **month).value for name in ("page", "next_pages", "pages")]
    told, around, listed = values
    [row], measures = listed["pages"], told["measures"]
    assert [told[name] for name in TOTALS] == [around[name] for name in TOTALS]
    assert (told["previous_pages"], told["next_pages"]) == (around["previous"], around["following"])
    for name in ("sessions", "page_views", "landings", "exits", "exit_rate", "single_page_rate", "searches"):
        assert measures[name] == row[name]
    before: Any = asked(held, "pages", **month | {"from": "2019-09-01", "to": "2019-09-30"}).value
    assert measures["sessions_comparison"] == before["pages"][0]["sessions"]
    assert measures["returned"] in {80, 90}
    assert measures["pogo_stick_rate"] == measures["returned"] / measures["sessions"]
    assert (measures["useful_yes"] in {80, 90}, measures["useful_no"]) == (True, None)
    assert told["events"] == told["not_found_from"] == []


def test_a_page_that_few_saw_or_that_may_not_be_seen_is_not_published() -> None:
    tax = "www.tax.service.gov.uk/x"
    held = estate(*(f"2019-10-01 HMRC s{n}: /a > {tax}" for n in range(50)), "2019-10-01 HMRC r: /b > /c", by="month")
    for page, viewer in (("/b", "leadership"), (tax, "analyst-dft"), ("/nowhere", "leadership")):
        told = asked(
            held, "page", page=page, **{"from": "2019-10-01", "to": "2019-10-31", "publication": True}, person=viewer
        ).value
        assert isinstance(told, dict)
        assert all(told[name] is None for name in TOTALS)
        assert told["previous_pages"] == told["next_pages"] == []


def names(held: Estate, words: str, person: str = "estate-analyst", **given_: object) -> list[str]:
    found: Any = asked(held, "find", person, words=words, **given_).value
    assert found["total"] >= len(found["pages"])
    return [row["page"] for row in found["pages"]]


FOUND = (
    "2019-10-08 HMRC s1: /tax-codes > /tax-codes/change > /vat",
    "2019-10-08 HMRC s2: /tax-codes/change > www.tax.service.gov.uk/tax-codes > DfT:/Vehicle-Tax",
)


def test_a_page_is_found_by_every_word_of_its_address_or_title_the_most_seen_first() -> None:
    held = estate(*FOUND)
    assert names(held, "TAX codes") == ["/tax-codes/change", "/tax-codes", "www.tax.service.gov.uk/tax-codes"]
    assert names(held, "/tax-codes") == ["/tax-codes", "www.tax.service.gov.uk/tax-codes", "/tax-codes/change"]
    assert names(held, "title change") == ["/tax-codes/change"]
    assert names(held, "/tax-codes/change") == ["/tax-codes/change"]
    assert names(held, "vehicle") == ["/Vehicle-Tax"]
    assert names(held, "nothing like it") == []
    assert names(held, "a.*") == []


def test_pages_that_may_not_be_seen_are_never_found() -> None:
    assert names(estate(*FOUND), "tax codes", "analyst-dft") == ["/tax-codes/change", "/tax-codes"]
    assert "www.tax.service.gov.uk/tax-codes" in names(estate(*FOUND), "tax codes", "service-owner-hmrc")


def test_a_search_keeps_to_the_filters_and_the_limit() -> None:
    held = estate(*FOUND)
    assert names(held, "tax", department="DfT") == ["/Vehicle-Tax"]
    assert len(names(held, "tax", limit=2)) == 2
    with pytest.raises(errors.BadRequest) as told:
        names(held, "  ")
    assert told.value.field == "words"


@pytest.mark.parametrize("name", ["page", "find", "handovers", "terms"])
def test_an_answer_has_the_shape_that_the_api_describes(name: str) -> None:
    lines = [f"2019-10-08 HMRC s{n}: /vehicle-tax +search vat > DfT:/c" for n in range(12)]
    given_: JSON = {"page": {"page": "/vehicle-tax"}, "find": {"words": "tax"}}.get(name, {})
    answer: Any = asked(estate(*lines), name, **given_).value
    assert differs(answer, getattr(questions()[name], "SHAPE"), name) == []  # noqa: B009 - the protocol doesn't ask for it


def differs(value: Any, shape: JSON, where: str) -> list[str]:
    """Where a value isn't what its shape says."""
    if shape.get("type") == "array":
        return [one for place, part in enumerate(value) for one in differs(part, shape["items"], f"{where}[{place}]")]
    if "properties" in shape:
        inside = [
            one for name in value for one in differs(value[name], shape["properties"].get(name, {}), f"{where}.{name}")
        ]
        return (
            inside
            if set(value) == set(shape["properties"])
            else [*inside, f"{where}: {set(value) ^ set(shape['properties'])}"]
        )
    kinds = {"string": str, "integer": int, "number": float | int, "boolean": bool, "object": dict, "null": type(None)}
    told = shape.get("type", [])
    allowed = [kinds[one] for one in ([told] if isinstance(told, str) else told)]
    return [] if any(isinstance(value, kind) for kind in allowed) else [f"{where}: {value!r}"]
