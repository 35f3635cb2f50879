"""Next and previous pages: raw page views that add up on both sides, the same as plain Python and as the explorer."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import access, errors
from data.store import Estate
from queries.ask import ask
from queries.cache import Kept
from tests.counts import rounds
from tests.stories import estate

DAY = date(2019, 10, 1)
DAYS = (date(2019, 9, 30), DAY, date(2019, 10, 2))
PERIOD = {"from": str(DAYS[0]), "to": str(DAYS[-1])}
MONTH = {"from": "2019-10-01", "to": "2019-10-31"}
CUTS = st.sampled_from(["day", "month", "mixture"])  # into segments
PAGES = ("/a", "/b", "/c", "www.tax.service.gov.uk/d", "(not shared)")
CHANNELS = ("direct", "social", "search engine")
Session = tuple[str, list[str]]

SESSIONS = st.lists(
    st.tuples(st.sampled_from(CHANNELS), st.lists(st.sampled_from(PAGES), min_size=1, max_size=7)),
    min_size=1,
    max_size=14,
)


def lines(sessions: list[Session], times: str = "", days: Sequence[date] = DAYS) -> list[str]:
    return [
        f"{days[n % len(days)]} GDS s{n} [mobile, {channel}]{times}: {' > '.join(pages)}"
        for n, (channel, pages) in enumerate(sessions)
    ]


def asked(sessions: list[Session], page: str, person: str = "estate-analyst", by: str = "day", **more: object) -> Any:
    return answered(estate(*lines(sessions), by=by), page, person, **PERIOD | more)


def answered(told: Estate, page: str, person: str = "estate-analyst", **more: object) -> Any:
    return ask(told, access.person(person), "next_pages", {"page": page, **more}).value


def without_repeated_marks(pages: list[str]) -> list[str]:
    """A run of dropped rows leaves one mark."""
    return [page for n, page in enumerate(pages) if page != "(not shared)" or n == 0 or pages[n - 1] != page]


def plainly(sessions: list[Session], *asked: str) -> dict[str, Any]:
    """The answer by walking over every session."""
    totals: Counter[str] = Counter()
    sides = {"previous": Counter[str](), "following": Counter[str]()}
    seen = {"previous": Counter[str](), "following": Counter[str]()}
    channels: Counter[str] = Counter()
    for channel, told in sessions:
        pages = without_repeated_marks(told)
        if all(one == "(not shared)" for one in pages):
            continue
        at = [n for n, one in enumerate(pages) if one in asked]
        before = [pages[n - 1] if n else None for n in at]
        after = [pages[n + 1] if n + 1 < len(pages) else None for n in at]
        totals.update(
            page_views=len(at),
            sessions=bool(at),
            loops=sum(pages[n] == one for n, one in zip(at, before, strict=True)),
            landings=before.count(None),
            exits=after.count(None),
        )
        channels[channel] += before.count(None)
        for side, found in (("previous", before), ("following", after)):
            others = [one for n, one in zip(at, found, strict=True) if one not in {None, pages[n]}]
            sides[side].update(one for one in others if one)
            seen[side].update({one for one in others if one})
    neighbours = {
        side: {(one, number, seen[side][one]) for one, number in counted.items()} for side, counted in sides.items()
    }
    return {**{name: totals[name] for name in ("page_views", "sessions", "loops", "landings", "exits")}, **neighbours,
            "landings_by_channel": {name: number for name, number in channels.items() if number}}  # fmt: skip


TOLD = ("page_views", "sessions", "landings", "exits")


def told(value: dict[str, Any]) -> dict[str, Any]:
    sides = {
        side: {(row["page"], row["page_views"], row["sessions"]) for row in value[side]}
        for side in ("previous", "following")
    }
    return {name: value[name] for name in value if name not in {*sides, "other"}} | sides


@settings(max_examples=rounds(10, 300), deadline=None)
@given(SESSIONS, st.sampled_from(PAGES[:4]), CUTS, st.integers(1, 3))
def test_the_answer_is_that_of_plain_python_and_adds_up_however_the_estate_is_cut(
    sessions: list[Session], page: str, by: str, limit: int
) -> None:
    one = estate(*lines(sessions), by=by)
    whole, part = answered(one, page, **PERIOD), answered(one, page, limit=limit, **PERIOD)
    assert told(whole) == plainly(sessions, page)
    for value, most in ((whole, 100), (part, limit)):
        for side, end in (("previous", "landings"), ("following", "exits")):
            named = sum(row["page_views"] for row in value[side])
            assert value[side] == whole[side][:most]
            assert named + value["other"][side] + value["loops"] + value[end] == value["page_views"]
        assert sum(value["landings_by_channel"].values()) == value["landings"]
    agrees_with_others(one, page, whole)


@settings(max_examples=rounds(5, 300), deadline=None)
@given(SESSIONS, st.lists(st.sampled_from(PAGES[:4]), min_size=2, max_size=3, unique=True), CUTS)
def test_views_of_several_pages_are_those_of_plain_python_wherever_these_lie(
    sessions: list[Session], pages: list[str], by: str
) -> None:
    for most in (0, 50):  # of runs of page numbers, that are looked up one by one
        with patch("queries.pages.neighbours.MOST_RANGES", most), patch("queries.source._rows", Kept(0)):
            assert told(asked(sessions, ",".join(pages), by=by)) == plainly(sessions, *pages)


def test_what_keeps_a_count_of_many_pages_is_no_longer_than_of_one() -> None:
    """What is kept is limited by its bytes, so nothing large may hide in the key."""
    kept: Any = Kept(1 << 20)
    told = estate(*lines([("direct", [f"/x/{n}" for n in range(300)])], days=[DAY]), by="month")
    with patch("queries.source._rows", kept):
        for page in ("/x/1", "/x/*"):
            answered(told, page, **MONTH)
    one, many = (sum(len(part) for part in key) for key in kept._values)
    assert one == many


def agrees_with_others(one: Estate, page: str, found: dict[str, Any]) -> None:
    """The sessions are those of the explorer, page views, landings and exits those of the list of pages."""
    viewer = access.person("estate-analyst")
    explored: Any = ask(one, viewer, "explore", {"anchor": {"match": "exact", "value": page}, **PERIOD}).value
    listed: Any = ask(one, viewer, "pages", {"page": page, **PERIOD}).value
    assert explored["sessions"] == found["sessions"]
    assert [(row["page_views"], row["landings"], row["exits"]) for row in listed["pages"]] in (
        [], [(found["page_views"], found["landings"], found["exits"])],
    )  # fmt: skip


@settings(max_examples=rounds(10, 300), deadline=None)
@given(SESSIONS, st.sampled_from(PAGES[:4]), st.sampled_from([1, 7, 30]), st.sampled_from([1, 100]))
def test_what_is_published_is_rounded_and_balances_and_is_that_of_pages(
    sessions: list[Session], page: str, times: int, limit: int
) -> None:
    one = estate(*lines(sessions, f" x{times}", days=(DAY,)), by="month")
    published: dict[str, Any] = MONTH | {"publication": True}
    found, exact = answered(one, page, limit=limit, **published), answered(one, page, **MONTH)
    known = {name: found[name] or 0 for name in ("page_views", "sessions", "loops", "landings", "exits")}
    rows = [row for side in ("previous", "following") for row in found[side]]
    assert all(number % 10 == 0 for number in [*known.values(), *(row["page_views"] for row in rows)])
    assert all(row["page_views"] > 0 and row["sessions"] is None for row in rows)
    for side, end in (("previous", "landings"), ("following", "exits")):
        named = sum(row["page_views"] for row in found[side])
        assert len(found[side]) <= limit
        rest = known["page_views"] - named - found["other"][side] - known["loops"] - known[end]
        assert rest == 0 or (rest == 10 and found[end] is None), "one that stands for fewer than ten isn't told"
    by_channel = found["landings_by_channel"]
    assert sum(by_channel.values()) - known["landings"] in ({0} if found["landings"] else {0, 10})
    assert all(abs(known[name] - exact[name]) < 10 for name in ("page_views", "sessions"))
    told = [listed(one, page, **published)] + [listed(one, page, channel=name, **published) for name in by_channel]
    assert {name: found[name] for name in TOLD} == told[0] or (found["page_views"] is None and not told[0])
    assert all(row.get("landings") in {None, by_channel[name]} for row, name in zip(told[1:], by_channel, strict=True))


def listed(one: Estate, page: str, **asked: Any) -> dict[str, Any]:
    """What the list of pages says of the page, nothing where it isn't published."""
    value: Any = ask(one, access.person("estate-analyst"), "pages", {"page": page, **asked}).value
    return {name: row[name] for row in value["pages"] for name in TOLD}


