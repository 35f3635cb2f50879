"""Coverage: who may share, which days came, and what became of every row, from the manifest and the register."""

from datetime import date, datetime
from typing import Any

import pytest

from data.access import PEOPLE
from data.periods import LONDON
from data.settings import Settings
from data.store import Delivery, Estate, Manifest, Segment
from data.store.manifest import Brought, Published, Refusal, Total
from layouts import coverage, versions
from layouts.markup import text_of
from queries.ask import ask

JSON = dict[str, Any]
DAYS = tuple(date(2019, 10, day) for day in (1, 2, 3))


HISTORY = (
    Published(9, datetime(2019, 10, 31, tzinfo=LONDON), (), (Total("joined", 30, 90, 0, 0),), refused=2),
    Published(
        8, datetime(2019, 10, 30, tzinfo=LONDON),
        (Brought("gds", "GDS", 1, 0, 0, DAYS[0], DAYS[0]), Brought("joined", "GDS", 0, 2, 1, DAYS[0], DAYS[2]), Brought("joined", "HMRC", 1, 0, 0, DAYS[1], DAYS[1])),
        (Total("gds", 7, 9, 7, 9), Total("joined", 30, 90, -2, 5)),
    ),
)  # fmt: skip


def delivery(sender: str, day: date, account: str = "joined", **counts: Any) -> Delivery:
    rows: JSON = {"read": 100, "kept": 90, "ignored": 8, "quarantined": {"null_key": 2}} | counts
    return Delivery(account, sender, day, "events", "hits", "", **rows)


MOMENT = datetime(2019, 10, 31, tzinfo=LONDON)


def covered(*deliveries: Delivery, person: str = "operator", clock: date = date(2019, 11, 1), **asked: Any) -> JSON:
    manifest = Manifest(
        9,
        MOMENT,
        deliveries=deliveries,
        history=HISTORY,
        refused=(
            Refusal("a.csv", "no_header", "ab12", "joined", "HMRC", DAYS[2]),
            Refusal("b.csv", "schema", "cd34", "gds", "GDS", DAYS[1]),
        ),
    )
    held = Estate.in_memory([], Settings(clock=clock), manifest)
    days: JSON = {"from": "2019-10-01", "to": "2019-10-03"}
    value = ask(held, PEOPLE[person], "coverage", days | asked).value
    assert isinstance(value, dict)
    return value


def row(value: JSON, department: str) -> JSON:
    return next(one for one in value["departments"] if one["department"] == department)


def test_rows_read_are_kept_ignored_or_quarantined_and_days_come_or_are_missing() -> None:
    found = row(covered(delivery("HMRC", DAYS[0]), delivery("HMRC", DAYS[2], quarantined={"range": 2})), "HMRC")
    assert (found["days_expected"], found["days_received"], found["days_missing"]) == (3, 2, 1)
    assert (found["rows_read"], found["rows_kept"], found["rows_ignored"], found["rows_quarantined"]) == (
        200,
        180,
        16,
        4,
    )
    assert found["rows_read"] == found["rows_kept"] + found["rows_ignored"] + found["rows_quarantined"]
    assert (found["quarantined"], found["newest_day"]) == ({"null_key": 2, "range": 2}, "2019-10-03")


def test_every_department_asked_to_share_is_there_with_its_memorandum() -> None:
    value = covered()
    assert len(value["departments"]) == 18
    assert [row(value, name)["memorandum"] for name in ("GOV.UK (GDS)", "HMRC", "DWP")] == [
        "not needed", "in force", "sent, not signed",
    ]  # fmt: skip
    assert row(value, "DWP")["days_expected"] == 0
    assert row(value, "HMRC")["signed"] < "2019-10-01"
    assert [one["department"] for one in covered(department="DfT,HMRC")["departments"]] == ["DfT", "HMRC"]


def test_rows_of_those_who_do_not_share_are_counted_where_they_were_dropped() -> None:
    value = covered(delivery("GDS", DAYS[0], dropped_unshared={"DWP": 5}))
    assert row(value, "DWP")["rows_dropped_not_shared"] == 5
    assert row(value, "DWP")["rows_read"] == 0
    assert row(value, "GOV.UK (GDS)")["days_received"] == 1


