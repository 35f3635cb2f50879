"""The review page: what changed, in words, as bars and as a table whose rows lead to their evidence; and what every measure means."""

from datetime import date
from typing import Any

import plotly.graph_objects as go

from data.access import PEOPLE
from layouts import measures, memorandums, review
from layouts.figures import review as picture
from layouts.markup import render, text_of
from layouts.review import Reviewed
from queries.ask import ask
from queries.metrics import METRICS
from tests.test_review import held
from tests.web import get

WEEK = Reviewed(first=date(2020, 3, 23), last=date(2020, 3, 29))


def test_what_changed_is_said_drawn_and_leads_to_its_evidence() -> None:
    answer = ask(held(), PEOPLE["leadership"], "review", WEEK.question())
    value: Any = answer.value
    assert "things looked at" in review.sentence(value)
    assert "touched most people, " in review.sentence(value)
    assert len(go.Figure(picture.figure(value)).data[0]["x"]) == min(len(value["changed"]), picture.MOST)
    shown: Any = review.answered(WEEK, answer, pictures=True)
    html = render(*(child for child in shown.children if type(child).__module__.startswith("layouts")))
    assert 'href="/journeys?page=www.vehicletax.service.gov.uk/pay&amp;from=2020-03-23&amp;to=2020-03-29"' in html
    assert 'href="/searches?from=2020-03-23&amp;to=2020-03-29"' in html
    assert "/files/review.csv?from=2020-03-23&amp;to=2020-03-29" in html


def test_nothing_to_look_at_and_wrong_values_are_said() -> None:
    assert "too little data" in review.sentence({"changed": [], "looked_at": []})
    assert "none departed" in review.sentence({"changed": [], "looked_at": [{"kind": "page", "things": 3}]})
    assert get("/review?from=x").status_code == 400
    assert get("/review", "operator").status_code == 403


def test_every_measure_is_defined_from_the_one_list_with_its_breaks() -> None:
    told = text_of(measures.measures())
    assert all(one.title in told and one.definition in told for one in METRICS.values())
    assert "Exits / Page views" in told
    assert "20 December 2019 (Cookie opt-in)" in told
    assert get("/definitions").text.count("Cookie opt-in") >= 2


def test_every_memorandum_is_listed_with_its_dates_and_what_it_allows() -> None:
    told = text_of(memorandums.register_of_memorandums())
    assert "DfT14 May 2019" in told or "14 May 2019" in told
    assert told.count("not signed") == 4
    assert "public task: UK GDPR article 6(1)(e)" in told
    assert "page address, cleaned of personal data" in told
