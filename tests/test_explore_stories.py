"""What the explorer says of a few sessions, each told in a line; and what it refuses, or hides."""

from typing import Any

import pytest

from data import errors
from data.access import PEOPLE
from data.store import Estate
from queries.ask import ask
from queries.journeys.journey_parameters import Parameters
from queries.parameters import read
from tests.stories import estate

JSON = dict[str, Any]
DAYS: JSON = {"from": "2019-10-01", "to": "2019-10-01"}
MONTH: JSON = {"from": "2019-10-01", "to": "2019-10-31"}


def explored(of: Estate, anchor: object, person: str = "estate-analyst", **more: object) -> Any:
    return ask(of, PEOPLE[person], "explore", DAYS | {"anchor": anchor} | more).value


def exact(page: str) -> JSON:
    return {"match": "exact", "value": page}


def nodes(answer: JSON) -> list[dict[str, int]]:
    return [{node["page"]: node["sessions"] for node in step["nodes"]} for step in answer["steps"]]


def outline(answer: JSON) -> list[JSON]:
    """What each step holds, without what is zero."""
    counts = [
        {name: step[name] for name in ("other", "ended", "reached_end", "hidden") if step[name]}
        for step in answer["steps"]
    ]
    return [{**there, **count} for there, count in zip(nodes(answer), counts, strict=True)]


def test_a_journey_starts_at_the_first_view_of_the_anchor_and_reloads_are_one_step() -> None:
    found = explored(estate("HMRC s1: /a > /b > /b > /a > /c"), "/b", steps=3)
    assert outline(found) == [{"/b": 1}, {"/a": 1}, {"/c": 1}, {"ended": 1}]


def test_a_step_takes_the_time_of_the_last_reload() -> None:
    found = explored(estate("HMRC s1: /a @0 > /a @50 > /b @60 > /b @100", "HMRC s2: /a @0 > /b @30"), "/a", steps=1)
    assert [(link["median_seconds"], link["mean_seconds"]) for link in found["links"]] == [(40.0, 40.0)]
    kept = explored(estate("HMRC s1: /a @0 > /a @50 > /b @60"), "/a", steps=1, collapse_repeats=False)
    assert kept["links"][0] == {
        "step": 0, "from": "/a", "to": "/a", "sessions": 1, "median_seconds": 50.0, "mean_seconds": 50.0,
    }  # fmt: skip


def test_ended_says_how() -> None:
    told = estate(
        "HMRC s1: /a +download form.pdf",
        "HMRC s2: /a +out www.example.com",
        "HMRC s3: /a > (not shared)",
        "HMRC s4: /a",
    )
    found = explored(told, "/a", steps=2)
    assert found["steps"][1]["ended_how"] == {
        "downloaded": 1,
        "clicked out to www.example.com": 1,
        "nothing more seen": 1,
    }
    assert found["steps"][2]["ended_how"] == {"went to a host that is not shared": 1}
    assert nodes(found)[1] == {"(not shared)": 1}


def test_backward_says_how_journeys_began() -> None:
    told = estate("HMRC s1 [social]: /a > /b", "HMRC s2 [mobile]: /b")
    found = explored(told, "/b", direction="backward", steps=2)
    assert outline(found) == [{"/b": 2}, {"/a": 1, "ended": 1}, {"ended": 1}]
    assert [step["ended_how"] for step in found["steps"]] == [{}, {"direct": 1}, {"social": 1}]
    assert {(link["from"], link["to"]) for link in found["links"]} == {
        ("/b", "/a"),
        ("/b", "(began)"),
        ("/a", "(began)"),
    }


def test_any_is_the_landing_page_forward_and_the_exit_page_backward() -> None:
    told = estate("HMRC s1: /a > /b > /c")
    assert nodes(explored(told, {"match": "any"}, steps=1)) == [{"/a": 1}, {"/b": 1}]
    assert nodes(explored(told, {"match": "any"}, steps=1, direction="backward")) == [{"/c": 1}, {"/b": 1}]


def test_a_sequence_goes_on_outward_from_its_last_page_forward_and_its_first_backward() -> None:
    told = estate("HMRC s1: /x > /a > /b > /y", "HMRC s2: /a > /z > /b > /y")
    sequence = {"match": "sequence", "value": ["/a", "/b"]}
    assert nodes(explored(told, sequence, steps=1)) == [{"/b": 1}, {"/y": 1}]
    assert nodes(explored(told, sequence, steps=1, direction="backward")) == [{"/a": 1}, {"/x": 1}]


