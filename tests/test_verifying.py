"""What verify says of journeys: nothing where they balance, and a sentence where one session is missing."""

import copy
from typing import Any

import pytest

from queries.verifying import checked, journeys_wrong, neighbours_wrong, sides
from tests.stories import estate

LINES = [
    "2019-10-01 GDS s{n} [mobile]: /a > /b > /a > /c +download form.pdf",
    "2019-10-01 GDS t{n}: /a > /a > /government/x > /b > /c > /d > /e > /f > /g > /h",
    "2019-10-02 HMRC u{n}: /b > /a x > www.tax.service.gov.uk/x > (not shared)".replace("/a x", "/a"),
]


def told() -> Any:
    return estate(*(line.format(n=n) for line in LINES for n in range(3)), by="month")


def test_every_way_to_ask_for_journeys_balances() -> None:
    found = dict(checked(told()))
    assert len(found) > 30
    assert not any(found.values())


BROKEN: dict[str, Any] = {
    "step 1": lambda answer: answer["steps"][1].update(ended=9),
    "links at step 0": lambda answer: answer["links"].pop(0),
    "paths": lambda answer: answer.update(paths=[], paths_other=1),
}


@pytest.mark.parametrize("words", BROKEN)
def test_what_does_not_balance_is_said(words: str) -> None:
    answer = copy.deepcopy(BALANCED)
    assert not journeys_wrong(answer)
    BROKEN[words](answer)
    assert any(words in sentence for sentence in journeys_wrong(answer))


BALANCED: dict[str, Any] = {
    "sessions": 2,
    "steps": [
        {"nodes": [{"page": "/a", "sessions": 2}], "other": 0, "hidden": 0, "ended": 0, "reached_end": 0},
        {"nodes": [{"page": "/b", "sessions": 1}], "other": 0, "hidden": 0, "ended": 1, "reached_end": 0},
    ],
    "links": [
        {"step": 0, "from": "/a", "to": "/b", "sessions": 1},
        {"step": 0, "from": "/a", "to": "(ended)", "sessions": 1},
    ],
}


def test_either_side_of_two_is_looked_at() -> None:
    alike = {"compared": {"sessions": 2}}
    nodes = [node | alike for node in BALANCED["steps"][0]["nodes"]]
    rest = {name: {"sessions": 0} for name in ("other", "hidden", "ended", "reached_end")}
    first = BALANCED["steps"][0] | {"nodes": nodes, "compared": rest}
    own, other = sides(BALANCED | alike | {"steps": [first], "links": []})
    assert own["steps"][0]["nodes"] == other["steps"][0]["nodes"] == [{"page": "/a", "sessions": 2}]
    broken = first | {"compared": rest | {"hidden": {"sessions": 1}}}
    own, other = sides(BALANCED | alike | {"steps": [first, broken], "links": []})
    assert "step 1 and what stopped before it aren't step 0" not in journeys_wrong(own)
    assert "step 1 and what stopped before it aren't step 0" in journeys_wrong(other)


def test_a_lost_page_view_is_said() -> None:
    beside = {"page_views": 3, "loops": 1, "landings": 1, "exits": 2, "other": {"previous": 0, "following": 0}}
    whole = beside | {"previous": [{"page_views": 1}], "following": []}
    assert neighbours_wrong(whole) == []
    assert neighbours_wrong(whole | {"exits": 1}) == ["following pages, loops and exits aren't the page views"]
