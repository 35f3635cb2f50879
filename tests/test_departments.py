"""Departments beside each other: as plain Python counts them, fair to who doesn't share, and the same in both structures."""

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from data import errors
from data.access import PEOPLE
from data.periods import LONDON
from data.store import Estate
from data.store.manifest import Delivery, Manifest
from queries.answers import Answer
from queries.ask import ask
from queries.asking import WHOLE_ESTATE
from queries.page_sets.topics import BUILT_IN
from tests.counts import rounds
from tests.plain import visits
from tests.plain.departments import PARTS, counted, ranks
from tests.plain.visits import NOW, Told
from tests.stories import estate

JSON = dict[str, Any]
ASKED: JSON = {"from": f"{NOW[0]}", "to": f"{NOW[-1]}"}
SHARING = (
    "BEIS",
    "Defra",
    "DfE",
    "DExEU",
    "DfT",
    "DHSC",
    "Home Office",
    "HMRC",
    "HM Treasury",
    "MHCLG",
    "MoD",
    "MoJ",
    "DFID",
)
SILENT = ("FCO", "Cabinet Office", "DWP", "DCMS")
FILTERS = st.fixed_dictionaries({}, optional={
    "device": st.just("mobile"), "country": st.just("France"), "document_type": st.just("guide"), "attribution": st.just("tagged"),
})  # fmt: skip


def answer(held: Estate, person: str = "estate-analyst", **asked: object) -> Answer:
    return ask(held, PEOPLE[person], "departments", ASKED | asked)


def rows(held: Estate, person: str = "estate-analyst", **asked: object) -> dict[str, JSON]:
    value: Any = answer(held, person, **asked).value
    return {row["department"]: row for row in value["rows"]}


@settings(max_examples=rounds(12, 300), deadline=None)
@given(visits.told(), FILTERS, visits.CUTS, st.sampled_from([None, "device", "channel", "document_type"]))
def test_every_value_is_what_plain_python_counts(told: list[Told], filters: JSON, cut: str, by: str | None) -> None:
    held = visits.built(told, cut)
    for measure in PARTS:
        value: Any = answer(held, measure=measure, **filters, **({"by": by} if by else {})).value
        found = {(row["department"], row["group"]): row for row in value["rows"]}
        for (department, group), row in found.items():
            if row["status"] in {"shared", "no memorandum needed"} or department == WHOLE_ESTATE:
                wanted = counted(
                    [one.visit for one in told], department, group, {"measure": measure, "by": by, **filters}
                )
                assert (row["count"], row["of"]) == wanted, (department, group)
        ranked = [row for row in value["rows"] if row["rank"] is not None]
        assert [row["rank"] for row in ranked] == ranks(ranked)


@settings(max_examples=rounds(5, 200), deadline=None)
@given(visits.told(), visits.CUTS, st.sampled_from(["page_views", "landings", "exits"]))
def test_both_structures_and_every_split_add_up_to_the_same_estate(told: list[Told], cut: str, measure: str) -> None:
    held, totals = visits.built(told, cut), set[float]()
    for asked in (
        {},
        {"structure": "now"},
        {"by": "device"},
        {"by": "channel"},
        {"by": "document_type"},
        {"by": "week"},
        {"by": "month"},
    ):
        value: Any = answer(held, measure=measure, **asked).value
        parts = [row["value"] or 0 for row in value["rows"] if row["department"] != WHOLE_ESTATE]
        whole = [row["value"] for row in value["rows"] if row["department"] == WHOLE_ESTATE]
        assert sum(parts) == sum(whole)
        totals.add(sum(whole))
    assert len(totals) == 1


def test_all_seventeen_departments_stand_in_every_comparison_with_their_status() -> None:
    held = estate("2019-10-08 HMRC s1: /a", "2019-10-08 GDS s2: DWP:/universal-credit")
    for asked in ({}, {"measure": "exit_rate"}, {"document_type": "guide"}, {"attribution": "tagged"}, {"by": "month"}):
        found = rows(held, **asked)
        assert {name for name in SHARING if found[name]["status"] == "shared"} == set(SHARING), asked
        assert {name for name in SILENT if found[name]["status"] == "not shared"} == set(SILENT), asked
    found = rows(held)
    assert found["DWP"]["value"] == 1, "figures of www.gov.uk exist for every department"
    assert found["DCMS"]["value"] is None, "not shared is never zero"
    assert found["MoD"]["value"] == 0


def test_who_does_not_share_is_ranked_only_where_all_have_the_same_kinds_of_pages() -> None:
    held = estate(*(f"2019-10-08 GDS s{n}: {who}:/p{n}" for n, who in enumerate(["DWP", "HMRC", "DfT", "DfT"])))
    assert (rows(held)["DfT"]["rank"], rows(held)["DWP"]["rank"]) == (1, None)
    alike = estate(
        *(f"2019-10-08 GDS s{n}: {who}:/p{n}" for n, who in enumerate(["DWP", "HMRC", "DfT", "DfT"])), account="gds"
    )
    found = rows(alike, account="gds")
    assert (found["DfT"]["rank"], found["DWP"]["rank"]) == (1, 2)