def test_excluded_pages_are_gone_before_steps_are_numbered() -> None:
    told = estate("HMRC s1: /a > /help > /a > /help/more > /b")
    assert outline(explored(told, "/a", steps=2, exclude=["/help", "/help/**"])) == [{"/a": 1}, {"/b": 1}, {"ended": 1}]


def test_a_step_takes_its_time_from_what_joins_it_beyond_the_six_steps_that_the_index_knows() -> None:
    told = estate("HMRC s1: /a @0 > /1 @1 > /2 @2 > /3 @3 > /4 @4 > /5 @5 > /6 @6 > /help @7 > /6 @60 > /z @61")
    found = explored(told, "/a", steps=6, exclude=["/help"])
    assert [link["median_seconds"] for link in found["links"]] == [1, 1, 1, 1, 1, 55]
    back = explored(estate("HMRC s1: /z @0 > /a @1 > /help @2 > /a @9"), "/a", direction="backward", exclude=["/help"])
    assert back["links"][0]["median_seconds"] == 9


def test_end_keeps_the_sessions_that_reach_it_and_cuts_there() -> None:
    told = estate("HMRC s1: /a > /b > /done > /c", "HMRC s2: /a > /c")
    found = explored(told, "/a", end=exact("/done"), steps=3)
    assert found["sessions"] == 1
    assert outline(found) == [{"/a": 1}, {"/b": 1}, {"/done": 1}, {"reached_end": 1}]
    assert found["links"][-1]["to"] == "(reached end)"


def test_via_lies_between_anchor_and_end() -> None:
    told = estate("HMRC s1: /a > /b > /done", "HMRC s2: /b > /a > /done > /b", "HMRC s3: /a > /c > /b")
    assert explored(told, "/a", via=exact("/b"))["sessions"] == 3
    assert explored(told, "/a", via=exact("/b"), end=exact("/done"))["sessions"] == 1


def test_groups_replace_pages_and_equal_neighbours_collapse_again() -> None:
    told = estate("HMRC s1: /a > DfT:/c > DfT:/d > HMRC:/e")
    found = explored(told, "/a", group="department", steps=2)
    assert nodes(found) == [{"HMRC": 1}, {"DfT": 1}, {"HMRC": 1}]
    patterns = explored(told, "/a", group={"patterns": ["/[c-d]", "/c*", "/**"]}, steps=2)
    assert nodes(patterns) == [{"/**": 1}, {"/c*": 1}, {"/**": 1}]


def test_ties_stand_in_code_point_order_and_all_means_all() -> None:
    told = estate("HMRC s1: /a > /é", "HMRC s2: /a > /z", "HMRC s3: /a > /Z", "HMRC s4: /a > /b > /c")
    assert list(nodes(explored(told, "/a", top=3))[1]) == ["/Z", "/b", "/z"]
    assert list(nodes(explored(told, "/a", top="all"))[1]) == ["/Z", "/b", "/z", "/é"]


def test_paths_are_whole_however_few_steps_are_shown() -> None:
    told = estate("HMRC s1: /a > /b > /c", "HMRC s2: /a > /b > /c", "HMRC s3: /a > /b", "HMRC s4: /a")
    found = explored(told, "/a", steps=1, paths=2)
    assert found["paths"] == [
        {"pages": ["/a", "/b", "/c"], "sessions": 2, "share": 0.5},
        {"pages": ["/a"], "sessions": 1, "share": 0.25},
    ]
    assert found["paths_other"] == 1


def test_nothing_found_is_zero_and_no_rate() -> None:
    found = explored(estate("HMRC s1: /a"), "/nowhere", paths=3)
    assert found["sessions"] == 0
    assert {step["ended"] for step in found["steps"]} == {0}
    assert (found["links"], found["paths"], found["paths_other"]) == ([], [], 0)


FOREIGN = "www.vehicletax.service.gov.uk/x"
PROBED: list[JSON] = [
    {"anchor": exact("{page}")},
    {"anchor": {"match": "pattern", "value": "{page}*"}},
    {"anchor": {"match": "sequence", "value": ["/a", "{page}"]}},
    {"anchor": exact("/a"), "via": exact("{page}")},
    {"anchor": exact("/a"), "end": exact("{page}")},
    {"anchor": exact("/a"), "exclude": ["{page}"]},
    {"anchor": exact("/a"), "exclude": [{"match": "regex", "value": "^{page}"}]},
    {"anchor": {"match": "regex", "value": "{page}$"}},
    {"anchor": exact("/a"), "page": ["{page}"]},
    {"anchor": exact("/a"), "group": {"patterns": ["{page}*"]}},
]


