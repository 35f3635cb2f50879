"""The pages Pages, Page, Handovers and Searches: their addresses, sentences, pictures, and what each person is shown."""

import json
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callbacks.charts import CHARTS
from data.access import PEOPLE
from data.store import Estate
from layouts import handovers, page, page_around, pages, searches
from layouts.figures import bars
from layouts.figures import handovers as flows
from layouts.markup import render, text_of
from layouts.offered import Offered
from layouts.usage_state import Handovers, Page, Pages, Searches, Usage
from queries.ask import ask
from queries.parameters import MOST_ROWS
from tests.counts import rounds
from tests.stories import estate
from tests.web import get, post

LEADER: Final = PEOPLE["leadership"]
DAYS: Final[dict[str, Any]] = {"first": date(2019, 10, 7), "last": date(2019, 10, 9)}
KINDS: Final = (Pages, Page, Handovers, Searches)
VALUES: Final[dict[str, st.SearchStrategy[Any]]] = {
    "page": st.sampled_from(["", "/a", "/b c"]), "order": st.sampled_from(["descending", "ascending"]),
    "offset": st.integers(0, 500), "department": st.sampled_from(["", "HMRC"]), "first": st.none() | st.dates(date(2019, 1, 1), date(2019, 12, 31)),
    "last": st.none() | st.dates(date(2020, 1, 1), date(2020, 9, 1)), "device": st.sampled_from([(), ("mobile",), ("desktop", "tablet")]),
    "structure": st.sampled_from(["then", "now"]), "pass_through": st.booleans(), "publication": st.booleans(),
    "compare": st.sampled_from(["previous", "none"]),
}  # fmt: skip
STATES: Final = st.sampled_from(KINDS).flatmap(lambda kind: st.builds(kind, **VALUES))


@cache
def held() -> Estate:
    """Searches, handovers, a start page and a page that isn't there, on three days."""
    lines = [f"2019-10-0{7 + n % 3} HMRC s{n}: /a +search tax code > DfT:/c" for n in range(30)]
    lines += [
        f"2019-10-08 HMRC t{n}: DfT:/vehicle-tax +out www.vehicletax.service.gov.uk > www.vehicletax.service.gov.uk/x"
        for n in range(12)
    ]
    lines += [f"2019-10-08 HMRC u{n}: /a +useful_yes +download form.pdf > /a > /gone !404 > /a" for n in range(11)]
    return estate(*lines)


def told(question: str, state: Usage, **asked: Any) -> Any:
    return ask(held(), LEADER, question, state.question(**asked))


def whole(state: Usage) -> Usage:
    """Only what its page knows: the rest stands in no address."""
    pairs = parse_qsl(urlsplit(state.address()).query, keep_blank_values=True)
    return state.read(pairs)[0]


@settings(max_examples=rounds(100, 5_000), deadline=None)
@given(STATES)
def test_an_address_is_read_as_the_state_that_wrote_it_and_asks_what_it_says(state: Usage) -> None:
    known = whole(state)
    assert whole(known) == known
    assert known.address() == state.address()
    for name, value in known.question().items():
        assert known.value(name) == value
    for name in known.set_fields:
        assert known.without(name).value(name) == known.default.value(name)


@pytest.mark.parametrize("kind", KINDS)
def test_what_cannot_be_read_is_named_and_the_rest_still_works(kind: type[Usage]) -> None:
    state, problems = kind.read([("device", "banana"), ("from", "2020-01-02"), ("to", "2020-01-01"), ("db", "x")])
    assert {problem.field for problem in problems} == {"device", "db", "to"}
    assert state == kind()
    answer = get(f"{kind.AT}?device=banana")
    assert answer.status_code == 400
    assert "Device should be one of" in answer.text


def test_the_handovers_are_told_drawn_and_listed() -> None:
    state = Handovers(**DAYS)
    answer = told("handovers", state)
    said = handovers.sentence(state, answer.value)
    assert said.startswith("Most sessions were handed over from HMRC to DfT: 30, 73% of those who saw HMRC")
    html = text_of(handovers.answered(state, answer, pictures=True))
    assert "Tax your vehicle" in html
    assert "100%" in html
    square, flow = flows.figure(answer.value), flows.flows(answer.value)
    assert square["data"][0]["z"] == [[0, 30], [0, 0]] or square["data"][0]["z"] == [[0, 0], [30, 0]]
    assert flow["data"][0]["link"]["value"] == [30]
    for drawn in (square, flow):
        go.Figure(drawn)
    empty = told("handovers", Handovers(first=date(2019, 11, 1), last=date(2019, 11, 2)))
    nothing = handovers.answered(state, empty, pictures=True)
    assert "No session was handed over" in text_of(nothing)
    assert "Nobody saw a start page" in text_of(nothing)


