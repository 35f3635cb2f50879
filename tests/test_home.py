"""The front page: live examples of what the person who looks may see, asked for after the first paint."""

import json
import re
from html import unescape
from typing import Any

import pytest

from callbacks import home
from layouts.markup import render
from tests.web import asked, client, dashboard, get

HMRC, OPERATOR = "service-owner-hmrc", "operator"


def figures(person: str) -> str:
    """The front page's figures for this person, as the words and addresses in them."""
    server = dashboard().server
    with server.test_request_context("/", base_url="http://127.0.0.1:8050", headers={"Cookie": f"person={person}"}):
        server.preprocess_request()
        return unescape(re.sub(r"<(?!a )[^>]+>", "", render(home.figures_of([])))).replace("\u00a0", " ")


def test_the_first_paint_asks_nothing_and_has_a_way_to_a_page_of_ones_own() -> None:
    before = asked().times
    page = get("/").text
    assert asked().times == before
    assert "What can I see here?</h1>" in page
    assert 'action="/journeys"' in page


@pytest.mark.parametrize(
    ("person", "said"),
    [
        ("estate-analyst", "Of 4 sessions that saw /vehicle-tax, 75% went on to /vehicle-tax/renew"),
        ("estate-analyst", "1 October 2020: 5 sessions and 13 page views."),
        (HMRC, "1 October 2020: 5 sessions and 13 page views."),
    ],
)
def test_examples_hold_the_numbers_of_their_questions(person: str, said: str) -> None:
    assert said in figures(person)


def test_who_writes_a_report_finds_the_pack_of_the_whole_estate() -> None:
    packs = re.findall(r'href="(/packs/[^"]+)"', figures("leadership"))
    assert "/packs/estate.html" in packs


def test_somebody_without_figures_is_shown_the_way_to_coverage_and_nothing_is_asked() -> None:
    before = asked().times
    shown = figures(OPERATOR)
    page = client(OPERATOR).get("/", base_url="http://127.0.0.1:8050").text
    assert asked().times == before
    assert "/coverage" in shown
    assert "session" not in shown
    assert 'action="/journeys"' not in page


def test_dash_gets_the_same() -> None:
    body: dict[str, Any] = {
        "output": "figures.html",
        "outputs": {"id": "figures", "property": "html"},
        "inputs": [
            {"id": "address", "property": "pathname", "value": "/"},
            {"id": "address", "property": "search", "value": ""},
        ],
    }
    answer = client().post(
        "/_dash-update-component", data=json.dumps(body), content_type="application/json",
        base_url="http://127.0.0.1:8050", headers={"Origin": "http://127.0.0.1:8050"},
    )  # fmt: skip
    assert answer.status_code == 200
    assert "You run a service" in answer.text
