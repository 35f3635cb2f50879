"""The explorer's answers are those of plain Python, whatever is asked, however the estate is cut into segments."""

from datetime import date
from itertools import pairwise
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from data.access import PEOPLE
from data.store import Estate
from queries.ask import ask
from tests.counts import rounds
from tests.plain import journeys, worlds
from tests.plain.worlds import DAYS, OWNERS, WORLD, Told
from tests.stories import DAY, estate

JSON = dict[str, Any]
PAGES = [*OWNERS, "/nowhere"]
PATTERNS = ["/a*", "/a/**", "/**", "*/x**", "**", "www.passport.service.gov.uk/**", "/?", "*/p/*"]
REGEXES = ["tax", "^/a", "^/.$", "^www.*[xq]", "(?i)/[A-C]$", "/x$|/y", "^[^/]+$", ["passport", "/b"]]


def of(parts: tuple[str, Any]) -> JSON:
    return {"match": parts[0], "value": parts[1]}


SETS = st.one_of(
    st.sampled_from(PAGES).map(lambda page: {"match": "exact", "value": page}),
    st.lists(st.sampled_from(PAGES), min_size=1, max_size=3).map(lambda some: {"match": "exact", "value": some}),
    st.sampled_from(PATTERNS).map(lambda pattern: {"match": "pattern", "value": pattern}),
    st.sampled_from(REGEXES).map(lambda regex: {"match": "regex", "value": regex}),
    st.tuples(st.sampled_from(["department", "organisation"]), st.sampled_from(["HMRC", "DfT", "Home Office"])).map(of),
    st.tuples(
        st.sampled_from(["service", "service_start", "service_end"]), st.sampled_from(["vehicle-tax", "renew-passport"])
    ).map(of),
    st.tuples(st.just("document_type"), st.sampled_from([["answer"], ["guide", "answer"]])).map(of),
)
ANCHORS = st.one_of(
    SETS,
    SETS,
    st.just({"match": "any"}),
    st.lists(st.sampled_from(PAGES), min_size=1, max_size=3).map(lambda some: {"match": "sequence", "value": some}),
)
FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "device": st.just(["mobile"]),
        "channel": st.just(["direct"]),
        "page": st.lists(st.sampled_from(PAGES + PATTERNS), min_size=1, max_size=2),
        "service": st.just(["vehicle-tax"]),
        "document_type": st.just(["answer"]),
        "department": st.sampled_from([["HMRC"], ["DfT", "HMRC"]]),
    },
)
NAMED: list[Any] = [["/a*", "/**"], ["/c"], {"Letters": ["/?", "/a*", "/b"], "Vehicles": "*vehicle**"}]
GROUPS = st.sampled_from(
    ["page", "section", "document_type", "service", "department", *({"patterns": some} for some in NAMED)]
)
QUESTIONS = st.fixed_dictionaries(
    {"anchor": ANCHORS},
    optional={
        "occurrence": st.sampled_from(["first", "last"]),
        "direction": st.sampled_from(["forward", "backward"]),
        "steps": st.integers(1, 8),
        "top": st.sampled_from([1, 2, 5, "all"]),
        "filters": FILTERS,
    },
)
ODD_QUESTIONS = st.tuples(
    QUESTIONS,
    st.fixed_dictionaries(
        {},
        optional={
            "via": SETS,
            "end": SETS,
            "exclude": st.lists(st.one_of(st.sampled_from(PAGES + PATTERNS[:2]), SETS), max_size=2),
            "group": GROUPS,
            "collapse_repeats": st.booleans(),
            "paths": st.sampled_from([0, 2, 100]),
        },
    ),
).map(lambda parts: parts[0] | parts[1])
PERIODS = st.sampled_from([(first, last) for first in DAYS for last in DAYS if first <= last])
ASKED = st.lists(st.tuples(st.one_of(QUESTIONS, ODD_QUESTIONS), PERIODS), min_size=4, max_size=6)
PERSONS = {"HMRC": "service-owner-hmrc", "DfT": "analyst-dft", "Home Office": "service-owner-home-office"}

NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)  # it would build hundreds of estates


def answered(asked: Estate, question: JSON, days: tuple[date, date], person: str = "estate-analyst") -> Any:
    """The answer through the only way in."""
    return ask(asked, PEOPLE[person], "explore", question | {"from": days[0], "to": days[1]}).value


