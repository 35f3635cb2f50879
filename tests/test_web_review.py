"""The review page: what changed, in words, as bars and as a table whose rows lead to their evidence; and what every measure means."""

import re
from datetime import date, datetime
from typing import Any

import plotly.graph_objects as go
import pytest

from data.access import PEOPLE
from data.periods import LONDON
from data.settings import Settings
from data.store import Estate, Manifest
from layouts import measures, memorandums, moved, review, review_context
from layouts.figures import moved as moved_picture
from layouts.figures import review as picture
from layouts.markup import render, text_of
from layouts.review import Reviewed
from queries.ask import ask
from queries.metrics import METRICS
from tests.stories import estate
from tests.test_coverage import delivery
from tests.test_review import held
from tests.web import get

WEEK = Reviewed(first=date(2020, 3, 23), last=date(2020, 3, 29))


def test_what_changed_is_said_drawn_and_leads_to_its_evidence() -> None:
    answer = ask(held(), PEOPLE["leadership"], "review", WEEK.question())
    value: Any = answer.value
    assert "things looked at" in review.sentence(value)
    assert "touched most people, " in review.sentence(value)
    assert len(go.Figure(picture.figure(value)).data[0]["x"]) == min(len(value["changed"]), picture.MOST)
    html = shown(review.answered(WEEK, answer, frozenset(), pictures=True))
    page = "page=www.vehicletax.service.gov.uk/pay&amp;measure=exit_rate&amp;from=2020-03-23&amp;to=2020-03-29"
    assert f'href="/page?{page}"' in html
    why = re.search(r'href="/review/why\?([^"]*page=www.vehicletax.service.gov.uk/pay[^"]*)"', html)
    assert why
    assert {"measure=exit_rate", "from=2020-03-23"} <= {*why[1].split("&amp;")}
    assert 'href="/searches?sort=rising&amp;from=2020-03-23&amp;to=2020-03-29"' in html
    assert "/files/review.csv?from=2020-03-23&amp;to=2020-03-29" in html


def shown(answered: Any) -> str:
    """The answer of a page as HTML."""
    return render(answered)


def test_what_is_of_a_department_that_isnt_open_leads_no_further_than_its_totals() -> None:
    named = {
        "department": "DfT",
        "value": 90,
        "expected": 40.0,
        "expected_low": 30.0,
        "expected_high": 50.0,
        "affected": 50,
    }
    rows = [
        {"kind": kind, "name": name, **named}
        for kind, name in (
            ("department", "DfT"),
            ("service", "vehicle-tax"),
            ("handover", "HMRC to DfT"),
            ("start page to service", "vehicle-tax"),
            ("page", "dft.service.gov.uk/a"),
        )
    ]
    seen = {}
    for closed in (frozenset[str](), frozenset({"DfT"})):
        cells = [review.row(WEEK, one, linked=one["department"] not in closed) for one in rows]
        seen[bool(closed)] = re.findall(r'href="([^"?]+)', render(*(cell for row in cells for cell in row)))
    pairs = (
        "/estate",
        "/review/why",
        "/service",
        "/review/why",
        "/handovers",
        "/journeys",
        "/handovers",
        "/review/why",
    )
    why = [*pairs, "/page", "/review/why"]
    assert seen == {False: why, True: ["/estate", "/handovers", "/handovers"]}


def test_why_a_search_term_moved_is_split_by_the_pages_it_was_searched_from() -> None:
    term = {"kind": "search term", "name": "refund", "department": None, "value": 84, "affected": 84}
    found = review.row(WEEK, term | dict.fromkeys(("expected", "expected_low", "expected_high"), 0.0), linked=True)
    (address,) = re.findall(r'href="/review/why\?([^"]*)"', render(found[-1]))
    state, problems = moved.Moved.read([tuple(one.split("=")) for one in address.split("&amp;")])
    value: Any = ask(held(), PEOPLE["leadership"], "drivers", state.question()).value
    assert not problems
    assert (state.split, {row["name"] for row in value["contributions"]}) == ("page", {"/tax/0", "/tax/1", "/tax/2"})
    assert (value["total"]["value"], value["total"]["change"]) == (84, 84)
    assert moved.title(state) == "Why searches of refund moved"


def test_why_it_moved_adds_up_and_is_refused_for_a_department_that_isnt_ones_own() -> None:
    state, problems = moved.Moved.read(
        [("measure", "exit_rate"), ("page", "/tax"), ("from", "2020-03-23"), ("to", "2020-03-29")]
    )
    answer = ask(held(), PEOPLE["leadership"], "drivers", state.question())
    value: Any = answer.value
    figure = go.Figure(moved_picture.figure(state.measure, value))
    assert not problems
    assert sum(figure.data[0]["x"]) == pytest.approx(100 * value["total"]["change"])
    html = shown(moved.answered(state, answer, pictures=False))
    assert moved.sentence(state, value).partition(" compared with ")[0] in html
    assert "compared with 16 to 22 March 2020" in html
    assert state.told == ("Measure: Exit rate", "Page: /tax")
    assert get("/review/why?department=DfT", "service-owner-hmrc").status_code == 403
    assert get("/review/why?department=HMRC", "service-owner-hmrc").status_code == 200


def test_breaks_notes_and_what_is_missing_stand_beside_the_review() -> None:
    days = Reviewed(first=date(2019, 12, 16), last=date(2019, 12, 22))
    opted = estate("2019-12-16 HMRC s1: /tax", "2019-12-20 HMRC s2: /tax")
    told = text_of(review_context.noted(ask(opted, PEOPLE["leadership"], "annotations", days.question())))
    assert "20 December 2019: Cookie opt-in. From this day" in told
    manifest = Manifest(1, datetime(2020, 1, 2, tzinfo=LONDON), deliveries=(delivery("HMRC", date(2019, 12, 20)),))
    held_ = Estate.in_memory([], Settings(clock=date(2020, 1, 2)), manifest)
    fresh = text_of(review_context.fresh(days, ask(held_, PEOPLE["leadership"], "coverage", days.question())))
    assert "The newest day is 20 December 2019" in fresh
    assert "HMRC20 December 2019620" in fresh, "six of seven days are missing, two rows are in quarantine"


def test_nothing_to_look_at_and_wrong_values_are_said() -> None:
    assert "too little data" in review.sentence({"changed": [], "looked_at": []})
    assert "none departed" in review.sentence({"changed": [], "looked_at": [{"kind": "page", "things": 3}]})
    assert get("/review?from=x").status_code == 400
    assert get("/review", "operator").status_code == 403


def test_every_measure_is_defined_from_the_one_list_with_its_breaks() -> None:
    told = text_of(measures.measures())
    assert all(one.title in told and one.definition in told for one in METRICS.values())
    assert "Exits / Page views" in told
    assert "20 December 2019; 1 July 2023" in told
    assert "Cookie opt-in" in get("/definitions").text


def test_every_memorandum_is_listed_with_its_dates_and_what_it_allows() -> None:
    told = text_of(memorandums.register_of_memorandums())
    assert "DfT14 May 2019" in told or "14 May 2019" in told
    assert told.count("not signed") == 4
    assert "public task: UK GDPR article 6(1)(e)" in told
    assert "page address, cleaned of personal data" in told
