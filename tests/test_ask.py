"""The way of a question: values checked, rights held, days found, one version read, answers kept for the next."""

import json
from datetime import date, datetime
from typing import Any

import pytest

from data import errors
from data.access import PEOPLE
from data.periods import LONDON, Period
from data.settings import Settings
from data.store import Delivery, Estate, Manifest
from queries import parameters
from queries.answers import Answer
from queries.ask import ask, questions
from tests.examples import LEAST
from tests.stories import estate

HELD = estate("2019-10-08 HMRC s1: /a", "2019-11-02 HMRC s2: /a")


def asked(question: str = "pages", held: Estate = HELD, person: str = "estate-analyst", **given: Any) -> Answer:
    return ask(held, PEOPLE[person], question, LEAST.get(question, {}) | given)


WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "an unknown parameter": ({"colour": "red"}, "colour", "isn't one of account"),
    "an unknown device": ({"device": "fridge"}, "device", "desktop"),
    "a value that is no text": ({"device": {"$ne": None}}, "device", "should be text"),
    "a list with something else in it": ({"country": ["France", 1]}, "country", "should be text"),
    "an empty value": ({"country": "France,,Spain"}, "country", "no empty value"),
    "51 values": ({"country": ",".join(f"c{n}" for n in range(51))}, "country", "at most 50"),
    "201 characters": ({"country": "x" * 201}, "country", "at most 200"),
    "a pattern of 2,049 characters": ({"page": "/" + "x" * 2_048}, "page", "at most 2048"),
    "a control character": ({"page": "/a\x00b"}, "page", "control characters"),
    "half a date": ({"from": "2019-10"}, "from", "2019-10-31"),
    "a day that doesn't exist": ({"to": "2019-02-30"}, "to", "2019-10-31"),
    "a number for a date": ({"from": 20191001}, "from", "2019-10-31"),
    "days the wrong way round": ({"from": "2019-10-02", "to": "2019-10-01"}, "to", "before from"),
    "a comparison the wrong way round": ({"compare": "2019-10-02..2019-10-01"}, "compare", "two dates"),
    "an unknown comparison": ({"compare": "yesterday"}, "compare", "previous, year, none"),
    "true for a number": ({"limit": True}, "limit", "whole number"),
    "a limit of none": ({"limit": 0}, "limit", "greater than or equal to 1"),
    "too large a limit": ({"limit": "10001"}, "limit", "10000"),
    "a fraction": ({"offset": 1.5}, "offset", "whole number"),
    "a word for a switch": ({"publication": "yes"}, "publication", "true or false"),
    "an unknown account": ({"account": "mine"}, "account", "'gds' or 'joined'"),
    "an unknown order": ({"order": "sideways"}, "order", "'ascending' or 'descending'"),
    "filters that are no object": ({"filters": [1]}, "filters", "should be an object"),
    "an unknown filter": ({"filters": {"colour": "red"}}, "filters", "should be an object"),
    "a filter twice": ({"device": "mobile", "filters": {"device": "mobile"}}, "device", "once"),
    "a topic that isn't there": ({"topic": "brexit"}, "topic", "Choose one of"),
    "an unknown department": ({"department": "Magic"}, "department", "HMRC"),
    "an unknown organisation": ({"organisation": "Magic"}, "organisation", "HMRC"),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_value_that_cannot_be_used_is_named_and_the_sentence_helps(
    wrong: tuple[dict[str, Any], str, str],
) -> None:
    given, field, sentence = wrong
    with pytest.raises(errors.BadRequest) as refused:
        asked(**given)
    assert refused.value.field == field
    assert sentence in refused.value.detail
    assert "\x00" not in str(refused.value)


def test_what_is_missing_or_too_much_inside_a_definition_is_named() -> None:
    with pytest.raises(errors.BadRequest, match="anchor is needed"):
        ask(HELD, PEOPLE["estate-analyst"], "explore", {})
    with pytest.raises(errors.BadRequest, match=r"anchor\.colour is no part of it"):
        asked("explore", anchor={"match": "exact", "value": "/a", "colour": "red"})
    with pytest.raises(errors.BadRequest, match="end should be a page or pattern as text, or an object"):
        asked("explore", anchor="/a", end=["/b", "/c/*"])


