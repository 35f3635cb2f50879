"""Alert rules on saved funnels: raised when a rate is over its limit or out of its band, told to those who may see it."""

from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

import pytest

from callbacks import precomputed
from data.access import PEOPLE, Viewer
from data.state import Shelf, Wish
from data.store import Estate
from layouts import funnels
from queries.ask import ask
from queries.funnels import alerts, saved_funnels, watching
from queries.funnels.saved_funnels import SavedFunnel
from queries.funnels.watching import Rule
from queries.page_sets import topics
from tests.stories import estate
from tests.test_web_funnels import saved
from tests.test_web_pages import words
from tests.test_web_topics import figures, send
from tests.web import asked, get

ANALYST, DFT, HMRC = (PEOPLE[name] for name in ("estate-analyst", "analyst-dft", "service-owner-hmrc"))
DAYS = 61
FIRST = date(2019, 10, 31) - timedelta(DAYS - 1)  # a segment of a month ends with it


def lines(last_day_finishes: int) -> list[str]:
    """Two hundred sessions a day that start, of whom 150 or so finish, but on the last day."""
    told = []
    for number in range(DAYS):
        finish = last_day_finishes if number == DAYS - 1 else 147 + number * 5 % 7
        day = FIRST + timedelta(number)
        told += [f"{day} HMRC s{number}a x{finish}: /a > /b", f"{day} HMRC s{number}b x{200 - finish}: /a"]
    return told


def watched(held: Estate, viewer: Viewer = ANALYST, steps: str = "Start: /a > /b", **rule: Any) -> None:
    funnel = saved_funnels.shelf(held).make(viewer, Wish("Finish", SavedFunnel(steps=steps), "everyone"))
    watching.shelf(held).make(viewer, Wish("Too many stop", Rule(funnel=funnel.slug, **rule), "everyone"))


def told(held: Estate, viewer: Viewer = ANALYST) -> list[dict[str, Any]]:
    value: Any = ask(held, viewer, "alerts", {}).value
    return list(value)


@pytest.mark.parametrize(("finish", "raised"), [(150, False), (10, True)])
def test_a_rate_outside_its_band_on_the_newest_day_is_told(finish: int, raised: bool) -> None:  # noqa: FBT001 - of the table
    held = estate(*lines(finish), by="month")
    watched(held)
    (found,) = told(held)
    assert (found["raised"], found["last_day"], found["units"]) == (raised, str(FIRST + timedelta(DAYS - 1)), 200)
    assert found["drop_off_rate"] == pytest.approx(1 - finish / 200)
    assert found["expected_low"] < 0.25 < found["expected_high"]


@pytest.mark.parametrize(("limit", "raised"), [(0.2, True), (0.3, False)])
def test_a_rate_over_its_limit_in_the_last_seven_days_is_told(limit: float, raised: bool) -> None:  # noqa: FBT001 - of the table
    held = estate(*lines(150), by="month")
    watched(held, rule="over", limit=limit, step=1)
    (found,) = told(held)
    assert (found["raised"], found["units"], found["step_name"]) == (raised, 1_400, "Start")
    stopped = 50 + sum(53 - number * 5 % 7 for number in range(DAYS - 7, DAYS - 1))
    assert found["drop_off_rate"] == pytest.approx(stopped / 1_400)


def test_where_there_are_more_rules_than_are_looked_at_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    held = estate(*lines(150), by="month")
    watched(held)
    watched(held)
    monkeypatch.setattr(alerts, "MOST", 1)
    answer = ask(held, ANALYST, "alerts", {})
    assert len(answer.value) == 1
    assert "1 more are not." in answer.about.notes[0]


def test_saved_funnels_and_alerts_are_worked_out_before_anybody_opens_them() -> None:
    """For a version as it comes: opening the page then reads no segment."""
    held = estate(*lines(150), by="month")
    watched(held, HMRC)
    precomputed.prepare(held, PEOPLE.values())
    state = funnels.state_of(SavedFunnel(steps="Start: /a > /b"))
    with patch("queries.ask._answered", side_effect=AssertionError("asked again")):
        for viewer in (ANALYST, DFT, HMRC):
            ask(held, viewer, "funnel", state.shown())
            ask(held, viewer, "funnel_trend", state.trend())
            ask(held, viewer, "alerts", {})


