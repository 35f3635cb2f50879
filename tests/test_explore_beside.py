"""Two sides of journeys beside each other are those of plain Python, and both balance."""

import math
from datetime import date
from itertools import pairwise
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import errors
from data.access import PEOPLE
from data.store import Estate
from queries.ask import ask
from tests.counts import rounds
from tests.plain import beside, worlds
from tests.plain.worlds import DAYS, WORLD, Told
from tests.stories import estate
from tests.test_explore import NO_SHRINKING, PERSONS, QUESTIONS, SETS, agree

JSON = dict[str, Any]
RANGES = [(first, last) for first in DAYS for last in DAYS if first <= last]
ODD = st.tuples(
    QUESTIONS,
    st.fixed_dictionaries({}, optional={"end": SETS, "via": SETS, "group": st.sampled_from(["page", "department", {"patterns": ["/a*"]}]), "paths": st.just(2)}),
).map(lambda parts: parts[0] | parts[1])  # fmt: skip
PERIODS = st.tuples(st.sampled_from(RANGES), st.sampled_from(RANGES))
CUTS = st.sampled_from(["day", "month"])


def with_data(told: list[Told], days: tuple[date, date], by: str) -> list[date]:
    """The days of a range that have data: their own, or their month's where a month is one segment."""
    every = [day for day in DAYS if days[0] <= day <= days[1]]
    months = {one.day.month for one in told}
    return [day for day in every if (day.month in months if by == "month" else day in {one.day for one in told})]


def found(held: Estate, question: JSON, days: tuple[date, date], person: str = "estate-analyst") -> Any:
    value: Any = ask(held, PEOPLE[person], "explore", question | {"from": days[0], "to": days[1]}).value
    return checked(value)


def checked(value: Any) -> Any:
    """The answer without `unusual`, once that is seen to be told only where an interval leaves zero."""
    if isinstance(value, list):
        return [checked(one) for one in value]
    if not isinstance(value, dict):
        return value
    if value.get("unusual"):
        assert not value["low"] <= 0 <= value["high"]
    return {name: checked(part) for name, part in value.items() if name != "unusual"}


def both_balance(answer: JSON) -> None:
    """Either side's sessions at a step are those at the next and those that stopped between."""
    for before, after in pairwise(answer["steps"]):
        for other in (False, True):
            assert moving(before, other=other)[0] == sum(moving(after, other=other))


def moving(step: JSON, *, other: bool) -> tuple[int, int]:
    """The sessions of one side at a step, and those that stopped before it."""
    nodes = [node["compared"]["sessions"] if other else node["sessions"] for node in step["nodes"]]
    rest = {
        name: step["compared"][name]["sessions"] if other else step[name]
        for name in ("other", "hidden", "ended", "reached_end")
    }
    return sum(nodes) + rest["other"] + rest["hidden"], rest["ended"] + rest["reached_end"]


def days_of(told: list[Told], days: list[date]) -> list[list[Any]]:
    return [worlds.sessions(told, day, day) for day in days]


@settings(max_examples=rounds(10, 300), deadline=None, phases=NO_SHRINKING)
@given(worlds.told(), st.lists(st.tuples(ODD, PERIODS), min_size=3, max_size=4), CUTS)
def test_a_period_beside_any_other_is_as_plain_python_has_it(
    told: list[Told], asked: list[tuple[JSON, Any]], by: str
) -> None:
    held = worlds.built(told, by)
    for question, (now, before) in asked:
        answer = found(held, question | {"compare": f"{before[0]}..{before[1]}"}, now)
        mine, its = (days_of(told, with_data(told, days, by)) for days in (now, before))
        agree(answer, beside.explore(mine, its, (question, question), world=WORLD, paired=now == before))
        both_balance(answer)


@settings(max_examples=rounds(10, 300), deadline=None, phases=NO_SHRINKING)
@given(worlds.told(), ODD, st.sampled_from(RANGES), CUTS, st.sampled_from(["estate-analyst", *PERSONS.values()]))
def test_a_value_beside_another_is_as_plain_python_has_it_for_everybody(
    told: list[Told], question: JSON, days: tuple[date, date], by: str, person: str
) -> None:
    held, world = (
        worlds.built(told, by),
        next((worlds.seen_by(short) for short, one in PERSONS.items() if one == person), WORLD),
    )
    filters = {**question.get("filters", {}), "device": ["mobile"]}
    mine, its = (question | {"filters": filters | {"device": [device]}} for device in ("mobile", "desktop"))
    answer = found(held, mine | {"against": {"device": ["desktop"]}}, days, person)
    kept = days_of(told, with_data(told, days, by))
    expected = beside.explore(kept, kept, (mine, its), world=world, paired=True)
    both_balance(expected)
    agree(without_hidden(answer), without_hidden(expected, answer))