def test_the_handovers_of_one_department_are_two_lines() -> None:
    rows = [("HMRC", "DfT", 12), ("DWP", "HMRC", 9), ("HMRC", "DWP", None)]
    drawn = flows.figure({"handovers": [{"from": came, "to": went, "sessions": n} for came, went, n in rows]})
    (heat,) = drawn["data"]
    assert (heat["y"], heat["x"], heat["z"]) == (["From HMRC", "To HMRC"], ["DfT", "DWP"], [[12, 0], [0, 9]])
    assert [one["text"] for one in drawn["layout"]["annotations"]] == ["12", "[c]", "", "9"]
    go.Figure(drawn)


def test_the_searches_are_told_in_each_order() -> None:
    for sort, begins in (
        ("", "People looked most for “tax code”, 30 times"),
        ("ended", "Searches for “tax code” end most"),
        ("rising", "“tax code” rises"),
    ):
        state = Searches(sort=sort, **DAYS)
        answer = told("terms", state)
        assert searches.sentence(state, answer.value).startswith(begins)
        drawn = searches.figure(
            state,
            {**answer.value, "terms": [{**answer.value["terms"][0], "term": searches.RARE}, *answer.value["terms"]]},
        )
        assert drawn == searches.figure(state, answer.value)  # rare terms together would dwarf every other
        go.Figure(drawn)
        assert "/page?page=/c" in "".join(_links(searches.answered(state, answer, pictures=False)))
    nobody = Searches(page="/nowhere")
    assert "Nobody searched" in text_of(searches.answered(nobody, told("terms", nobody), pictures=False))


def _links(node: Any) -> list[str]:
    """The addresses of all links in it."""
    if isinstance(node, list | tuple):
        return [one for child in node for one in _links(child)]
    attributes = getattr(node, "attributes", {})
    return [str(attributes.get("href"))] * ("href" in attributes) + _links(getattr(node, "children", ()))


def test_the_pages_are_told_and_turned_over() -> None:
    state = Pages(**DAYS)
    answer = told("pages", state, limit=1)
    assert pages.sentence(state, answer.value) == "Of 5 pages, /a has the most: 63 page views."
    go.Figure(pages.figure(state, answer.value))
    rate = Pages(sort="exit_rate", **DAYS)
    assert pages.sentence(rate, told("pages", rate).value).endswith("comes first: exit rate 100%.")
    many = {**answer.value, "total": 120}
    assert "offset=50" in "".join(_links(pages._turning(state, many)))
    further = Pages(offset=2, **DAYS)
    assert pages.sentence(further, told("pages", further, limit=2).value) == "Pages 3 to 4 of 5."
    beyond = Pages(offset=50, **DAYS)
    assert pages.sentence(beyond, told("pages", beyond).value) == "There are only 5 pages."


@pytest.mark.parametrize("chart", ["pages", "handovers", "handover-flows", "searches"])
def test_a_file_holds_the_rows_that_the_page_leaves_out(chart: str) -> None:
    state, _ = CHARTS[chart].state.read([("offset", "50")] if chart == "pages" else [])
    asked = CHARTS[chart].given(state)
    assert (asked["limit"], "offset" in asked) == (MOST_ROWS, False)


def test_a_profile_shows_that_both_sides_add_up() -> None:
    state = Page(page="/a", **DAYS)
    profile = told("page", state)
    found = page.Found(profile, told("trend", state), told("terms", state))
    html = text_of(page.answered(state, found, pictures=True))
    assert (
        "63 page views = 11 from other pages + 11 loops + 41 landings = 41 to other pages + 11 loops + 11 exits."
        in html
    )
    assert "100% of 11 yes and 0 no" in html
    for side in page_around.SIDES:
        assert sum(number or 0 for _, number in page_around.parts_of(profile.value, side)) == 63
    same = told("next_pages", state)
    assert page_around.figure(state, same.value) == page_around.figure(state, profile.value)
    go.Figure(page_around.figure(state, same.value))
    gone = Page(page="/gone", **DAYS)
    shown = page.answered(
        gone, page.Found(told("page", gone), told("trend", gone), told("terms", gone)), pictures=False
    )
    assert "11 page views answered that there is no such page" in text_of(shown)


