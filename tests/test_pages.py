"""Pages: every measure as plain Python counts it, whoever asks, however the estate is cut; sorted, paged, folded."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import errors
from data.access import PEOPLE
from data.store import Estate
from queries.ask import ask
from queries.pages.pages import COLUMNS, SHOWN
from tests.counts import rounds
from tests.plain import visits
from tests.plain.measures import NOT_SHARED, Counts, Visit, measures, without_small
from tests.plain.patterns import glob, whole
from tests.plain.visits import BEFORE, NOW, Told
from tests.plain.worlds import DOCUMENT_TYPES, OWNERS, SERVICES
from tests.stories import estate

JSON = dict[str, Any]
ALL_DAYS = {"from": f"{BEFORE[0]}", "to": f"{NOW[-1]}"}
NAMED_FOR = {"service-owner-hmrc": "HMRC", "analyst-dft": "DfT", "service-owner-home-office": "Home Office"}
PARTS = {column.name: column.parts for column in COLUMNS if column.kind == "derived"}
PERIODS = st.sampled_from([(first, last) for first in BEFORE + NOW for last in BEFORE + NOW if first <= last])
FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "device": st.just("mobile"),
        "channel": st.just("direct,social"),
        "country": st.just("France"),
        "page": st.sampled_from(["/a*", "/**", "*/x**", "/a,/b", "www.passport.service.gov.uk/**", "/nowhere"]),
        "service": st.just("vehicle-tax"),
        "document_type": st.just("answer"),
        "organisation": st.just("Home Office"),
        "department": st.sampled_from(["HMRC", "DfT"]),
    },
)
SORTS = st.fixed_dictionaries(
    {"limit": st.sampled_from([1, 3, 100]), "offset": st.sampled_from([0, 2])},
    optional={"sort": st.sampled_from(SHOWN), "order": st.sampled_from(["ascending", "descending"])},
)


def answered(estate: Estate, person: str = "estate-analyst", **asked: object) -> JSON:
    value = ask(estate, PEOPLE[person], "pages", asked).value
    assert isinstance(value, dict)
    return value


def hidden(page: str, person: str) -> bool:
    return person in NAMED_FOR and not page.startswith("/") and OWNERS[page] != NAMED_FOR[person]


def fits(page: str, filters: JSON, person: str) -> bool:
    """Whether the filters on pages keep this page; where there are any, none that the viewer may not see."""
    patterns = filters.get("page", "**").split(",")
    return (
        any(glob(whole(pattern), whole(page)) for pattern in patterns)
        and SERVICES.get(page) == filters.get("service", SERVICES.get(page))
        and DOCUMENT_TYPES.get(page) == filters.get("document_type", DOCUMENT_TYPES.get(page))
        and ("organisation" not in filters or visits.belongs(page, filters["organisation"], "tagged"))
        and filters.get("department", OWNERS[page]) == OWNERS[page]
        and not (set(filters) - {"device", "channel", "country"} and hidden(page, person))
    )


def chosen(told: Sequence[Told], filters: JSON, days: tuple[Any, Any]) -> list[Visit]:
    return [
        one.visit
        for one in told
        if days[0] <= one.visit.day <= days[1]
        and one.visit.device == filters.get("device", one.visit.device)
        and one.visit.country == filters.get("country", one.visit.country)
    ]


def expected(told: list[Visit], filters: JSON, person: str) -> dict[str, Counts]:
    """Every page with a page view, by its name; those of foreign service hosts as one row a department."""
    seen = {view.page for visit in told for view in visit.views if view.page != NOT_SHARED}
    names = {
        page: f"({OWNERS[page]})" if hidden(page, person) else page for page in seen if fits(page, filters, person)
    }
    rows: dict[str, Counts] = {}
    for name in set(names.values()):
        found = measures(told, lambda page, name=name: names.get(page) == name)  # type: ignore[misc]
        row = {measure: found[measure] for measure in (*SHOWN, "single_page")}
        owner = {OWNERS[page] for page, shown in names.items() if shown == name}.pop()
        rows[name] = without_small(row, PARTS) if owner != NAMED_FOR.get(person, owner) else row
    return rows


@settings(max_examples=rounds(40, 300), deadline=None)
@given(visits.told(), FILTERS, PERIODS, st.sampled_from(["estate-analyst", *NAMED_FOR]), visits.CUTS)
def test_every_page_has_the_measures_that_plain_python_counts(
    told: list[Told], filters: JSON, days: tuple[Any, Any], person: str, by: str
) -> None:
    rows = expected(chosen(told, filters, days), filters, person)
    found = answered(visits.built(told, by), person, **filters, **{"from": f"{days[0]}", "to": f"{days[1]}"})
    assert found["total"] == len(rows)
    assert {row["page"]: {name: row[name] for name in SHOWN} for row in found["pages"]} == {
        page: {name: row[name] for name in SHOWN} for page, row in rows.items()
    }


@settings(max_examples=rounds(10, 100), deadline=None)
@given(visits.told(), SORTS)
def test_pages_are_sorted_by_the_measure_and_no_value_comes_last(told: list[Told], sort: JSON) -> None:
    estates = [visits.built(told, by) for by in ("day", "month")]
    rows = [answered(one, **ALL_DAYS, **sort)["pages"] for one in estates]
    everything = answered(estates[0], **ALL_DAYS, **sort | {"limit": 100, "offset": 0})["pages"]
    assert rows[0] == rows[1] == everything[sort["offset"] : sort["offset"] + sort["limit"]]
    values = [row[sort.get("sort", "page_views")] for row in everything]
    known = [value for value in values if value is not None]
    assert values == known + [None] * (len(values) - len(known))
    assert known == sorted(known, reverse=sort.get("order") != "ascending")


def test_a_foreign_department_is_one_row_in_which_a_session_counts_once() -> None:
    """Ten people see two pages of the passport service: ten sessions, not twenty."""
    passport = "www.passport.service.gov.uk"
    held = estate(*(f"Home-Office s{n}: /a > {passport}/one > {passport}/two" for n in range(10)))
    row = answered(held, "analyst-dft", limit=1)["pages"][0]
    assert (row["page"], row["department"], row["sessions"], row["page_views"]) == (
        "(Home Office)",
        "Home Office",
        10,
        20,
    )
    assert passport not in str(answered(held, "analyst-dft"))
    assert answered(held, "analyst-dft", page=f"{passport}/**") == {"total": 0, "offset": 0, "pages": []}


def test_a_mark_is_no_page_and_nothing_is_zero() -> None:
    held = estate("HMRC s1: /a > (not shared) > /a")
    assert [row["page"] for row in answered(held)["pages"]] == ["/a"]
    assert answered(held, page="/elsewhere") == {"total": 0, "offset": 0, "pages": []}
    assert answered(estate())["pages"] == []


def test_a_department_that_one_is_not_named_for_is_its_pages_of_www_gov_uk() -> None:
    tax = "www.tax.service.gov.uk/account"
    held = estate(f"HMRC s1: /a > {tax}", "DfT s2: /b", f"HMRC s3: {tax}")
    told = {person: ask(held, PEOPLE[person], "pages", {"department": "hmrc", "sort": "page_views"})
            for person in ("analyst-dft", "service-owner-hmrc")}  # fmt: skip
    assert told["analyst-dft"].table["page"].to_list() == ["/a"]
    assert told["service-owner-hmrc"].table["page"].to_list() == [tax, "/a"]
    assert any("not named for HMRC" in note for note in told["analyst-dft"].about.notes)
    assert not any("not named" in note for note in told["service-owner-hmrc"].about.notes)
    with pytest.raises(errors.BadRequest, match="should be departments"):
        answered(held, "analyst-dft", department="Ministry of Magic")


@pytest.mark.parametrize("by", ["day", "month"])
@pytest.mark.parametrize("more", [{}, {"device": "mobile"}, {"publication": True}])
def test_a_page_that_changes_hands_counts_for_each_owner_on_its_own_days(by: str, more: JSON) -> None:
    before = [f"2019-09-30 HMRC s{n} [mobile]: /b" for n in range(20)]
    after = [f"2019-10-01 DfT t{n} [mobile]: /b" for n in range(60)]
    told, week = estate(*before, *after, by=by), {"from": "2019-09-30", "to": "2019-10-06", "compare": "none"}
    for department, views in (("HMRC", 20), ("DfT", 60)):
        (row,) = answered(told, department=department, **week, **more)["pages"]
        assert (row["page_views"], row["sessions"], row["department"]) == (views, views, department)
