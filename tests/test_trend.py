"""The trend: every point as plain Python counts it, what was expected of each day, and what is said of the whole."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import errors
from data.access import PEOPLE
from data.periods import Period
from data.store import Estate
from queries.answers import Answer
from queries.ask import ask
from queries.asking import WHOLE_ESTATE
from queries.trends.trend import MEASURES
from queries.verdicts.verdicts import LIKELY, TOO_EARLY
from tests.counts import rounds
from tests.plain import visits
from tests.plain.measures import measures, visitors
from tests.plain.patterns import glob, whole
from tests.plain.visits import Told
from tests.stories import estate

JSON = dict[str, Any]
WHOLE = Period(visits.BEFORE[0], visits.NOW[-1])
COUNTED = tuple(name for name in MEASURES if name != "visitors")
FILTERS = st.fixed_dictionaries(
    {}, optional={"device": st.just("mobile"), "country": st.just("France"), "channel": st.just("social")}
)
SETS = st.sampled_from([{}, {"department": "DfT,HMRC"}, {"page": "/a,/a/*"}, {"page": "**", "department": "HMRC"}])


def answer(held: Estate, person: str = "estate-analyst", **asked: object) -> Answer:
    given: dict[str, object] = {"from": f"{WHOLE.first}", "to": f"{WHOLE.last}"} | asked
    return ask(held, PEOPLE[person], "trend", given)


def value(held: Estate, **asked: Any) -> JSON:
    found = answer(held, **asked).value
    assert isinstance(found, dict)
    return found


def stretches(by: str) -> list[list[date]]:
    """The days of each point."""
    if by == "day":
        return [[day] for day in WHOLE]
    keys = [f"{day:%G-%V}" if by == "week" else f"{day:%Y-%m}" for day in WHOLE]
    return [[day for day, of in zip(WHOLE, keys, strict=True) if of == key] for key in dict.fromkeys(keys)]


@settings(max_examples=rounds(25, 300), deadline=None)
@given(visits.told(), FILTERS, SETS, st.sampled_from(["day", "week", "month"]), visits.CUTS)
def test_every_point_is_what_plain_python_counts(told: list[Told], filters: JSON, of: JSON, by: str, cut: str) -> None:
    found = value(visits.built(told, cut), by=by, **filters, **of)["rows"]
    pages = of.get("page")
    departments = [None] if pages else str(of.get("department", WHOLE_ESTATE)).split(",")
    points = [(department, days) for department in departments for days in stretches(by)]
    assert len(found) == len(points)
    for row, (department, days) in zip(found, points, strict=True):
        assert (row["day"], row["last_day"]) == (f"{days[0]}", f"{days[-1]}")
        seen = [one.visit for one in told if one.visit.day in days and kept(one, filters)]
        counted = measures(seen, partial(inside, department, pages))
        counted["searches"] = (counted["searches"] or 0) + before(seen, department)
        if any(day in {*visits.BEFORE, *visits.NOW} for day in days):
            assert {name: row[name] for name in COUNTED} == {name: counted[name] for name in COUNTED}
        assert row["sessions"] in {counted["sessions"], counted["sessions"] or None}, "without data there is no value"


def inside(department: str | None, pages: str | None, page: str) -> bool:
    if pages:
        return any(glob(whole(one), whole(page)) for one in pages.split(",")) and (
            pages != "**" or visits.belongs(page, "HMRC")
        )
    return department == WHOLE_ESTATE or visits.belongs(page, str(department))


def kept(one: Told, filters: JSON) -> bool:
    return all(getattr(one.visit, name) == value for name, value in filters.items())


def before(seen: Sequence[Any], department: str | None) -> int:
    """Searches before any page view are the estate's."""
    return sum(one.searches_before for one in seen) if department == WHOLE_ESTATE else 0


