"""The Departments page: its address, its sentence, its four pictures, and a table that sorts and says what it doesn't know."""

import re
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.access import PEOPLE
from data.store import Estate
from layouts import comparison, departments, theme
from layouts.comparison import GROUPS, VIEWS, Comparison
from layouts.figures import departments as picture
from layouts.figures.beside import QUIET
from layouts.markup import render
from queries.answers import Answer
from queries.ask import ask
from queries.departments.departments import MEASURES
from tests.counts import rounds
from tests.stories import estate
from tests.web import get

FIRST: Final = date(2019, 12, 2)
WEEKS: Final = Comparison(first=date(2019, 12, 9), last=date(2019, 12, 29))
SEVENTEEN: Final = (
    "BEIS", "Defra", "DfE", "DExEU", "DfT", "DHSC", "Home Office", "HMRC", "HM Treasury", "MHCLG", "MoD", "MoJ", "DFID", "FCO", "Cabinet Office",
    "DWP", "DCMS",
)  # fmt: skip
STATES = st.builds(
    Comparison,
    measure=st.sampled_from(MEASURES), view=st.sampled_from(list(VIEWS)), focus=st.sampled_from(["", "HMRC"]), by=st.sampled_from(list(GROUPS)),
    first=st.none() | st.dates(date(2019, 10, 1), date(2019, 12, 31)), last=st.none() | st.dates(date(2020, 1, 1), date(2020, 9, 1)),
    document_type=st.sampled_from([(), ("guide",), ("a,b", "answer")]), attribution=st.sampled_from(["owner", "tagged"]),
    structure=st.sampled_from(["then", "now"]), sort=st.sampled_from(["", "rank"]), order=st.sampled_from(["ascending", "descending"]),
)  # fmt: skip


@cache
def held() -> Estate:
    """Four weeks of five departments; HMRC's last three are twice as large as its first."""
    days = [FIRST + timedelta(number) for number in range(28)]
    lines = [
        f"{day} {who} {who}{day:%j}n{n}: /{who} > /{who}/{n % 3}"
        for day in days
        for k, who in enumerate(("HMRC", "DfT", "MoD", "DfE", "Defra"))
        for n in range(4 + k + (6 if who == "HMRC" and day > FIRST + timedelta(6) else 0))
    ]
    return estate(*lines, "2019-12-10 GDS w1: DWP:/uc", by="month")


def asked(state: Comparison) -> Answer:
    return ask(held(), PEOPLE["leadership"], "departments", state.question())


def shown(state: Comparison) -> str:
    element: Any = departments.answered(state, asked(state), asked(replace(state, view="past")), pictures=True)
    return render(*(child for child in element.children if type(child).__module__.startswith("layouts")))


@given(STATES)
@settings(max_examples=rounds(100, 10_000))
def test_an_address_is_read_as_the_state_that_wrote_it(state: Comparison) -> None:
    pairs = parse_qsl(urlsplit(state.address()).query, keep_blank_values=True)
    assert Comparison.read(pairs) == (state, ())


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("measure", ["sessions", "exit_rate", "visitors"])
def test_every_view_is_a_figure_with_few_colours_and_lines_that_holds_every_department(view: str, measure: str) -> None:
    state = replace(WEEKS, view=view, measure=measure, focus="DfT")
    value: Any = asked(state).value
    figure = picture.figure(state, value)
    drawn = go.Figure(figure).to_dict()
    text = str(figure)
    if view != "limits":  # which holds those alone that have limits
        assert all(f"'{name}'" in text or f">{name}<" in text for name in SEVENTEEN)
    colours = set(re.findall(r"#[0-9A-F]{6}", text)) - {theme.TEXT, theme.SURFACE, theme.GRID, theme.SECONDARY_TEXT}
    assert colours <= {theme.FOCUS, QUIET, theme.TWO_SERIES[1]}
    assert all(axis.get("tickangle", 0) == 0 for name, axis in drawn["layout"].items() if "axis" in name)
    assert len(comparison.title(state).split()) <= 10
    assert departments.sentence(state, value).endswith(".")


@pytest.mark.parametrize("by", ["device", "channel", "document_type"])
def test_a_second_dimension_stands_in_panels_beside_each_other(by: str) -> None:
    state = replace(WEEKS, by=by)
    value: Any = asked(state).value
    assert go.Figure(picture.figure(state, value)).data
    assert f"Largest sessions by {GROUPS[by].lower()}" in departments.sentence(state, value)