def without_hidden(value: Any, like: Any = None) -> Any:
    """A value without what is hidden in `like`, by default in itself: a small cell of another department."""
    like = value if like is None else like
    if isinstance(value, list):
        return [without_hidden(one, other) for one, other in zip(value, like, strict=True)]
    if not isinstance(value, dict):
        return value
    small = "sessions" in like and None in (like["sessions"], like.get("compared", {}).get("sessions", 0))
    kept = {name: part for name, part in value.items() if not small or name not in HIDEABLE}
    return {name: without_hidden(part, like[name]) for name, part in kept.items() if not (small and name == "compared")}


HIDEABLE = ("sessions", "share", "median_seconds", "mean_seconds")
WEEK: JSON = {"anchor": "/a", "steps": 1, "from": "2019-10-14", "to": "2019-10-20", "compare": "previous"}


def week(first: int, many: int) -> list[str]:
    """Twenty sessions a day for a week; `many` of each twenty go on to /b, the others to /c."""
    return [
        f"2019-10-{first + d:02} HMRC s{first + d}_{n}: /a > {'/b' if n < many else '/c'}"
        for d in range(7)
        for n in range(20)
    ]


def test_a_difference_on_every_day_is_real_and_one_within_the_noise_is_not() -> None:
    moved = ask(estate(*week(7, 4), *week(14, 12)), PEOPLE["estate-analyst"], "explore", WEEK)
    value: Any = moved.value
    node = next(node for node in value["steps"][1]["nodes"] if node["page"] == "/b")
    assert node["compared"] == {
        "sessions": 28,
        "share": pytest.approx(0.2),
        "difference": pytest.approx(0.4),
        "low": pytest.approx(0.288, abs=0.01),
        "high": pytest.approx(0.497, abs=0.01),
        "unusual": True,
    }
    same: Any = ask(estate(*week(7, 10), *week(14, 11)), PEOPLE["estate-analyst"], "explore", WEEK).value
    assert [node["compared"]["unusual"] for node in same["steps"][1]["nodes"]] == [False, False]
    assert moved.table.filter(moved.table["page"] == "/b")["compared_sessions"].to_list() == [28]
    assert str(moved.about.comparison) == "2019-10-07..2019-10-13"
    assert moved.more["links"]["compared_sessions"].to_list() == [28, 112]


def test_pages_that_only_one_side_has_are_shown_on_both() -> None:
    told = estate(*week(7, 20), *week(14, 0))
    value: Any = ask(told, PEOPLE["estate-analyst"], "explore", WEEK | {"top": 1}).value
    nodes = {node["page"]: (node["sessions"], node["compared"]["sessions"]) for node in value["steps"][1]["nodes"]}
    assert nodes == {"/c": (140, 0), "/b": (0, 140)}


def test_no_difference_is_told_across_a_definition_break_or_without_days_to_compare() -> None:
    crossing = {"anchor": "/a", "from": "2019-12-19", "to": "2019-12-22", "compare": "previous"}
    told = estate("2019-12-19 HMRC s1: /a > /b", "2019-12-12 HMRC s2: /a > /b", "2019-12-21 HMRC s3: /a")
    answer = ask(told, PEOPLE["estate-analyst"], "explore", crossing)
    value: Any = answer.value
    assert value["compared"] == {"sessions": 1}
    assert value["steps"][1]["nodes"][0]["compared"]["difference"] is None
    assert any("No change is computed across 2019-12-20" in note for note in answer.about.notes)
    alone: Any = ask(told, PEOPLE["estate-analyst"], "explore", crossing | {"compare": "year"})
    assert alone.value["compared"] == {"sessions": 0}
    assert alone.value["steps"][0]["nodes"][0]["compared"]["share"] is None
    assert alone.about.notes[0].startswith("There is nothing to compare with")


WRONG: dict[str, JSON] = {
    "against.device": {"against": {"device": ["desktop"]}},
    "against": {"against": {}},
    "against.colour": {"filters": {"device": ["mobile"]}, "against": {"colour": ["red"]}},
}


@pytest.mark.parametrize("field", list(WRONG))
def test_a_side_that_can_not_be_compared_is_named(field: str) -> None:
    with pytest.raises(errors.BadRequest) as wrong:
        ask(estate("HMRC s1: /a"), PEOPLE["estate-analyst"], "explore", {"anchor": "/a"} | WRONG[field])
    assert str(wrong.value.field).startswith("against")


def test_one_comparison_at_a_time() -> None:
    device: JSON = {"filters": {"device": ["mobile"]}, "against": {"device": ["desktop"]}}
    with pytest.raises(errors.BadRequest, match="can't be used"):
        ask(estate("HMRC s1: /a"), PEOPLE["estate-analyst"], "explore", {"anchor": "/a", "compare": "year"} | device)