@settings(max_examples=rounds(10, 200), deadline=None)
@given(visits.told(), st.sampled_from(["day", "week", "month"]), visits.CUTS)
def test_visitors_are_the_different_ones_of_each_point_within_a_month(told: list[Told], by: str, cut: str) -> None:
    found = value(visits.built(told, cut), by=by, department="HMRC")["rows"]
    for row, days in zip(found, stretches(by), strict=True):
        seen = [one.visit for one in told if one.visit.day in days]
        wanted = visitors(seen, lambda page: visits.belongs(page, "HMRC")) if days[0].month == days[-1].month else None
        wanted = None if wanted == 0 and row["sessions"] else wanted  # the files name no visitor
        assert row["visitors"] in ({wanted} if seen else {wanted, None})


def busy(days: Sequence[date], sessions: int = 24, halved: frozenset[date] = frozenset()) -> list[str]:
    return [
        f"{day} HMRC d{day:%j}n{n}: /a > /b"
        for k, day in enumerate(days)
        for n in range((sessions + k % 3) // (2 if day in halved else 1))
    ]


LONG = Period(date(2020, 2, 1), date(2020, 4, 5))  # nine weeks without a bank holiday


def test_a_day_outside_its_band_is_unusual_and_one_inside_is_not() -> None:
    fallen = LONG.last - timedelta(3)
    held = estate(*busy(list(LONG), halved=frozenset({fallen})), by="month")
    rows = value(held, **{"from": f"{LONG.last - timedelta(6)}", "to": f"{LONG.last}"})["rows"]
    assert [row["day"] for row in rows if row["sessions_unusual"]] == [f"{fallen}"]
    assert all(row["sessions_expected_low"] < 25 < row["sessions_expected_high"] for row in rows)


def test_a_week_that_falls_by_half_is_likely_real_and_says_what_was_expected() -> None:
    last = Period(LONG.last - timedelta(6), LONG.last)
    asked = {"from": f"{last.first}", "to": f"{last.last}"}
    short = list(LONG)[23:]
    early = value(estate(*busy(short, 3, halved=frozenset(last))), **asked)["changes"]
    assert {one["verdict"] for one in early} == {TOO_EARLY}, "six weeks hold no two whose own past is known"
    fallen = value(estate(*busy(list(LONG), halved=frozenset(last)), by="month"), **asked)["changes"]
    (sessions,) = (one for one in fallen if one["measure"] == "sessions")
    assert sessions["verdict"] == LIKELY
    assert sessions["value"] < sessions["expected_low"] < sessions["expected"] < sessions["expected_high"]
    assert sessions["expected"] == pytest.approx(175, rel=0.03)


@pytest.mark.parametrize("by", ["week", "month"])
def test_a_week_or_month_outside_its_band_is_unusual(by: str) -> None:
    days = Period(date(2020, 1, 1), date(2020, 9, 30))
    fallen = Period(date(2020, 9, 14), date(2020, 9, 20)) if by == "week" else Period(date(2020, 9, 1), days.last)
    held = estate(*busy(list(days), 12, halved=frozenset(fallen)), by="month")
    rows = value(held, by=by, **{"from": "2020-08-01", "to": f"{days.last}"})["rows"]
    assert [row["day"] for row in rows if row["sessions_unusual"]][:1] == [f"{fallen.first}"]
    assert by == "month" or all(row["sessions_expected_low"] is not None for row in rows)
    usual = next(row for row in rows if row["sessions_unusual"] is False)
    whole = sum(12 + k % 3 for k, day in enumerate(days) if usual["day"] <= f"{day}" <= usual["last_day"])
    assert usual["sessions_expected_low"] < usual["sessions"] == whole < usual["sessions_expected_high"]
    assert usual["exit_rate_expected_low"] < 0.5 < usual["exit_rate_expected_high"]


def test_breaks_and_dated_events_of_the_days_stand_beside_them() -> None:
    days = Period(date(2019, 12, 9), date(2019, 12, 27))
    found = value(estate(*busy(list(days), 2)), **{"from": f"{days.first}", "to": f"{days.last}"})
    assert [(one["day"], one["name"]) for one in found["breaks"]] == [("2019-12-20", "Cookie opt-in")]
    assert "Christmas Day" in {one["name"] for one in found["annotations"]}
    after = value(estate(*busy(list(days), 2)), **{"from": "2019-12-20", "to": f"{days.last}"})
    assert after["breaks"] == []


def test_days_without_data_have_no_value_and_empty_sets_count_nothing() -> None:
    held = estate(*busy([date(2019, 10, 7), date(2019, 10, 9)], 2))
    found = value(held, **{"from": "2019-10-07", "to": "2019-10-09"})["rows"]
    assert [row["sessions"] for row in found] == [2, None, 3]
    assert found[1]["exit_rate"] is found[1]["sessions_unusual"] is None
    nothing = value(held, **{"from": "2019-10-07", "to": "2019-10-07", "page": "/nowhere"})["rows"][0]
    assert (nothing["sessions"], nothing["exit_rate"]) == (0, None)


def test_a_set_of_one_departments_pages_is_its_own_and_others_small_counts_are_hidden() -> None:
    held = estate("2019-10-07 HMRC s1: /a > DfT:/c", "2019-10-07 HMRC s2: /a")
    asked = {"from": "2019-10-07", "to": "2019-10-07"}
    own = answer(held, "service-owner-hmrc", page="/a", **asked)
    assert own.table.select("department", "sessions").rows() == [("HMRC", 2)]
    mixed = answer(held, "service-owner-hmrc", page="/a,/c", **asked)
    assert mixed.table.select("department", "sessions").rows() == [(None, None)]
    assert "$.rows[0].sessions" in mixed.about.suppression
    assert answer(held, "service-owner-hmrc", department="DfT", **asked).table["sessions"].to_list() == [None]


def test_what_is_published_is_by_week_or_month_and_agrees_with_the_summary() -> None:
    days = Period(date(2019, 10, 1), date(2019, 11, 30))
    held = estate(*busy(list(days), 7), by="month")
    asked: JSON = {"from": f"{days.first}", "to": f"{days.last}", "publication": True, "department": "HMRC"}
    found = value(held, **asked)
    assert (found["by"], len(found["rows"])) == ("month", 2)
    totals: Any = ask(held, PEOPLE["estate-analyst"], "summary", asked | {"compare": "none"}).value
    for name in ("sessions", "page_views", "exits"):
        assert sum(row[name] for row in found["rows"]) == totals[0][name]
        assert all(row[name] % 10 == 0 for row in found["rows"])
    for wrong, field in (({"by": "day"}, "by"), ({"page": "/a"}, "page")):
        with pytest.raises(errors.BadRequest) as refused:
            value(held, **asked, **wrong)
        assert refused.value.field == field


def test_what_is_published_where_no_days_are_named_is_a_quarter_of_whole_weeks_or_as_many_as_have_data() -> None:
    def weeks(days: Period) -> list[str]:
        found: Any = ask(estate(*busy(list(days), 3)), PEOPLE["estate-analyst"], "trend", {"publication": True}).value
        return [row["day"] for row in found["rows"]]

    long = weeks(Period(date(2020, 5, 1), date(2020, 8, 5)))  # a Wednesday
    assert (long[0], long[-1], len(long)) == ("2020-05-04", "2020-07-27", 13)
    assert weeks(Period(date(2020, 7, 15), date(2020, 8, 2))) == ["2020-07-13", "2020-07-20", "2020-07-27"]
    assert weeks(Period(date(2020, 8, 3), date(2020, 8, 5))) == ["2020-07-27"], "no week is over yet"


def test_the_band_of_one_measure_alone_is_as_among_all() -> None:
    days = Period(date(2020, 1, 6), date(2020, 4, 5))
    held, asked = estate(*busy(list(days)), by="month"), {"from": "2020-03-30", "to": "2020-04-05"}
    every, alone = value(held, **asked), value(held, **asked, bands="sessions")
    (told,), [whole] = alone["changes"], [one for one in every["changes"] if one["measure"] == "sessions"]
    assert told["verdict"] == whole["verdict"]
    assert told["expected"] == pytest.approx(whole["expected"])
    for one, other in zip(every["rows"], alone["rows"], strict=True):
        assert (one["sessions"], one["sessions_unusual"]) == (other["sessions"], other["sessions_unusual"])
        assert one["sessions_expected_low"] == pytest.approx(other["sessions_expected_low"])
    assert {row["page_views_expected_low"] for row in alone["rows"]} == {None}
