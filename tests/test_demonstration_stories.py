"""Each planted story is visible in the rows themselves, in its direction and about its size."""

import tomllib
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from data.periods import Period
from data.register import register
from tests.demonstration_rows import rows, views

STORIES: list[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("planted_stories.toml").read_text(encoding="utf-8")
)["story"]


def named(story: dict[str, Any]) -> str:
    return str(story["name"])


def reach(story: dict[str, Any], period: Period) -> float:
    seen = views(period)
    seen = seen.filter(pl.col("device") == story["device"]) if "device" in story else seen
    at, beyond = (set(seen.filter(pl.col("address") == story[end])["visit"]) for end in ("page", "to"))
    return len(at & beyond) / len(at)


def page_views(story: dict[str, Any], period: Period) -> float:
    return views(period).filter(pl.col("department") == story["department"]).height / period.days


def sessions(story: dict[str, Any], period: Period) -> float:
    return views(period).filter(pl.col("address").str.starts_with(story["page"]))["visit"].n_unique() / period.days


def useful(story: dict[str, Any], period: Period) -> float:
    said = rows(period).filter(pl.col("address") == story["page"])["kind"]
    answers = said.filter(said.is_in(["useful_yes", "useful_no"])).to_list()
    return answers.count("useful_yes") / len(answers)


MEASURES = {
    "reach": (reach, False),
    "page views": (page_views, True),
    "sessions": (sessions, True),
    "useful": (useful, False),
}


@pytest.mark.parametrize("story", STORIES, ids=named)
def test_a_planted_story_is_in_the_rows(story: dict[str, Any]) -> None:
    measure, relative = MEASURES[story["measure"]]
    before, during = measure(story, Period(*story["before"])), measure(story, Period(story["first"], story["last"]))
    change = during / before - 1 if relative else during - before
    lowest, highest = story["change"]
    assert lowest <= change <= highest, f"{before:.3f} -> {during:.3f}"


@pytest.mark.parametrize("story", STORIES, ids=named)
def test_a_planted_story_names_what_the_register_knows(story: dict[str, Any]) -> None:
    assert register.service(story["service"]).department == story["department"]
    assert {"up": story["change"][0] > 0, "down": story["change"][1] < 0, "none": True}[story["direction"]]


def test_start_clicks_go_on_while_nothing_is_recorded_of_the_company_register() -> None:
    """What tells a missing tag from people who stay away."""
    story = next(one for one in STORIES if one["service"] == "company-information")
    clicks = []
    for period in (Period(*story["before"]), Period(story["first"], story["last"])):
        found = rows(period).filter(
            (pl.col("address") == "www.gov.uk/get-information-about-a-company") & (pl.col("kind") == "outbound")
        )
        clicks.append(found.height / period.days)
    assert clicks[1] / clicks[0] == pytest.approx(1, abs=0.2)


def test_the_old_address_of_the_start_page_is_not_found() -> None:
    story = next(one for one in STORIES if one["service"] == "fishing-licence")
    seen = views(Period(story["first"], story["last"])).filter(
        pl.col("address") == "www.gov.uk/fishing-licences/buy-a-fishing-licence"
    )
    assert seen["status"].unique().to_list() == [404]
    assert seen.height > 100
