"""The summary: every measure of every department as plain Python counts it, with changes that statistics vouch for."""

import math
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from data.access import PEOPLE
from data.periods import Period
from data.register import register
from data.store import Estate
from queries.answers import Answer
from queries.ask import ask
from queries.asking import WHOLE_ESTATE
from queries.departments.summary import MEASURES
from tests.counts import rounds
from tests.plain import visits
from tests.plain.measures import Counts, Visit, measures, visitors
from tests.plain.patterns import glob, whole
from tests.plain.visits import BEFORE, NOW, Told
from tests.plain.worlds import DOCUMENT_TYPES, SERVICES
from tests.stories import estate

JSON = dict[str, Any]
RATES = {"exit_rate": ("exits", "page_views"), "single_page_rate": ("single_page", "landings")}
ASKED: dict[str, object] = {"from": f"{NOW[0]}", "to": f"{NOW[-1]}"}
FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "device": st.just("mobile"),
        "country": st.just("France"),
        "page": st.sampled_from(["/a*", "www.passport.service.gov.uk/**"]),
        "service": st.just("vehicle-tax"),
        "document_type": st.just("answer"),
    },
)
OF_PAGES = {"page", "service", "document_type"}
Within = Callable[[str], bool]


def answer(held: Estate, person: str = "estate-analyst", **asked: object) -> Answer:
    given: dict[str, object] = ASKED | asked
    return ask(held, PEOPLE[person], "summary", given)


def rows(held: Estate, person: str = "estate-analyst", **asked: object) -> dict[str, JSON]:
    value = answer(held, person, **asked).value
    assert isinstance(value, list)
    return {str(row["department"]): row for row in value}


def within(department: str, asked: JSON) -> Within:
    """The pages of a row, those of the set asked for."""
    by, pattern = asked.get("attribution", "owner"), whole(asked.get("page", "**"))
    return lambda page: (
        (department == WHOLE_ESTATE or visits.belongs(page, department, by))
        and glob(pattern, whole(page))
        and SERVICES.get(page) == asked.get("service", SERVICES.get(page))
        and DOCUMENT_TYPES.get(page) == asked.get("document_type", DOCUMENT_TYPES.get(page))
    )


def chosen(told: Sequence[Told], asked: JSON, days: Sequence[date]) -> list[Visit]:
    kept = (one.visit for one in told if one.visit.day in days)
    return [
        one
        for one in kept
        if one.device == asked.get("device", one.device) and one.country == asked.get("country", one.country)
    ]


def expected(told: Sequence[Told], department: str, asked: JSON) -> tuple[Counts, list[Counts], list[Counts]]:
    """The measures of the period, and those of each day now and before."""
    pages = within(department, asked)
    now, before = ([measures(chosen(told, asked, [day]), pages) for day in days] for days in (NOW, BEFORE))
    return measures(chosen(told, asked, NOW), pages), now, before


@settings(max_examples=rounds(25, 300), deadline=None)
@given(visits.told(), FILTERS, visits.CUTS, st.sampled_from(["owner", "tagged"]))
def test_every_department_has_the_measures_that_plain_python_counts(
    told: list[Told], filters: JSON, by: str, attribution: str
) -> None:
    asked = filters | {"attribution": attribution}
    found = rows(visits.built(told, by), **asked)
    for department in (WHOLE_ESTATE, "HMRC", "DfT", "Home Office"):
        row, (total, now, before) = found[department], expected(told, department, asked)
        before_them = sum(one.searches_before for one in chosen(told, asked, NOW)) if department == WHOLE_ESTATE else 0
        before_them = 0 if OF_PAGES & set(asked) else before_them
        for name in ("sessions", "page_views", "landings", "exits", "exit_rate", "single_page_rate"):
            assert row[name] == total[name]
        assert row["searches"] == (total["searches"] or 0) + before_them
        for name in ("sessions", "page_views", "exits"):
            check_count(row, name, [float(day[name] or 0) for day in now], [float(day[name] or 0) for day in before])
        for name, parts in RATES.items():
            check_rate(
                row, name, *([[float(day[part] or 0) for part in parts] for day in days] for days in (now, before))
            )


def check_count(row: JSON, name: str, now: list[float], before: list[float]) -> None:
    assert row[f"{name}_comparison"] == sum(before)
    assert row[f"{name}_change"] == sum(now) - sum(before)
    differences = np.array(now) - np.array(before)
    reach = stats.t.ppf(0.975, 2) * math.sqrt(3) * differences.std(ddof=1)
    assert row[f"{name}_change_low"] == pytest.approx(differences.sum() - reach)
    assert row[f"{name}_change_high"] == pytest.approx(differences.sum() + reach)


