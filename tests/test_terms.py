"""Search terms: as plain Python counts them, with the pages searched from, and rare ones told together."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import errors
from data.access import PEOPLE
from data.periods import Period
from data.store import Estate, Reading
from queries.answers import Answer
from queries.ask import ask
from queries.asking import Asking
from queries.terms import term_sums
from queries.terms.terms import Parameters
from tests.counts import rounds
from tests.plain import terms, visits
from tests.plain.visits import NOW, Told
from tests.stories import estate

JSON = dict[str, Any]
TERM = "tax code"  # of every search from a page of the random visits
OCTOBER: JSON = {"from": "2019-10-01", "to": "2019-10-31"}
FILTERS = st.fixed_dictionaries({}, optional={"device": st.just("mobile"), "department": st.just("HMRC")})


def answer(held: Estate, person: str = "estate-analyst", **asked: object) -> Answer:
    return ask(held, PEOPLE[person], "terms", OCTOBER | asked)


def rows(held: Estate, **asked: Any) -> dict[str, JSON]:
    found = answer(held, **asked).value
    assert isinstance(found, dict)
    listed: Any = found["terms"]
    return {row["term"]: row for row in listed}


@settings(max_examples=rounds(10, 300), deadline=None)
@given(visits.told(), FILTERS, visits.CUTS)
def test_a_term_is_counted_as_plain_python_counts_it(told: list[Told], filters: JSON, cut: str) -> None:
    asked = filters | {"from": f"{NOW[0]}", "to": f"{NOW[-1]}"}
    found = rows(visits.built(told, cut), **asked)
    seen = [
        one.visit
        for one in told
        if one.visit.day in NOW and one.visit.device == filters.get("device", one.visit.device)
    ]
    department = filters.get("department")
    wanted = terms.term(seen, lambda page: not department or visits.belongs(page, department))
    common = _sessions_of_october(told) >= 10
    if not common:
        assert TERM not in found
    elif wanted.searches:
        row = found[TERM]
        assert (row["searches"], row["sessions"], row["ended"]) == (wanted.searches, wanted.sessions, wanted.ended)
        assert row["ended_share"] == wanted.ended / wanted.searches
        for name, pages in (("pages", wanted.pages), ("before", wanted.before), ("next", wanted.after)):
            assert {one["page"]: one["searches"] for one in row[name]} == dict(pages), name


def _sessions_of_october(told: Sequence[Told]) -> int:
    return sum(one.visit.day.month == 10 and any(view.searches for view in one.visit.views) for one in told)


def searching(page: str, words: str, sessions: int, name: str) -> list[str]:
    return [f"2019-10-08 HMRC {name}{n}: {page} +search {words}" for n in range(sessions)]


def test_rare_terms_are_one_row_until_ten_sessions_of_the_month_have_them() -> None:
    found = rows(
        estate(
            *searching("/a", "tax code", 10, "c"),
            *searching("/a", "my name", 2, "r"),
            *searching("/a", "other", 1, "o"),
        )
    )
    assert {term: row["searches"] for term, row in found.items()} == {"tax code": 10, "(rare)": 3}


def test_a_search_is_ended_where_nothing_came_after_not_even_a_download() -> None:
    lines = [f"2019-10-08 HMRC s{n}: /a +search vat" for n in range(10)]
    more = ["2019-10-08 HMRC t1: /a +search vat > /b", "2019-10-08 HMRC t2: /a +search vat +download form.pdf"]
    row = rows(estate(*lines, *more))["vat"]
    assert (row["searches"], row["sessions"], row["ended"]) == (12, 12, 10)


def test_the_most_searched_terms_come_first_and_the_limit_keeps_the_total() -> None:
    held = estate(*searching("/a", "vat", 12, "v"), *searching("/b", "vat", 11, "w"), *searching("/a", "tax", 15, "t"))
    found: Any = answer(held, limit=1).value
    assert found["total"] == 2
    (row,) = found["terms"]
    assert (row["term"], row["searches"], row["page"]) == ("vat", 23, "/a")
    assert [one["page"] for one in row["pages"]] == ["/a", "/b"]


def test_pages_of_foreign_services_are_folded_and_small_cells_hidden() -> None:
    held = estate(
        *searching("www.tax.service.gov.uk/x", "vat", 12, "v"),
        *searching("/a", "vat", 3, "w"),
        *searching("/a", "tax", 10, "t"),
    )
    found = answer(held, "analyst-dft")
    value: Any = found.value
    vat = next(row for row in value["terms"] if row["term"] == "vat")
    assert [(one["page"], one["searches"]) for one in vat["pages"]] == [("(HMRC)", 12), ("/a", None)]
    assert "$.terms[0].pages[1].searches" in found.about.suppression
    own: Any = answer(held, "service-owner-hmrc", page="/a").value
    assert {row["term"]: row["searches"] for row in own["terms"]} == {"tax": 10, "vat": 3}


def test_terms_that_end_most_often_come_first_where_asked_for_and_rare_ones_never() -> None:
    lines = [f"2019-10-08 HMRC s{n}: /a +search vat{' > /b' if n < 4 else ''}" for n in range(12)]
    lines += [f"2019-10-08 HMRC t{n}: /a +search tax > /b" for n in range(15)]
    held = estate(*lines, *searching("/a", "my name", 2, "r"))
    assert [term for term, _ in rows(held, sort="ended").items()] == ["vat", "tax"]
    assert rows(held)["vat"]["ended_share"] == 8 / 12


def rising(extra: int) -> Estate:
    """Ten weeks of two terms; the last week has so many more searches a day for one of them."""
    lines = []
    for n in range(70):
        day = date(2020, 3, 1) + timedelta(n)
        lines += [f"{day} HMRC a{n}k{k}: /a +search vat" for k in range(8 + n % 2 + (extra if n >= 63 else 0))]
        lines += [f"{day} HMRC b{n}k{k}: /a +search tax" for k in range(12 - n % 2)]
    return estate(*lines, by="month")


def test_a_term_that_rises_comes_first_is_unusual_and_likely_real() -> None:
    days = {"from": "2020-05-03", "to": "2020-05-09", "sort": "rising"}
    found = rows(rising(20), **days)
    assert list(found) == ["vat", "tax"]
    vat, tax = found.values()
    assert (vat["searches"], vat["searches_comparison"], vat["searches_unusual"], vat["verdict"]) == (
        200,
        59,
        True,
        "likely real",
    )
    assert vat["expected_low"] < vat["expected"] < vat["expected_high"] < vat["searches"]
    assert (tax["searches_unusual"], tax["verdict"]) == (False, "could be chance")


def test_filters_leave_out_the_band_and_say_so() -> None:
    found = answer(rising(0), **{"from": "2020-05-03", "to": "2020-05-09", "sort": "rising", "device": "desktop"})
    value: Any = found.value
    assert all(row["verdict"] is row["expected"] is None for row in value["terms"])
    assert any("own past" in note for note in found.about.notes)


def test_daily_sums_and_searches_say_the_same_of_every_day() -> None:
    held = rising(3)
    day, week = ({"from": "2020-05-03", "to": last, "compare": "none"} for last in ("2020-05-03", "2020-05-09"))
    each = [rows(held, **{"from": f"2020-05-0{n}", "to": f"2020-05-0{n}"})["vat"]["searches"] for n in range(3, 10)]
    assert (rows(held, **day)["vat"]["searches"], rows(held, **week)["vat"]["searches"]) == (each[0], sum(each))
    with held.pinned() as reading:
        asked = terms_asking(held, reading)
        assert term_sums.past(asked, asked.period, ["vat"])[:, 0].tolist() == each


def terms_asking(held: Estate, reading: Reading) -> Asking[Any]:
    period = Period(date(2020, 5, 3), date(2020, 5, 9))
    return Asking(reading, PEOPLE["leadership"], Parameters(), period, None, "joined", held.settings, b"")


def test_what_is_kept_of_segments_is_not_kept_of_topics_which_people_change() -> None:
    held = rising(0)
    with held.pinned() as reading:
        asked = terms_asking(held, reading)
        first = reading.segments("joined", asked.period)[0]
        topical = replace(asked, parameters=Parameters(topic=("driving",)))
        assert term_sums.Searches(asked, first, asked.period).key
        assert not term_sums.Searches(topical, first, asked.period).key


def test_published_terms_are_rounded_add_up_over_devices_and_leave_out_what_few_searched_for() -> None:
    held = estate(
        *(
            f"2019-10-{1 + n % 30:02} HMRC s{n} [{('mobile', 'desktop')[n % 2]}]: /a +search tax > /b"
            for n in range(87)
        ),
        *(f"2019-10-{1 + n % 30:02} HMRC t{n}: /c +search visa" for n in range(64)),
        *(f"2019-10-01 HMRC r{n}: /c +search rare" for n in range(7)),
        *(f"2019-09-{1 + n % 30:02} HMRC u{n}: /c +search tax > /a" for n in range(30)),
        by="month",
    )
    month = {"from": "2019-10-01", "to": "2019-10-31", "publication": True}

    def told(**more: object) -> dict[str, Any]:
        value: Any = ask(held, PEOPLE["leadership"], "terms", month | more).value
        return {row["term"]: row for row in value["terms"]}

    whole, ended = told(), told(sort="ended")
    assert list(whole) == ["tax", "visa"]
    assert list(ended) == ["visa", "tax"]
    assert (whole["tax"]["searches"], whole["tax"]["searches_comparison"]) in {(n, 30) for n in (80, 90)}
    assert whole["visa"]["ended"] in {60, 70}
    assert whole["visa"]["ended_share"] == whole["visa"]["ended"] / whole["visa"]["searches"]
    assert sum(told(device=one)["tax"]["searches"] for one in ("mobile", "desktop")) == whole["tax"]["searches"]
    assert not whole["tax"]["next"]
    for odd in ({"sort": "rising"}, {"page": "/a"}, {"department": "HMRC"}):
        with pytest.raises(errors.BadRequest, match="can't be published"):
            told(**odd)