def test_a_definition_break_is_drawn_in_every_panel_and_said() -> None:
    value: Any = asked(replace(WEEKS, view="time")).value
    figure = picture.figure(replace(WEEKS, view="time"), value)
    dashed = [one for one in figure["layout"]["shapes"] if one["line"].get("dash") == "dash"]
    assert len(dashed) >= 17
    assert any("20 December 2019, Cookie opt-in" in one["text"] for one in figure["layout"]["annotations"])


def test_a_stretch_without_data_and_a_department_that_is_gone_are_gaps_and_never_zero() -> None:
    state = Comparison(view="time", first=date(2019, 12, 2), last=date(2020, 2, 9))
    value: Any = asked(state).value
    gone = [row["value"] for row in value["rows"] if row["department"] == "DExEU" and row["group"] == "2020-02-03"]
    assert gone == [None]
    silent = {row["value"] for row in value["rows"] if row["department"] == "DCMS"}
    assert silent == {None}


def test_a_week_that_the_days_cut_is_neither_drawn_nor_the_one_that_is_told() -> None:
    state = replace(WEEKS, view="time", last=date(2019, 12, 24))
    value: Any = asked(state).value
    assert {row["group"] for row in value["rows"]} == {"2019-12-09", "2019-12-16", "2019-12-23"}
    drawn = picture.figure(state, value)["data"][0]["x"]
    assert drawn.index(None) == 2
    assert departments.sentence(state, value).startswith("In the newest week, 16 to 22 December 2019, HMRC had most")


def test_the_table_has_all_seventeen_sorts_by_its_heads_and_says_who_does_not_share() -> None:
    html = shown(replace(WEEKS, focus="DfT"))
    for name in SEVENTEEN:
        assert f">{name}</a>" in html
    assert html.count("Not shared") >= 3
    assert re.search(
        r'<th scope="col" aria-sort="descending"[^>]*><a class="govuk-link" href="[^"]*order=ascending', html
    )
    names = re.findall(
        r'<th scope="row"[^>]*>(?:<a [^>]*>)?([^<]+)', shown(replace(WEEKS, sort="department", order="ascending"))
    )
    assert names[1:] == sorted(names[1:], key=str.casefold)
    assert names[0] == "Whole estate"


def test_tagged_figures_say_that_they_add_up_to_more() -> None:
    assert "add up to more than the estate" in shown(WEEKS)
    assert "a page counts for each organisation it is tagged with" in shown(replace(WEEKS, attribution="tagged"))


def test_for_publication_it_shows_what_is_published_and_no_interval() -> None:
    months = Comparison(first=date(2019, 12, 1), last=date(2019, 12, 31), publication=True)
    html = shown(months)
    assert "95% interval" not in html
    assert "Against their own past" not in html
    assert ">Over time</a>" in html
    published: Any = asked(months).value
    values = {row["department"]: row["value"] for row in published["rows"]}
    assert f"HMRC had most sessions, {values['HMRC']:,.0f}" in html
    assert values["HMRC"] % 10 == 0
    monthly: Any = asked(replace(months, view="time")).value
    assert {row["group"] for row in monthly["rows"]} == {"2019-12-01"}
    weeks = replace(months, view="time", first=date(2019, 12, 2), last=date(2019, 12, 15))
    assert weeks.part == "week"
    assert asked(weeks).value


def test_a_view_that_rests_on_single_days_is_named_and_gives_way_for_publication() -> None:
    state, (problem,) = Comparison.read([("publication", "true"), ("view", "limits")])
    assert (state.view, problem.field) == ("ranked", "publication")
    wrong = get("/departments?publication=true&view=past")
    assert wrong.status_code == 400
    assert "Against their own past rests on single days" in wrong.text


def test_wrong_values_are_named_and_who_may_not_see_figures_is_told() -> None:
    wrong = get("/departments?measure=happiness&focus=x")
    assert wrong.status_code == 400
    assert "Measure should be one of sessions" in wrong.text
    assert get("/departments", "operator").status_code == 403
    assert get("/departments", "service-owner-hmrc").status_code == 200


@pytest.mark.parametrize("kind", ["csv", "json", "xlsx"])
def test_a_file_holds_every_department(kind: str) -> None:
    answer = get(f"/files/departments.{kind}?view=time")
    assert answer.status_code == 200
    if kind != "xlsx":
        assert all(name in answer.text for name in ("DWP", "HMRC", "Cabinet Office"))