def test_apart_by_topic_each_is_what_the_topic_alone_has() -> None:
    lines = (
        f"2019-10-0{1 + n % 7} HMRC s{n}: /{('brexit', 'guidance/get-ready-for-brexit', 'mot')[n % 3]} > DfT:/vehicle-tax"
        for n in range(60)
    )
    held = estate(*lines, by="month")
    days: JSON = {"from": "2019-10-01", "to": "2019-10-07"}
    slugs = list(BUILT_IN)
    apart: Any = answer(held, **days, by="topic", topic=slugs).value["rows"]  # type: ignore[call-overload]  # an object of JSON
    seen = {(row["group"], row["department"]): row["count"] for row in apart}
    alone = {slug: rows(held, **days, topic=slug) for slug in slugs}
    found = {slug for slug, of in alone.items() if of["Whole estate"]["count"]}
    assert found
    assert {group for group, _ in seen} == found
    assert all(seen[slug, name] == row["count"] for slug in found for name, row in alone[slug].items())
    every: Any = answer(held, **days, by="topic").value["rows"]  # type: ignore[call-overload]  # an object of JSON
    assert {(row["group"], row["department"]): row["count"] for row in every} == seen, "all of them where none is named"


def test_a_department_that_is_gone_is_named_with_its_heir() -> None:
    held = estate("2019-10-08 HMRC s1: /a", "2020-10-08 HMRC s1: /a")
    found = answer(held, **{"from": "2020-10-05", "to": "2020-10-11"})
    told = dict(found.table.select("department", "status").iter_rows())
    assert (told["DFID"], told["DExEU"], told["FCDO"]) == ("closed", "closed", "not shared")
    assert any("DFID closed on 2020-09-01; its pages are now those of FCDO." in note for note in found.about.notes)
    now = rows(held, structure="now")
    assert "DFID" not in now
    assert now["FCDO"]["status"] == "shared in part"


def grown(day: str, department: str, sessions: int) -> list[str]:
    return [f"{day} {department} {department[0]}{day}n{n}: /a/{department}" for n in range(sessions)]


def test_days_on_which_a_sender_is_missing_are_left_out_of_its_comparison_and_said() -> None:
    """HMRC sent nothing on 8 October: its sessions of that day are no zero, and 1 October is left out beside it."""
    days = [f"2019-{month:02}-{day:02}" for month, day in ((9, 30), (10, 1), (10, 2), (10, 7), (10, 8), (10, 9))]
    lines = [
        line
        for day in days
        for who in ("HMRC", "DfT")
        if (who, day) != ("HMRC", "2019-10-08")
        for line in grown(day, who, 5)
    ]
    plain = estate(*lines)
    sent = [
        Delivery("joined", who, date.fromisoformat(day), "events", "hits", "", 5, 5, 0)
        for day in days
        for who in ("HMRC", "DfT")
        if (who, day) != ("HMRC", "2019-10-08")
    ]
    with plain.pinned() as reading:
        segments = reading.manifest.segments
    plain._current.manifest = Manifest(
        1, datetime(2020, 11, 1, tzinfo=LONDON), segments=segments, deliveries=tuple(sent)
    )
    found = rows(plain)
    assert (found["HMRC"]["days_here"], found["DfT"]["days_here"]) == (2, 3)
    assert (found["HMRC"]["value"], found["HMRC"]["value_comparison"], found["HMRC"]["change"]) == (10, 10, 0)
    assert (found["DfT"]["value_comparison"], found["DfT"]["change"]) == (15, 0)


def test_limits_hold_who_is_like_the_others_and_name_who_is_not() -> None:
    """Twelve departments end on each third or fourth page; one, whose every visitor leaves at once, stands out."""
    steps = {who: " > ".join(f"/{k}/{step}" for step in range(3 + k % 2)) for k, who in enumerate(SHARING)}
    steps["MoJ"] = "/m"
    lines = [
        f"{day} {who.replace(' ', '-')} s{k}d{day}n{n}: {told}"
        for k, (who, told) in enumerate(steps.items())
        for day in NOW
        for n in range(20 + k)
    ]
    found = rows(estate(*lines), measure="exit_rate", compare="none")
    assert found["MoJ"]["standing"] == "outside 99.8%"
    assert {found[name]["standing"] for name in SHARING if name != "MoJ"} == {"within the limits"}
    assert found["HMRC"]["limit_95_low"] < found["HMRC"]["value"] < found["HMRC"]["limit_95_high"]