def check_rate(row: JSON, name: str, now: list[list[float]], before: list[list[float]]) -> None:
    """The interval of the days' differences, or Newcombe's where that is wider; the value's own with Wilson's."""
    (hits, trials), (hits_before, trials_before) = np.array(now).sum(axis=0), np.array(before).sum(axis=0)
    if not (trials and trials_before):
        assert row[f"{name}_change"] is None
        assert row[f"{name}_unusual"] is None
        return
    pulled = [(h - hits / trials * t) / trials for h, t in now]
    pulled_before = [(h - hits_before / trials_before * t) / trials_before for h, t in before]
    change = hits / trials - hits_before / trials_before
    reach = stats.t.ppf(0.975, 2) * math.sqrt(
        1.5 * sum((a - b) ** 2 for a, b in zip(pulled, pulled_before, strict=True))
    )
    floor = confint_proportions_2indep(hits, trials, hits_before, trials_before, method="newcomb", compare="diff")
    assert row[f"{name}_change"] == pytest.approx(change)
    assert row[f"{name}_change_low"] == pytest.approx(min(change - reach, floor[0]))
    assert row[f"{name}_change_high"] == pytest.approx(max(change + reach, floor[1]))
    reach = stats.t.ppf(0.975, 2) * math.sqrt(1.5 * sum(one**2 for one in pulled))
    wilson = proportion_confint(hits, trials, method="wilson")
    assert row[f"{name}_low"] == pytest.approx(max(0, min(hits / trials - reach, wilson[0])), abs=1e-12)
    assert row[f"{name}_high"] == pytest.approx(min(1, max(hits / trials + reach, wilson[1])))


@settings(max_examples=rounds(20, 300), deadline=None)
@given(visits.told(), visits.CUTS)
def test_visitors_are_the_different_ones_of_the_days_in_one_month(told: list[Told], by: str) -> None:
    found = rows(visits.built(told, by))
    for department in (WHOLE_ESTATE, "HMRC", "DfT", "Home Office"):
        wanted = visitors(chosen(told, {}, NOW), within(department, {}))
        unnamed = wanted == 0 and found[department]["sessions"] > 0
        assert found[department]["visitors"] == (None if unnamed else wanted)
        assert found[department]["visitors_comparison"] is None, "30 September to 2 October lie in two months"


def test_visitors_have_no_value_where_they_cannot_be_told_apart_and_the_reason_is_said() -> None:
    held = estate(*(f"{day} HMRC s1 (v1): /a" for day in NOW))
    for asked, reason in (
        ({"from": "2019-09-30"}, "end of a month"),
        ({"device": "mobile"}, "device"),
        ({"page": "/a"}, "set of pages"),
        ({"structure": "now"}, "owner"),
    ):
        found = answer(held, **asked)
        assert found.table["visitors"].null_count() == found.table.height
        assert any("Visitors have no value" in note and reason in note for note in found.about.notes)


def test_sessions_sent_without_visitors_have_no_visitors_rather_than_none() -> None:
    found = answer(estate("2019-10-08 GDS s1: HMRC:/a > /b", "2019-10-08 GDS s2 x40: HMRC:/a"))
    visitors = dict(found.table.select("department", "visitors").iter_rows())
    assert (visitors[WHOLE_ESTATE], visitors["HMRC"], visitors["DfT"]) == (None, None, 0)
    assert any("without visitors" in note for note in found.about.notes)
    named = answer(estate("2019-10-08 GDS s1 (v1): HMRC:/a > /b"))
    assert named.table["visitors"][0] == 1
    assert not any("without visitors" in note for note in named.about.notes)


def test_a_session_counts_for_each_department_it_saw_and_once_for_the_estate() -> None:
    found = rows(estate("2019-10-08 HMRC s1: /a > DfT:/b > GDS:/c"))
    assert [found[name]["sessions"] for name in (WHOLE_ESTATE, "HMRC", "DfT", "GOV.UK (GDS)", "DWP")] == [1, 1, 1, 1, 0]
    assert found["DWP"]["exit_rate"] is None
    assert (found["HMRC"]["status"], found["DWP"]["status"]) == ("shared", "not shared")


def test_departments_that_did_not_sign_have_figures_of_www_gov_uk() -> None:
    found = rows(estate("2019-10-08 GDS s1: DWP:/universal-credit"))
    assert (found["DWP"]["sessions"], found["DWP"]["status"]) == (1, "not shared")


