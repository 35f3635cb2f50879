"""Funnels for publication: a service's own, rounded once for everybody, balanced from step to step and to where people went."""

import json
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from data import errors
from data.access import PEOPLE
from data.store import Estate
from queries.ask import ask
from queries.funnels import funnel_text
from tests.stories import estate
from tests.test_web_pages import words
from tests.test_web_topics import figures
from tests.web import get

MONTHS = {"from": "2019-10-01", "to": "2019-11-30", "publication": True}
STEPS = funnel_text.of_service("vehicle-tax")
PAGES = [step["value"][0] for step in STEPS]
ANALYST, OWNER, OTHER = (PEOPLE[name] for name in ("estate-analyst", "analyst-dft", "service-owner-hmrc"))


@pytest.fixture(scope="module")
def held() -> Estate:
    """Two months in which people stop at every step and go to one of two pages."""
    return estate(*(_line(number) for number in range(711)), by="month")


def _line(number: int) -> str:
    walked = [*PAGES[: 1 + number % (len(PAGES) + 1)], "/other" if number % 3 else "/help"]
    return f"2019-{10 + number % 2}-{1 + number % 30:02d} HMRC s{number}: {' > '.join(walked)}"


def told(held: Estate, person: Any = ANALYST, question: str = "funnel", **more: Any) -> Any:
    return ask(held, person, question, ({"steps": STEPS} if question != "explore" else {}) | MONTHS | more).value


def test_a_published_funnel_balances_is_the_same_for_everybody_and_near_the_truth(held: Estate) -> None:
    found, truth = told(held), told(held, publication=False)
    assert found["counts"] != truth["counts"]
    assert all(
        n % 10 == 0 and abs(n - exact) < 20 for n, exact in zip(found["counts"], truth["counts"], strict=True)
    )  # two months
    for step, after in zip(found["steps"], found["counts"][1:], strict=False):
        assert step["drop_offs"] == step["units"] - after == sum(one["units"] for one in step["went"])
        assert step["share_of_start"] == step["units"] / found["counts"][0]
        assert step["median_seconds"] is step["low"] is None
    assert told(held, OWNER) == found
    journeys = told(held, question="explore", anchor={"match": "exact", "value": "/vehicle-tax"})
    assert journeys["sessions"] == found["counts"][0]


def rows_of(held: Estate, person: Any = ANALYST, **more: Any) -> dict[int, list[dict[str, Any]]]:
    rows = told(held, person, "funnel_trend", **more)["rows"]
    return {step: [row for row in rows if row["step"] == step] for step in range(len(STEPS))}


def test_each_point_over_time_says_what_its_own_days_are_published_to_say_and_they_add_up(held: Estate) -> None:
    over_time, whole = rows_of(held), told(held)
    for place, days in enumerate((("2019-10-01", "2019-10-31"), ("2019-11-01", "2019-11-30"))):
        alone = told(held, **dict(zip(("from", "to"), days, strict=True)))
        for step, told_of in enumerate(alone["steps"][:-1], 1):
            point = over_time[step][place]
            assert (point["day"], point["last_day"]) == days
            assert (point["units"], point["drop_offs"]) == (told_of["units"], told_of["drop_offs"])
            assert point["drop_off_rate"] == point["drop_offs"] / point["units"]
            assert point["drop_off_rate_expected_low"] is point["drop_off_rate_unusual"] is None
        assert over_time[0][place]["drop_offs"] == alone["counts"][0] - alone["counts"][-1]
    for step, units in enumerate(whole["counts"][:-1], 1):
        assert sum(row["units"] for row in over_time[step]) == units
    assert rows_of(held, OWNER) == over_time


def test_whole_weeks_are_published_over_time_and_nothing_below_ten(held: Estate) -> None:
    weeks: dict[str, Any] = {"from": "2019-09-30", "to": "2019-11-03"}
    assert told(held, question="funnel_trend", **weeks)["by"] == "week"
    points = [row for rows in rows_of(held, **weeks).values() for row in rows]
    counts = [row[name] for row in points for name in ("units", "drop_offs")]
    assert len(rows_of(held, **weeks)[0]) == 5
    assert None in counts
    assert all(n % 10 == 0 and n >= 10 for n in counts if n is not None)
    with pytest.raises(errors.BadRequest, match="Ask for it by week"):
        told(held, question="funnel_trend", by="day", **weeks)