def test_what_is_published_does_not_depend_on_how_many_are_named_and_names_no_rare_page() -> None:
    many: list[Session] = [("direct", [f"/from{n % 3}", "/a", f"/to{n % 5}"]) for n in range(200)]
    rare: list[Session] = [("social", ["/rare", "/a", "/a"])] * 9
    one = estate(*lines(many + rare, days=(DAY,)), by="month")
    whole, part = (answered(one, "/a", limit=limit, publication=True, **MONTH) for limit in (100, 1))
    for side in ("previous", "following"):
        assert part[side] == whole[side][:1]
    assert "/rare" not in str(whole)
    assert whole["other"]["previous"] in {0, 10}


@pytest.mark.parametrize("odd", ["page=/a*", "device=mobile", "document_type=answer"])
def test_next_pages_that_nobody_else_would_ask_for_are_not_published(odd: str) -> None:
    one = estate(*lines([("direct", ["/a", "/b"])], days=(DAY,)), by="month")
    with pytest.raises(errors.BadRequest, match="can't be published"):
        answered(one, publication=True, **{"page": "/a"} | MONTH | dict([odd.split("=")]))


@pytest.mark.parametrize("by", ["day", "month"])
def test_a_page_that_changed_hands_within_a_month_is_one_page(by: str) -> None:
    one = estate("2020-09-01 DFID s1: /a > /b", "2020-09-03 DFID s2: /a > /b", "2020-09-03 DFID s3: /a > /b", by=by)
    days = {"from": "2020-09-01", "to": "2020-09-30"}
    following = answered(one, "/a", **days)["following"]
    assert following == [{"page": "/b", "department": None, "page_views": 3, "sessions": 3}]
    explored: Any = ask(one, access.person("estate-analyst"), "explore", {"anchor": "/a", **days}).value
    assert explored["steps"][1]["nodes"] == [{"page": "/b", "sessions": 3, "share": 1.0}]


def test_a_page_that_changed_hands_is_nobodys_on_either_side_of_the_views() -> None:
    one = estate("2020-09-01 DFID s1: /b > /a", "2020-09-03 DFID s2: /a > /b")
    value = answered(one, "/a", **{"from": "2020-09-01", "to": "2020-09-30"})
    assert [value[side][0]["department"] for side in ("previous", "following")] == [None, None]


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
