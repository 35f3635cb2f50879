"""Next and previous pages: raw page views that add up on both sides, the same as plain Python and as the explorer."""

from collections import Counter
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import access
from queries.ask import ask
from tests.counts import rounds
from tests.stories import estate

DAY = date(2019, 10, 1)
PERIOD = {"from": str(DAY), "to": str(DAY)}
PAGES = ("/a", "/b", "/c", "www.tax.service.gov.uk/d", "(not shared)")
CHANNELS = ("direct", "social", "search engine")
Session = tuple[str, list[str]]

SESSIONS = st.lists(
    st.tuples(st.sampled_from(CHANNELS), st.lists(st.sampled_from(PAGES), min_size=1, max_size=7)),
    min_size=1,
    max_size=14,
)


def lines(sessions: list[Session]) -> list[str]:
    return [f"GDS s{n} [mobile, {channel}]: {' > '.join(pages)}" for n, (channel, pages) in enumerate(sessions)]


def asked(sessions: list[Session], page: str, person: str = "estate-analyst", **more: object) -> Any:
    answer = ask(
        estate(*lines(sessions), day=DAY), access.person(person), "next_pages", {"page": page, **PERIOD, **more}
    )
    return answer.value


def without_repeated_marks(pages: list[str]) -> list[str]:
    """A run of dropped rows leaves one mark."""
    return [page for n, page in enumerate(pages) if page != "(not shared)" or n == 0 or pages[n - 1] != page]


def plainly(sessions: list[Session], page: str) -> dict[str, Any]:
    """The answer by walking over every session."""
    totals: Counter[str] = Counter()
    sides = {"previous": Counter[str](), "following": Counter[str]()}
    seen = {"previous": Counter[str](), "following": Counter[str]()}
    channels: Counter[str] = Counter()
    for channel, told in sessions:
        pages = without_repeated_marks(told)
        if all(one == "(not shared)" for one in pages):
            continue
        at = [n for n, one in enumerate(pages) if one == page]
        before = [pages[n - 1] if n else None for n in at]
        after = [pages[n + 1] if n + 1 < len(pages) else None for n in at]
        totals.update(
            page_views=len(at),
            sessions=bool(at),
            loops=before.count(page),
            landings=before.count(None),
            exits=after.count(None),
        )
        channels[channel] += before.count(None)
        for side, found in (("previous", before), ("following", after)):
            others = [one for one in found if one not in {None, page}]
            sides[side].update(one for one in others if one)
            seen[side].update({one for one in others if one})
    neighbours = {
        side: {(one, number, seen[side][one]) for one, number in counted.items()} for side, counted in sides.items()
    }
    return {**{name: totals[name] for name in ("page_views", "sessions", "loops", "landings", "exits")}, **neighbours,
            "landings_by_channel": {name: number for name, number in channels.items() if number}}  # fmt: skip


def told(value: dict[str, Any]) -> dict[str, Any]:
    sides = {
        side: {(row["page"], row["page_views"], row["sessions"]) for row in value[side]}
        for side in ("previous", "following")
    }
    return {name: value[name] for name in value if name not in {*sides, "other"}} | sides


@settings(max_examples=rounds(15, 300), deadline=None)
@given(SESSIONS, st.sampled_from(PAGES[:4]))
def test_the_answer_is_that_of_plain_python(sessions: list[Session], page: str) -> None:
    assert told(asked(sessions, page)) == plainly(sessions, page)


@settings(max_examples=rounds(15, 300), deadline=None)
@given(SESSIONS, st.sampled_from(PAGES[:4]), st.integers(1, 3))
def test_both_sides_add_up_to_the_page_views_however_few_are_named(
    sessions: list[Session], page: str, limit: int
) -> None:
    value = asked(sessions, page, limit=limit)
    for side, end in (("previous", "landings"), ("following", "exits")):
        named = sum(row["page_views"] for row in value[side])
        assert len(value[side]) <= limit
        assert named + value["other"][side] + value["loops"] + value[end] == value["page_views"]
    assert sum(value["landings_by_channel"].values()) == value["landings"]


@settings(max_examples=rounds(10, 300), deadline=None)
@given(SESSIONS, st.sampled_from(PAGES[:4]))
def test_the_sessions_are_those_of_the_explorer_and_of_pages(sessions: list[Session], page: str) -> None:
    one = estate(*lines(sessions), day=DAY)
    viewer = access.person("estate-analyst")
    explored: Any = ask(one, viewer, "explore", {"anchor": {"match": "exact", "value": page}, **PERIOD}).value
    listed: Any = ask(one, viewer, "pages", {"page": page, **PERIOD}).value
    found = asked(sessions, page)
    assert explored["sessions"] == found["sessions"]
    assert [(row["page_views"], row["landings"], row["exits"]) for row in listed["pages"]] in (
        [], [(found["page_views"], found["landings"], found["exits"])],
    )  # fmt: skip


def test_pages_of_a_service_that_is_not_ones_own_are_one_neighbour() -> None:
    many: list[Session] = [("direct", ["/vehicle-tax", f"www.tax.service.gov.uk/{n % 3}"]) for n in range(30)]
    value = asked(many, "/vehicle-tax", "analyst-dft")
    assert value["following"] == [{"page": "(HMRC)", "department": "HMRC", "page_views": 30, "sessions": 30}]
    assert asked(many, "www.tax.service.gov.uk/1", "analyst-dft")["page_views"] in {0, None}


def test_a_page_that_may_not_be_seen_answers_like_one_that_does_not_exist() -> None:
    many: list[Session] = [("direct", ["/vehicle-tax", "www.tax.service.gov.uk/1"])] * 30
    hidden, absent = (asked(many, f"www.tax.service.gov.uk/{page}", "analyst-dft") for page in ("1", "none"))
    assert hidden == absent


def test_a_small_cell_of_another_department_is_hidden_and_named() -> None:
    one = estate(*lines([("direct", ["/vehicle-tax", "/a"])] * 9), day=DAY)
    answer = ask(one, access.person("analyst-dft"), "next_pages", {"page": "/vehicle-tax", **PERIOD})
    assert isinstance(answer.value, dict)
    assert answer.value["page_views"] == 9
    assert "$.following[0].page_views" in answer.about.suppression


def test_without_a_page_the_question_says_what_is_missing() -> None:
    with pytest.raises(Exception, match="page"):
        asked([("direct", ["/a"])], "")
