"""The funnel's answers are those of plain Python, whatever is asked, however the estate is cut into segments."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from data.access import PEOPLE
from data.store import Estate
from queries.ask import ask
from queries.funnels import funnel_rows
from tests.counts import rounds
from tests.plain import funnel as plain
from tests.plain import worlds
from tests.plain.definitions import Session, View, World, chosen, fits
from tests.plain.funnel import Funnel, Seen
from tests.plain.worlds import DAYS, DOCUMENT_TYPES, OWNERS, SERVICES, WORLD, Told
from tests.stories import estate

JSON = dict[str, Any]
PAGES = [*OWNERS, "/nowhere"]
SETS = st.one_of(
    st.sampled_from(PAGES).map(lambda page: {"match": "exact", "value": page}),
    st.sampled_from(PAGES).map(lambda page: {"match": "exact", "value": page}),
    st.lists(st.sampled_from(PAGES), min_size=1, max_size=3).map(lambda some: {"match": "exact", "value": some}),
    st.sampled_from(["/a*", "/a/**", "**", "*/x**", "/?"]).map(lambda pattern: {"match": "pattern", "value": pattern}),
    st.sampled_from(["HMRC", "DfT"]).map(lambda short: {"match": "department", "value": short}),
    st.lists(st.sampled_from(PAGES), min_size=1, max_size=2).map(
        lambda some: {"any": [{"match": "exact", "value": page} for page in some]}
    ),
)
FILTERS = st.fixed_dictionaries({}, optional={"device": st.just(["mobile"]), "page": st.just(["/a"])})
PERIODS = st.sampled_from([(first, last) for first in DAYS for last in DAYS if first <= last])
BREAKDOWNS = [None, "device", "channel", "country", "department", "service", "document_type", "page"]
NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)  # it would build hundreds of estates


@st.composite
def definitions(draw: st.DrawFn) -> JSON:
    """A funnel as the API takes it."""
    mode = draw(st.sampled_from(["ordered", "ordered", "strict", "any_order", "open"]))
    sets = draw(st.lists(SETS, min_size=2, max_size=4))
    chain = mode in {"ordered", "strict"}
    steps = [{**one, "optional": chain and 0 < n < len(sets) - 1 and draw(st.booleans())} for n, one in enumerate(sets)]
    asked: JSON = {
        "mode": mode,
        "steps": steps,
        "filters": draw(FILTERS),
        "breakdown": draw(st.sampled_from(BREAKDOWNS)),
    }
    if draw(st.booleans()):
        asked["window_seconds"] = draw(st.sampled_from([0, 10, 60]))
    if chain and draw(st.booleans()):
        asked["step_window_seconds"] = draw(st.sampled_from([0, 7, 60]))
    if mode != "open" and draw(st.booleans()):
        required = [n + 1 for n, step in enumerate(steps) if not step["optional"]]
        low, high = (required[0], draw(st.sampled_from(required[1:]))) if chain else (1, len(steps))
        asked["exclusions"] = [{**draw(SETS), "from_step": low, "to_step": high}]
    return asked


def rule(asked: JSON) -> Funnel:
    between = tuple((one["from_step"] - 1, one["to_step"] - 1) for one in asked.get("exclusions", ()))
    optional = tuple(step["optional"] for step in asked["steps"])
    return Funnel(asked["mode"], optional, asked.get("window_seconds"), asked.get("step_window_seconds"), between)


def fitting(sets: list[JSON], page: str, world: World) -> frozenset[int]:
    return frozenset(n for n, one in enumerate(sets) if any(fits(each, page, world) for each in one.get("any", [one])))


def value(session: Session, page: str, asked: JSON) -> str:
    """The value of the breakdown at a page view."""
    words: dict[str | None, str] = {
        "device": session.device, "channel": session.channel, "country": "United Kingdom", "page": page,
        "department": OWNERS.get(page, "No owner"), "service": SERVICES.get(page, "(no service)"),
        "document_type": DOCUMENT_TYPES.get(page, "(no document type)"), None: "",
    }  # fmt: skip
    return words[asked["breakdown"]]


def unit(name: str, session: Session, asked: JSON, since: int = 0) -> list[Seen]:
    """A session as the oracle's list."""
    return [
        Seen(
            name, view.page, since + (view.seconds or 0), fitting(asked["steps"], view.page, WORLD),
            fitting(asked.get("exclusions", []), view.page, WORLD), value(session, view.page, asked), view.seconds is not None,
        )
        for view in session.views
    ]  # fmt: skip


