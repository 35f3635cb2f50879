"""Topics in the browser: made, tried, changed, copied, shared by address, deleted and brought back, by those who may."""

import json
import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest

from data.access import PEOPLE
from queries.page_sets.topics import Catalogue
from tests.test_web_pages import heading, words
from tests.web import ORIGIN, asked, client, get

GIVEN = {"name": "Roads", "pages": "/vehicle-tax\r\n/vehicle-tax/**", "about": "Cars", "seen_by": "everyone"}
FORM = "application/x-www-form-urlencoded"


def send(address: str, person: str = "analyst-dft", **given: Any) -> Any:
    return client(person).post(
        address, data=urlencode(given), content_type=FORM, base_url=ORIGIN, headers={"Origin": ORIGIN}
    )


def made(person: str = "analyst-dft", **given: Any) -> str:
    """The address of a topic made through the form."""
    answer = send("/topics/new", person, **GIVEN | given)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def revision(address: str, person: str = "analyst-dft") -> int:
    topic = Catalogue(asked().real, PEOPLE[person]).find(address.rpartition("/")[2])
    assert topic.made
    return topic.made.revision


def figures(address: str, person: str = "estate-analyst") -> str:
    """What Dash is given for a page of this address."""
    path, _, query = address.partition("?")
    inputs = [
        {"id": "address", "property": name, "value": value}
        for name, value in (("pathname", path), ("search", query and f"?{query}"))
    ]
    body = {
        "output": "figures.html", "outputs": {"id": "figures", "property": "html"}, "inputs": inputs,
        "changedPropIds": ["address.pathname"], "parsedChangedPropsIds": ["address.pathname"],
    }  # fmt: skip
    answer = client(person).post("/_dash-update-component", json=body, base_url=ORIGIN, headers={"Origin": ORIGIN})
    assert answer.status_code == 200
    return str(answer.text)


def test_a_topic_that_was_made_has_a_page_and_stands_in_the_list() -> None:
    address = made(name="Roads of mine")
    assert address == "/topics/roads-of-mine"
    page = get(address, "service-owner-hmrc")
    assert heading(page.text) == "Roads of mine"
    assert "Made by analyst dft, shared with everybody" in words(page.text)
    assert "/vehicle-tax/**" in words(page.text)
    assert 'href="/topics/roads-of-mine"' in get("/topics").text
    assert "Delete it" not in page.text
    assert "Change it" not in page.text


def test_the_page_of_a_topic_tells_its_pages_departments_and_numbers() -> None:
    told = figures(f"{made(name='Numbers')}?compare=none")
    for said in (
        "The topic Numbers had 7 page views",
        "vehicle-",
        "DfT",
        "Its pages, the most seen first: 2 pages",
        "Seen before its first page",
        "Seen after its last page",
        "direction=backward",
    ):
        assert said in told
    assert "By page" in figures(f"{made(name='Numbers')}?why=department")
    assert "There is no such topic" in figures("/topics/nothing-like-it")


def test_the_estate_page_and_the_journeys_behind_it_can_be_of_a_topic_alone() -> None:
    slug = made(name="Filtering").rpartition("/")[2]
    at = f"/estate?topic={slug}&measure=page_views&compare=none"
    told = unescape(json.loads(figures(at))["response"]["figures"]["html"])
    assert f"The whole estate (topic {slug}) had 7 page views" in told
    for place in ("journeys", "searches"):
        assert re.search(rf'href="/{place}\?([^"]*&)?topic={slug}[&"]', told)
    page = get(at).text
    assert f'<option value="{slug}" selected' in page
    assert f"Topic: {slug}" in words(page)
    assert "No topic is called" in figures("/estate?topic=nothing-like-it")


