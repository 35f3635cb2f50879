"""Journeys for publication: rounded so that they balance, the same for everybody, and nothing named that few did."""

from typing import Any

import pytest

from data import errors
from data.access import PEOPLE
from data.store import Estate
from queries.ask import ask
from tests.stories import estate

JSON = dict[str, Any]
MONTH: JSON = {"from": "2019-10-01", "to": "2019-10-31"}


def published(of: Estate, **more: object) -> Any:
    question = MONTH | {"anchor": "/a", "publication": True} | more
    return ask(of, PEOPLE["estate-analyst"], "explore", question).value


def test_what_is_published_is_rounded_balances_and_does_not_depend_on_how_much_is_shown() -> None:
    lines = [f"HMRC s{n}: /a > /{'bbbbbc'[n % 6]} > /{'defg'[n % 4]}" for n in range(300)]
    told = estate(*lines, *(f"HMRC t{n}: /a > /rare{n} +download x.pdf" for n in range(30)), by="month")
    whole, part = published(told), published(told, steps=1, top=1)
    for answer in (whole, part):
        for before, after in zip(answer["steps"], answer["steps"][1:], strict=False):
            assert here(before) == here(after) + after["ended"]
            assert sum(after["ended_how"].values()) == after["ended"]
        counts = [node["sessions"] for step in answer["steps"] for node in step["nodes"]]
        assert all(count % 10 == 0 and count >= 10 for count in counts)
    assert abs(whole["sessions"] - 330) <= 10
    assert "/rare1" not in str(whole)
    assert part["steps"][0]["nodes"] == whole["steps"][0]["nodes"]
    assert part["steps"][1]["nodes"] == whole["steps"][1]["nodes"][:1]


def test_the_same_journeys_are_published_alike_whoever_asks_and_in_whatever_words() -> None:
    told = estate(
        *(f"HMRC s{n}: /a > /{'bbbc'[n % 4]}" for n in range(63)), *(f"HMRC t{n}: /a" for n in range(13)), by="month"
    )
    asked = MONTH | {"anchor": "/a", "publication": True, "top": "all"}
    words: list[JSON] = [
        {}, {"occurrence": "last"}, {"collapse_repeats": False}, {"department": "HMRC"}, {"occurrence": "last", "department": "HMRC"}
    ]  # fmt: skip
    people = ("estate-analyst", "analyst-dft", "service-owner-hmrc", "service-owner-home-office")
    found = [ask(told, PEOPLE[person], "explore", asked | more).value for person in people for more in words]
    assert all(answer == found[0] for answer in found)  # else a mean over all of them would tell the truth


def test_a_host_that_few_clicked_out_to_is_not_named_in_what_is_published() -> None:
    clicks = [f"HMRC t{n}: /a +out {'www.example.com' if n % 3 else f'www.rare{n % 7}.com'}" for n in range(60)]
    how = published(estate(*clicks, by="month"))["steps"][1]["ended_how"]
    assert how.keys() == {"clicked out to www.example.com", "clicked out to another host"}


def here(step: JSON) -> int:
    sessions: int = sum(node["sessions"] for node in step["nodes"])
    return sessions + int(step["other"]) + int(step["hidden"])


@pytest.mark.parametrize(
    "more",
    [
        {"via": "/b"},
        {"paths": 3},
        {"exclude": ["/b"]},
        {"anchor": {"match": "pattern", "value": "/*"}},
        {"steps": 7},
        {"page": "/b"},
    ],
    ids=str,
)
def test_journeys_that_nobody_else_would_ask_for_are_not_published(more: JSON) -> None:
    with pytest.raises(errors.BadRequest, match="can't be published"):
        published(estate("HMRC s1: /a > /b"), **more)
