"""The Estate page: its address, its sentences, its chart, and that every figure leads to what it is made of."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

import plotly.graph_objects as go
import pytest
from flask import g
from hypothesis import given, settings
from hypothesis import strategies as st

from data.access import PEOPLE
from data.store import Estate
from layouts import estate, headlines, overview, why
from layouts.figures import trend as picture
from layouts.headlines import Row
from layouts.markup import render
from layouts.overview import MEASURES, Overview
from layouts.state import COMPARISONS
from queries.ask import ask
from queries.metrics import METRICS
from tests.counts import rounds
from tests.stories import estate as told
from tests.web import dashboard, get, post

FIRST: Final = date(2020, 2, 1)
LAST: Final = date(2020, 4, 5)
LEADER: Final = PEOPLE["leadership"]
WEEK: Final = Overview(first=date(2020, 3, 30), last=LAST)
STATES = st.builds(
    Overview,
    measure=st.sampled_from(MEASURES), department=st.sampled_from(["", "HMRC", "Home Office"]),
    first=st.none() | st.dates(date(2019, 10, 1), date(2019, 12, 31)), last=st.none() | st.dates(date(2020, 1, 1), date(2020, 9, 1)),
    compare=st.sampled_from(list(COMPARISONS)), device=st.sampled_from([(), ("mobile",), ("desktop", "tablet")]), topic=st.sampled_from([(), ("eu-exit",), ("a", "b")]),
    account=st.sampled_from(["joined", "gds"]), why=st.sampled_from(["", "page", "service"]),
)  # fmt: skip


@cache
def held() -> Estate:
    """Nine weeks of two departments, the last of which fell by half on its last four days."""
    days = [FIRST + timedelta(number) for number in range((LAST - FIRST).days + 1)]
    lines = [
        f"{day} HMRC d{day:%j}n{n}: /a > DfT:/c"
        for k, day in enumerate(days)
        for n in range((30 + k % 3) // (2 if (LAST - day).days < 4 else 1))
    ]
    return told(*lines, by="month")


def found(state: Overview) -> estate.Found:
    trend, summary = ask(held(), LEADER, "trend", state.question()), ask(held(), LEADER, "summary", state.summary())
    both = None if state.publication else ask(held(), LEADER, "trend", state.question(department="HMRC,DfT"))
    return estate.Found(trend, summary, both)


def shown(state: Overview) -> str:
    html = render(estate.answered(state, found(state), pictures=True))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def trend(state: Overview) -> dict[str, Any]:
    value = found(state).trend.value
    assert isinstance(value, dict)
    return value


@given(STATES)
@settings(max_examples=rounds(100, 10_000))
def test_an_address_is_read_as_the_state_that_wrote_it(state: Overview) -> None:
    from urllib.parse import parse_qsl, urlsplit

    assert Overview.read(parse_qsl(urlsplit(state.address()).query, keep_blank_values=True)) == (state, ())


def test_the_sentence_says_how_much_what_was_expected_and_how_many_days_lay_outside() -> None:
    said = estate.sentence(WEEK, trend(WEEK))
    assert re.fullmatch(
        r"The whole estate had \d+ sessions; \d+ to \d+ were to be expected from the weeks before, so the difference is "
        r"likely real; 4 of 7 days lay outside what was expected\.", said,
    ), said  # fmt: skip
    nothing = Overview(first=date(2019, 11, 1), last=date(2019, 11, 7), department="DWP")
    assert estate.sentence(nothing, trend(nothing)) == ("No data of DWP is here for sessions on these days.")


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_is_a_figure_with_gaps_bands_and_days_outside(measure: str) -> None:
    state = Overview(measure=measure, first=FIRST, last=LAST)
    figure = picture.figure(measure, trend(state))
    drawn = go.Figure(figure).to_dict()
    line = next(one for one in drawn["data"] if one["name"] == METRICS[measure].title)
    assert len(line["x"]) == len(line["y"]) == 65
    names = {one["name"] for one in drawn["data"]}
    assert ("Expected" in names) == (measure in {"sessions", "page_views", "exit_rate"})
    assert len(drawn["layout"]["annotations"]) <= 9


def test_a_definition_break_is_drawn_and_said() -> None:
    state = Overview(first=date(2019, 12, 16), last=date(2019, 12, 29))
    figure = picture.figure("sessions", trend(state))
    assert any(one["line"]["dash"] == "dash" for one in figure["layout"]["shapes"])
    assert any("Cookie opt-in" in one["text"] for one in figure["layout"]["annotations"])
    assert "20 December 2019: Cookie opt-in." in shown(state)


@pytest.mark.parametrize("by", ["week", "month"])
@pytest.mark.parametrize("last", [date(2019, 12, 29), date(2020, 2, 29)])
def test_what_lies_within_a_week_or_month_is_drawn_among_its_points(by: str, last: date) -> None:
    asked = {"from": date(2019, 11, 1), "to": last, "by": by}
    value: Any = ask(held(), LEADER, "trend", asked).value
    figure = picture.figure("sessions", value)
    points = [row["day"] for row in value["rows"]]
    (drawn,) = (one["x0"] for one in figure["layout"]["shapes"] if one["line"]["dash"] == "dash")
    assert drawn == min("2019-12-20", points[-1])
    assert all(one["x"] <= points[-1] for one in figure["layout"]["annotations"] if one.get("xref") != "paper")


def test_the_page_has_every_headline_with_change_interval_and_verdict_and_every_department() -> None:
    words = shown(WEEK)
    for title in ("Sessions", "Page views", "Visitors", "Searches", "Exit rate", "Single-page rate"):
        assert title in words
    assert re.search(r"−[\d.]+% compared with 23 to 29 March 2020 95% interval −[\d.]+% to [+−][\d.]+%", words)
    assert re.search(r"Likely real : \d+ to \d+ expected from the weeks before", words)
    assert "Not shared" in words
    assert "HMRC" in words


def test_for_publication_it_shows_whole_months_and_nothing_that_rests_on_single_days() -> None:
    march = Overview(first=date(2020, 3, 1), last=date(2020, 3, 31), publication=True)
    words = shown(march)
    assert "Sessions of the whole estate, month by month" in words
    assert re.search(r"The whole estate had \d*0 sessions\.", words)
    assert "1 to 31 March 2020" in words
    assert not re.search(r"95% interval|Is it real\?|Expected from|Why sessions moved", words)
    assert "beside what was expected" not in words
    assert picture.figure("sessions", trend(march))["layout"]["xaxis"]["tickformat"] == "%b\n%Y"
    assert "publication=true" in march.journeys().address()
    assert replace(march, first=date(2020, 3, 2), last=date(2020, 3, 15)).every == "week"


def test_for_publication_without_days_it_is_of_whole_weeks_and_where_they_hold_nothing_it_says_what_to_do() -> None:
    state = Overview(publication=True)
    assert "week by week" in overview.title(state)
    assert trend(state)["by"] == "week"
    app = dashboard()
    with app.server.test_request_context():
        g.viewer = LEADER
        page = app.figures("/estate", "?publication=true")
    assert "21 to 27 September 2020" in page
    assert "see which days are here" in page


def test_ticking_publication_beside_the_days_that_a_form_holds_anyway_asks_for_whole_weeks() -> None:
    held = "/estate?from=2020-09-04&to=2020-10-01"  # the four weeks that are shown without any
    assert "First day: " not in get(held).text
    assert "First day: " not in get(f"{held}&publication=true").text
    assert "First day: " in get("/estate?from=2020-09-05&to=2020-10-01&publication=true").text


def test_each_figure_leads_to_its_evidence_with_the_same_days() -> None:
    html = render(estate.answered(WEEK, found(WEEK), pictures=True))
    for address in (
        "/estate?measure=exit_rate&amp;from=2020-03-30&amp;to=2020-04-05",
        "/estate?department=HMRC&amp;from=2020-03-30&amp;to=2020-04-05",
        "/coverage?from=2020-03-30&amp;to=2020-04-05",
        "/files/estate.csv?from=2020-03-30&amp;to=2020-04-05",
    ):
        assert f'href="{address}"' in html, address
    assert re.search(r'href="/journeys\?[^"]*from=2020-03-30&amp;to=2020-03-30', html), "a day leads to its journeys"
    assert re.search(r'href="/journeys\?direction=backward[^"]*from=2020-03-30', html)


@pytest.mark.parametrize(
    ("row", "written"),
    [
        ({"sessions": 110, "sessions_comparison": 100, "sessions_change": 10}, "+10%"),
        ({"sessions": 100, "sessions_comparison": 0, "sessions_change": 100}, ""),
        ({"sessions": 0, "sessions_comparison": 100, "sessions_change": -130}, "−100%"),
        ({"sessions": None, "sessions_comparison": None, "sessions_change": None}, ""),
    ],
)
def test_a_change_is_per_cent_of_what_was_before(row: dict[str, Any], written: str) -> None:
    assert Row(row).change("sessions_change") == written


def test_a_department_that_closed_before_is_said_to_have_and_who_answers_for_its_pages() -> None:
    state = replace(WEEK, department="DExEU")
    answer = ask(held(), LEADER, "trend", state.question())
    value: Any = answer.value
    said = "DExEU closed on 31 January 2020; its pages are those of Cabinet Office since."
    assert said in answer.about.notes
    assert estate.sentence(state, value) == said


@pytest.mark.parametrize("measure", [name for name in MEASURES if name != "visitors"])
def test_why_a_measure_moved_is_said_with_contributions_that_lead_on(measure: str) -> None:
    state = replace(WEEK, measure=measure, why="page")
    drivers = ask(held(), LEADER, "drivers", state.drivers(why.SHOWN))
    html = render(why.part(state, drivers))
    assert f"Why {METRICS[measure].title.lower()} moved" in html
    assert f'href="{Overview().address()}?' in html
    if measure in {"sessions", "page_views"}:
        assert re.search(r"changed by −\d+ compared with 23 to 29 March 2020; /\w+ contributed −\d+\.", html)
        assert re.search(r'href="/journeys\?page=/a[^"]*from=2020-03-30', html)


def test_who_is_not_named_for_a_department_sees_its_totals_and_no_ways_to_its_pages() -> None:
    state = replace(WEEK, department="DfT", why="page")
    closed = replace(found(state), closed=frozenset({"DfT"}))
    html = render(estate.answered(state, closed, pictures=True))
    assert "You are not named for DfT" in html
    assert not re.search(r'href="/journeys[^"]*department=DfT', html)
    assert re.search(r'href="/journeys[^"]*department=HMRC', html)


def test_visitors_and_no_comparison_have_no_why() -> None:
    assert why.part(replace(WEEK, measure="visitors", why="page"), None) is None
    assert why.part(replace(WEEK, compare="none"), None) is None


def test_points_and_hidden_cells_are_written_as_what_they_are() -> None:
    assert Row({"exit_rate_change": 0.013, "exit_rate_comparison": 0.4}).change("exit_rate_change") == "+1.3 points"
    assert Row({"sessions": None, "suppressed": ["sessions"]}).said("sessions") == "[c]"
    assert Row({"sessions": None, "suppressed": []}).said("sessions") == "no value"
    assert headlines.signed(0.01, "%") == "0.0%"


def test_the_page_is_a_shell_first_and_its_figures_come_by_the_one_callback() -> None:
    page = get("/estate")
    assert page.status_code == 200
    assert "Sessions of the whole estate, day by day" in page.text
    assert "to be expected" not in page.text
    inputs = [
        {"id": "address", "property": name, "value": value} for name, value in (("pathname", "/estate"), ("search", ""))
    ]
    body = {
        "output": "figures.html", "outputs": {"id": "figures", "property": "html"}, "inputs": inputs,
        "changedPropIds": ["address.pathname"], "parsedChangedPropsIds": ["address.pathname"],
    }  # fmt: skip
    answer = post("/_dash-update-component", json.dumps(body))
    assert answer.status_code == 200
    assert "The whole estate had 5 sessions" in answer.text


def test_wrong_values_are_named_and_who_may_not_see_figures_is_told() -> None:
    wrong = get("/estate?measure=happiness&to=2020-10-01")
    assert wrong.status_code == 400
    assert "Measure should be one of sessions" in wrong.text
    assert get("/estate", "operator").status_code == 403
    assert get("/estate", "service-owner-hmrc").status_code == 200
