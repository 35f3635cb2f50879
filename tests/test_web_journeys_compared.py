"""Two sides of journeys on the page, in its table and in its picture: both shares, the difference, one plain word."""

import re
from datetime import date
from functools import cache
from typing import Any

import plotly.graph_objects as go
import pytest

from data.access import PEOPLE
from layouts import formats, journey_nodes, journey_state, journeys, journeys_compared
from layouts.figures import journeys as picture
from layouts.journey_state import Journey
from layouts.markup import render
from queries.answers import Answer
from queries.ask import ask
from tests.stories import estate
from tests.test_explore_beside import autumn
from tests.test_web_pages import words
from tests.web import get

MOBILE = Journey(page="/a", device=("mobile",), compare="device:desktop")


@cache
def answer(state: Journey) -> Answer:
    """Mobiles go on to /b more often than desktops do, on each of eight days; those end instead."""
    lines = [
        f"2019-10-{day:02} HMRC {device}{day}_{n} [{device}]: /a{' > /b' if n < many else ''}"
        for day in range(1, 9) for device, many in (("mobile", 15), ("desktop", 5)) for n in range(20)
    ]  # fmt: skip
    days = {"from": "2019-10-01", "to": "2019-10-08"}
    return ask(estate(*lines, by="month"), PEOPLE["estate-analyst"], "explore", state.question() | days)


def shown(state: Journey) -> str:
    return words(render(journeys.answered(state, answer(state), {}, journeys.Offers(pictures=False, profile=False))))


def test_each_node_has_both_shares_the_difference_with_its_interval_and_a_plain_word() -> None:
    page = shown(MOBILE)
    assert re.search(
        r"/b, step 1, 120 sessions, 75%, 25% desktop, \+50\.0 points \(\+\d+\.\d to \+\d+\.\d\), higher", page
    )
    assert re.search(r"Ended here, step 1, 40 sessions, 25%, 75% desktop, \N{MINUS SIGN}50\.0 points .*?, lower", page)
    assert "160 sessions; 160 desktop" in page


def test_the_sentence_says_the_biggest_difference() -> None:
    value: Any = answer(MOBILE).value
    said = journeys.sentence(MOBILE, value)
    assert said.startswith(
        "The biggest difference is /b at step 1: 75% of 160 sessions on mobile, 25% of 160 on desktop, +50.0 points ("
    )
    nothing: Any = value | {"compared": {"sessions": 0}}
    assert journeys.sentence(MOBILE, nothing) == "There is nothing to compare with: no session saw /a on desktop."


def test_the_table_has_both_sides_row_for_row() -> None:
    table = render(
        journeys.answered(MOBILE, answer(MOBILE), {}, journeys.Offers(pictures=False, profile=False))
    ).partition("The same numbers")[2]
    assert "Sessions, desktop" in table
    assert words(table).count("higher") + words(table).count("lower") >= 2
    assert {"compared_sessions", "compared_share", "difference", "difference_low", "difference_high"} <= set(
        answer(MOBILE).table.columns
    )


def test_the_picture_has_both_bars_and_says_both_shares() -> None:
    value: Any = answer(MOBILE).value
    drawn = go.Figure(picture.figure(MOBILE, value)).to_dict()["layout"]
    labels = [note["text"] for note in drawn["annotations"]]
    assert any("25% desktop<br>+50.0 points, higher" in text for text in labels)
    bars = [shape for shape in drawn["shapes"] if shape["type"] == "rect"]
    assert len(bars) == 2 * sum(len(step["nodes"]) + bool(step["ended"]) for step in value["steps"])


def test_a_picture_of_twenty_steps_is_as_wide_as_it_must_be() -> None:
    told = ask(
        estate("HMRC s1: " + " > ".join(f"/page/{n}" for n in range(30))),
        PEOPLE["estate-analyst"],
        "explore",
        Journey(page="/page/0", steps=20).question(),
    )
    value: Any = told.value
    assert picture.figure(Journey(page="/page/0", steps=20), value)["layout"]["width"] == 4800


