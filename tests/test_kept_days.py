"""What days of saved funnels came to outlives the journeys that they were counted in, and tells nobody more than before."""

from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from sqlalchemy import insert, select, update

from callbacks import importing
from callbacks.importing import Declared
from data import errors
from data.access import PEOPLE, Viewer
from data.settings import Settings
from data.state import Wish
from data.store import Estate
from data.store.publish import import_extracts
from queries.ask import ask
from queries.funnels import kept_days, saved_funnels
from queries.funnels.saved_funnels import SavedFunnel
from tests.counts import rounds
from tests.homes import extracts, settings_of
from tests.plain import funnel as plain
from tests.plain import worlds
from tests.plain.definitions import Session, World
from tests.plain.worlds import DAYS, OWNERS, WORLD, Told
from tests.test_funnel import NO_SHRINKING, fitting, rule, unit

JSON = dict[str, Any]
ANALYST, DFT, HMRC = (PEOPLE[name] for name in ("estate-analyst", "analyst-dft", "service-owner-hmrc"))
WORLDS = {ANALYST: WORLD, DFT: worlds.seen_by("DfT"), HMRC: worlds.seen_by("HMRC")}
LATER = Settings(
    clock=date(2019, 11, 2), journey_months=1, total_months=2, statement_seconds=600
)  # 2 October is the first day kept
LINES = st.sampled_from([*OWNERS, "/a*", "**", "*/x**", "www.vehicletax.service.gov.uk/**", "department:DfT"])


@st.composite
def funnels(draw: st.DrawFn) -> SavedFunnel:
    steps = draw(st.lists(st.lists(LINES, min_size=1, max_size=2), min_size=2, max_size=3))
    mode = draw(st.sampled_from(["ordered", "ordered", "open"]))
    exclude = tuple(draw(st.lists(st.sampled_from(["/b", "www.vehicletax.service.gov.uk/x"]), max_size=1)))
    return SavedFunnel(
        steps=" > ".join(" | ".join(one) for one in steps), mode=mode, window=draw(st.sampled_from([0, 60])),
        exclude=exclude if mode == "ordered" else (),
    )  # fmt: skip


def over_time(held: Estate, viewer: Viewer, funnel: SavedFunnel, **more: Any) -> Any:
    return ask(
        held, viewer, "funnel_trend", funnel.question() | {"from": DAYS[0], "to": DAYS[-1], "compare": "none"} | more
    )


def without(told: list[Told], full: Estate) -> Estate:
    """The estate once the first two days have gone, with what was kept in the state of before."""
    later = worlds.built([one for one in told if one.day == DAYS[-1]], "day")
    later.settings = LATER
    with full.made.engine.connect() as before, later.made.engine.begin() as after:
        for table in (full.made.table, full.made.sums.table):
            if rows := [dict(row._mapping) for row in before.execute(select(table))]:
                after.execute(insert(table), rows)
    return later


def counted(told: list[Told], funnel: SavedFunnel, world: World, day: date) -> tuple[int, int]:
    """Those who started on a day, or entered anywhere in an open funnel, and those who finished, in plain Python."""
    question = {**funnel.question(), "breakdown": None}
    question["steps"] = [{"optional": False, **step} for step in question["steps"]]
    question["exclusions"] = [
        {**one, "from_step": 1, "to_step": len(question["steps"])} for one in question["exclusions"]
    ]
    sessions = [one for one in worlds.sessions(told, day, day) if not funnel.window or one.views[0].seconds is not None]
    units = [unit(str(n), one, question) for n, one in enumerate(sessions)]
    told_of = [
        [replace(seen, steps=fitting(question["steps"], seen.page, world), excluded=fitting(question["exclusions"], seen.page, world)) for seen in one]
        for one in units
    ]  # fmt: skip
    found: JSON = plain.answer(told_of, rule(question))
    return found["anywhere"] if funnel.mode == "open" else found["counts"][0], found["counts"][-1]