def test_structure_as_now_moves_figures_to_the_successor() -> None:
    held = estate("2019-10-08 GDS s1: DFID:/aid")
    assert rows(held)["DFID"]["sessions"] == 1
    now = rows(held, structure="now")
    assert "DFID" not in now
    assert now[register.as_now("DFID")]["sessions"] == 1


def grown(days: Sequence[date], department: str, sessions: Callable[[int], int]) -> list[str]:
    return [
        f"{day} {department} {department[0]}{day:%j}n{n}: /a/{department}"
        for k, day in enumerate(days)
        for n in range(sessions(k))
    ]


def test_a_doubling_is_unusual_and_the_noise_of_days_is_not() -> None:
    days = list(Period(date(2019, 10, 7), date(2019, 10, 20)))
    steady = grown(days, "DfT", lambda k: (9, 11, 10, 8, 12, 10, 9, 11, 9, 10, 12, 8, 10, 10)[k])
    doubled = grown(days, "HMRC", lambda k: (9, 10, 11, 10, 9, 10, 11, 20, 21, 22, 20, 19, 21, 22)[k])
    found = rows(estate(*steady, *doubled), **{"from": "2019-10-14", "to": "2019-10-20"})
    assert found["HMRC"]["sessions_unusual"] is True
    assert found["HMRC"]["sessions_change_low"] > 0
    assert found["DfT"]["sessions_unusual"] is False
    assert found["HMRC"]["exit_rate_unusual"] is False


def test_no_change_is_computed_across_a_break_nor_between_different_weekdays() -> None:
    days = Period(date(2019, 12, 9), date(2019, 12, 22))
    held = estate(*grown(list(days), "HMRC", lambda _: 3))
    crossing = answer(held, **{"from": "2019-12-16", "to": "2019-12-22", "department": "HMRC"})
    assert crossing.table["sessions_comparison"].to_list() == [21]
    assert crossing.table["sessions_change"].to_list() == crossing.table["sessions_unusual"].to_list() == [None]
    assert any("2019-12-20: Cookie opt-in" in note for note in crossing.about.notes)
    shifted = answer(
        held, **{"from": "2019-12-12", "to": "2019-12-13", "compare": "2019-12-09..2019-12-10", "department": "HMRC"}
    )
    assert shifted.table["sessions_change"].to_list() == [None]
    assert any("weekdays" in note for note in shifted.about.notes)


def test_without_a_comparison_or_with_one_day_there_is_no_interval_of_days() -> None:
    held = estate(*grown([NOW[0] - timedelta(7), NOW[0]], "HMRC", lambda _: 12))
    alone = rows(held, compare="none")["HMRC"]
    assert all(alone[f"{name}_comparison"] is None and alone[f"{name}_change"] is None for name in MEASURES)
    one = rows(held, to=f"{NOW[0]}")["HMRC"]
    assert (one["sessions_change"], one["sessions_change_low"], one["sessions_unusual"]) == (0, None, None)
    assert one["exit_rate_low"] == pytest.approx(proportion_confint(12, 12, method="wilson")[0])


def test_days_that_have_no_data_are_no_zero_to_compare_with() -> None:
    held = estate(*grown(NOW, "HMRC", lambda _: 12))
    found = answer(held)
    assert found.table["sessions"][0] == 12 * len(NOW)
    for name in MEASURES:
        assert found.table[f"{name}_comparison"].null_count() == found.table.height
        assert found.table[f"{name}_change"].null_count() == found.table.height
    assert any("no day of" in note for note in found.about.notes)
    partly = answer(estate(*grown([BEFORE[0], *NOW], "HMRC", lambda _: 12)))
    assert partly.table["sessions_comparison"][0] == 12
    assert any("2 days have no data" in note for note in partly.about.notes)


def test_small_cells_of_others_are_hidden_and_named_and_the_estate_is_not() -> None:
    held = estate(*grown(NOW, "HMRC", lambda _: 3), *grown(NOW, "DfT", lambda _: 4))
    found = answer(held, "analyst-dft", department="HMRC,DfT")
    assert found.table["sessions"].to_list() == [12, None]
    assert "$[1].sessions" in found.about.suppression
    assert "$[1].exit_rate" in found.about.suppression
    assert not any(path.startswith("$[0]") for path in found.about.suppression)
    assert rows(held, "analyst-dft")[WHOLE_ESTATE]["sessions"] == 21
