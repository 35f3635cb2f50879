"""Where to act: steps that lose more than those of similar services, as plain Python finds them, within rights and by chance seldom."""

from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
import pytest

from data.access import PEOPLE
from data.register import register
from data.store import Estate
from layouts import act as shown
from layouts.figures import act as picture
from layouts.markup import render
from layouts.review import Reviewed
from queries.ask import ask
from queries.funnels import funnel_text
from queries.review.act_steps import compared
from tests.counts import rounds
from tests.plain import act as plain
from tests.stories import estate
from tests.web import get

FIRST = date(2020, 2, 3)
DAYS = [FIRST + timedelta(n) for n in range(14)]
ASKED: dict[str, Any] = {"from": str(DAYS[0]), "to": str(DAYS[-1])}
SLUGS = ("vehicle-tax", "renew-passport", "fishing-licence", "self-assessment", "divorce", "yellow-card", "basic-dbs-check", "find-apprenticeship")  # fmt: skip
BAD = "renew-passport"
JSON = dict[str, Any]


def walks(seed: int, bad: float, a_day: int = 12) -> list[plain.Session]:
    """Sessions of each service, of whom a quarter stops at each step, but more at the third of one; some go back and on again."""
    dice, found = np.random.default_rng(seed), []
    for slug in SLUGS:
        for day in DAYS:
            for _ in range(a_day):
                pages: list[str] = []
                for place, step in enumerate(plain.steps_of(slug)):
                    pages.append(str(dice.choice(step)))
                    if place and dice.random() < 0.15:
                        pages += [pages[-2], pages[-1]]
                    if dice.random() < (bad if (slug, place) == (BAD, 2) else 0.25):
                        break
                found.append((day, pages))
    return found


def held(sessions: list[plain.Session]) -> Estate:
    lines = [
        f"{day} HMRC s{n}: {' > '.join(page.removeprefix('www.gov.uk') for page in pages)}"
        for n, (day, pages) in enumerate(sessions)
    ]
    return estate(*lines, by="month")


@cache
def planted() -> Estate:
    return held(walks(1, 0.7))


def asked(one: Estate, person: str = "leadership", **more: Any) -> JSON:
    value: Any = ask(one, PEOPLE[person], "act", ASKED | more).value
    found: JSON = value
    return found


@pytest.mark.parametrize("seed", range(rounds(2, 20)))
def test_the_steps_to_act_on_are_those_that_plain_python_finds(seed: int) -> None:
    sessions = walks(seed, 0.3 + 0.1 * (seed % 5), a_day=8)
    expected = plain.acted(sessions, SLUGS, DAYS)
    found = asked(held(sessions))["act"]
    names = ("service", "step", "reached", "stopped", "worse_than", "similar", "helped")
    assert [{name: row[name] for name in names} for row in found] == [
        {name: row[name] for name in names} for row in expected
    ]
    for one, other in zip(found, expected, strict=True):
        assert one["similar_rate"] == pytest.approx(other["similar_rate"], abs=1e-12)


def test_a_planted_step_stands_first_with_whom_it_would_help() -> None:
    row = asked(planted())["act"][0]
    assert (row["service"], row["step"], row["department"]) == (BAD, 3, "Home Office")
    assert row["stopped_rate"] > 0.6
    assert 0.2 < row["similar_rate"] < 0.3
    assert row["helped"] == round(row["stopped"] - row["similar_rate"] * row["reached"])
    assert row["difference_low"] < row["stopped_rate"] - row["similar_rate"] < row["difference_high"]


def test_every_service_is_counted_as_its_funnel_is() -> None:
    rows = {(row["service"], row["step"]): row for row in asked(held(walks(3, 0.9)), limit=1_000)["act"]}
    assert rows
    for (slug, step), row in rows.items():
        funnel: Any = ask(held(walks(3, 0.9)), PEOPLE["leadership"], "funnel", ASKED | {"steps": funnel_text.of_service(slug), "compare": "none"}).value  # fmt: skip
        counts = funnel["counts"]
        assert (row["reached"], row["stopped"]) == (counts[step - 1], counts[step - 1] - counts[step])


def test_services_that_lose_alike_are_seldom_named() -> None:
    """A quarter stops at every step: what is named is named by chance."""
    named = [len(asked(held(walks(100 + seed, 0.25, a_day=6)))["act"]) for seed in range(rounds(3, 20))]
    assert sum(named) <= len(named)


def test_a_viewer_is_given_the_rows_of_departments_that_are_theirs() -> None:
    assert {row["department"] for row in asked(planted(), "service-owner-home-office")["act"]} == {"Home Office"}
    own, every = asked(planted(), "service-owner-home-office")["act"], asked(planted())["act"]
    assert next(row for row in own if row["service"] == BAD) == next(row for row in every if row["service"] == BAD)
    assert BAD not in {row["service"] for row in asked(planted(), "service-owner-hmrc")["act"]}


def test_a_service_whose_pages_are_not_seen_has_no_step_to_act_on() -> None:
    sessions = [
        (day, pages[:1] if pages[0] in register.services[BAD].start_pages else pages) for day, pages in walks(1, 0.3)
    ]
    assert BAD not in {row["service"] for row in asked(held(sessions))["act"]}


def test_a_service_without_an_end_is_held_against_others_at_its_start_alone() -> None:
    assert [step.kind for step in compared("personal-tax-account")] == ["from the start page"]
    assert {step.kind for step in compared(BAD)} == {"from the start page", "inside the service", "to the end"}


def test_where_to_act_is_said_drawn_and_leads_to_its_evidence() -> None:
    state = Reviewed(first=DAYS[0], last=DAYS[-1])
    answer = ask(planted(), PEOPLE["leadership"], "act", state.question())
    value: Any = answer.value
    said = shown.sentence(value)
    assert "most would be helped at" in said
    assert register.services[BAD].name in said
    part: Any = shown.shown(state, answer, pictures=True)
    html = render(*(child for child in part.children if type(child).__module__.startswith("layouts")))
    assert f'href="/drop-offs?service={BAD}&amp;from=2020-02-03&amp;to=2020-02-16"' in html
    assert "/files/act.csv?from=2020-02-03&amp;to=2020-02-16" in html
    assert picture.figure(value)["data"][0]["x"][0] == value["act"][0]["helped"]
    none = {"act": [], "looked_at": {"services": 0, "steps": 0}}
    assert "too little data" in shown.sentence(none)
    assert "none loses" in shown.sentence(none | {"looked_at": {"services": 2, "steps": 3}})
    assert get("/files/act.csv?from=2020-10-01&to=2020-10-01").status_code == 200
