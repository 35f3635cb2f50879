"""`reported`: what departments' own tools report in sums, marked as such, and kept out of what is counted here."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import errors, segment
from data.access import PEOPLE
from data.contract import REPORTED
from data.periods import Period
from data.store import Delivery, Estate, Segment
from data.store.manifest import Manifest
from layouts import reported as layout
from layouts.figures import reported as picture
from layouts.markup import text_of
from layouts.words import coverage_line
from queries.answers import Answer
from queries.ask import ask
from tests.counts import rounds
from tests.plain import reported as plain
from tests.plain.reported import Line

FIRST = date(2019, 10, 1)
ASKED = Period(FIRST, date(2019, 10, 10))
HOST = "www.tax.service.gov.uk"
OWNER, ANALYST, OTHER = PEOPLE["service-owner-hmrc"], PEOPLE["estate-analyst"], PEOPLE["analyst-dft"]


def days(first: int, last: int) -> Period:
    return Period(date(2019, 10, first), date(2019, 10, last))


def page(path: str, period: Period, sender: str = "HMRC", host: str = HOST, **counts: int) -> Line:
    return Line(sender, period, "pages", None if path == "(other)" else host, path, counts)


def whole(period: Period, sender: str = "HMRC", **counts: int) -> Line:
    return Line(sender, period, "days", None, None, counts)


def held(*lines: Line, doubt: str | None = None) -> Estate:
    """An estate of reports alone, as their senders delivered them."""
    frames = [(sender, _framed([one for one in lines if one.sender == sender], doubt)) for sender in _senders(lines)]
    one = Segment("reported", "joined", FIRST, ASKED.last, kind="reports")

    def fill(into: duckdb.DuckDBPyConnection, name: str) -> None:
        into.execute(f'use "{name}"')
        segment.build_reports(frames, into)

    sent = [
        Delivery(
            "joined",
            one.sender,
            one.period.last,
            f"page totals: {one.what} of {one.period.days} days",
            "ga_report",
            "",
            1,
            1,
            0,
        )
        for one in lines
    ]
    whole_manifest = Manifest(1, Estate.in_memory([]).settings.now(), deliveries=tuple(sent))
    return Estate.in_memory([(one, fill)], manifest=whole_manifest)


def _senders(lines: Sequence[Line]) -> list[str]:
    return sorted({one.sender for one in lines})


def _framed(lines: Sequence[Line], doubt: str | None) -> pl.DataFrame:
    rows = [
        (number, *(one.period.first, one.period.last), one.what, one.host, one.path, measure, value, doubt)
        for number, one in enumerate(lines, 1)
        for measure, value in one.counts.items()
    ]
    return pl.DataFrame(rows, REPORTED, orient="row")


def asked(estate: Estate, viewer: Any = ANALYST, question: str = "reported", **given_: Any) -> Answer:
    return ask(estate, viewer, question, {"from": str(ASKED.first), "to": str(ASKED.last)} | given_)


def told(answer: Answer) -> dict[str, Any]:
    assert isinstance(answer.value, dict)
    return answer.value


def test_of_two_reports_that_overlap_the_longer_counts_and_others_add_up() -> None:
    lines = (
        page("/a", days(1, 7), page_views=70, sessions=50), page("/a", days(5, 8), page_views=40, sessions=30),
        page("/a", days(8, 8), page_views=9, sessions=8), page("/a", days(1, 31), page_views=500),
    )  # fmt: skip
    (row,) = told(asked(held(*lines)))["pages"]
    assert (row["page"], row["page_views"], row["sessions"], row["reports"]) == (f"{HOST}/a", 79, 58, 2)


def test_sessions_of_a_page_in_several_lines_have_no_value() -> None:
    lines = [page("/a", days(1, 1), page_views=views, sessions=3, landings=1) for views in (5, 6)]
    (row,) = told(asked(held(*lines)))["pages"]
    assert (row["page_views"], row["sessions"], row["landings"]) == (11, None, 2)


def test_a_total_comes_from_days_where_they_tell_it_and_never_from_sessions_of_pages() -> None:
    lines = (
        whole(days(1, 1), sessions=6),
        page("/a", days(1, 1), page_views=5, sessions=5),
        page("(other)", days(1, 1), page_views=9),
    )
    found = told(asked(held(*lines)))
    assert found["totals"] == [
        {"department": "HMRC", "page_views": 14, "page_views_days": 1, "sessions": 6, "sessions_days": 1, "doubt": None}
    ]  # fmt: skip
    assert found["days"] == [
        {"department": "HMRC", "day": "2019-10-01", "page_views": 14, "sessions": 6, "visitors": None}
    ]


def test_what_speaks_against_a_report_is_said() -> None:
    answer = asked(held(page("(other)", days(1, 1), page_views=50), doubt="cut short"))
    assert told(answer)["pages"][0]["doubt"] == "cut short"
    assert any("didn't tell apart" in note for note in answer.about.notes)
    assert any("cut short" in note for note in answer.about.notes)


def test_pages_of_another_department_are_one_row_and_small_numbers_are_hidden() -> None:
    estate = held(page("/a", days(1, 1), page_views=50, landings=3), page("/b", days(1, 1), page_views=4, sessions=2))
    (row,) = told(asked(estate, OTHER))["pages"]
    assert (row["page"], row["page_views"], row["sessions"], row["landings"]) == ("(HMRC)", 54, None, None)
    assert asked(estate, OTHER).about.suppression == ("$.pages[0].landings",)
    assert [row["page"] for row in told(asked(estate, OWNER))["pages"]] == [f"{HOST}/a", f"{HOST}/b"]


def test_it_is_said_wherever_such_a_department_has_no_figures() -> None:
    estate = held(page("/a", days(1, 1), page_views=50))
    for question in ("summary", "trend", "departments", "handovers"):
        about = asked(estate, question=question).about
        assert about.coverage.totals_only == ("HMRC",)
        assert "totals only from HMRC, which no journey can hold" in coverage_line(about)
        assert [note for note in about.notes if note.startswith("HMRC shares totals only")]
    value: Any = asked(estate, question="summary").value
    assert {row["department"]: row["status"] for row in value}["HMRC"] == "totals only"
    about = asked(estate, question="explore", anchor={"match": "any"}).about
    assert "Totals hold no sessions to follow" in about.notes[-1]


def test_coverage_tells_days_of_totals_from_days_that_are_missing() -> None:
    value: Any = asked(
        held(whole(days(1, 4), page_views=9), whole(days(7, 7), page_views=2)), question="coverage"
    ).value
    row = next(one for one in value["departments"] if one["department"] == "HMRC")
    names = ("expected", "received", "totals_only", "missing")
    assert [row[f"days_{name}"] for name in names] == [10, 0, 5, 5]
    assert row["newest_day"] == "2019-10-07"


def test_the_page_tells_totals_days_and_pages_and_what_no_tool_told() -> None:
    lines = (
        whole(days(1, 1), page_views=1_200),
        page("/a", days(1, 1), page_views=700),
        whole(days(2, 2), "DfT", page_views=90, sessions=8),
    )
    answer = asked(held(*lines), OTHER)
    state, problems = layout.Totals.read([("measure", "page_views")])
    shown = " ".join(text_of(layout.answered(state, answer, pictures=True)).split())
    assert not problems
    assert (
        "DfT reported 90 page views of 1 day and 8 sessions of 1 day; HMRC reported 1,200 page views of 1 day" in shown
    )
    assert "they are in no journey" in shown
    assert "HMRC1,2001not told0" in shown, "no sessions told of none of its days is neither hidden nor zero"
    drawn = picture.figure(state, told(answer))
    assert [line["name"] for line in drawn["data"]] == ["HMRC", "DfT"]
    assert len({line["line"]["dash"] for line in drawn["data"]}) == 2
    assert layout.sentence(state, told(asked(held()))) == layout.NOTHING


def test_of_many_departments_those_with_most_are_drawn_and_never_more_than_there_are_colours() -> None:
    senders = ("HMRC", "DfT", "DfE", "MoJ", "MoD", "BEIS", "Defra", "DHSC")
    lines = [whole(days(1, 1), sender, page_views=100 + place) for place, sender in enumerate(senders)]
    figure: Any = picture.figure(layout.Totals(), told(asked(held(*lines))))
    assert [line["name"] for line in figure["data"]] == ["DHSC", "Defra", "BEIS", "MoD", "MoJ", "DfE"]


def test_it_is_not_published() -> None:
    with pytest.raises(errors.BadRequest, match="can't be published"):
        ask(held(), ANALYST, "reported", {"from": "2019-10-01", "to": "2019-10-31", "publication": True})


def test_nothing_reported_is_no_error() -> None:
    answer = asked(held())
    assert told(answer)["pages"] == told(answer)["totals"] == []
    assert answer.about.notes == ("No report lies wholly within these days.",)


LINES = st.lists(
    st.builds(
        lambda sender, what, start, length, path, counts: Line(
            sender, Period(FIRST + timedelta(start), FIRST + timedelta(start + length)), what,
            HOST if what == "hosts" or (what == "pages" and path != "(other)") else None, path if what == "pages" else None, counts,
        ),
        st.sampled_from(["HMRC", "DfT"]), st.sampled_from(["days", "hosts", "pages"]), st.integers(0, 9),
        st.sampled_from([0, 0, 1, 3]), st.sampled_from(["/a", "/b", "(other)"]),
        st.dictionaries(st.sampled_from(["page_views", "sessions", "landings"]), st.integers(0, 99), min_size=1),
    ),
    max_size=12,
)  # fmt: skip


@settings(max_examples=rounds(20, 400), deadline=None)
@given(lines=LINES)
def test_random_reports_are_told_as_the_plain_way_tells_them(lines: list[Line]) -> None:
    lines = [
        one for n, one in enumerate(lines) if one.what == "pages" or one[:3] not in [other[:3] for other in lines[:n]]
    ]
    kept = plain.chosen(lines, ASKED)
    found = told(asked(held(*lines)))
    pages = {(row["department"], row["page"]): row for row in found["pages"]}
    expected = plain.pages(kept)
    assert pages.keys() == expected.keys()
    for key, row in expected.items():
        assert {name: pages[key][name] for name in row} == row
    for row in found["totals"]:
        assert {name: row[name] for name in ("page_views", "sessions")} == plain.totals(kept, row["department"])
    seen = {(row["department"], date.fromisoformat(row["day"])): row["page_views"] for row in found["days"]}
    assert {key: value for key, value in seen.items() if value is not None} == plain.days(kept, ASKED)