def same(found: Any, expected: Any) -> bool:
    """Equal, fractions but for the last digits."""
    if isinstance(expected, float) and isinstance(found, float):
        return found == pytest.approx(expected, rel=1e-12)
    if isinstance(expected, dict):
        return found.keys() == expected.keys() and all(same(found[name], expected[name]) for name in expected)
    if isinstance(expected, list):
        return len(found) == len(expected) and all(map(same, found, expected))
    return bool(found == expected)


def agree(found: JSON, expected: JSON) -> None:
    assert found.keys() == expected.keys()
    for name in expected:
        assert same(found[name], expected[name]), (name, found[name], expected[name])


@settings(max_examples=rounds(12, 300), deadline=None, phases=NO_SHRINKING)
@given(worlds.told(), ASKED)
def test_the_answer_is_that_of_plain_python_however_it_is_found(
    told: list[Told], asked: list[tuple[JSON, tuple[date, date]]]
) -> None:
    """By day and by month from the index by page where it knows enough, from a mixture by walking through sessions."""
    by_day, by_month, mixture = (worlds.built(told, by) for by in ("day", "month", "mixture"))
    for question, days in asked:
        expected = journeys.explore(worlds.sessions(told, *days), question, WORLD)
        agree(answered(by_day, question, days), expected)
        agree(answered(by_month, question, days), expected)
        with patch("queries.journeys.walking.MOST_RANGES", -1), patch("queries.journeys.held.FEW_SESSIONS", -1):
            agree(answered(mixture, question, days), expected)
        balances(expected, question)


def test_backward_a_group_takes_its_time_from_behind_an_excluded_page() -> None:
    told = estate("HMRC s1: /z @0 > /a @1 > /help @2 > /a/more @9 > /y @20")
    question: JSON = {"anchor": "/a", "direction": "backward", "steps": 1, "group": {"patterns": ["/a**"]}}
    for exclude, seconds in (([], 1), (["/help"], 9)):
        found = answered(told, question | {"exclude": exclude}, (DAY, DAY))
        assert found["links"][0]["median_seconds"] == seconds


def balances(answer: JSON, question: JSON) -> None:
    """Everything at a step is everything at the next and what stopped between, and every link is somebody's."""
    steps, links = answer["steps"], answer["links"]
    for before, after in pairwise(steps):
        assert sum(faces(before).values()) == sum(faces(after).values()) + after["ended"] + after["reached_end"]
        assert sum(after["ended_how"].values()) == after["ended"]
        assert question.get("end") is None or not after["ended"]
    for k, step in enumerate(steps):
        for name, sessions in faces(step).items():
            into = sum(link["sessions"] for link in links if link["step"] == k - 1 and link["to"] == name)
            out = sum(link["sessions"] for link in links if link["step"] == k and link["from"] == name)
            assert k == 0 or into == sessions
            assert k == len(steps) - 1 or out == sessions


def faces(step: JSON) -> dict[str, int]:
    """Everything at a step."""
    nodes = {node["page"]: node["sessions"] for node in step["nodes"]}
    return nodes | {"(other)": step["other"], "(hidden)": step["hidden"]}


@settings(max_examples=rounds(12, 300), deadline=None, phases=NO_SHRINKING)
@given(worlds.told(), ASKED, st.sampled_from(list(PERSONS)))
def test_foreign_pages_and_small_foreign_cells_are_folded_and_nothing_is_lost(
    told: list[Told], asked: list[tuple[JSON, tuple[date, date]]], department: str
) -> None:
    built, world = worlds.built(told, "month"), worlds.seen_by(department)
    for question, days in asked:
        found = answered(built, question, days, PERSONS[department])
        expected = journeys.explore(worlds.sessions(told, *days), question, world)
        balances(expected, question)
        for link, whole in zip(found["links"], expected["links"], strict=True):
            if link["sessions"] is None:  # a small cell of another department
                assert whole["sessions"] < 10
                whole |= {"sessions": None, "median_seconds": None, "mean_seconds": None}
        agree(found, expected)


@pytest.mark.parametrize("group", ["section", "document_type", "service", "department", {"patterns": ["/a"]}])
def test_a_day_whose_sessions_all_began_the_day_before_has_no_page_and_no_group(group: object) -> None:
    late = estate("2019-10-01 23:59 HMRC s1: /a @30 > /b @90")
    asked = {"from": "2019-10-01", "to": "2019-10-02", "anchor": {"match": "any"}, "group": group}
    found: Any = ask(late, PEOPLE["estate-analyst"], "explore", asked).value
    assert found["sessions"] == 1
