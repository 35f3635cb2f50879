"""Handovers: between departments as plain Python counts them, from start pages to services, and what people may see."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import errors
from data.access import PEOPLE
from data.store import Estate
from queries.answers import Answer
from queries.ask import ask
from queries.handovers.starts import COUNTS
from tests.counts import rounds
from tests.plain import handovers as plain
from tests.plain.handovers import OWNERS, Visit
from tests.stories import estate

JSON = dict[str, Any]
OCTOBER: JSON = {"from": "2019-10-01", "to": "2019-10-31", "compare": "none"}
THROUGH: JSON = {"pass_through": "true"}
CLOSED = [person for person in PEOPLE if PEOPLE[person].role in {"service owner", "department analyst"}]


def answer(held: Estate, person: str = "estate-analyst", **asked: object) -> Answer:
    return ask(held, PEOPLE[person], "handovers", OCTOBER | asked)


def told(visits: list[Visit], by: str = "month") -> Estate:
    return estate(*(visit.line(n) for n, visit in enumerate(visits)), by=by)


def value(held: Estate, person: str = "estate-analyst", **asked: object) -> Any:
    return answer(held, person, **asked).value


def pairs(found: Any) -> dict[tuple[str, str], Any]:
    return {(row["from"], row["to"]): (row["sessions"], row["steps"]) for row in found["handovers"]}


FILTERS = st.fixed_dictionaries(
    {}, optional={"device": st.just("mobile"), "pass_through": st.just("true"), "page": st.sampled_from(["/a", "/vehicle-tax"])}
)  # fmt: skip


@settings(max_examples=rounds(8, 300), deadline=None)
@given(plain.visits(), FILTERS, st.sampled_from(["day", "month"]))
def test_handovers_are_those_of_plain_python(visits: list[Visit], filters: JSON, by: str) -> None:
    found = value(told(visits, by), **filters)
    seen = [visit for visit in visits if visit.device == filters.get("device", visit.device)]
    passed = () if "pass_through" in filters else plain.PASSED
    within = {filters["page"]} if "page" in filters else None
    assert pairs(found) == plain.handovers(seen, passed, within)
    for row in found["handovers"]:
        assert row["from_sessions"] == plain.seen(seen, row["from"])
        assert row["share"] == row["sessions"] / row["from_sessions"]


@settings(max_examples=rounds(8, 300), deadline=None)
@given(plain.visits(), st.sampled_from([{}, {"device": "mobile"}]), st.sampled_from(["day", "month"]))
def test_start_pages_hand_over_as_plain_python_counts_and_add_up(visits: list[Visit], filters: JSON, by: str) -> None:
    found = value(told(visits, by), **filters)
    wanted = plain.starts([visit for visit in visits if visit.device == filters.get("device", visit.device)])
    services = {row["service"]: row for row in found["services"]}
    assert services.keys() == wanted.keys()
    for slug, row in services.items():
        assert {name: row[name] for name in COUNTS} == {name: wanted[slug][name] for name in COUNTS}
        assert row["start_page_sessions"] == row["arrivals"] + row["not_seen_arriving"] + row["did_not_click"]
        assert row["arrival_rate"] == row["arrivals"] / row["start_page_sessions"]


def test_a_filter_that_chooses_everything_changes_no_number() -> None:
    """The daily sums and the page views say the same."""
    lines = ["2019-10-08 HMRC s1: /a > DfT:/c > www.access.service.gov.uk/login > DfT:/c > Home-Office:/h", "2019-10-08 HMRC s2: /a > DfT:/c > /a > DfT:/c"]  # fmt: skip
    held = estate(*lines)
    plainly, filtered = value(held), value(held, device="desktop,mobile,tablet,other")
    assert pairs(plainly) == pairs(filtered) == {("HMRC", "DfT"): (2, 3), ("DfT", "HMRC"): (1, 1), ("DfT", "Home Office"): (1, 1)}  # fmt: skip
    assert pairs(value(held, **THROUGH))["HMRC", "DfT"] == (2, 4)


def test_a_department_keeps_what_comes_from_it_or_goes_to_it() -> None:
    held = estate("2019-10-08 HMRC s1: /a > DfT:/c > Home-Office:/h")
    assert set(pairs(value(held, department="HMRC"))) == {("HMRC", "DfT")}
    assert set(pairs(value(held, "analyst-dft", department="Home Office"))) == {("DfT", "Home Office")}


def test_a_structure_as_now_hands_over_to_the_successor() -> None:
    held = estate("2019-10-08 HMRC s1: /a > DFID:/aid")
    assert set(pairs(value(held))) == {("HMRC", "DFID")}
    assert set(pairs(value(held, structure="now"))) == {("HMRC", "FCDO")}


@pytest.mark.parametrize("missing", [3, 10])
def test_like_days_alone_are_compared(missing: int) -> None:
    """In the week or the one before a day has no data: the one beside it counts in neither share nor change."""
    lines = [f"2019-10-{day:02} HMRC d{day}n{n}: /a > DfT:/c" for day in range(1, 15) if day != missing for n in range(20)]  # fmt: skip
    found = answer(estate(*lines), **{"from": "2019-10-08", "to": "2019-10-14", "compare": "previous"})
    value_: Any = found.value
    (row,) = value_["handovers"]
    assert (row["sessions_comparison"], row["sessions_change"], row["sessions_change_high"]) == (120, 0, 0)
    assert row["share"] == row["share_comparison"] == 1
    assert any("Like days alone" in note for note in found.about.notes)


def test_a_small_handover_is_shown_only_to_who_is_named_for_both() -> None:
    held = estate(*(f"2019-10-08 HMRC s{n}: /a > DfT:/c" for n in range(9)), *(f"2019-10-08 HMRC t{n}: /a > Home-Office:/h" for n in range(10)))  # fmt: skip
    for person in CLOSED:
        found = answer(held, person)
        assert pairs(found.value) == {("HMRC", "DfT"): (None, None), ("HMRC", "Home Office"): (10, 10)}, person
        assert "$.handovers[1].sessions" in found.about.suppression
    assert pairs(value(held, "leadership"))["HMRC", "DfT"] == (9, 9)


def test_a_hidden_part_of_a_start_page_cannot_be_subtracted_from_the_rest() -> None:
    lines = [f"2019-10-08 HMRC s{n}: /vehicle-tax +out www.vehicletax.service.gov.uk > www.vehicletax.service.gov.uk/x" for n in range(20)]  # fmt: skip
    lines += [f"2019-10-08 HMRC t{n}: /vehicle-tax +out www.vehicletax.service.gov.uk" for n in range(3)]
    lines += [f"2019-10-08 HMRC u{n}: /vehicle-tax" for n in range(15)]
    (row,) = value(estate(*lines), "service-owner-hmrc")["services"]
    assert (row["start_page_sessions"], row["arrivals"]) == (38, 20)
    assert row["start_clicks"] is row["not_seen_arriving"] is row["did_not_click"] is None
    (own,) = value(estate(*lines), "analyst-dft")["services"]
    assert [own[name] for name in COUNTS] == [38, 23, 20, 3, 15]


def test_a_service_that_does_not_share_has_no_arrivals_and_says_why() -> None:
    held = estate(
        "2019-10-08 GDS s1: DWP:/sign-in-universal-credit +out www.universal-credit.service.gov.uk > (not shared)"
    )
    (row,) = value(held)["services"]
    assert (row["service"], row["status"], row["start_clicks"]) == ("universal-credit", "not shared", 1)
    assert row["arrivals"] is row["not_seen_arriving"] is row["arrival_rate"] is None


def weeks(last: int) -> Estate:
    """Eighteen weeks of vehicle tax, the last two with so many arrivals a day of twenty-five; half of them before."""
    first = date(2020, 1, 1)
    lines = []
    for n in range(126):
        arrived = 12 + n % 3 if n < 112 else last
        for k in range(25):
            after = " > www.vehicletax.service.gov.uk/x" if k < arrived else ""
            lines.append(f"{first + timedelta(n)} HMRC d{n}k{k}: DfT:/vehicle-tax{after}")
        lines += [f"{first + timedelta(n)} HMRC p{n}k{k}: Home-Office:/renew-adult-passport > www.passport.service.gov.uk/p" for k in range(8)]  # fmt: skip
    return estate(*lines, by="month")


def test_a_service_that_lost_its_link_stands_first_and_is_likely_real() -> None:
    days = {"from": "2020-04-22", "to": "2020-05-05"}
    first, second = value(weeks(last=3), **days)["services"]
    assert (first["service"], first["arrivals_verdict"], first["arrival_rate_verdict"]) == ("vehicle-tax", "likely real", "likely real")  # fmt: skip
    assert first["departure"] < -1
    assert first["arrivals_expected_low"] < first["arrivals_expected"] < first["arrivals_expected_high"]
    assert second["arrivals_verdict"] == "could be chance"


def test_what_is_expected_of_a_service_is_of_the_structure_asked_for() -> None:
    """As then the successor has no start page, so nothing is judged: that may not be kept for the structure as now."""
    lines = [f"{date(2020, 2, 1) + timedelta(n)} GDS s{n}k{k}: BEIS:/renew-patent > www.ipo.gov.uk/onlinepatentrenewal" for n in range(82) for k in range(11 + n % 3)]  # fmt: skip
    held, asked = estate(*lines, by="month"), {"department": "DSIT", "from": "2020-04-15", "to": "2020-04-21"}
    assert value(held, structure="then", **asked)["services"] == []
    (row,) = value(held, structure="now", **asked)["services"]
    assert (row["service"], row["arrivals_verdict"]) == ("renew-patent", "could be chance")


def test_a_comparison_gives_the_change_and_no_change_is_computed_across_a_break() -> None:
    lines = [
        f"2019-10-{day:02} HMRC d{day}n{n}: /a > DfT:/c" for day in range(1, 15) for n in range(5 if day < 8 else 8)
    ]
    held = estate(*lines)
    week = {"from": "2019-10-08", "to": "2019-10-14", "compare": "previous"}
    (row,) = value(held, **week)["handovers"]
    assert (row["sessions"], row["sessions_comparison"], row["sessions_change"]) == (56, 35, 21)
    broken = answer(held, **{"from": "2019-12-20", "to": "2019-12-26", "compare": "previous"})
    assert any("Cookie opt-in" in note for note in broken.about.notes)


def test_published_handovers_are_tens_and_hide_what_is_small() -> None:
    lines = [f"2019-10-08 HMRC s{n}: /a > DfT:/c" for n in range(33)] + [f"2019-10-09 HMRC t{n}: /a > Home-Office:/h" for n in range(4)]  # fmt: skip
    found = pairs(value(estate(*lines, by="month"), publication="true"))
    assert found["HMRC", "Home Office"] == (None, None)
    assert found["HMRC", "DfT"][0] in {30, 40}


@pytest.mark.parametrize("asked", [{"device": "mobile"}, {"page": "/a"}, {"pass_through": "true"}])
def test_what_cannot_be_published_is_refused_with_its_name(asked: JSON) -> None:
    with pytest.raises(errors.BadRequest) as told:
        value(estate("2019-10-08 HMRC s1: /a"), publication="true", **asked)
    assert told.value.field in asked


def test_tags_have_no_handovers() -> None:
    with pytest.raises(errors.BadRequest, match="one owner"):
        value(estate("2019-10-08 HMRC s1: /a"), attribution="tagged")


def test_the_oracle_knows_every_page_of_the_visits() -> None:
    assert set().union(*plain.STARTS.values(), *plain.REST.values()) <= OWNERS.keys()