@pytest.mark.parametrize(("address", "said"), [
    ("compare=device:desktop", "Device should be another than desktop"),
    ("device=desktop&compare=device:desktop", "Device should be another than desktop"),
    ("compare=days&compare-from=2020-10-01", "First and last day to compare with are needed"),
    ("compare-from=2020-10-02&compare-to=2020-10-01", "Last day to compare with should not be before the first"),
    ("compare=banana", "Compared with should be one of previous, year, days"),
])  # fmt: skip
def test_a_comparison_that_can_not_be_made_is_told_and_the_rest_is_shown(address: str, said: str) -> None:
    page = get(f"/journeys/answer?page=/vehicle-tax&{address}")
    assert page.status_code == 400
    assert said in words(page.text)
    assert "answer__sentence" in page.text


def test_a_comparison_is_read_from_its_address_and_asked_of_the_right_side() -> None:
    days, problems = Journey.read([("compare-from", "2020-09-01"), ("compare-to", "2020-09-30")])
    assert not problems
    assert days.question()["compare"] == "2020-09-01..2020-09-30"
    assert journeys_compared.other(days) == "in 1 to 30 September 2020"
    assert MOBILE.question()["against"] == {"device": ["desktop"]}
    assert "compare" not in Journey().question()
    tagged = get("/journeys?page=/vehicle-tax&device=mobile&compare=device:desktop").text
    assert "Remove Compared with: desktop" in words(tagged)


@pytest.mark.parametrize(
    ("difference", "written"), [(0.042, "+4.2"), (-0.0031, "\N{MINUS SIGN}0.3"), (0.0001, "0.0"), (None, "[c]")]
)
def test_points_have_a_sign(difference: float | None, written: str) -> None:
    assert formats.points(difference) == written


def test_verdicts_are_plain_words() -> None:
    told = [
        journeys_compared.verdict(Journey(), {"difference": difference, "unusual": unusual})
        for difference, unusual in ((0.1, True), (-0.1, True), (0.1, False), (0.1, None), (None, None))
    ]
    assert told == ["higher", "lower", "could be chance", "too few days to tell", "not told"]
    assert journeys_compared.verdict(Journey(publication=True), {"difference": 0.1, "unusual": None}) == "not judged"


@pytest.mark.parametrize("address", ["page=/vehicle-tax", "page=/vehicle-tax&device=mobile&compare=device:desktop"])
def test_where_only_opened_pages_differ_the_steps_come_alone_and_the_rest_is_as_it_stands(address: str) -> None:
    plain, opened = (f"/journeys/answer?{address}{more}" for more in ("", "&open=1:/vehicle-tax/renew,1:(ended)"))
    version = re.findall(r'data-version="(\d+)"', get(plain).text)[0]
    before, after = parts(get(plain).text), parts(get(opened).text)
    assert [name for name in before if before[name] != after[name]] == ["heading", "steps"]
    alone = parts(get(opened, **{"Estate-Steps-Of": version}).text)
    assert alone == {name: after[name] for name in ("heading", "answer", "said", "steps")} | {
        "numbers": '<div id="numbers" data-part data-same></div></div>'
    }


@pytest.mark.parametrize(("address", "version"), [("page=/vehicle-tax", "0"), ("page=/vehicle-tax&device=banana", "1")])
def test_of_another_version_and_beside_a_problem_everything_comes(address: str, version: str) -> None:
    assert "data-same" not in get(f"/journeys/answer?{address}", **{"Estate-Steps-Of": version}).text


def parts(page: str) -> dict[str, str]:
    """Each part of an answer by its id, up to the next."""
    return {one[9 : one.index('"', 9)]: one for one in re.split(r'(?=<div id="\w+" data-part)', page) if one}


def test_two_published_sides_stand_beside_each_other_without_a_verdict() -> None:
    october: dict[str, Any] = {"first": date(2019, 10, 1), "last": date(2019, 10, 31), "compare": "previous"}
    state = Journey(page="/a", publication=True, open=(journey_state.Open(1, "/b"),), **october)
    found = ask(autumn(), PEOPLE["estate-analyst"], "explore", state.question())
    inside = journey_nodes.moves(state, found)
    page = words(render(journeys.answered(state, found, inside, journeys.Offers(pictures=True, profile=True))))
    assert re.search(r"/b, step 1, \d+0 sessions, \d+%, \d+% before, .\d+\.\d points(?!, not judged)", page)
    assert "Where these" in page
    assert "isn't told: that is found between single days" in page
    value: Any = found.value
    assert go.Figure(picture.figure(state, value))