@pytest.mark.parametrize(("question", "more"), [
    ("coverage", {}), ("services", {}), ("service", {"service": "vehicle-tax"}), ("annotations", {}), ("reported", {}),
])  # fmt: skip
def test_a_question_that_topics_say_nothing_of_refuses_one_with_a_sentence(question: str, more: dict[str, str]) -> None:
    answer = get(f"/api/v1/{question}?{urlencode({'topic': 'eu-exit', **more})}")
    assert answer.status_code == 400
    assert answer.json["error"]["detail"] == "Leave out topic, or ask another question"


@pytest.mark.parametrize(("wrong", "field", "said"), [
    ({"name": " "}, "name", "Type a name of at most 80 characters"),
    ({"name": "x" * 81}, "name", "at most 80 characters"),
    ({"pages": ""}, "pages", "Pages should have at least one line"),
    ({"pages": "/a\r\n/b\x01"}, "pages", "Pages, line 2, should have no control characters"),
    ({"pages": "\r\n".join(f"/{n}" for n in range(201))}, "pages", "at most 200 items"),
    ({"seen_by": "the-world"}, "seen_by", ""),
])  # fmt: skip
def test_what_cannot_be_kept_is_told_at_its_field_and_what_was_typed_stays(
    wrong: dict[str, str], field: str, said: str
) -> None:
    answer = send("/topics/new", **GIVEN | {"name": "Kept as typed"} | wrong)
    if not said:  # an unknown audience is the narrowest
        assert "not shared" in words(get(answer.headers["Location"]).text)
        return
    assert answer.status_code == 400
    assert said in words(answer.text)
    assert f'href="#field-{field}"' in answer.text
    assert f'id="field-{field}-error"' in answer.text
    assert answer.text.startswith("<!DOCTYPE html>")
    assert "Cars" in answer.text


def test_lines_are_tried_against_real_pages_with_counts_and_nothing_is_kept() -> None:
    lines = "/vehicle-tax/*\r\n/nowhere\r\n/passport**"
    for answer in (
        send("/topics/try", "leadership", **GIVEN | {"pages": lines}),
        send("/topics/new", "leadership", **GIVEN | {"pages": lines, "try": "true"}),
    ):
        assert answer.status_code == 200
        told = words(answer.text)
        assert "/vehicle-tax/* 1 page, most seen /vehicle-tax/renew with 3 page views" in told
        assert "/nowhere no page" in told
        assert "Together: 3 pages, most seen /vehicle-tax/renew with 3 page views on" in told
    assert send("/topics/try", pages="").text == '<p class="govuk-body-s">Pages should have at least one line</p>'
    assert "Roads</a>" not in get("/topics").text


def test_lines_that_are_tried_find_no_page_that_the_viewer_may_not_see() -> None:
    line = {"pages": "www.tax.service.gov.uk/**"}
    assert "2 pages" in send("/topics/try", "service-owner-hmrc", **line).text
    assert "2 pages" not in send("/topics/try", "analyst-dft", **line).text


def test_who_made_it_changes_it_and_others_are_told_to_copy() -> None:
    address = made(name="To change")
    form = get(f"{address}/edit", "analyst-dft").text
    assert 'value="To change"' in form
    assert "/vehicle-tax\n/vehicle-tax/**" in unescape(form)
    answer = send(f"{address}/edit", **GIVEN | {"name": "Changed", "revision": str(revision(address))})
    assert answer.headers["Location"] == address
    assert heading(get(address).text) == "Changed"
    assert get(f"{address}/edit", "service-owner-hmrc").status_code == 403
    assert send(f"{address}/edit", "service-owner-hmrc", **GIVEN).status_code == 403
    assert get("/topics/eu-exit/edit").status_code == 403


def test_a_stale_form_is_told_and_what_was_typed_stays() -> None:
    address = made(name="Twice")
    old = str(revision(address))
    send(f"{address}/edit", **GIVEN | {"name": "First", "revision": old})
    answer = send(f"{address}/edit", **GIVEN | {"name": "Second", "revision": old})
    assert answer.status_code == 409
    assert "Somebody else changed this" in words(answer.text)
    assert 'value="Second"' in answer.text
    assert heading(get(address).text) == "First"