def test_an_estate_where_nobody_watches_has_no_alerts() -> None:
    assert told(estate("2019-10-08 HMRC s1: /a")) == []


def test_a_rule_on_a_funnel_or_a_topic_that_one_does_not_see_says_nothing() -> None:
    held = estate(*lines(150), by="month")
    watched(held, HMRC, steps="www.tax.service.gov.uk/x > /b")
    assert told(held, DFT) == []
    topic = Wish("Mine", topics.Definition(pages=("/a",)), "me")
    Shelf(held.made, topics.TOPIC).make(HMRC, topic)
    watched(held, HMRC, steps="topic:mine > /b")
    assert [len(told(held, viewer)) for viewer in (HMRC, DFT)] == [2, 0]


def test_small_rates_of_another_department_are_hidden_and_so_is_whether_they_are_raised() -> None:
    held = estate("2019-10-31 HMRC s1: /a", "2019-10-31 HMRC s2: /a > /b", by="month")
    watched(held, rule="over", limit=0.1)
    (own,), (foreign,) = told(held, HMRC), told(held, DFT)
    assert (own["raised"], own["drop_off_rate"]) == (True, 0.5)
    assert (foreign["raised"], foreign["drop_off_rate"], foreign["units"]) == (None, None, None)


FORM = {"name": "Stops", "step": "1", "rule": "over", "limit": "5%", "seen_by": "everyone"}


def test_an_alert_is_made_told_on_the_estate_page_deleted_and_brought_back() -> None:
    slug = saved(person="estate-analyst", name="Watched")[9:]
    form = FORM | {"funnel": slug}
    assert send("/alerts/new", "estate-analyst", **form).headers["Location"] == "/alerts"
    assert "The last seven days are over a limit: 5.0%" in words(get("/alerts").text)
    assert "Stops" in figures("/estate?from=2020-10-01&to=2020-10-01")
    assert "dropped off in the last seven days, over 5.0%" in figures("/estate?from=2020-10-01&to=2020-10-01")
    assert get("/api/v1/alerts").json["answer"][0]["name"] == "Stops"
    send(f"/funnels/{slug}/delete", "estate-analyst", revision=1)
    assert "1 alert can't be told here: the funnel was deleted" in words(get("/alerts").text)
    send(f"/funnels/{slug}/restore", "estate-analyst")
    assert send("/alerts/stops/delete", "analyst-dft", revision=1).status_code == 403
    gone = send("/alerts/stops/delete", "estate-analyst", revision=1).headers["Location"]
    assert "Stops was deleted" in words(get(gone).text)
    send("/alerts/stops/restore", "estate-analyst")
    assert "Stops" in words(get("/alerts").text)
    again = watching.shelf(asked().real).find(ANALYST, "stops")
    watching.shelf(asked().real).delete(ANALYST, again)  # other tests look at pages without alerts


@pytest.mark.parametrize(("wrong", "field"), [
    ({"name": ""}, "name"), ({"step": "2"}, "step"), ({"step": "x"}, "step"), ({"limit": ""}, "limit"), ({"limit": "100"}, "limit"), ({"limit": "0"}, "limit"),
])  # fmt: skip
def test_what_cannot_be_a_rule_is_told_at_its_field(wrong: dict[str, str], field: str) -> None:
    answer = send("/alerts/new", **FORM | {"funnel": saved(name="To watch")[9:]} | wrong)
    assert answer.status_code == 400
    assert f'id="field-{field}-error"' in answer.text


def test_a_funnel_that_is_not_there_is_told() -> None:
    answer = send("/alerts/new", **FORM | {"funnel": "nothing"})
    assert (answer.status_code, "Choose a saved funnel" in words(answer.text)) == (400, True)
    assert get("/alerts", "operator").status_code == 403
