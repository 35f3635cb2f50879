"""Figures that are begun with their page: handed to the callback that follows, to nobody else, and never the page's delay."""

import json
import time
from threading import Event
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create
from callbacks import pages, precomputed, prefetch
from callbacks.prefetch import AT_ONCE, Ahead
from data import errors
from data.access import PEOPLE
from data.settings import Settings
from tests.stories import estate
from tests.web import DAY, ORIGIN, STORIES, Asked

ANALYST, OWNER = PEOPLE["estate-analyst"], PEOPLE["service-owner-hmrc"]
KEY = (ANALYST, "/estate", "measure=exits")
PATIENCE = 20  # seconds, on however busy a machine


def browsing(person: str = "estate-analyst") -> tuple[FlaskClient, Asked]:
    """A browser's stand-in before a server that begins figures ahead, and its estate, which counts."""
    counting: Any = Asked(estate(*STORIES, day=DAY))
    app: Any = create(Settings(clock=DAY), counting)
    app.ahead = Ahead()
    browser: FlaskClient = app.server.test_client()
    browser.set_cookie("person", person, domain="127.0.0.1")
    return browser, counting


def figures(browser: FlaskClient, path: str, search: str = "") -> str:
    body = {
        "output": "figures.html", "outputs": {"id": "figures", "property": "html"},
        "inputs": [{"id": "address", "property": "pathname", "value": path}, {"id": "address", "property": "search", "value": search}],
    }  # fmt: skip
    answer = browser.post("/_dash-update-component", json=body, base_url=ORIGIN, headers={"Origin": ORIGIN})
    assert answer.status_code == 200
    return str(json.loads(answer.text)["response"]["figures"]["html"])


@pytest.mark.parametrize(("path", "search"), [("/", ""), ("/estate", "?measure=exit_rate"), ("/topics/driving", "")])
def test_what_was_begun_with_the_page_is_what_its_callback_gives_and_is_asked_once(path: str, search: str) -> None:
    plain, without = browsing()
    expected = figures(plain, path, search)
    browser, counting = browsing()
    browser.get(f"{path}{search}", base_url=ORIGIN).close()
    assert figures(browser, path, search) == expected
    assert counting.times == without.times
    figures(browser, path, search)
    assert counting.times == 2 * without.times  # nothing is handed out twice


def test_nobody_is_handed_what_was_begun_for_somebody_else() -> None:
    browser, _ = browsing()
    browser.get("/estate", base_url=ORIGIN).close()
    browser.set_cookie("person", "operator", domain="127.0.0.1")
    assert "The role of operator sees" in figures(browser, "/estate")


def test_every_page_opens_from_what_was_worked_out_when_its_version_came() -> None:
    browser, _ = browsing()
    precomputed.open_pages(browser.application.config["DASHBOARD"], (ANALYST, OWNER))
    with patch("queries.ask._answered", side_effect=AssertionError("asked again")):
        for person in (ANALYST, OWNER):
            browser.set_cookie("person", person.person, domain="127.0.0.1")
            for path in ("/", *pages.FRAMED):
                figures(browser, path)


def test_a_page_that_fails_is_in_the_log_and_the_next_is_worked_out(caplog: pytest.LogCaptureFixture) -> None:
    opened = []

    failures = {"/a": errors.Forbidden("No", "Not so"), "/b": KeyError("b"), "/c": ZeroDivisionError()}

    def figures_of(path: str, _: str) -> str:
        opened.append(path)
        raise failures[path]

    dashboard: Any = SimpleNamespace(server=Flask("x"), pages=tuple(failures), figures=figures_of)
    precomputed.open_pages(dashboard, (ANALYST,))
    assert opened == ["/a", "/b", "/c"]
    assert [one.getMessage().split()[0] for one in caplog.records] == ["/b", "/c"]


def test_what_can_not_be_answered_is_told_in_the_place_of_the_figures() -> None:
    browser, _ = browsing()
    address = "?from=2020-09-30&to=2020-09-29"
    browser.get(f"/estate{address}", base_url=ORIGIN).close()
    assert figures(browser, "/estate", address) == figures(browser, "/estate", address)
    left = Ahead()
    left.begin(Flask("x"), KEY, _refused)
    begun = left.take(KEY)
    assert begun
    with pytest.raises(errors.BadRequest):
        begun.result(PATIENCE)


def _refused() -> str:
    raise errors.BadRequest("No", "Not so")


def test_a_page_without_room_and_one_that_nobody_came_for_are_as_if_never_begun(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one, app, late = Ahead(), Flask("x"), Event()

    def held() -> str:
        return str(late.wait(PATIENCE))

    for number in range(AT_ONCE + 1):
        one.begin(app, (OWNER, "/estate", str(number)), held)
    assert one.take((OWNER, "/estate", str(AT_ONCE))) is None
    late.set()
    first = one.take((OWNER, "/estate", "0"))
    assert first
    assert first.result(PATIENCE) == "True"
    monkeypatch.setattr(prefetch, "SECONDS", -1.0)
    time.sleep(0.01)
    assert one.take((OWNER, "/estate", "1")) is None
