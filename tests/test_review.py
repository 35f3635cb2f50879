"""The review: ordinary weeks raise few marks, what changed is found and ranked by people, and rights are kept."""

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from data.access import PEOPLE
from data.periods import Period
from data.store import Delivery, Estate
from queries.ask import ask
from queries.review.review_series import KINDS
from queries.review.review_verdicts import judged
from queries.verdicts.expected import days_of
from queries.verdicts.statistics import Floats
from tests.counts import rounds
from tests.plain import handovers, ordinary
from tests.stories import estate

Say = Callable[[str], None]
LENGTH = 34 * 7 + 7
LAST = date(2020, 3, 29)
ORDINARY = {  # of each kind how many things there are, and how much there is of them on a day, as powers of ten
    "department": (17, (1.5, 4.7)),
    "service": (82, (0.7, 3.5)),
    "handover": (60, (0.5, 3.5)),
    "start page to service": (62, (0.5, 3.0)),
    "page": (300, (0.5, 4.0)),
    "where people stop": (300, (0.5, 4.0)),
    "usefulness": (50, (0.5, 2.0)),
    "search term": (100, (0.5, 2.5)),
}
RATES = {"start page to service", "where people stop", "usefulness"}


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """Prints a figure that was measured, whether the test passes or not."""

    def said(figure: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n{figure}\n")

    return said


@pytest.mark.parametrize("kind", KINDS)
def test_ordinary_weeks_raise_at_most_two_false_marks_in_a_hundred(kind: str, say: Say) -> None:
    """As many things as the review looks at of a kind, in 13 months on which nothing happened: every week, over seeds."""
    things, sizes = ORDINARY[kind]
    marks, seen = 0, 0
    on = ordinary.days(ordinary.MONTHS_13)
    for seed in range(rounds(2, 20)):
        luck = np.random.default_rng(seed)
        counts = ordinary.counts(luck, things=things, sizes=sizes)
        hits, trials = (ordinary.parts(luck, counts), counts) if kind in RATES else (counts, None)
        for last in range(LENGTH, len(on) + 1, 7 if rounds(0, 1) else 28):
            told = judged(hits[:last], None if trials is None else trials[:last], days_of(on[:last], frozenset(on)), 7)
            assert told
            marks, seen = marks + int(told.real.sum()), seen + told.real.size
    say(f"The review of ordinary weeks, {kind}: {marks} false marks of {seen:,}, {marks / seen:.2%}")
    assert marks / seen <= 0.02


def plain(hits: Floats, place: int, length: int) -> float:
    """What a stretch of whole weeks is expected to be: as many weeks of the eight before."""
    return float(hits[place - 56 : place].sum() / 8 * length / 7)


@pytest.mark.parametrize("length", [7, 14, 28])
def test_whole_weeks_are_held_against_the_weeks_before(length: int) -> None:
    """Days without holidays or breaks: sums against sums."""
    on = tuple(date(2020, 9, 1) + timedelta(n) for n in range(84))
    hits = np.random.default_rng(1).poisson(40, (84, 3)).astype(float)
    told = judged(hits, None, days_of(on, frozenset(on)), length)
    ordinary_ = days_of(on, frozenset(on)).ordinary
    assert told
    assert ordinary_.all()
    for thing in range(3):
        assert told.stretch.expected[thing] == pytest.approx(plain(hits[:, thing], 84 - length, length))
        assert told.stretch.hits[thing] == hits[-length:, thing].sum()


@pytest.mark.parametrize(("factor", "found"), [(0.5, True), (2.0, True), (1.02, False)])
def test_a_thing_that_halves_or_doubles_is_found_among_many(factor: float, found: bool) -> None:  # noqa: FBT001 - a case
    on = tuple(date(2020, 6, 2) + timedelta(n) for n in range(140))
    hits = np.random.default_rng(2).poisson(60, (140, 40)).astype(float)
    hits[-7:, 0] = np.round(hits[-7:, 0] * factor)
    told = judged(hits, None, days_of(on, frozenset(on)), 7)
    assert told
    assert bool(told.real[0]) == found
    assert told.real[1:].sum() <= 1


def held() -> Estate:
    """Ten weeks in which people stop at a page of a service, and search for something, in the last alone."""
    lines = []
    for n in range(70):
        day, late = LAST - timedelta(69 - n), n >= 63
        for k in range(12):
            lines.append(f"{day} DfT a{n}x{k}: /a > www.vehicletax.service.gov.uk/pay{'' if late else ' > /done'}")
            lines.append(f"{day} HMRC h{n}x{k}: /tax > /tax/{k % 3}{' +search refund' if late else ''}")
    return estate(*lines, by="month")


def test_what_changed_is_named_with_what_was_expected_and_who_was_touched() -> None:
    asked: dict[str, Any] = {"from": "2020-03-23", "to": "2020-03-29"}
    value: Any = ask(held(), PEOPLE["leadership"], "review", asked).value
    stop = next(row for row in value["changed"] if row["kind"] == "where people stop")
    assert (stop["name"], stop["department"], stop["value"]) == ("www.vehicletax.service.gov.uk/pay", "DfT", 1.0)
    assert stop["expected"] < 0.05
    assert stop["affected"] == pytest.approx(84, abs=4)
    assert {row["name"] for row in value["changed"]} >= {"/done", "refund"}
    assert [row["affected"] for row in value["changed"]] == sorted(
        (row["affected"] for row in value["changed"]), reverse=True
    )
    owner: Any = ask(held(), PEOPLE["service-owner-hmrc"], "review", asked).value
    assert "www.vehicletax.service.gov.uk/pay" not in {row["name"] for row in owner["changed"]}


def test_a_handover_that_grew_is_named_by_its_two_departments_and_small_ones_of_others_are_hidden() -> None:
    asked: dict[str, Any] = {"from": "2020-03-23", "to": "2020-03-29"}
    seen: dict[str, Any] = {}
    days = [LAST - timedelta(69 - n) for n in range(70)]
    grew = estate(
        *(
            f"{day} HMRC o{day}x{k}: /tax{' > DfT:/road' if (day.day > 22 and day.month == 3) or k < 4 else ''}"
            for day in days
            for k in range(12)
        ),
        by="month",
    )
    for person in ("leadership", "service-owner-home-office"):
        value: Any = ask(grew, PEOPLE[person], "review", asked).value
        (seen[person],) = (row for row in value["changed"] if row["kind"] == "handover")
    row = seen["leadership"]
    assert (row["name"], row["measure"], row["value"]) == ("HMRC to DfT", "handovers", 84)
    assert row["expected"] == pytest.approx(28)
    assert row["affected"] == 56
    assert seen["service-owner-home-office"] == row, "handovers of ten or more are open to everybody"


SERVICES = {"/vehicle-tax": "www.vehicletax.service.gov.uk/x", "/apply-renew-passport": "www.passport.service.gov.uk/p"}


def visits(first: date) -> list[handovers.Visit]:
    """Eighteen weeks of the start pages of two services; in the last two few arrive at vehicle tax."""
    return [
        handovers.Visit(first + timedelta(n), "mobile", ((page, ""), (there, ""))[: 1 + (k < arrived)])
        for n in range(126)
        for page, there in SERVICES.items()
        for arrived in [n % 2 if n > 112 and page == "/vehicle-tax" else 2 + n % 3]
        for k in range(6)
    ]


def arrivals(held_: Estate, last: date) -> tuple[list[Any], int]:
    """Services whose arrivals changed in two weeks, and how many were looked at."""
    asked = {"from": str(last - timedelta(13)), "to": str(last)}
    value: Any = ask(held_, PEOPLE["leadership"], "review", asked).value
    looked = {one["kind"]: one["things"] for one in value["looked_at"]}
    kind = "start page to service"
    return [row for row in value["changed"] if row["kind"] == kind], looked[kind]


def test_a_start_page_that_lost_its_link_is_named_with_the_numbers_of_plain_python() -> None:
    told, now = visits(date(2020, 1, 1)), Period(date(2020, 4, 22), date(2020, 5, 5))
    before = [day for day in Period(now.first - timedelta(56), now.first - timedelta(1)) if ordinary_day(day)]
    counted, past = (handovers.starts(one for one in told if one.day in days)["vehicle-tax"] for days in (now, before))
    (row,), looked = arrivals(estate(*(one.line(n) for n, one in enumerate(told)), by="month"), now.last)
    expected = past["arrivals"] / past["start_page_sessions"]
    assert looked == 2
    assert (row["name"], row["department"], row["measure"]) == ("vehicle-tax", "DfT", "arrival_rate")
    assert row["value"] == counted["arrivals"] / counted["start_page_sessions"]
    assert row["expected"] == pytest.approx(expected, abs=0.005)
    assert row["affected"] == pytest.approx((expected - row["value"]) * counted["start_page_sessions"], abs=1)


def ordinary_day(day: date) -> bool:
    """Whether the register knows of nothing that makes the day unlike others."""
    return bool(days_of((day,), frozenset({day})).ordinary[0])


@pytest.mark.parametrize(("first", "looked"), [(date(2019, 4, 1), 0), (date(2019, 6, 1), 1)])
def test_arrivals_are_only_judged_of_services_that_shared_on_all_of_these_days(first: date, looked: int) -> None:
    """DfT's memorandum was signed on 14 May 2019, the Home Office's in August."""
    held_ = estate(*(one.line(n) for n, one in enumerate(visits(first))), by="month")
    assert arrivals(held_, first + timedelta(125))[1] == looked


def test_nobody_could_be_seen_arriving_on_days_without_the_files_of_the_service() -> None:
    """DfT sent nothing of the days on which few arrived."""
    told, silent = visits(date(2020, 1, 1)), Period(date(2020, 4, 23), date(2020, 5, 5))
    held_ = estate(*(one.line(n) for n, one in enumerate(told)), by="month")
    sent = tuple(
        Delivery("joined", who, day, "events", "hits", "", 5, 5, 0)
        for day in sorted({one.day for one in told})
        for who in ("HMRC", "Home Office", "DfT")
        if (who, day in silent) != ("DfT", True)
    )
    with held_.pinned() as reading:
        held_._current.manifest = replace(reading.manifest, deliveries=sent)
    assert arrivals(held_, silent.last)[0] == []


def test_what_has_too_short_a_past_is_not_judged() -> None:
    value: Any = ask(held(), PEOPLE["leadership"], "review", {"from": "2020-01-20", "to": "2020-01-26"}).value
    assert value["changed"] == []
    assert {one["kind"] for one in value["looked_at"]} >= {"department", "service", "page", "usefulness"}
