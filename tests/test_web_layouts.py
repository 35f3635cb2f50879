"""How things are written: markup that escapes, numbers, addresses that survive being read, and the picture of a journey."""

import json
import math
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import plotly.graph_objects as go
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from data.contract import CHANNELS, DEVICES
from data.periods import Period
from layouts import formats, journey_nodes, journeys, theme
from layouts.components import graph
from layouts.figures import journeys as picture
from layouts.journey_state import Journey, Open
from layouts.markup import Element, div, input_, p, render, text_of
from queries.ask import ask
from tests.counts import rounds
from tests.test_web_pages import ANALYST
from tests.web import asked

PAGES = st.text(
    st.characters(min_codepoint=33, exclude_characters="*\x7f", exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")),
    min_size=1,
    max_size=30,
).map("/{}".format)
STATES = st.builds(
    Journey,
    page=PAGES | st.just(""),
    direction=st.sampled_from(["forward", "backward"]),
    device=st.lists(st.sampled_from(DEVICES), unique=True).map(tuple),
    channel=st.lists(st.sampled_from(CHANNELS), unique=True).map(tuple),
    first=st.none() | st.dates(date(2019, 1, 1), date(2020, 1, 1)),
    last=st.none() | st.dates(date(2020, 1, 2), date(2021, 1, 1)),
    steps=st.integers(1, 10),
    via=PAGES | st.just(""),
    exclude=st.lists(PAGES, unique=True, max_size=4).map(tuple),
    reloads=st.booleans(),
    publication=st.booleans(),
    compare=st.sampled_from(["", "previous", "year", "department:DfT"]),
    department=st.just(("HMRC",)),
    open=st.lists(st.builds(Open, st.integers(0, 9), PAGES), unique=True, max_size=5).map(tuple),
)


def test_markup_escapes_what_it_holds_and_what_it_is_told() -> None:
    told = render(div('<b>"x"</b> & y', p(1, None, ["z"]), class_='"><script>', hidden=False, data_part=True))
    assert told == '<div class="&quot;&gt;&lt;script&gt;" data-part>&lt;b&gt;"x"&lt;/b&gt; &amp; y<p>1z</p></div>'
    assert render(input_(type="text", value="é")) == '<input type="text" value="é">'
    assert text_of(div("a", p("b", ["c"]))) == "abc"


def test_a_chart_stands_in_its_place_as_the_figure_that_is_drawn_there() -> None:
    made = graph("sizes", {"data": [{"x": [1, None], "name": '"<b>&'}], "layout": {}}, "How <large>", 300)
    [place] = made.children
    assert isinstance(place, Element)
    told = json.loads(str(place.attributes["data-figure"]))
    assert told == {"data": [{"x": [1, None], "name": '"<b>&'}], "layout": {}, "config": theme.GRAPH_CONFIG}
    assert place.attributes["style"] == "height:300px"
    assert '<figure role="img" aria-label="How &lt;large&gt;">' in render(made)


@pytest.mark.parametrize(("fraction", "written"), [
    (0.0, "0%"), (0.0004, "under 0.1%"), (0.001, "0.1%"), (0.0994, "9.9%"), (0.0996, "10%"), (0.314, "31%"), (0.994, "99%"),
    (0.996, "99.6%"), (0.99999, "over 99.9%"), (1.0, "100%"), (None, "[c]"), (math.nan, "[c]"),
])  # fmt: skip
def test_a_share_is_never_a_zero_or_a_whole_that_it_isnt(fraction: float | None, written: str) -> None:
    assert formats.share(fraction) == written


@given(st.floats(0, 1))
@settings(max_examples=rounds(200, 20_000))
def test_a_share_is_near_what_it_says(fraction: float) -> None:
    written = formats.share(fraction)
    if written[0].isdigit():
        assert abs(float(written.removesuffix("%")) - fraction * 100) <= 0.5
    assert (written == "0%") == (fraction == 0)
    assert (written == "100%") == (fraction == 1)


def test_numbers_days_and_durations_are_written_for_people() -> None:
    assert [formats.whole(n) for n in (0, 1_234_567, None)] == ["0", "1,234,567", "[c]"]
    assert [formats.counted(n, "session") for n in (0, 1, 2_000)] == ["0 sessions", "1 session", "2,000 sessions"]
    assert [formats.rate(part, of) for part, of in ((1, 0), (None, 5), (5, 5))] == ["no value", "[c]", "100%"]
    durations = [formats.duration(seconds) for seconds in (None, 1, 59.4, 60, 125, 3_600, 4_260)]
    assert durations == ["", "1 second", "59 seconds", "1 min", "2 min 5 s", "1 h", "1 h 11 min"]
    assert formats.period(Period(date(2020, 10, 5), date(2020, 10, 31))) == "5 to 31 October 2020"
    assert formats.period(Period(date(2020, 9, 5), date(2020, 10, 31))) == "5 September to 31 October 2020"
    assert formats.period(Period(date(2019, 9, 5), date(2020, 10, 31))) == "5 September 2019 to 31 October 2020"
    assert formats.listed(["a", "b", "c"]) == "a, b and c"


@given(st.text())
def test_a_page_that_may_break_reads_as_before(page: str) -> None:
    assert text_of(formats.breakable(page)) == text_of(formats.named(page)) == page


@given(STATES)
@settings(max_examples=rounds(200, 10_000))
def test_an_address_is_read_as_the_state_that_wrote_it(state: Journey) -> None:
    assert Journey.read(_pairs(state)) == (state, ())


@given(st.lists(st.tuples(st.sampled_from(sorted(Journey.FIELDS)) | st.text(), st.text())))
@settings(max_examples=rounds(200, 10_000))
def test_any_address_is_a_state_and_its_problems(pairs: list[tuple[str, str]]) -> None:
    state, problems = Journey.read(pairs)
    assert Journey.read(_pairs(state)) == (state, ())
    assert all(problem.sentence and len(problem.sentence) < 300 for problem in problems)


@given(STATES)
@example(Journey(compare="days", compare_first=date(2019, 1, 1), compare_last=date(2019, 1, 2)))
@example(Journey(group="patterns", patterns=("/a*", "/b*")))
@example(Journey(page="/a", match="exact", device=("mobile",), compare="device:desktop"))
@settings(max_examples=rounds(100, 5_000))
def test_what_a_tag_removes_is_gone_and_all_that_is_left_can_be_used(state: Journey) -> None:
    for said, address in state.tags:
        left, problems = Journey.read(parse_qsl(urlsplit(address).query, keep_blank_values=True))
        assert problems == ()
        assert said not in dict(left.tags)
        assert set(dict(left.tags)) < set(dict(state.tags))


def _pairs(state: Journey) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(state.address()).query, keep_blank_values=True)