@settings(max_examples=rounds(6, 300), deadline=None, phases=NO_SHRINKING)
@given(worlds.told(), st.lists(funnels(), min_size=2, max_size=3), st.sampled_from(["day", "month"]))
def test_kept_days_say_what_the_full_data_said_to_everybody_who_asks(
    told: list[Told], saved: list[SavedFunnel], by: str
) -> None:
    """Rows with their intervals and hidden cells, before the days went and after; and the counts of plain Python."""
    full = worlds.built(told, by)
    full.settings = LATER
    for number, funnel in enumerate(saved):
        saved_funnels.shelf(full).make(HMRC, Wish(f"Funnel {number}", funnel))
    kept_days.keep(full)
    later = without(told, full)
    there = {one.day for one in told}
    for funnel in saved:
        for viewer, world in WORLDS.items():
            before, after = (over_time(held, viewer, funnel).value["rows"] for held in (full, later))
            gone = [row for row in after if row["day"] < str(DAYS[-1]) and date.fromisoformat(row["day"]) in there]
            assert gone == [
                row for row in before if row["day"] < str(DAYS[-1]) and date.fromisoformat(row["day"]) in there
            ]
            for row in (row for row in gone if row["step"] == 0 and row["units"] is not None):
                started, finished = counted(told, funnel, world, date.fromisoformat(row["day"]))
                assert row["units"] == started
                assert row["drop_offs"] in {None, started - finished}


STORIES = (
    "2019-09-30 HMRC a1: /a > /b", "2019-09-30 HMRC a2: /a", "2019-10-01 HMRC b1: /a > /b",
    "2019-10-01 HMRC b2: www.vehicletax.service.gov.uk/x > www.passport.service.gov.uk/p/q > /b", "2019-10-02 HMRC c1: /a > /b",
)  # fmt: skip


def went(*stories: str, funnel: SavedFunnel, maker: Viewer = HMRC, seen_by: Any = "me") -> Estate:
    """An estate whose first two days went after the funnel was saved."""
    told = [Told(date.fromisoformat(line[:10]), 1, Session((), "", "", ""), line) for line in stories]
    full = worlds.built(told, "day")
    full.settings = LATER
    saved_funnels.shelf(full).make(maker, Wish("Saved", funnel, seen_by))
    kept_days.keep(full)
    return without(told, full)


def test_nothing_is_kept_of_a_funnel_that_nobody_saved_nor_of_other_filters() -> None:
    funnel = SavedFunnel(steps="/a > /b")
    held = went(*STORIES, funnel=funnel)
    assert [row["units"] for row in over_time(held, ANALYST, funnel).value["rows"] if row["step"] == 0] == [2, 1, 1]
    other = SavedFunnel(steps="/a > /c")
    for asked, more in ((other, {}), (funnel, {"device": "desktop"}), (funnel, {"structure": "now"})):
        answer = over_time(held, ANALYST, asked, **more)
        assert [row["units"] for row in answer.value["rows"] if row["step"] == 0] == [None, None, 1]
        assert answer.about.notes == ()


def test_other_names_of_the_steps_are_the_same_funnel_and_it_is_said_that_days_are_sums() -> None:
    held = went(*STORIES, funnel=SavedFunnel(steps="First: /a > Last: /b"))
    answer = over_time(held, ANALYST, SavedFunnel(steps="/a > /b"), by="week")
    assert [row["units"] for row in answer.value["rows"] if row["step"] == 0] == [4]
    assert answer.about.notes == (kept_days.NOTE.format("2 October 2019"),)


