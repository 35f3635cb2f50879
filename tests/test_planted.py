"""Each planted story is visible in the answers that the dashboard gives of the demonstration as `make run` makes it."""

import json
import re
import urllib.request
from datetime import date, timedelta
from typing import Any

import pytest

from data.periods import Period
from tests.test_demonstration_stories import STORIES, named


def told(address: str, question: str, period: Period, **parameters: Any) -> Any:
    """The value of an answer over the API, for these days."""
    body = {"from": str(period.first), "to": str(period.last), **parameters}
    asked = urllib.request.Request(
        f"{address}/api/v1/{question}", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(asked, timeout=30) as answer:
        return json.load(answer)["answer"]


def shown(address: str, page: str, person: str) -> str:
    """The words of a page's figures as this person is served them."""
    path, _, query = page.partition("?")
    inputs = [
        {"id": "address", "property": name, "value": value}
        for name, value in (("pathname", path), ("search", f"?{query}"))
    ]
    body = {
        "output": "figures.html", "outputs": {"id": "figures", "property": "html"}, "inputs": inputs,
        "changedPropIds": ["address.pathname"], "parsedChangedPropsIds": ["address.pathname"],
    }  # fmt: skip
    headers = {"Content-Type": "application/json", "Origin": address, "Cookie": f"person={person}"}
    asked = urllib.request.Request(f"{address}/_dash-update-component", json.dumps(body).encode(), headers)
    with urllib.request.urlopen(asked, timeout=30) as answer:
        html = json.load(answer)["response"]["figures"]["html"]
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def exact(page: str) -> dict[str, str]:
    return {"match": "exact", "value": page}


def reach(address: str, story: dict[str, Any], period: Period) -> float:
    filters = {"device": [story["device"]]} if "device" in story else {}
    asked = {"anchor": exact(story["page"]), "filters": filters, "steps": 1}
    through = told(address, "explore", period, **asked, via=exact(story["to"]))["sessions"]
    return float(through / told(address, "explore", period, **asked)["sessions"])


def page_views(address: str, story: dict[str, Any], period: Period) -> float:
    rows = told(address, "summary", period)
    return float(next(row["page_views"] for row in rows if row["department"] == story["department"]) / period.days)


def sessions(address: str, story: dict[str, Any], period: Period) -> float:
    anchor = {"match": "pattern", "value": f"{story['page']}/**"}
    return float(told(address, "explore", period, anchor=anchor, steps=1)["sessions"] / period.days)


def useful(address: str, story: dict[str, Any], period: Period) -> float:
    page = story["page"].removeprefix("www.gov.uk")
    return float(told(address, "page", period, page=page)["measures"]["usefulness"])


MEASURES = {
    "useful": (useful, False),
    "reach": (reach, False),
    "page views": (page_views, True),
    "sessions": (sessions, True),
}


@pytest.mark.parametrize("story", [one for one in STORIES if one["measure"] in MEASURES], ids=named)
def test_a_planted_story_is_in_the_answers(demonstration: str, story: dict[str, Any]) -> None:
    measure, relative = MEASURES[story["measure"]]
    days = Period(*story["before"]), Period(story["first"], story["last"])
    before, during = (measure(demonstration, story, period) for period in days)
    change = during / before - 1 if relative else during - before
    lowest, highest = story["change"]
    assert lowest <= change <= highest, f"{before:.3f} -> {during:.3f}"


def test_the_estate_page_calls_the_missing_tag_likely_real(demonstration: str) -> None:
    story = next(one for one in STORIES if one["seen_on"] == "estate")
    weeks = Period(story["first"], story["first"] + timedelta(days=27))
    changes = told(demonstration, "trend", weeks, department=[story["department"]])["changes"]
    verdicts = {row["measure"]: row["verdict"] for row in changes if row["department"] == story["department"]}
    assert verdicts["page_views"] == "likely real"


def test_the_demonstration_holds_what_it_promises(demonstration: str) -> None:
    """About three million page views of thirteen months, in both accounts, with thirteen of seventeen sharing."""
    period = Period(date(2019, 10, 1), date(2020, 10, 31))
    counts = [told(demonstration, "summary", period, account=account)[0]["page_views"] for account in ("joined", "gds")]
    assert 2_700_000 < sum(counts) < 3_300_000
    covered = told(demonstration, "coverage", Period(date(2019, 10, 1), date(2019, 10, 28)))["departments"]
    senders = {row["department"] for row in covered if row["extracts"]} - {"GOV.UK (GDS)"}
    assert senders == {
        "BEIS", "Defra", "DfE", "DExEU", "DfT", "DHSC", "Home Office", "HMRC", "HM Treasury", "MHCLG", "MoD", "MoJ", "DFID",
    }  # fmt: skip


def services(address: str, period: Period) -> list[Any]:
    """Services of the handovers, furthest from their own past first."""
    return list(told(address, "handovers", period)["services"])


def test_the_start_page_that_lost_its_link_stands_among_the_first_handovers(demonstration: str) -> None:
    story = next(one for one in STORIES if one["service"] == "fishing-licence")
    found = services(demonstration, Period(story["first"], story["first"] + timedelta(days=20)))
    (row,) = (one for one in found[:3] if one["service"] == story["service"])
    assert row["arrivals_verdict"] == row["arrival_rate_verdict"] == "likely real"
    assert row["arrivals"] < row["arrivals_expected_low"]


def test_pages_without_a_tag_are_seen_as_clicks_that_never_arrive(demonstration: str) -> None:
    story = next(one for one in STORIES if one["seen_on"] == "estate")
    period = Period(story["first"], story["first"] + timedelta(days=20))
    row = next(one for one in services(demonstration, period) if one["service"] == story["service"])
    before = next(one for one in services(demonstration, period.previous()) if one["service"] == story["service"])
    assert row["arrival_rate_verdict"] == "likely real"
    assert row["not_seen_arriving"] > 3 * before["not_seen_arriving"]


def test_the_photo_step_is_seen_on_drop_offs_and_on_its_owners_screen(demonstration: str) -> None:
    story = next(one for one in STORIES if one["service"] == "renew-passport")
    days = f"from={story['first']}&to={story['first'] + timedelta(days=27)}"
    person = "service-owner-home-office"
    drop_offs = shown(demonstration, f"/drop-offs?service=renew-passport&by=device&{days}", person)
    assert re.search(
        r"went on to Your details, and 3\d% of mobile; unusual beside all others: [a-z, ]*mobile", drop_offs
    )
    owner = shown(demonstration, f"/service?service=renew-passport&{days}", person)
    assert "most stop at Upload a digital photo" in owner
    assert re.search(
        r"on mobile: 3\d% went on from Upload a digital photo to Your details, where 8\d% do in other weeks", owner
    )


@pytest.mark.parametrize("story", [one for one in STORIES if one["direction"] != "none"], ids=named)
def test_the_review_names_what_was_planted_and_ranks_it_by_the_people_it_touched(
    demonstration: str, story: dict[str, Any]
) -> None:
    """The first two weeks of a story are enough, and so are three days."""
    period = Period(story["first"], min(story["last"], story["first"] + timedelta(13)))
    changed = told(demonstration, "review", period, limit=1_000)["changed"]
    if story["service"] == "fishing-licence":
        assert ("start page to service", "fishing-licence") in {(row["kind"], row["name"]) for row in changed}
    own = {story["service"], *(story[end].removeprefix("www.gov.uk") for end in ("page", "to") if end in story)}
    assert [row for row in changed if any(row["name"].startswith(name) for name in own)], changed
    assert [row["affected"] for row in changed] == sorted((row["affected"] for row in changed), reverse=True)