@pytest.mark.parametrize("question", PROBED, ids=str)
def test_a_foreign_page_can_not_be_told_from_one_that_does_not_exist(question: JSON) -> None:
    told = estate(f"HMRC s1: /a > {FOREIGN} > /b", "HMRC s2: /a > /b")
    asked = [with_page(question, page) for page in (FOREIGN, "www.vehicletax.service.gov.uk/nowhere")]
    first, second = (explored(told, person="service-owner-hmrc", **one) for one in asked)
    assert first == second


def with_page(value: Any, page: str) -> Any:
    """A question with the page put in."""
    if isinstance(value, dict):
        return {name: with_page(part, page) for name, part in value.items()}
    if isinstance(value, list):
        return [with_page(part, page) for part in value]
    return value.format(page=page) if isinstance(value, str) else value


def test_a_foreign_page_is_counted_as_its_department_and_small_ones_as_other() -> None:
    many = [f"HMRC s{n}: /a > {FOREIGN}" for n in range(10)]
    found = explored(estate(*many), "/a", steps=2, person="service-owner-hmrc")
    assert outline(found) == [{"/a": 10}, {"hidden": 10}, {"ended": 10}]
    assert found["steps"][1]["hidden_departments"] == {"(DfT)": 10}
    few = explored(estate(*many[1:]), "/a", steps=2, paths=1, person="service-owner-hmrc")
    assert outline(few) == [{"/a": 9}, {"other": 9}, {"ended": 9}]
    assert (few["paths"], few["paths_other"]) == ([], 9)
    assert FOREIGN in str(explored(estate(*few_told()), "/a", person="analyst-dft"))


def few_told() -> list[str]:
    return [f"HMRC s{n}: /a > {FOREIGN}" for n in range(3)]


WRONG: dict[str, JSON] = {
    "anchor": {},
    "anchor.match": {"anchor": {"match": "nearly", "value": "/a"}},
    "anchor.value": {"anchor": {"match": "exact"}},
    "via.value": {"anchor": exact("/a"), "via": {"match": "exact", "value": []}},
    "end": {"anchor": exact("/a"), "end": {"match": "any"}},
    "steps": {"anchor": exact("/a"), "steps": 21},
    "top": {"anchor": exact("/a"), "top": 0},
    "group": {"anchor": exact("/a"), "group": {"patterns": {"/b": "/a*"}}},
    "group.patterns[1].value": {"anchor": exact("/a"), "group": {"patterns": {"Good": "/a*", "Bad": 7}}},
    "exclude": {"anchor": exact("/a"), "exclude": ["/a"] * 51},
    "exclude[0].value": {"anchor": exact("/a"), "exclude": {"match": "regex", "value": "["}},
    "paths": {"anchor": exact("/a"), "paths": -1},
    "direction": {"anchor": exact("/a"), "direction": "sideways"},
    "anchor.colour": {"anchor": {"match": "any", "colour": "red"}},
}


@pytest.mark.parametrize("field", WRONG)
def test_a_wrong_value_is_named(field: str) -> None:
    with pytest.raises(errors.BadRequest) as wrong:
        read(Parameters, WRONG[field])
    assert wrong.value.field == field
    assert wrong.value.detail


def test_only_sets_of_pages_are_left_out() -> None:
    with pytest.raises(errors.BadRequest, match="for the anchor"):
        read(Parameters, {"anchor": exact("/a"), "exclude": ["/a", {"match": "any"}]})


@pytest.mark.parametrize(
    "anchor",
    [
        {"match": "regex", "value": "("},
        {"match": "regex", "value": r"(a)\1"},
        {"match": "regex", "value": "a" * 2049},
        {"match": "regex", "value": r"(?i:\pL*\pN*){90}q"},
        {"match": "regex", "value": "((a{100}){100}){100}"},
        {"match": "regex", "value": []},
        {"match": "page", "value": "/a"},
        {"match": "service", "value": "walk-silly"},
        {"match": "service_start", "value": ["vehicle-tax", "walk-silly"]},
        {"match": "organisation", "value": "Ministry of Silly Walks"},
        {"match": "exact", "value": ["/a"] * 51},
        {"match": "exact", "value": "/" + "a" * 2048},
        {"match": "department", "value": "Ministry of Silly Walks"},
        {"match": "exact", "value": 7},
        {"match": "any", "value": "/a"},
        {"match": "exact", "value": "/a\x00"},
    ],
    ids=str,
)
def test_a_definition_that_can_not_be_used_is_refused_with_a_sentence(anchor: JSON) -> None:
    with pytest.raises(errors.BadRequest) as wrong:
        read(Parameters, {"anchor": anchor})
    assert str(wrong.value.field).startswith("anchor.")