def test_small_counts_are_hidden_with_what_follows_from_them() -> None:
    found = told(estate(*(_line(number) for number in range(30)), by="month"))
    assert found["counts"][0] in {20, 30, 40}
    hidden = found["counts"].index(None)
    assert found["steps"][hidden - 1]["drop_offs"] is None
    assert all(step["share_of_start"] is None for step in found["steps"])  # over fewer than 50


@pytest.mark.parametrize("question", ["funnel", "funnel_trend"])
@pytest.mark.parametrize(("asked", "field"), [
    ({"steps": ["/a", "/b"]}, "steps"), ({"mode": "open"}, "mode"), ({"window_seconds": 60}, "window_seconds"), ({"breakdown": "device"}, "breakdown"),
    ({"to": "2019-11-29"}, "from"), ({"device": ["mobile"]}, "device"),
])  # fmt: skip
def test_what_others_would_not_publish_is_refused_at_its_field(
    held: Estate, question: str, asked: dict[str, Any], field: str
) -> None:
    with pytest.raises(errors.BadRequest) as refused:
        told(held, question=question, **asked)
    assert refused.value.field == field


def test_a_funnel_is_its_own_department_s_to_publish(held: Estate) -> None:
    with pytest.raises(errors.BadRequest, match="It is DfT's to publish"):
        told(held, OTHER)


PAGE = "/drop-offs?service=vehicle-tax&from=2019-10-01&to=2019-10-31&publication=true"


def test_the_page_shows_what_is_published_and_nothing_that_is_not() -> None:
    page = get(PAGE)
    assert page.status_code == 200
    assert "Remove Rounded for publication" in words(page.text)
    shown = words(json.loads(figures(PAGE))["response"]["figures"]["html"])
    assert "Too few sessions to be published" in shown
    for left_out in ("Did a release help?", "Time from step to step", "day by day"):
        assert left_out not in shown


@pytest.mark.parametrize(
    ("more", "told"),
    [("device=mobile", "Leave out device"), ("steps=/a > /b", "Give the steps of a service"), ("window=60", "Leave within seconds empty"), ("to=2019-10-30", "Give whole weeks")],
)  # fmt: skip
def test_what_can_not_be_published_is_told_at_its_field_and_nothing_is_shown(more: str, told: str) -> None:
    name, _, value = more.partition("=")
    asked = dict(parse_qsl(PAGE.partition("?")[2])) | {name: value}
    address = f"/drop-offs?{urlencode(asked)}"
    page = get(address)
    assert page.status_code == 400
    assert f"Error: {told}" in words(page.text)
    shown = words(json.loads(figures(address))["response"]["figures"]["html"])
    assert "Choose a service" in shown
    assert "sessions" not in shown


def test_the_days_that_a_form_holds_anyway_give_way_to_whole_months_and_the_tick_stays_until_a_service_is_chosen() -> (
    None
):
    held = "from=2020-09-04&to=2020-10-01&publication=true"  # the four weeks that are shown without any
    page = get(f"/drop-offs?service=vehicle-tax&{held}")
    assert page.status_code == 200
    assert "Too few sessions to be published" in words(
        json.loads(figures(page.request.full_path))["response"]["figures"]["html"]
    )
    chosen = json.loads(figures(f"/drop-offs?{held}"))["response"]["figures"]["html"]
    assert 'href="/drop-offs?service=vehicle-tax&amp;publication=true"' in chosen


def test_whose_service_it_is_to_publish_is_told_at_the_service() -> None:
    page = get(PAGE, "service-owner-hmrc")
    assert "It is DfT's to publish" in words(page.text)
    assert 'id="field-service-error"' in page.text