def test_words_that_name_no_page_offer_those_that_hold_them() -> None:
    state = Page(page="vehicle")
    offered = text_of(page.offered(state, ask(held(), LEADER, "find", {"words": "vehicle"})))
    assert "2 pages hold these words" in offered
    assert "No page is chosen" in text_of(page.offered(Page(), None))


def test_bars_are_as_long_as_their_numbers_and_escape_their_names() -> None:
    drawn = bars.figure([bars.Bar("<b>", 10, "10", 4), bars.Bar("x" * 90, None, "[c]")], "Things")
    assert [sum(x or 0 for x in pair) for pair in zip(*(trace["x"] for trace in drawn["data"]), strict=True)] == [10, 0]
    assert drawn["layout"]["annotations"][0]["text"] == "&lt;b>"
    go.Figure(drawn)


@pytest.mark.parametrize("question", ["/pages", "/page?page=/vehicle-tax", "/handovers", "/searches?sort=rising"])
@pytest.mark.parametrize(
    "person", [name for name, one in PEOPLE.items() if one.role not in {"operator", "data protection"}]
)
def test_everybody_who_sees_figures_opens_every_page_and_nobody_else(question: str, person: str) -> None:
    assert get(question, person).status_code == 200
    assert get(question, "operator").status_code == 403


def figures(path: str, search: str = "") -> str:
    body = {
        "output": "figures.html", "outputs": {"id": "figures", "property": "html"}, "changedPropIds": [],
        "inputs": [{"id": "address", "property": "pathname", "value": path}, {"id": "address", "property": "search", "value": search}],
    }  # fmt: skip
    answer = post("/_dash-update-component", json.dumps(body))
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


@pytest.mark.parametrize(("path", "search", "words"), [
    ("/pages", "", "has the most"), ("/page", "?page=/vehicle-tax", "began a session"), ("/page", "?page=nothing like it", "was seen on these days"),
    ("/handovers", "", "Most sessions were handed over"), ("/searches", "", "Nobody searched"),
])  # fmt: skip
def test_the_figures_come_by_dash(path: str, search: str, words: str) -> None:
    assert words in figures(path, search)


@pytest.mark.parametrize("chart", ["pages.csv", "page.csv?page=/vehicle-tax", "page-trend.json?page=/vehicle-tax", "handovers.csv", "handover-flows.json", "searches.xlsx"])  # fmt: skip
def test_every_chart_is_taken_away(chart: str) -> None:
    answer = get(f"/files/{chart}")
    assert answer.status_code == 200
    assert answer.data


def test_a_page_is_found_as_it_is_typed() -> None:
    found = get("/pages/found?q=vehicle").json
    assert {"page": "/vehicle-tax", "title": "Title of /vehicle-tax"} in found
    assert get("/pages/found?q=%20").status_code == 400


def test_what_is_set_is_said_in_files_without_days() -> None:
    state = Handovers(department="HMRC", device=("mobile",), pass_through=True, **DAYS)
    assert state.told == ("Sign-in and payment count as pages", "Department: HMRC", "Device: mobile")


def test_rounded_handovers_and_pages_are_shown_too() -> None:
    state = Handovers(publication=True, first=date(2019, 10, 7), last=date(2019, 10, 13))
    assert "were handed over" in text_of(handovers.answered(state, told("handovers", state), pictures=False))
    listed = Pages(publication=True, first=date(2019, 10, 7), last=date(2019, 10, 13))
    assert render(pages.answered(listed, told("pages", listed), pictures=False))


HEADINGS: dict[type[Usage], Callable[..., Any]] = {
    Pages: pages.heading,
    Page: page.heading,
    Handovers: handovers.heading,
    Searches: searches.heading,
}


@pytest.mark.parametrize("kind", HEADINGS)
def test_a_heading_holds_every_control_of_its_page(kind: type[Usage]) -> None:
    html = render(HEADINGS[kind](kind(page="/a"), (), Offered(["HMRC"], {})))
    for name in kind.FIELDS:
        assert f'name="{name}"' in html or name == "offset", name
