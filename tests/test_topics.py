"""A topic is the pages that its lines mean and no others, everywhere, for everybody, as it is when it is asked."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from data import errors
from data.access import PEOPLE, Viewer
from data.register import register
from data.state import Wish
from data.store import Estate
from queries.ask import ask, questions
from queries.page_sets import topics
from queries.page_sets.topics import BUILT_IN, Catalogue, Definition, Topic
from queries.parameters import FILTERS, read
from tests.counts import rounds
from tests.examples import LEAST
from tests.plain import journeys, worlds
from tests.plain.definitions import Session
from tests.plain.worlds import DAYS, WORLD, Told
from tests.stories import estate
from tests.test_explore import PAGES, PATTERNS, agree, answered

JSON = dict[str, Any]
ANALYST, DFT, HMRC = (PEOPLE[name] for name in ("estate-analyst", "analyst-dft", "service-owner-hmrc"))
NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)  # it would build hundreds of estates
TAX = "www.tax.service.gov.uk/account"


def make(
    held: Estate, name: str, *pages: str, viewer: Viewer = ANALYST, seen_by: Any = "everyone", **more: Any
) -> Topic:
    wish = Wish(name, Definition(pages=pages, **more), seen_by)
    return Catalogue(held, viewer).find(Catalogue(held, viewer).shelf.make(viewer, wish).slug)


TOPICS = st.fixed_dictionaries(
    {"pages": st.lists(st.sampled_from(PAGES + PATTERNS), min_size=1, max_size=3, unique=True)},
    optional={
        "document_types": st.just(["answer"]),
        "step_by_steps": st.sampled_from([["first"], ["second"], ["third"]]),
    },
)
MEANT = st.just({"match": "topic", "value": "one"}) | st.just({"match": "topic", "value": ["one", "two"]})
JOURNEYS = st.fixed_dictionaries(
    {"anchor": MEANT},
    optional={
        "via": MEANT, "end": st.just({"match": "topic", "value": "two"}), "filters": st.just({"topic": ["two"]}),
        "direction": st.sampled_from(["forward", "backward"]),
    },
)  # fmt: skip


@settings(max_examples=rounds(4, 200), deadline=None, phases=NO_SHRINKING)
@given(worlds.told(), TOPICS, TOPICS, st.lists(JOURNEYS, min_size=2, max_size=4))
def test_journeys_by_topic_are_those_of_plain_python(
    told: list[worlds.Told], one: JSON, two: JSON, asked: list[JSON]
) -> None:
    held, days = worlds.built(told, "month"), (DAYS[0], DAYS[-1])
    for name, lines in (("one", one), ("two", two)):
        make(held, name, *lines["pages"], **{more: value for more, value in lines.items() if more != "pages"})
    world = replace(WORLD, topics={"one": one, "two": two})
    for question in asked:
        agree(answered(held, question, days), journeys.explore(worlds.sessions(told, *days), question, world))


STORIES = (
    "2019-10-07 HMRC s1: /a > /b +search refund > /c > /a",
    "2019-10-08 HMRC s2 [mobile]: /a/x > DfT:/c +search licence",
    f"2019-10-08 HMRC s3: /a > {TAX} > {TAX}/pay",
    "2019-10-08 DfT s4: /c > /c/d > /a",
)
EVERY_DAY = {"from": "2019-10-07", "to": "2019-10-08", "compare": "none"}


def knows(name: str, filter_: str) -> bool:
    return filter_ in getattr(questions()[name], "FILTERS", frozenset(FILTERS) - {"organisation"})


@pytest.mark.parametrize("name", [name for name in questions() if knows(name, "topic") and knows(name, "page")])
@pytest.mark.parametrize("viewer", [ANALYST, DFT, HMRC], ids=lambda viewer: viewer.person)
def test_a_topic_of_pages_is_the_same_filter_as_these_pages(name: str, viewer: Viewer) -> None:
    held, lines = estate(*STORIES, by="month"), ("/b", f"{TAX}/**", TAX)
    make(held, "Money", *lines)
    given = LEAST.get(name, {}) | EVERY_DAY
    if "page" in given:  # the page asked about, which the topic holds
        by_topic, by_page = (
            ask(held, viewer, name, given | {"page": "/b"} | more) for more in ({"topic": "money"}, {})
        )
    else:
        by_topic, by_page = (
            ask(held, viewer, name, given | more) for more in ({"topic": "money"}, {"page": list(lines)})
        )
    assert by_topic.value == by_page.value
    if viewer.sees_everything:  # others may be shown nothing either way
        assert by_topic.value != ask(held, viewer, name, given).value


def test_every_question_that_knows_a_filter_by_page_knows_topics() -> None:
    assert {name for name in questions() if knows(name, "page")} <= {
        name for name in questions() if knows(name, "topic")
    }


def found(held: Estate, slug: str, viewer: Viewer = ANALYST) -> set[str]:
    value: Any = ask(held, viewer, "pages", EVERY_DAY | {"topic": slug}).value
    return {row["page"] for row in value["pages"]}


def test_a_topic_resolves_only_to_pages_that_the_viewer_may_see() -> None:
    held = estate(*STORIES)
    make(held, "Tax", TAX, f"{TAX}/*", "/a", viewer=HMRC)
    assert found(held, "tax", HMRC) == {"/a", TAX, f"{TAX}/pay"}
    assert found(held, "tax", DFT) == {"/a"}


def test_a_topic_that_is_changed_changes_the_answer_at_once_and_one_renamed_keeps_its_address() -> None:
    held = estate(*STORIES)
    made = make(held, "Money", "/a").made
    assert found(held, "money") == {"/a"}
    assert made
    Catalogue(held, ANALYST).shelf.change(ANALYST, made, Wish("Cash", Definition(pages=("/c",)), "everyone"))
    assert found(held, "money") == {"/c"}


@pytest.mark.parametrize("where", [{"topic": "mine"}, {"filters": {"topic": ["mine"]}}])
def test_a_topic_that_is_not_shared_is_like_one_that_is_not_there(where: JSON) -> None:
    held = estate(*STORIES)
    make(held, "Mine", "/a", viewer=HMRC, seen_by="me")
    mine = {"match": "topic", "value": "mine"}
    by_topic = {"steps": [{"match": "exact", "value": "/a"}, mine], "breakdown": "topic"}
    for name, given_ in (("pages", where), ("explore", {"anchor": mine}), ("funnel", by_topic)):
        with pytest.raises(errors.BadRequest) as refused:
            ask(held, DFT, name, given_)
        assert (refused.value.field, "mine" in refused.value.detail) == ("topic", False)
        ask(held, HMRC, name, given_)


def test_lines_that_name_pages_of_other_departments_services_are_shown_to_nobody_else() -> None:
    held = estate(*STORIES)
    whole = make(held, "Tax", TAX, "*.service.gov.uk/secret", "/a", viewer=HMRC)
    only_tax = make(held, "Only tax", TAX, viewer=HMRC)
    for viewer in (HMRC, ANALYST):
        assert whole.shown_to(viewer) == whole.definition
    shown = whole.shown_to(DFT)
    assert shown
    assert shown.pages == ("/a",)
    assert only_tax.shown_to(DFT) is None


def test_topics_found_anywhere_in_a_definition_are_part_of_the_question() -> None:
    model = questions()["explore"].PARAMETERS
    asked: JSON = {
        "anchor": {"match": "topic", "value": ["a", "b"]},
        "end": {"match": "topic", "value": "c"},
        "topic": "d",
    }
    assert topics.named(read(model, asked)) == {"a", "b", "c", "d"}
    assert topics.named(read(model, {"anchor": "/topic"})) == set()


def test_the_topics_of_the_register_are_found_by_everybody_and_their_names_are_taken() -> None:
    assert {"eu-exit", "coronavirus"} <= set(BUILT_IN)
    for one in register.topics:
        assert one.about
        assert one.first_day is None or one.last_day is None or one.first_day <= one.last_day
    held = estate("2019-10-08 GDS s1: /brexit > /brexit/travel > /a")
    assert found(held, "eu-exit", DFT) == {"/brexit", "/brexit/travel"}
    assert make(held, "EU exit", "/a").slug == "eu-exit-2"
    assert [one.slug for one in Catalogue(held, DFT).every()] == sorted([*BUILT_IN, "eu-exit-2"], key=lambda slug: (
        {**BUILT_IN, "eu-exit-2": BUILT_IN["eu-exit"]}[slug].name.casefold(), slug,
    ))  # fmt: skip


@pytest.mark.parametrize("wrong", [
    {}, {"pages": ["/a\x00"]}, {"pages": [""]}, {"pages": [f"/{n}" for n in range(201)]}, {"pages": ["/" + "x" * 2_048]}, {"colour": "red"},
])  # fmt: skip
def test_a_topic_that_cannot_be_one_is_refused(wrong: JSON) -> None:
    with pytest.raises(ValueError, match="validation error"):
        Definition.model_validate(wrong)


def test_topics_are_no_sets_for_publication() -> None:
    for given_ in ({"topic": "eu-exit"}, {"filters": {"topic": "eu-exit"}}):
        with pytest.raises(errors.BadRequest, match="Leave out topic"):
            ask(
                estate(*STORIES),
                ANALYST,
                "pages",
                given_ | {"publication": True, "from": date(2019, 10, 1), "to": date(2019, 10, 31)},
            )


def test_a_topic_has_the_pages_of_its_guides_and_a_page_names_those_it_is_in() -> None:
    held = worlds.built([Told(DAYS[1], 1, Session(()), f"{DAYS[1]} HMRC s1: /a > /c")], "month")
    make(held, "first", "/nowhere", step_by_steps=("first",))
    question = {"from": DAYS[0], "to": DAYS[-1]}
    found: Any = ask(held, ANALYST, "pages", question | {"topic": "first"}).value
    profile: Any = ask(held, ANALYST, "page", question | {"page": "/a"}).value
    assert [row["page"] for row in found["pages"]] == ["/a"]
    assert profile["step_by_step"] == "first, second"