def test_nothing_is_expected_of_today_or_later_nor_of_departments_in_the_account_of_gds() -> None:
    assert row(covered(clock=DAYS[1]), "HMRC")["days_expected"] == 1
    value = covered(delivery("GDS", DAYS[0], account="gds"), delivery("HMRC", DAYS[0]), account="gds")
    assert row(value, "HMRC")["days_expected"] == row(value, "HMRC")["rows_read"] == 0
    assert row(value, "GOV.UK (GDS)")["days_missing"] == 2


@pytest.mark.parametrize("person", PEOPLE)
def test_everybody_sees_all_of_it_for_it_says_nothing_about_people(person: str) -> None:
    assert covered(delivery("HMRC", DAYS[0]), person=person) == covered(delivery("HMRC", DAYS[0]))


def test_the_version_says_what_it_refused_by_reason_and_hash_and_not_by_name() -> None:
    version = covered(delivery("HMRC", DAYS[0]))["version"]
    assert (version["version"], version["extracts"]) == (9, 1)
    on = {"department": "HMRC", "day": "2019-10-03"}
    assert version["refused"] == [on | {"reason": "no_header", "sha256": "ab12"}]


def test_files_turned_away_count_with_their_sender_and_account() -> None:
    for account, sender in (("joined", "HMRC"), ("gds", "GOV.UK (GDS)")):
        rows = covered(account=account)["departments"]
        assert {one["department"]: one["files_refused"] for one in rows if one["files_refused"]} == {sender: 1}
    assert covered(department="DfT")["version"]["refused"] == []


def test_sessions_that_are_cut_or_have_no_page_view_stand_here_and_nowhere_else() -> None:
    totals = {"built.sessions_cut": 3, "built.sessions_without_page_view": 40}
    parts = [
        (Segment(f"s{day.day}", "joined", day, day, totals=totals), lambda *_: None)
        for day in (*DAYS, date(2019, 10, 4))
    ]
    held = Estate.in_memory(parts)
    value = ask(held, PEOPLE["operator"], "coverage", {"from": "2019-10-01", "to": "2019-10-03"}).value
    assert isinstance(value, dict)
    assert (value["sessions_cut"], value["sessions_without_page_view"]) == (9, 120)


def test_each_version_says_when_it_came_what_it_changed_and_by_how_much_the_totals_moved() -> None:
    newest, before = covered()["versions"]
    assert (newest["version"], newest["published"], newest["files_refused"], newest["extracts"]) == (
        9,
        "2019-10-31",
        2,
        [],
    )
    assert (before["sessions"], before["sessions_change"], before["page_views_change"]) == (30, -2, 5)
    first, second = before["extracts"]
    assert (first["department"], first["new"], first["replaced"], first["withdrawn"]) == ("GOV.UK (GDS)", 0, 2, 1)
    assert (first["first_day"], first["last_day"]) == ("2019-10-01", "2019-10-03")
    assert (second["department"], second["new"]) == ("HMRC", 1)
    assert covered(account="gds")["versions"][1]["sessions_change"] == 7
    assert [one["department"] for one in covered(department="HMRC")["versions"][1]["extracts"]] == ["HMRC"]


def test_the_page_tells_versions_reconciliation_and_retention_in_words() -> None:
    value = covered(delivery("HMRC", DAYS[0]))
    told = text_of(versions.part(value["versions"]))
    assert "Version 931 October 2019none300900" in told
    assert "Version 830 October 20191 new, 2 replaced, 1 withdrawn30−290+50" in told
    assert "GOV.UK (GDS)1 to 3 October 2019021" in told
    assert "wasn't recorded" in text_of(versions.part([]))
    assert coverage.reconciled(value["departments"]).endswith(
        "90 kept, 8 ignored and 2 in quarantine; every row is accounted for."
    )
    assert "1 row can't" in coverage.reconciled([value["departments"][0] | {"rows_read": 1}])
    assert "13 months, now from 1 October 2018 on" in coverage.kept(value["retention"])
    assert "any age" in coverage.kept(value["retention"] | {"journey_months": None})