def expected(sessions: list[Session], asked: JSON) -> JSON:
    windowed = "window_seconds" in asked or "step_window_seconds" in asked
    kept = [one for one in sessions if chosen(one, asked["filters"], WORLD)]
    kept = [one for one in kept if not windowed or one.views[0].seconds is not None]
    found: JSON = plain.answer([unit(str(n), one, asked) for n, one in enumerate(kept)], rule(asked))
    return found


def answered(held: Estate, asked: JSON, days: tuple[date, date], **more: Any) -> JSON:
    """The answer through the only way in."""
    given = asked | {"from": days[0], "to": days[1], "compare": "none"} | more
    answer: Any = ask(held, PEOPLE["estate-analyst"], "funnel", given)
    found: JSON = answer.value
    return found


def agree(found: JSON, told: JSON, asked: JSON) -> None:
    assert (found["counts"], found["voided"]) == (told["counts"], told["voided"])
    for step, (mine, theirs) in enumerate(zip(found["steps"], told["steps"], strict=True)):
        same = ("units", "drop_offs", "skipped", "entered", "quartiles")
        assert {name: mine[name] for name in same} == {name: theirs[name] for name in same}
        assert mine["mean_seconds"] == (theirs["mean_seconds"] and pytest.approx(theirs["mean_seconds"], rel=1e-12))
        assert {one["to"]: one["units"] for one in mine["went"]} == theirs["went"]
        assert sum(one["units"] for one in mine["went"]) == (mine["drop_offs"] or 0)
        timed = sum(one["units"] for one in mine["histogram"] or ())
        assert timed <= mine["units"]
        if asked["breakdown"]:
            assert sum(group["counts"][step] for group in found["groups"]) == mine["units"]
    if asked["breakdown"]:
        assert {group["value"]: group["counts"] for group in found["groups"]} == told["groups"]
    assert [sum(day["counts"][step] for day in found["days"]) for step in range(len(told["counts"]))] == told["counts"]


@settings(max_examples=rounds(5, 500), deadline=None, phases=NO_SHRINKING)
@given(worlds.told(), st.lists(st.tuples(definitions(), PERIODS), min_size=5, max_size=6))
def test_the_answer_is_that_of_plain_python_however_the_estate_is_cut(
    told: list[Told], asked: list[tuple[JSON, tuple[date, date]]]
) -> None:
    held = [worlds.built(told, by) for by in ("day", "month", "mixture")]
    for definition, days in asked:
        theirs = expected(worlds.sessions(told, *days), definition)
        for one in held:
            agree(answered(one, definition, days), theirs, definition)


@settings(max_examples=rounds(4, 300), deadline=None, phases=NO_SHRINKING)
@given(worlds.told(), definitions())
def test_invariants(told: list[Told], asked: JSON) -> None:
    """Counts never rise, stricter is never more, and page views that match nothing change nothing."""
    held, days = worlds.built(told, "month"), (DAYS[0], DAYS[-1])
    plainly = asked | {"exclusions": [], "step_window_seconds": None, "breakdown": None}
    plainly["steps"] = [step | {"optional": False} for step in asked["steps"]]
    strict, ordered, loose = (
        answered(held, plainly | {"mode": mode}, days)["counts"] for mode in ("strict", "ordered", "any_order")
    )
    assert all(a <= b <= c for a, b, c in zip(strict, ordered, loose, strict=True))
    assert all(counts == sorted(counts, reverse=True) for counts in (strict, ordered, loose))
    if asked["mode"] != "strict":
        more = [replace(one, line=one.line + " > HMRC:/nothing/here @99999") for one in told]
        again = worlds.built(more, "month")
        exact = [step for step in asked["steps"] if step.get("match") in {None, "exact"}]
        if len(exact) == len(asked["steps"]) and not asked.get("exclusions"):
            assert answered(again, asked, days)["counts"] == answered(held, asked, days)["counts"]