def test_a_deleted_topic_can_be_brought_back() -> None:
    address = made(name="To delete")
    assert send(f"{address}/delete", "service-owner-hmrc", revision=revision(address)).status_code == 403
    assert send(f"{address}/delete", revision="x").status_code == 400
    assert send(f"{address}/delete", revision=revision(address) + 1).status_code == 409
    gone = send(f"{address}/delete", revision=revision(address)).headers["Location"]
    assert get(address, "analyst-dft").status_code == 404
    assert "To delete was deleted. It can be brought back" in words(get(gone, "analyst-dft").text)
    assert "To delete" not in words(get(gone, "service-owner-hmrc").text)
    assert send(f"{address}/restore").headers["Location"] == address
    assert get(address, "analyst-dft").status_code == 200
    assert send(f"{address}/restore").status_code == 404


def test_a_copy_begins_with_the_lines_that_its_maker_may_see() -> None:
    address = made("service-owner-hmrc", name="Tax", pages="/tax\r\nwww.tax.service.gov.uk/**")
    assert "www.tax.service.gov.uk" in get(f"/topics/new?copy={address[8:]}", "service-owner-hmrc").text
    for page in (f"/topics/new?copy={address[8:]}", address):
        shown = get(page, "analyst-dft").text
        assert "www.tax.service.gov.uk" not in shown
    assert "1 line of services that you are not named for" in words(get(address, "analyst-dft").text)
    hidden = made("service-owner-hmrc", name="Only tax", pages="www.tax.service.gov.uk/**")
    assert get(f"/topics/new?copy={hidden[8:]}", "analyst-dft").status_code == 403
    assert get("/topics/new?copy=nothing", "analyst-dft").status_code == 404


def test_a_topic_of_ones_own_is_nobody_elses() -> None:
    address = made(name="Mine alone", seen_by="me")
    assert get(address, "analyst-dft").status_code == 200
    assert get(address, "service-owner-hmrc").status_code == 404
    assert "Mine alone" not in get("/topics", "service-owner-hmrc").text
    assert "There is no such topic" in figures(address, "service-owner-hmrc")


@pytest.mark.parametrize("path", ["/topics", "/topics/new", "/topics/eu-exit"])
def test_who_sees_no_figures_sees_no_topics(path: str) -> None:
    assert get(path, "operator").status_code == 403
    for post in ("/topics/new", "/topics/try"):
        assert send(post, "operator", **GIVEN).status_code == 403


def test_the_explorer_reads_a_topic_as_it_is_written() -> None:
    page = get(f"/journeys/answer?page=topic: {made(name='To explore')[8:]}")
    assert page.status_code == 200
    assert "/vehicle-tax/renew" in words(page.text)


@pytest.mark.parametrize("path", ["/journeys", "/pages", "/handovers", "/searches", "/departments"])
def test_a_topic_is_chosen_among_those_that_the_viewer_finds(path: str) -> None:
    slug = made(name=f"Chosen on {path[1:]}", seen_by="me")[8:]
    mine = f'<option value="{slug}">Chosen on {path[1:]}</option>'
    assert mine in get(path, "analyst-dft").text
    others = get(path, "service-owner-hmrc").text
    assert mine not in others
    assert '<option value="eu-exit">EU exit</option>' in others
    assert '<option value="eu-exit" selected>EU exit</option>' in get(f"{path}?topic=eu-exit").text


def test_a_topic_that_nobody_made_is_named_as_wrong() -> None:
    wrong = get("/journeys/answer?page=/vehicle-tax&topic=nothing")
    assert wrong.status_code == 400
    assert "No topic is called 'nothing'. Choose one of" in words(wrong.text)


def test_the_figures_of_a_topic_can_be_taken_away() -> None:
    answer = get("/files/topic.csv?topic=eu-exit&measure=sessions")
    assert answer.status_code == 200
    assert "topic-eu-exit" in answer.headers["Content-Disposition"]
