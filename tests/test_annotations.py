"""Notes: made with author and days, drawn on the charts of those whom they are shared with, listed by the API, undone."""

from datetime import date
from typing import Any

import pytest

from data.access import PEOPLE, Viewer
from data.state import Wish
from data.store import Estate
from layouts.figures import trend as picture
from queries.ask import ask
from queries.trends import noted
from queries.trends.noted import Annotation
from tests.stories import estate
from tests.test_web_pages import heading, words
from tests.test_web_topics import figures, send
from tests.web import asked, get

ANALYST, DFT, HMRC = (PEOPLE[name] for name in ("estate-analyst", "analyst-dft", "service-owner-hmrc"))
DAYS = {"from": "2019-10-01", "to": "2019-10-31"}


def note(
    held: Estate, text: str, first: int = 10, last: int | None = None, *, viewer: Viewer = DFT, **more: Any
) -> None:
    seen_by = more.pop("seen_by", "everyone")
    about = Annotation(first_day=date(2019, 10, first), last_day=date(2019, 10, last or first), by=viewer.title, **more)
    noted.shelf(held).make(viewer, Wish(text, about, seen_by))


def held() -> Estate:
    return estate("2019-10-08 HMRC s1: /a > /b", "2019-10-09 DfT s2: /a", by="month")


def drawn(of: Estate, viewer: Viewer = ANALYST, question: str = "trend", **more: Any) -> list[dict[str, Any]]:
    found: Any = ask(of, viewer, question, DAYS | more).value
    rows = found["annotations"] if question == "trend" else found
    return [row for row in rows if row["kind"] == "note"]


def between(of: Estate, first: str, last: str) -> list[dict[str, Any]]:
    days: Any = {"from": first, "to": last}
    return drawn(of, **days)


def test_a_note_is_on_every_chart_of_its_days_with_its_author_at_once() -> None:
    of = held()
    assert drawn(of) == []
    note(of, "New photo page", 10, 12)
    (found,) = drawn(of)
    assert (found["first_day"], found["last_day"], found["name"], found["by"]) == ("2019-10-10", "2019-10-12", "New photo page", DFT.title)  # fmt: skip
    assert between(of, "2019-10-12", "2019-10-13")
    assert drawn(of, page="/a")
    assert not between(of, "2019-10-13", "2019-10-14")


def test_the_api_lists_notes_among_dated_events_in_the_order_of_days() -> None:
    of = held()
    note(of, "Late", 30)
    note(of, "Early", 2)
    rows: Any = ask(of, ANALYST, "annotations", DAYS).value
    assert [row["name"] for row in rows if row["kind"] == "note"] == ["Early", "Late"]
    assert [row["first_day"] for row in rows] == sorted(row["first_day"] for row in rows)
    assert {row["kind"] for row in rows} > {"note"}


def test_a_note_of_a_department_is_on_its_charts_alone() -> None:
    of = held()
    note(of, "For DfT", department="DfT")
    assert drawn(of) == []
    assert drawn(of, department="HMRC") == []
    assert len(drawn(of, department="DfT")) == len(drawn(of, department="DfT,HMRC")) == 1


def test_a_note_that_is_not_shared_is_on_nobody_elses_chart() -> None:
    of = held()
    note(of, "Mine", seen_by="me")
    assert [len(drawn(of, viewer)) for viewer in (DFT, HMRC, ANALYST)] == [1, 0, 1]


def test_nothing_that_people_wrote_leaves_with_what_is_published() -> None:
    of = held()
    note(of, "Inside")
    assert drawn(of, publication=True, by="month") == []


def test_a_note_is_drawn_before_other_events_of_its_day_and_its_text_is_no_markup() -> None:
    days = [f"2019-10-{day:02}" for day in range(1, 15)]
    rows = [{"day": day, "sessions": 1} for day in days]
    events = [
        {"first_day": day, "last_day": day, "kind": "bank holiday", "name": f"Holiday {day}", "by": None}
        for day in days
    ]
    notes = [{"first_day": "2019-10-14", "last_day": "2019-10-20", "kind": "note", "name": "<b>A & B", "by": "x"}]
    figure = picture.figure("sessions", {"rows": rows, "breaks": [], "annotations": [*events, *notes], "changes": []})
    texts = [one["text"] for one in figure["layout"]["annotations"]]
    assert "&lt;b>A &amp; B" in texts
    assert "Holiday 2019-10-14" not in texts


FORM = {"name": "Tag lost", "first_day": "2020-10-01", "seen_by": "everyone"}


def slugs(person: str = "analyst-dft") -> list[str]:
    return [one.slug for one in noted.shelf(asked().real).visible(PEOPLE[person])]


def test_a_note_is_made_changed_deleted_and_brought_back_in_the_browser() -> None:
    assert send("/annotations/new", **FORM).headers["Location"] == "/annotations"
    page = words(get("/annotations", "service-owner-hmrc").text)
    assert "1 October 2020" in page
    assert "Department analyst, DfT, shared with everybody" in page
    assert "Tag lost" in figures("/estate?from=2020-10-01&to=2020-10-01")
    assert "annotation by Department analyst, DfT" in figures("/estate?from=2020-10-01&to=2020-10-01")
    assert get("/annotations/tag-lost/edit", "service-owner-hmrc").status_code == 403
    assert 'value="2020-10-01"' in get("/annotations/tag-lost/edit", "analyst-dft").text
    changed = FORM | {"name": "Tag back", "last_day": "2020-10-03", "revision": "1"}
    assert send("/annotations/tag-lost/edit", **changed).status_code == 303
    assert send("/annotations/tag-lost/edit", **changed).status_code == 409
    assert "1 to 3 October 2020" in words(get("/annotations").text)
    gone = send("/annotations/tag-lost/delete", revision=2).headers["Location"]
    assert "Tag back was deleted" in words(get(gone, "analyst-dft").text)
    assert "tag-lost" not in slugs()
    send("/annotations/tag-lost/restore")
    assert "tag-lost" in slugs()


@pytest.mark.parametrize(("wrong", "field"), [
    ({"name": ""}, "name"), ({"name": "x" * 81}, "name"), ({"first_day": ""}, "first_day"), ({"first_day": "soon"}, "first_day"),
    ({"last_day": "2020-09-30"}, "last_day"), ({"last_day": "x"}, "last_day"),
])  # fmt: skip
def test_what_cannot_be_a_note_is_told_at_its_field(wrong: dict[str, str], field: str) -> None:
    answer = send("/annotations/new", **FORM | wrong)
    assert answer.status_code == 400
    assert f'id="field-{field}-error"' in answer.text
    assert f'href="#field-{field}"' in answer.text


def test_a_note_is_made_for_ones_own_departments_alone() -> None:
    assert send("/annotations/new", **FORM | {"department": "HMRC"}).status_code == 403
    assert send("/annotations/new", **FORM | {"department": "Magic"}).status_code in {400, 403}
    assert send("/annotations/new", **FORM | {"name": "Ours", "department": "DfT"}).status_code == 303


def test_who_sees_no_figures_sees_no_notes() -> None:
    for path in ("/annotations", "/annotations/new"):
        assert get(path, "operator").status_code == 403
    assert heading(get("/annotations/new?day=2020-10-01").text) == "Add an annotation"