def pages(*names: str, **more: Any) -> list[JSON]:
    return [{"match": "exact", "value": name, **more} for name in names]


def counts(lines: list[str], steps: list[JSON], **more: Any) -> list[int]:
    days = (date(2019, 10, 1), date(2019, 10, 31))
    found: list[int] = answered(estate(*lines), {"steps": steps} | more, days)["counts"]
    return found


def test_each_page_view_serves_one_step() -> None:
    assert counts(["HMRC s1: /a", "HMRC s2: /a > /a", "HMRC s3: /a > /b > /a"], pages("/a", "/a")) == [3, 2]


def test_the_window_is_inclusive_and_starts_at_the_view_of_the_first_step() -> None:
    lines = ["HMRC s1: /a @0 > /b @60 > /c @61", "HMRC s2: /a @0 > /b @30 > /a @31 > /b @40 > /c @91"]
    assert counts(lines, pages("/a", "/b", "/c"), window_seconds=60) == [2, 2, 1]
    assert counts(lines, pages("/a", "/b", "/c"), step_window_seconds=30) == [2, 1, 0]


def test_equal_times_go_by_position() -> None:
    lines = ["HMRC s1: /b @0 > /a @0", "HMRC s2: /a @0 > /b @0"]
    assert counts(lines, pages("/a", "/b"), window_seconds=0) == [2, 1]


def test_strict_lets_only_the_earlier_step_repeat() -> None:
    lines = ["HMRC s1: /a > /a > /b", "HMRC s2: /a > /x > /b", "HMRC s3: /a > (not shared) > /b"]
    assert counts(lines, pages("/a", "/b"), mode="strict") == [3, 1]


def test_optional_steps_never_hold_anyone_back() -> None:
    lines = ["HMRC s1: /a > /o > /b", "HMRC s2: /a > /b", "HMRC s3: /a > /o"]
    steps = [*pages("/a"), *pages("/o", optional=True), *pages("/b")]
    held = estate(*lines)
    found = answered(held, {"steps": steps}, (date(2019, 10, 1), date(2019, 10, 1)))
    assert found["counts"] == [3, 2, 2]
    assert [step["drop_offs"] for step in found["steps"]] == [1, None, 0]
    assert found["steps"][1]["skipped"] == 1


def test_an_exclusion_voids_an_attempt_and_a_later_one_may_count() -> None:
    lines = ["HMRC s1: /a > /help > /b", "HMRC s2: /a > /help > /a > /b", "HMRC s3: /a > /b"]
    excluded = [{"match": "exact", "value": "/help"}]
    held = estate(*lines)
    found = answered(held, {"steps": pages("/a", "/b"), "exclusions": excluded}, (date(2019, 10, 1), date(2019, 10, 1)))
    assert (found["counts"], found["voided"]) == ([3, 2], 1)


def test_windowed_funnels_leave_out_sessions_without_times_and_say_so() -> None:
    held = estate("HMRC s1 x3: /a > /b", "HMRC s2: /a > /b")
    days = {"from": "2019-10-01", "to": "2019-10-01", "compare": "none", "steps": pages("/a", "/b")}
    whole = ask(held, PEOPLE["estate-analyst"], "funnel", days)
    windowed = ask(held, PEOPLE["estate-analyst"], "funnel", days | {"window_seconds": 60})
    assert isinstance(whole.value, dict)
    assert isinstance(windowed.value, dict)
    assert (whole.value["counts"], windowed.value["counts"]) == ([4, 4], [1, 1])
    assert "3 sessions were sent without times: a funnel with a window leaves them out." in windowed.about.notes


VISITOR_LINES = [
    "2019-09-30 HMRC s1 (v1): /a", "2019-10-01 HMRC s2 (v1): /b", "2019-10-01 HMRC s3 (v2) [mobile]: /a",
    "2019-10-08 HMRC s4 (v2): /b > /c", "2019-10-09 HMRC s5: /a > /b", "2019-10-02 HMRC s6 (v3): /x > /a > /a",
]  # fmt: skip


