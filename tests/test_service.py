"""One service on one screen: each part is what its own question says, and a bad stretch of weeks is found and no other."""

import re
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import errors
from data.access import PEOPLE
from data.store import Estate
from layouts import service as page
from layouts.figures import service as picture
from layouts.markup import render
from layouts.service_state import ServiceState
from queries.ask import ask
from queries.funnels import funnel_text
from queries.services import service_weeks
from queries.verdicts.statistics import wilson
from tests.counts import rounds
from tests.stories import estate

JSON = dict[str, Any]
OWNER: Final = PEOPLE["service-owner-home-office"]
SLUG: Final = "renew-passport"
LAST: Final = date(2020, 10, 31)
HOST: Final = "www.passport.service.gov.uk"
PHOTO: Final = f"{HOST}/photo"
AFTER: Final = " > ".join(
    f"{HOST}/{name}" for name in ("personal-details", "old-passport", "declaration", "confirmation")
)
START: Final = "/apply-renew-passport"


def story(day: date, name: str, device: str, *, stops: bool) -> str:
    rest = f"{PHOTO} +error Photo too dark" if stops else f"{PHOTO} > {AFTER} > /done/apply-renew-passport"
    return f"{day} Home-Office {name} [{device}]: {START} +out {HOST} > {HOST}/filter/start > {rest}"


@cache
def held() -> Estate:
    """Nine weeks to the end of October 2020; in three of them most on mobiles stop at the photo."""
    lines = []
    for week in range(9):
        monday = date(2020, 8, 24) + timedelta(7 * week)
        for n in range(24):
            stops = n < (20 if 2 <= week <= 4 else 3)
            lines.append(story(monday, f"m{week}n{n}", "mobile", stops=stops))
            lines.append(story(monday, f"d{week}n{n}", "desktop", stops=n < 3))
    return estate(*lines, "2020-10-26 DfT other: /vehicle-tax > /done/vehicle-tax", by="month")


def told(person: Any = OWNER, **asked: Any) -> JSON:
    value: Any = ask(held(), person, "service", {"service": SLUG, "from": "2020-10-01", "to": str(LAST), **asked}).value
    found: JSON = value
    return found


def test_each_part_is_what_its_own_question_says() -> None:
    days = {"from": "2020-10-01", "to": str(LAST)}
    value = told()
    walked: Any = ask(
        held(),
        OWNER,
        "funnel",
        {"steps": funnel_text.of_service(SLUG), "breakdown": "device", "compare": "year", **days},
    ).value
    assert value["funnel"] == walked
    assert value["devices"] == walked["groups"]
    handed: Any = ask(held(), OWNER, "handovers", {"compare": "year", **days}).value
    (mine,) = (row for row in handed["services"] if row["service"] == SLUG)
    assert value["arrivals"] == mine
    around: Any = ask(held(), OWNER, "next_pages", {"page": list_of_starts(), **days}).value
    assert value["from"]["landings"] == around["landings"]


def list_of_starts() -> str:
    return ",".join(page.removeprefix("www.gov.uk") for page in told()["start_pages"])


def test_errors_are_those_shown_on_its_pages_by_device() -> None:
    """October has three Mondays with data, none of them bad: 3 on each device stop at the photo."""
    (one,) = told()["errors"]
    assert (one["page"], one["error"]) == (PHOTO, "Photo too dark")
    assert (one["errors"], one["sessions"], one["mobile"], one["desktop"]) == (18, 18, 9, 9)


def test_the_biggest_drop_says_where_people_went_then() -> None:
    value = told(**{"from": "2020-09-07", "to": "2020-09-27"})
    assert (value["biggest_drop"]["name"], value["biggest_drop"]["went"]) == (
        value["funnel"]["steps"][2]["name"],
        [{"to": "(ended)", "units": 69}],
    )


def test_the_bad_weeks_of_mobiles_are_found_and_no_others() -> None:
    (one,) = told()["stretches"]
    assert (one["device"], one["first"], one["last"], one["weeks"]) == ("mobile", "2020-09-07", "2020-09-27", 3)
    assert (one["units"], one["went_on"], one["share"]) == (72, 12, 12 / 72)
    assert one["usual_share"] == 21 / 24
    assert one["lost"] == round(72 * 21 / 24) - 12


def test_weeks_count_those_who_started_and_finished_by_device() -> None:
    weeks = {(row["week"], row["device"]): (row["started"], row["reached_end"]) for row in told()["weeks"]}
    assert weeks["2020-09-07", "mobile"] == (24, 4)
    assert weeks["2020-09-07", "desktop"] == (24, 21)
    assert ("2020-05-04", "mobile") not in weeks, "a week without data isn't a week without people"


def test_last_year_has_no_value_where_it_has_no_data() -> None:
    value = told()
    assert value["arrivals_last_year"] is None
    assert value["last_year"] is None or not any(value["last_year"]["counts"])


def test_similar_services_are_of_other_departments() -> None:
    (one,) = told(PEOPLE["leadership"])["similar"]
    assert (one["service"], one["visit_starts"], one["visit_completions"]) == ("vehicle-tax", 1, 1)
    assert told()["similar"][0]["visit_starts"] is None, "a small number of another department"