def test_a_node_is_opened_and_closed_again() -> None:
    state = Journey(page="/a").toggled(1, "/b,c").toggled(2, "(other)")
    assert state.address() == "/journeys?page=/a&open=1:/b%252Cc,2:(other)"
    assert state.toggled(1, "/b,c").open == (Open(2, "(other)"),)


def test_an_opened_node_holds_all_its_sessions() -> None:
    state = Journey(page="/vehicle-tax", open=(Open(0, "/vehicle-tax"), Open(1, "/vehicle-tax/renew")))
    inside = journey_nodes.moves(state, ask(asked().real, ANALYST, "explore", state.question(top="all", steps=5)))
    assert [sum(move.sessions or 0 for move in inside[node]) for node in state.open] == [4, 3]


@pytest.mark.parametrize(
    "state", [Journey(), Journey(direction="backward"), Journey(page="/vehicle-tax"), Journey(page="/nothing")]
)
def test_the_picture_is_a_figure_whose_bars_and_labels_stand_apart(state: Journey) -> None:
    value: Any = ask(asked().real, ANALYST, "explore", state.question()).value
    figure = picture.figure(state, value)
    drawn = go.Figure(figure).to_dict()["layout"]
    labels = [note for note in drawn.get("annotations", ()) if "<br>" in note["text"]]
    assert len(labels) == sum(
        len(step["nodes"]) + sum(bool(step[n]) for n in ("other", "hidden", "reached_end", "ended"))
        for step in value["steps"]
    )
    for one in labels:
        beside = [
            abs(one["y"] - other["y"]) * figure["layout"]["height"]
            for other in labels
            if other is not one and other["x"] == one["x"]
        ]
        assert all(apart >= picture.LABEL - 1 for apart in beside)
    assert all(0 <= note["x"] <= 1 and 0 <= note["y"] <= 1 for note in labels)


def test_a_label_holds_no_markup_of_a_page() -> None:
    page = '<a href="https://evil.example">x</a>&'
    step = {
        "step": 0,
        "nodes": [{"page": page, "sessions": 1, "share": 1.0}],
        "other": 0,
        "hidden": 0,
        "reached_end": 0,
        "ended": 0,
    }
    figure = picture.figure(Journey(page=page), {"sessions": 1, "steps": [step], "links": []})
    assert "<a" not in str(figure)


def test_a_sentence_says_what_most_did_and_what_ended() -> None:
    def told(state: Journey) -> str:
        value: Any = ask(asked().real, ANALYST, "explore", state.question()).value
        return journeys.sentence(state, value)

    assert told(Journey()) == "Of 5 sessions, 60% landed on /vehicle-tax and 20% saw no other page."
    assert told(Journey(direction="backward")).startswith("Of 5 sessions, 40% ended on /vehicle-tax/renew")
    assert (
        told(Journey(page="/vehicle-tax", direction="backward"))
        == "Of 4 sessions that saw /vehicle-tax, 25% came from /passport/fees and 75% began there."
    )
    assert told(Journey(page="/nothing")) == "No session saw /nothing on these days."


def test_charts_never_offer_to_send_anything_away() -> None:
    assert theme.GRAPH_CONFIG["showSendToCloud"] is False
    assert theme.GRAPH_CONFIG["displaylogo"] is False
    assert theme.faint("#12436D", 0.5) == "rgba(18,67,109,0.5)"