@pytest.mark.parametrize("by", ["month", "day", "days", "mixture"])
def test_visitors_are_followed_from_session_to_session_within_a_month(by: str) -> None:
    days, asked = (date(2019, 9, 1), date(2019, 10, 31)), {"steps": pages("/a", "/b"), "unit": "visitor"}
    found = answered(estate(*VISITOR_LINES, by=by), asked | {"breakdown": "device"}, days)
    assert found["counts"] == [3, 1]
    assert found["steps"][1]["median_seconds"] == 7 * 24 * 3600
    assert found["steps"][0]["went"] == [{"to": "(same page)", "units": 1}, {"to": "(ended)", "units": 1}]
    assert {group["value"]: group["counts"] for group in found["groups"]} == {"mobile": [1, 1], "desktop": [2, 0]}


VISITS = st.lists(
    st.tuples(
        st.sampled_from([date(2019, 9, 29), date(2019, 9, 30), date(2019, 10, 1), date(2019, 10, 2)]), st.sampled_from(["v1", "v2", "v3"]),
        st.integers(0, 40), st.lists(st.sampled_from(["/a", "/b", "/c", "/d/y"]), min_size=1, max_size=4),
    ),
    max_size=12,
)  # fmt: skip


@settings(max_examples=rounds(8, 300), deadline=None, phases=NO_SHRINKING)
@given(VISITS, definitions())
def test_visitors_are_those_of_plain_python(visits: list[Any], asked: JSON) -> None:
    """However the month is cut: a visitor's sessions follow each other, and no attempt crosses months."""
    asked = asked | {"unit": "visitor", "filters": {}, "breakdown": "device"}
    lines, units = [], dict[tuple[int, str], list[Seen]]()
    for number, (day, visitor, minute, walked) in enumerate(visits):
        at = 601 * minute + 7 * number  # no two sessions' views share a second
        steps = " > ".join(worlds._step(page, at + 83 * n) for n, page in enumerate(walked))
        lines.append(f"{day} HMRC s{number} ({visitor}) [mobile]: {steps}")
        since = (day - date(2019, 9, 1)).days * 86_400 + at
        session = Session(tuple(View(page, 83 * n) for n, page in enumerate(walked)), "mobile")
        units.setdefault((day.month, visitor), []).extend(unit(f"s{number}", session, asked, since))
    told = [sorted(some, key=lambda seen: seen.seconds) for some in units.values()]
    theirs = plain.answer(told, rule(asked))
    for by in ("month", "day"):
        agree(answered(estate(*lines, by=by), asked, (date(2019, 9, 1), date(2019, 10, 31))), theirs, asked)


def test_days_without_data_are_nothing_to_compare_with() -> None:
    told = ask(estate("HMRC s1: /a > /b"), PEOPLE["estate-analyst"], "funnel", {
        "steps": pages("/a", "/b"), "from": "2019-10-01", "to": "2019-10-01",
    })  # fmt: skip
    assert isinstance(told.value, dict)
    assert told.value["compared"] is None
    assert told.about.notes == ("There is nothing to compare with: no day of 2019-09-24 to 2019-09-24 has data.",)


def test_some_days_of_a_month_are_taken_from_the_rows_of_all_its_days(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another period is neither read nor sorted, and says the same as where nothing was asked before."""
    lines = [f"2019-10-{day:02} HMRC s{day}{n}: /a > /b > /a" for day in range(1, 29) for n in range(day % 4)]
    asked: JSON = {"steps": [{"match": "exact", "value": page} for page in ("/a", "/b", "/a")]}
    days = (date(2019, 10, 9), date(2019, 10, 15))
    fresh = answered(estate(*lines, by="month"), asked, days)
    held = estate(*lines, by="month")
    assert answered(held, asked, (date(2019, 10, 1), date(2019, 10, 31)))["counts"][0] > fresh["counts"][0] > 0
    monkeypatch.setattr(funnel_rows, "_read", None)
    assert answered(held, asked, days) == fresh