def test_one_service_is_needed_and_must_be_ones_own() -> None:
    for given_ in ({"service": ""}, {}, {"service": "vehicle-tax,renew-passport"}, {"service": "no-such"}):
        with pytest.raises(errors.BadRequest):
            ask(held(), OWNER, "service", given_)
    with pytest.raises(errors.Forbidden, match="DfT"):
        ask(held(), OWNER, "service", {"service": "vehicle-tax"})
    with pytest.raises(errors.BadRequest):
        told(publication="true")


def slowly(hits: list[int], trials: list[int]) -> tuple[int, int] | None:
    """Every run of weeks by itself: of those that are clear, the one that stands out most; None where none does."""
    best: tuple[float, tuple[int, int]] | None = None
    for first in range(len(hits)):
        for last in range(first, min(first + service_weeks.LONGEST, len(hits))):
            some, of = sum(hits[first : last + 1]), sum(trials[first : last + 1])
            others, of_others = sum(hits) - some, sum(trials) - of
            if of < service_weeks.ENOUGH or of_others < service_weeks.ENOUGH:
                continue
            usual = others / of_others
            high = float(wilson(np.float64(some), np.float64(of), service_weeks.SURE).high)  # type: ignore[arg-type]
            if high < service_weeks.BELOW * usual:
                apart = (usual - some / of) / (usual * (1 - usual) / of) ** 0.5 if usual < 1 else np.inf
                if best is None or apart > best[0]:
                    best = apart, (first, last)
    return best[1] if best else None


@settings(max_examples=rounds(60, 2_000), deadline=None)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 100)), min_size=2, max_size=26))
def test_the_worst_run_is_that_of_a_search_through_all(weeks: list[tuple[int, int]]) -> None:
    trials = [of for of, _ in weeks]
    hits = [of * percent // 100 for of, percent in weeks]
    found = service_weeks.worst(np.array(hits), np.array(trials))
    assert (None if found is None else found[:2]) == slowly(hits, trials)


def test_ordinary_weeks_raise_no_bad_stretch() -> None:
    """2,000 services whose weeks differ by chance and by a spread of their own: at most 1 in 100 is told of."""
    random = np.random.default_rng(1)
    told_of = 0
    for _ in range(2_000):
        trials = random.poisson(40, service_weeks.WEEKS)
        share = np.clip(random.normal(0.8, 0.02, service_weeks.WEEKS), 0, 1)
        told_of += service_weeks.worst(random.binomial(trials, share), trials) is not None
    assert told_of <= 20, told_of


STATE: Final = ServiceState(SLUG, date(2020, 10, 1), LAST)


def test_the_page_says_it_all_in_words() -> None:
    answer, returns = ask(held(), OWNER, "service", STATE.question()), ask(held(), OWNER, "services", STATE.returns())
    whole = page.answered(STATE, answer, returns, (), pictures=True)
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", render(whole)))
    assert "A bad stretch. 7 to 27 September 2020, on mobile: 17% went on from" in text
    assert "Photo too dark" in text
    assert "It has returned no KPIs." in text
    assert "Similar services of other departments" in text


def test_its_sentence_and_its_chart() -> None:
    value = told()
    assert page.sentence(STATE, value) == (
        "Of 144 sessions at its start page, 100% arrived in the service; 88% of those at Start page reached Done in the same visit; "
        "inside the service most stop at Upload a digital photo: 12% of those there."
    )
    drawn = picture.figure(value)
    go.Figure(drawn)
    assert [(shape["x0"], shape["x1"]) for shape in drawn["layout"]["shapes"]] == [("2020-09-07", "2020-09-27")]
    nobody: Any = ask(estate("2020-10-05 DfT s1: /a"), OWNER, "service", STATE.question()).value
    assert page.sentence(STATE, nobody) == page.NOBODY


def test_an_address_is_read_as_the_state_that_wrote_it() -> None:
    from urllib.parse import parse_qsl, urlsplit

    assert ServiceState.read(parse_qsl(urlsplit(STATE.address()).query)) == (STATE, ())
    state, problems = ServiceState.read([("service", "no-such"), ("from", "2020-10-02"), ("to", "2020-10-01")])
    assert (state.service, [problem.field for problem in problems]) == ("", ["service", "to"])


def test_a_service_that_is_not_shared_is_told_so_and_never_as_zero() -> None:
    lines = [f"2020-10-{day:02} GDS s{day}: /apply-universal-credit > (not shared)" for day in range(5, 20)]
    unshared = estate(*lines, by="month")
    asked = {"service": "universal-credit", "from": "2020-10-05", "to": "2020-10-19"}
    answer = ask(unshared, PEOPLE["leadership"], "service", asked)
    state = ServiceState(service="universal-credit")
    value: Any = answer.value
    assert (value["status"], value["arrivals"]["arrivals"]) == ("not shared", None)
    said = page.sentence(state, value)
    assert said.endswith("saw its start page; what follows in the service isn't shared by DWP.")
    kpis = ask(unshared, PEOPLE["leadership"], "services", {"service": "universal-credit"})
    html = render(page.answered(state, answer, kpis, (), pictures=False))
    assert "DWP doesn't share this service's own pages" in html.replace("&#x27;", "'")
    assert "service-funnel" not in html