def test_a_change_is_unusual_only_among_all_rows() -> None:
    days = [f"2019-10-{day:02}" for day in range(7, 21)]
    lines = [
        line
        for k, day in enumerate(days)
        for line in [*grown(day, "DfT", 8 + k % 3), *grown(day, "HMRC", 10 if k < 7 else 20 + k % 2)]
    ]
    found = rows(estate(*lines), **{"from": "2019-10-14", "to": "2019-10-20"})
    assert (found["HMRC"]["unusual"], found["DfT"]["unusual"]) == (True, False)
    daily = [10 if k < 7 else 20 + k % 2 for k in range(14)]
    expected = stats.ttest_rel(daily[7:], daily[:7]).confidence_interval(0.95)
    assert found["HMRC"]["change_low"] == pytest.approx(expected[0] * 7)
    assert found["HMRC"]["change_high"] == pytest.approx(expected[1] * 7)


def test_totals_of_every_department_are_open_to_every_named_viewer_and_small_cells_are_not() -> None:
    held = estate(*grown("2019-10-08", "HMRC", 12), *grown("2019-10-08", "DfT", 3))
    found = rows(held, "service-owner-home-office")
    assert (found["HMRC"]["value"], found["DfT"]["value"]) == (12, None)
    assert rows(held, "analyst-dft")["DfT"]["value"] == 3


def test_what_is_published_is_made_of_the_summarys_atoms() -> None:
    held = estate(
        *(f"2019-10-{1 + n % 31:02} HMRC o{n} [{('mobile', 'desktop')[n % 2]}]: /a > /b" for n in range(137)),
        by="month",
    )
    month: JSON = {"from": "2019-10-01", "to": "2019-10-31", "publication": True}
    summary: Any = ask(held, PEOPLE["estate-analyst"], "summary", month).value
    sessions = next(row["sessions"] for row in summary if row["department"] == "HMRC")
    assert rows(held, **month)["HMRC"]["value"] == sessions
    apart: Any = answer(held, **month, by="device").value["rows"]  # type: ignore[call-overload]  # an object of JSON
    assert sum(row["value"] for row in apart if row["department"] == "HMRC" and row["value"]) == sessions
    monthly: Any = answer(held, **month, by="month").value["rows"]  # type: ignore[call-overload]  # an object of JSON
    assert next(row for row in monthly if row["department"] == "HMRC")["value"] == sessions
    assert all(row["low"] is None for row in apart)
    places = {(row["department"], row["group"]): row["rank"] for row in apart if row["rank"] is not None}
    assert places == {("HMRC", "mobile"): 1, ("HMRC", "desktop"): 1}
    for asked in ({"by": "document_type"}, {"by": "week"}, {"structure": "now"}, {"attribution": "tagged"}):
        with pytest.raises(errors.BadRequest):
            answer(held, **month | asked)


def test_a_month_of_too_few_to_publish_is_a_month_without_a_value() -> None:
    month: JSON = {"from": "2019-10-01", "to": "2019-10-31", "publication": True, "by": "month"}
    found: Any = answer(estate("2019-10-08 HMRC s1: /a"), **month).value["rows"]  # type: ignore[call-overload]
    assert {(row["group"], row["value"]) for row in found} == {("2019-10-01", None)}


def test_usefulness_is_answers_of_yes_among_all_and_a_mean_has_no_limits_of_chance() -> None:
    lines = [
        f"2019-10-0{1 + n % 7} HMRC s{n}: {('HMRC', 'DfT', 'DfE')[n % 3]}:/p{n % 3} +useful_{'yes' if n % 4 else 'no'} > /q"
        for n in range(420)
    ]
    held = estate(*lines, by="month")
    days: JSON = {"from": "2019-10-01", "to": "2019-10-07"}
    found = rows(held, **days, measure="usefulness")
    assert (found["DfT"]["count"], found["DfT"]["of"], found["DfT"]["value"]) == (105, 140, 0.75)
    assert found["DfT"]["low"] < 0.75 < found["DfT"]["high"]
    assert found["DfT"]["limit_95_low"] is not None
    mean = rows(held, **days, measure="pages_per_session")["Whole estate"]
    assert (mean["value"], mean["limit_95_low"], mean["standing"]) == (2.0, None, None)


def test_who_leaves_a_page_of_a_department_and_comes_right_back_to_it_counts_once() -> None:
    found = rows(estate(
        "2019-10-08 HMRC s1: /a > DfT:/b > /a > DfT:/b > /a",
        "2019-10-08 HMRC s2: /a > DfT:/b > /c",  # back to the department, not to the page
        "2019-10-08 HMRC s3: /a > /a > DfT:/b",  # a reload leaves nothing
    ), measure="pogo_stick_rate")  # fmt: skip
    assert [(found[who]["count"], found[who]["of"]) for who in ("HMRC", "DfT", WHOLE_ESTATE)] == [
        (1, 3),
        (1, 3),
        (1, 3),
    ]


@pytest.mark.parametrize("measure", ["usefulness", "pages_per_session", "not_found", "search_share", "pogo_stick_rate"])
def test_what_is_no_count_of_sessions_or_page_views_is_not_published(measure: str) -> None:
    with pytest.raises(errors.BadRequest, match="can't be published"):
        answer(estate("2019-10-08 HMRC s1: /a"), measure=measure, publication=True)