def test_the_same_wish_has_the_same_form() -> None:
    read = parameters.read
    model = questions()["pages"].PARAMETERS
    lists = read(model, {"device": ["tablet", "mobile", "mobile"], "limit": 5, "publication": False})
    texts = read(model, {"filters": {"device": "mobile,tablet"}, "limit": "5", "publication": "false"})
    assert lists == texts


def test_a_parameter_that_stands_twice_in_an_address_is_refused() -> None:
    assert parameters.once([("device", "mobile"), ("limit", "3")]) == {"device": "mobile", "limit": "3"}
    with pytest.raises(errors.BadRequest, match="stands twice"):
        parameters.once([("device", "mobile"), ("device", "tablet")])


def test_a_question_that_does_not_exist_is_not_found() -> None:
    with pytest.raises(errors.NotFound, match="summary"):
        asked("everything")


@pytest.mark.parametrize("question", questions())
def test_a_denial_carries_the_reason_of_the_verdict(question: str) -> None:
    if question != "coverage":
        with pytest.raises(errors.Forbidden, match="sees coverage and no figures"):
            asked(question, person="operator")


def period(held: Estate = HELD, **given: Any) -> str:
    return str(asked(held=held, **given).about.period)


def told(*days: date) -> Estate:
    """An estate whose manifest knows these days and which has no segments."""
    extracts = tuple(Delivery("joined", "HMRC", day, "events", "hits", "", 3, 2, 1) for day in days)
    return Estate.in_memory([], manifest=Manifest(7, datetime(2019, 12, 1, tzinfo=LONDON), deliveries=extracts))


def test_without_dates_a_question_is_about_the_last_28_days_that_have_data() -> None:
    held = told(date(2019, 10, 1), date(2019, 11, 5))
    assert period(held) == "2019-10-09..2019-11-05"
    assert period(held, to="2019-10-31") == "2019-10-04..2019-10-31"
    assert period(held, **{"from": "2019-10-20"}) == "2019-10-20..2019-11-05"
    assert period(held, **{"from": "2020-01-01"}) == "2020-01-01..2020-01-01"
    assert period(held, account="gds") == period(told())


def test_an_estate_without_data_is_asked_about_the_days_until_yesterday() -> None:
    empty = Estate.in_memory([], Settings(clock=date(2020, 11, 1)))
    assert period(empty) == "2020-10-04..2020-10-31"
    assert asked(held=empty).value == {"total": 0, "offset": 0, "pages": []}


@pytest.mark.parametrize(
    ("compare", "expected"),
    [
        ("previous", Period(date(2019, 9, 29), date(2019, 10, 1))),
        ("year", Period(date(2018, 10, 7), date(2018, 10, 9))),
        ("none", None),
        ("2019-09-01..2019-09-03", Period(date(2019, 9, 1), date(2019, 9, 3))),
    ],
)
def test_the_comparison_has_the_same_weekdays(compare: str, expected: Period | None) -> None:
    days: dict[str, Any] = {"from": "2019-10-06", "to": "2019-10-08"}
    about = asked(compare=compare, **days).about
    assert about.comparison == expected


def test_what_is_said_beside_an_answer_comes_from_the_register_and_the_manifest() -> None:
    about = asked(held=told(date(2019, 10, 1), date(2019, 10, 3)), **{"from": "2019-10-01", "to": "2019-10-03"}).about
    assert (about.version, about.account, about.publication) == (7, "joined", False)
    assert (about.coverage.departments, about.coverage.sharing, about.coverage.missing_days) == (17, ("HMRC",), 1)
    assert "DWP" in about.coverage.not_sharing
    assert about.coverage.data_to == date(2019, 10, 3)
    assert about.units["page_views"] == "page views"
    assert "Exit rate" in about.definition


def test_the_next_who_asks_the_same_is_given_the_same_answer_and_others_are_not() -> None:
    first = asked(device="mobile")
    assert asked(device=["mobile"]).table is first.table
    assert asked(device="tablet").table is not first.table
    assert asked(person="analyst-dft", device="mobile").table is not first.table
    assert asked(held=told(), device="mobile").table is not first.table


@pytest.mark.parametrize("question", questions())
def test_an_answer_is_made_of_json_types(question: str) -> None:
    json.dumps(asked(question).value, allow_nan=False)
