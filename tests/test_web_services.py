"""The Services page: its address, its sentences, what it says of services without figures, and its charts."""

import re
from datetime import date
from functools import cache
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.access import PEOPLE
from data.periods import Period
from data.store import Estate
from layouts import services, services_state
from layouts.figures import services as picture
from layouts.markup import render
from layouts.services_state import BY, KPIS, SORTS, ServicesState
from queries.answers import Answer
from queries.ask import ask
from tests.counts import rounds
from tests.returns import holding

LEADER: Final = PEOPLE["leadership"]
MONTHS: Final = [f"2025-{month:02}" for month in range(11, 13)] + [f"2026-{month:02}" for month in range(1, 11)]
STATES = st.builds(
    ServicesState, search=st.sampled_from(["", "tax", "vat return"]), department=st.sampled_from(["", "HMRC"]), by=st.sampled_from(list(BY)),
    sort=st.sampled_from(list(SORTS)), order=st.sampled_from(["up", "down"]), kpi=st.sampled_from(list(KPIS)),
    service=st.sampled_from(["", "vat-return"]), publication=st.booleans(),
)  # fmt: skip


@cache
def held() -> Estate:
    """A year of one service, two months of another that did too well to be true, and one without figures."""
    whole = [
        f"vat-return {month}: started 100, completed 80, digital 90, post 10, cost 50, ratings 0 0 10 0 30, target_digital_take_up 0.95"
        for month in MONTHS
    ]
    odd = [f"vehicle-tax {month}: started 100, completed 120, all 40, digital 50" for month in MONTHS[:2]]
    return holding(*whole, *odd, "tax-credits 2026-10: nothing")


def values(state: ServicesState) -> tuple[Any, Any]:
    """What the two questions answer."""
    year, months = found(state)
    return year.value, months and months.value


def found(state: ServicesState) -> tuple[Answer, Answer | None]:
    months = ask(held(), LEADER, "services", state.months()) if state.service else None
    return ask(held(), LEADER, "services", state.question()), months


def shown(state: ServicesState) -> str:
    year, months = found(state)
    whole = services.answered(state, year, months, pictures=True)
    html = render(*(part for part in _layouts(whole)))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def _layouts(element: Any) -> list[Any]:
    """Everything but charts, which Dash draws."""
    children = [child for child in element.children if type(child).__module__.startswith("layouts")]
    return [child for child in children if not any("dash" in type(one).__module__ for one in child.children)]


@given(STATES)
@settings(max_examples=rounds(60, 5_000))
def test_an_address_is_read_as_the_state_that_wrote_it(state: ServicesState) -> None:
    assert services_state.ServicesState.read(parse_qsl(urlsplit(state.address()).query)) == (state, ())


def test_the_sentence_says_how_many_published_and_how_far_apart_they_are() -> None:
    state = ServicesState(kpi="completion_rate")
    assert services.sentence(state, values(state)[0]) == (
        "1 of 3 services published a year's transactions, 1,200 together; completion rate goes from 80% to 80%, "
        "and half have 80% or more."
    )


def test_what_is_missing_or_odd_is_said_in_words_beside_the_figures() -> None:
    text = shown(ServicesState())
    assert text.count("not published") == 2
    assert "digital above total" in text
    assert "More were completed than started" in text
    assert "returned for 2 of 12 periods" in text
    assert "no value" in text, "no value isn't zero"


def test_one_service_is_told_by_its_months_with_its_target_and_the_break_of_the_formula() -> None:
    taken = ServicesState(service="vat-return")
    said = services.months_sentence(taken, values(taken)[1])
    assert said == "Digital take-up of Send a VAT Return was 90% in 2026-10, and 90% in 2025-11; its target is 95%."
    happy = ServicesState(service="vat-return", kpi="satisfaction")
    assert "The formula changed in between" in services.months_sentence(happy, values(happy)[1])
    drawn = picture.months("satisfaction", values(happy)[1])
    assert [shape["x0"] for shape in drawn["layout"]["shapes"]] == ["2026-04-01"]


@pytest.mark.parametrize("kpi", KPIS)
def test_charts_are_whole_figures_of_at_most_two_colours(kpi: str) -> None:
    state = ServicesState(kpi=kpi, service="vat-return")
    year, months = values(state)
    for figure in (picture.ranked(kpi, year), picture.months(kpi, months)):
        go.Figure(figure)
    assert len(picture.months(kpi, months)["data"]) == (2 if kpi == "digital_take_up" else 1)


def test_for_publication_figures_are_tens_or_hidden_and_visits_stand_with_their_funnel() -> None:
    state = ServicesState(publication=True, service="vat-return")
    year, months = values(state)
    row = next(row for row in year["rows"] if row["service"] == "vat-return")
    assert row["year_transactions"] % 10 == 0
    assert row["digital_take_up"] == row["digital_transactions"] / row["transactions"]
    assert sum(one["transactions"] for one in months["rows"]) == row["transactions"]
    text = shown(state)
    assert "Same visit" not in text
    assert "In the same visit" not in text
    assert "[c]" in text
    assert text.count("not published") == 2, "hidden isn't unpublished"
    assert 'name="publication" value="true" checked' in render(services.heading(state, [], []))
    assert "publication=true" in state.address("/files/services.csv")


def test_a_published_year_ends_with_a_whole_month() -> None:
    answer = ask(held(), LEADER, "services", ServicesState(publication=True, last=date(2026, 10, 25)).question())
    assert answer.about.period == Period(date(2025, 10, 1), date(2026, 9, 30))


def test_an_estate_without_returns_says_what_to_do() -> None:
    empty: Any = ask(Estate.in_memory([]), LEADER, "services", ServicesState().question()).value
    assert services.sentence(ServicesState(), empty) == services.NO_RETURNS


def test_words_and_departments_narrow_the_table_and_its_order_turns() -> None:
    def names(**asked: Any) -> list[str]:
        value: Any = found(ServicesState(**asked))[0].value
        return [row["name"] for row in value["rows"]]

    assert names(search="vat") == ["Send a VAT Return"]
    assert len(names(department="HMRC")) == 2
    assert names(sort="name", order="up") == names(sort="name", order="down")[::-1]
    assert names(sort="year_transactions", order="up")[0] == "Send a VAT Return", "what isn't published comes last"


def test_services_without_an_agency_are_told_apart_by_their_department() -> None:
    rows = [
        {"name": name, "department": whose, "digital_take_up": 0.5, "year_transactions": 9}
        for name, whose in (("DVLA", "DfT"), (None, "HMRC"), (None, "MoD"))
    ]
    drawn = picture.ranked("digital_take_up", {"rows": rows})
    assert all(name in str(drawn) for name in ("DVLA", "No agency, HMRC", "No agency, MoD"))