OCTOBER: JSON = {"anchor": "/a", "from": "2019-10-01", "to": "2019-10-31", "publication": True, "top": 3}


def autumn() -> Estate:
    """Two months in which most go on to /b, in September some to /gone, which nobody sees in October."""
    months = {9: ["b", "b", "b", "c", "gone"], 10: ["b", "c", "d"]}
    return estate(
        *(
            f"2019-{month:02}-{1 + n % 28:02} {'DfT' if n % 4 else 'HMRC'} s{month}{n}: /a > /{pages[n % len(pages)]} > /e{n % 7}"
            for month, pages in months.items()
            for n in range(110 * month)
        ),
        by="month",
    )


@pytest.mark.parametrize("sides", [
    ({"compare": "previous"}, {}, {"from": "2019-09-01", "to": "2019-09-30"}),
    ({"filters": {"department": ["HMRC"]}, "against": {"department": ["DfT"]}}, {"filters": {"department": ["HMRC"]}}, {"filters": {"department": ["DfT"]}}),
], ids=["months", "departments"])  # fmt: skip
def test_two_published_sides_balance_and_are_those_that_are_published_alone(sides: tuple[JSON, JSON, JSON]) -> None:
    held, analyst = autumn(), PEOPLE["estate-analyst"]
    both, now, before = (ask(held, analyst, "explore", OCTOBER | more) for more in sides)
    answer, alone, other = (cast("Any", one.value) for one in (both, now, before))
    assert (answer["sessions"], answer["compared"]["sessions"]) == (alone["sessions"], other["sessions"])
    both_balance(without_none(answer))
    for step, mine, its in zip(answer["steps"], alone["steps"], other["steps"], strict=True):
        shown = {node["page"]: (node["sessions"], node["compared"]["sessions"]) for node in step["nodes"]}
        assert all(shown[node["page"]][0] == node["sessions"] for node in mine["nodes"])
        assert all(shown[node["page"]][1] == node["sessions"] for node in its["nodes"])
        assert (step["ended"], step["compared"]["ended"]["sessions"]) == (mine["ended"], its["ended"])
        for node in (one for one in step["nodes"] if None not in shown[one["page"]]):
            share = node["sessions"] / alone["sessions"], node["compared"]["sessions"] / other["sessions"]
            assert node["compared"]["difference"] == pytest.approx(share[0] - share[1])
            assert node["compared"]["unusual"] is None
    assert any("could be chance isn't told" in note for note in both.about.notes)


def without_none(answer: JSON) -> JSON:
    """A page that a side doesn't name is among its other pages: nothing is at its own node."""
    steps = [
        step | {"nodes": [
            node | {"sessions": node["sessions"] or 0, "compared": {"sessions": node["compared"]["sessions"] or 0}}
            for node in step["nodes"]
        ]}
        for step in answer["steps"]
    ]  # fmt: skip
    return answer | {"steps": steps}


def test_a_page_that_one_published_side_does_not_name_is_hidden_there() -> None:
    answer: Any = ask(autumn(), PEOPLE["estate-analyst"], "explore", OCTOBER | {"compare": "previous", "top": "all"})
    gone = next(node for node in answer.value["steps"][1]["nodes"] if node["page"] == "/gone")
    assert (gone["sessions"], gone["compared"]["difference"]) == (None, None)
    assert gone["compared"]["sessions"] > 100
    assert any(path.endswith("].sessions") for path in answer.about.suppression)


@pytest.mark.parametrize(("more", "field"), [
    ({"filters": {"device": ["mobile"]}, "against": {"device": ["desktop"]}}, "device"),
    ({"filters": {"topic": ["eu-exit"]}, "against": {"topic": ["driving"]}}, "topic"),
    ({"compare": "2019-09-02..2019-09-30"}, "compare"),
])  # fmt: skip
def test_sides_that_nobody_else_would_ask_for_are_not_published(more: JSON, field: str) -> None:
    with pytest.raises(errors.BadRequest, match="can't be published") as refused:
        ask(estate("HMRC s1: /a"), PEOPLE["estate-analyst"], "explore", OCTOBER | more)
    assert refused.value.field == field


def test_no_figure_is_infinite_where_a_side_has_one_day_alone() -> None:
    value: Any = ask(
        estate(*week(14, 5)),
        PEOPLE["estate-analyst"],
        "explore",
        WEEK | {"to": "2019-10-14", "compare": "2019-10-15..2019-10-15"},
    ).value
    told = [node["compared"] for step in value["steps"] for node in step["nodes"]]
    assert all(math.isfinite(one["low"]) and one["unusual"] is None for one in told)
