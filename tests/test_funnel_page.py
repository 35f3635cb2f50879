"""The Drop-offs page: its address, its words, and what it says of an answer."""

import json
import re
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.access import PEOPLE
from data.register import register
from layouts import funnel
from layouts.figures import funnel as figure
from layouts.funnel_state import FunnelState
from queries import parameters
from queries.ask import ask
from queries.funnels import funnel_text
from queries.funnels.funnel_definition import Parameters
from tests.stories import estate
from tests.test_web_pages import heading, words
from tests.test_web_topics import figures
from tests.web import get

JSON = dict[str, Any]
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=12).map(str.strip)
PAGES = TEXTS.map(lambda text: f"/{text.replace('*', '')}".strip())
VALUES = st.one_of(
    PAGES.map(lambda page: ("exact", page)),
    PAGES.map(lambda page: ("pattern", f"{page}/**")),
    TEXTS.filter(bool).map(lambda text: ("regex", f"^{text}|x")),
    st.just(("department", "HMRC")),
    st.just(("service_start", "renew-passport")),
)
NAMES = st.sampled_from(["", "", "Start", "Your photo", "Done: almost", "regex", "a/b (c) > d"])
STEPS = st.lists(st.tuples(NAMES, st.lists(VALUES, min_size=1, max_size=3), st.booleans()), min_size=1, max_size=4)


def step(name: str, values: list[tuple[str, str]], optional: Any) -> JSON:
    kinds = {match for match, _ in values}
    one: JSON = {"match": values[0][0], "value": [value for _, value in values]}
    some = one if len(kinds) == 1 else {"any": [{"match": match, "value": value} for match, value in values]}
    return {**({"name": name} if name else {}), **some, **({"optional": True} if optional else {})}


@given(STEPS)
def test_a_funnel_is_read_as_it_is_written(raw: list[tuple[str, list[tuple[str, str]], bool]]) -> None:
    steps = [step(*one) for one in raw]
    assert funnel_text.read(funnel_text.write(steps)) == steps


def test_a_funnel_reads_as_people_would_write_it() -> None:
    assert funnel_text.read("Start: /a | /b > /c/* (optional) > Done: service_end:renew-passport") == [
        {"name": "Start", "match": "exact", "value": ["/a", "/b"]},
        {"match": "pattern", "value": ["/c/*"], "optional": True},
        {"name": "Done", "match": "service_end", "value": ["renew-passport"]},
    ]


@pytest.mark.parametrize("slug", register.services)
def test_every_service_has_a_funnel_to_begin_with(slug: str) -> None:
    asked = FunnelState(service=slug).question()
    assert len(parameters.read(Parameters, asked).steps) >= 2
    assert funnel_text.read(funnel_text.write(asked["steps"])) == asked["steps"]


@given(st.builds(FunnelState, service=st.sampled_from(["", "renew-passport"]), window=st.integers(0, 900), by=st.sampled_from(["", "device"]),
                 steps=st.sampled_from(["", "/a > /b", "A: /a | /c > /b"]), device=st.sampled_from([(), ("mobile",)])))  # fmt: skip
def test_the_address_holds_the_state(state: FunnelState) -> None:
    query = state.address().partition("?")[2]
    assert FunnelState.read(parse_qsl(query)) == (state, ())


@pytest.mark.parametrize(("address", "told"), [
    ("steps=/a", "Steps should be a list of 2 to 50 steps"), ("steps=/a > regex:(", "Step 2 should be a regular expression"),
    ("steps=/a (optional) > /b", "Optional at step 1 should be false"), ("steps=/a > /b&mode=open&exclude=/c", "Without should be left out"),
])  # fmt: skip
def test_what_can_not_be_asked_is_told_at_its_field_under_options_that_are_open(address: str, told: str) -> None:
    page = get(f"/drop-offs?{address}")
    assert page.status_code == 400
    assert f"Error: {told}" in words(page.text)
    options = re.search(r"<details[^>]*more-options[^>]*>", page.text)
    assert options
    assert " open" in options[0]


def test_a_step_that_no_page_fits_is_told_where_the_numbers_stand() -> None:
    html = json.loads(figures("/drop-offs?steps=/vehicle-tax > /nowhere"))["response"]["figures"]["html"]
    assert "No page of these days fits step 2, /nowhere." in words(html)
    assert 'href="#field-steps">Change the steps' in html
    assert heading(get("/drop-offs?steps=/a").text) == "Where people leave /a"


def test_the_answer_in_words_and_as_a_picture() -> None:
    lines = ["HMRC s1: /a > /b", "HMRC s2: /a > /c", "HMRC s3: /a"]
    state = FunnelState(steps="Start: /a > Done: /b")
    answer = ask(
        estate(*lines), PEOPLE["estate-analyst"], "funnel", state.question(**{"from": "2019-10-01", "to": "2019-10-01"})
    )
    value: Any = answer.value
    said = "Of 3 sessions at Start, 33% reached Done; most were lost after Start: 2 sessions, 67% of those there."
    assert funnel.sentence(state, value) == said
    drawn = figure.figure(value)
    assert drawn["data"][1]["x"] == [1.0, pytest.approx(1 / 3)]
    assert "<b>2. Done</b><br>1 · 33% of start · 33% of step before" in [
        one["text"] for one in drawn["layout"]["annotations"]
    ]
    hidden = {"units": None, "share_of_start": None, "share_of_previous": None, "low": None, "high": None}
    bare = figure.figure({**value, "steps": [value["steps"][0], value["steps"][1] | hidden]})
    assert bare["data"][0]["x"] == [1.0, None], "a hidden step isn't drawn as a loss of all"
    assert bare["layout"]["annotations"][1]["text"] == "<b>2. Done</b><br>[c]"
    nothing: Any = ask(estate("HMRC s1: /x"), PEOPLE["estate-analyst"], "funnel", state.question()).value
    assert funnel.sentence(state, nothing) == "No session saw the first step on these days."
    assert funnel.sentence(state, {**nothing, "days": []}) == "There is no data for these days."