def test_who_sees_some_of_the_departments_but_not_as_anybody_was_counted_has_no_value() -> None:
    funnel = SavedFunnel(
        steps="www.tax.service.gov.uk/x/1 | www.vehicletax.service.gov.uk/x > www.passport.service.gov.uk/p/q | /b"
    )
    lines = (
        "2019-10-01 HMRC b1 x12: www.vehicletax.service.gov.uk/x > /b",
        "2019-10-01 HMRC b2 x30: www.tax.service.gov.uk/x/1",
    )
    held = went(*STORIES, *lines, "2019-10-01 HMRC b3: www.passport.service.gov.uk/p/q", funnel=funnel, maker=ANALYST)
    some = {
        name: Viewer(name, "department analyst", frozenset({"HMRC"}) | more)
        for name, more in (("one", set()), ("two", {"DfT"}))
    }
    told = {
        viewer.person: [row["units"] for row in over_time(held, viewer, funnel).value["rows"] if row["step"] == 0][1]
        for viewer in (ANALYST, *some.values())
    }
    assert told == {"estate-analyst": 43, "one": 30, "two": None}


def test_small_counts_of_another_department_are_hidden_in_kept_days_too() -> None:
    held = went(*STORIES, funnel=SavedFunnel(steps="/a > /b"), seen_by="everyone")
    answer = over_time(held, DFT, SavedFunnel(steps="/a > /b"))
    assert {row["units"] for row in answer.value["rows"]} == {None}
    assert answer.about.suppression


def test_a_comparison_with_days_that_went_is_made_of_what_was_kept() -> None:
    funnel = SavedFunnel(steps="/a > /b")
    held = went(*STORIES, funnel=funnel)
    given = funnel.question() | {"from": DAYS[-1], "to": DAYS[-1], "compare": f"{DAYS[0]}..{DAYS[0]}"}
    answer: Any = ask(held, HMRC, "funnel", given)
    assert answer.value["compared"]["counts"] == [2, 1]
    assert kept_days.NOTE.format("2 October 2019") in answer.about.notes


def test_sums_are_bound_to_their_day_and_forgotten_in_time() -> None:
    funnel = SavedFunnel(steps="/a > /b")
    held = went(*STORIES, funnel=funnel)
    sums = held.made.sums
    sums.forget(DAYS[1])
    assert [row["units"] for row in over_time(held, ANALYST, funnel).value["rows"] if row["step"] == 0] == [None, 1, 1]
    with held.made.engine.begin() as connection:
        connection.execute(update(sums.table).values(day=DAYS[0]))
    with pytest.raises(errors.Untrusted):
        over_time(held, HMRC, funnel)


@pytest.mark.usefixtures("without_a_process")
def test_an_import_counts_the_days_that_its_version_lets_go_of(tmp_path: Path) -> None:
    """All the way: saved, let go of after thirteen months, asked for, and after twenty-five months forgotten."""
    told, funnel = settings_of(tmp_path, clock=date(2019, 10, 20)), SavedFunnel(steps="/a > /b")
    import_extracts(extracts(*(f"{date(2019, 10, 1) + timedelta(n)} HMRC s{n}: /a > /b" for n in range(9))), told)
    with closing(Estate.open(told)) as held:
        saved_funnels.shelf(held).make(HMRC, Wish("Kept", funnel))
        before = over_time(held, HMRC, funnel, to=date(2019, 10, 9)).value["rows"]
    file = tmp_path / "hits_2020-11-07.csv"
    file.write_text("session,time,page\nz,2020-11-07T10:00:00Z,/a\n")
    later = settings_of(tmp_path, clock=date(2020, 11, 8))
    done = importing.run(later, [file], Declared(department="HMRC"), dry_run=False, screen=Console(file=StringIO()))
    assert not done.refused
    with closing(Estate.open(later)) as held, held.pinned() as reading:
        assert min(reading.manifest.days("joined")) == date(2019, 10, 8)
        assert over_time(held, HMRC, funnel, to=date(2019, 10, 9)).value["rows"] == before
    much_later = settings_of(tmp_path, clock=date(2021, 11, 5))
    with closing(Estate.open(much_later)) as held, held.made.engine.connect() as connection:
        days = connection.execute(select(held.made.sums.table.c.day)).scalars().all()
    assert sorted(days) == [date(2019, 10, 5), date(2019, 10, 6), date(2019, 10, 7)]
