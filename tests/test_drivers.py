"""Drivers: contributions as plain Python finds them, which add up to the change to the last unit."""

from collections import Counter, defaultdict
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import errors
from data.access import PEOPLE
from data.store import Estate
from queries.answers import Answer
from queries.ask import ask
from queries.asking import WHOLE_ESTATE
from queries.trends.drivers import NO_COMPARISON
from tests.counts import rounds
from tests.plain import drivers, handovers, terms, visits
from tests.plain.measures import Visit
from tests.plain.patterns import glob, whole
from tests.plain.visits import BEFORE, NOW, Told
from tests.plain.worlds import OWNERS, SERVICES
from tests.stories import estate

JSON = dict[str, Any]
MEASURES = st.sampled_from(["page_views", "sessions", "landings", "exits", "exit_rate", "single_page_rate"])
BY: Final[dict[str, drivers.Value]] = {
    "page": lambda _, page: page,
    "department": lambda _, page: OWNERS[page],
    "service": lambda _, page: SERVICES.get(page, "(no service)"),
    "device": lambda visit, _: visit.device,
    "channel": lambda visit, _: visit.channel,
}
OWNER_OF: Final = {"vehicle-tax": "DfT", "renew-passport": "Home Office"}
MORE = st.sampled_from([{}, {"department": "HMRC"}, {"page": "/a,/a/*"}, {"device": "mobile"}, {"country": "France"}])


def answer(held: Estate, person: str = "estate-analyst", **asked: object) -> Answer:
    given: dict[str, object] = {"from": f"{NOW[0]}", "to": f"{NOW[-1]}"} | asked
    return ask(held, PEOPLE[person], "drivers", given)


def value(held: Estate, **asked: Any) -> JSON:
    found = answer(held, **asked).value
    assert isinstance(found, dict)
    return found


def chosen(told: list[Told], days: tuple[Any, ...], more: JSON) -> list[Visit]:
    wanted = {name: more[name] for name in ("device", "country") if name in more}
    kept = (one.visit for one in told if one.visit.day in days)
    return [one for one in kept if all(getattr(one, name) == value for name, value in wanted.items())]


def within(more: JSON, page: str) -> bool:
    pages = str(more.get("page", "**")).split(",")
    return visits.belongs(page, more.get("department", OWNERS[page])) and any(
        glob(whole(one), whole(page)) for one in pages
    )


@settings(max_examples=rounds(8, 400), deadline=None)
@given(visits.told(), MEASURES, st.sampled_from(list(BY)), MORE, visits.CUTS)
def test_contributions_are_those_of_plain_python_and_add_up_to_the_change(
    told: list[Told], measure: str, by: str, more: JSON, cut: str
) -> None:
    found = value(visits.built(told, cut), measure=measure, by=by, **more)
    sides = [
        drivers.counts(chosen(told, days, more), measure, lambda page: within(more, page), BY[by])
        for days in (NOW, BEFORE)
    ]
    rows = {row["name"]: row for row in found["contributions"]}
    assert rows.keys() == sides[0].keys() | sides[1].keys()
    total = found["total"]
    if total["change"] is None:
        assert "rate" in measure
        assert not all(any(both[1] for both in side.values()) for side in sides)
        return
    wanted = drivers.contributions(*sides)
    assert {name: row["contribution"] for name, row in rows.items()} == pytest.approx(wanted, abs=1e-12)
    added = sum(row["contribution"] for row in rows.values())
    if "rate" in measure:
        assert added == pytest.approx(total["value"] - total["value_comparison"], abs=1e-9)
        assert all(
            row["contribution"] == pytest.approx(row["mix_effect"] + row["rate_effect"]) for row in rows.values()
        )
    else:
        assert added == total["change"] == total["value"] - total["value_comparison"]
        assert isinstance(added, int)


@settings(max_examples=rounds(10, 200), deadline=None)
@given(visits.told(), MEASURES, st.integers(1, 4))
def test_however_few_are_shown_the_others_make_up_the_rest(told: list[Told], measure: str, limit: int) -> None:
    found = value(visits.built(told, "month"), measure=measure, limit=limit)
    rows = found["contributions"]
    assert len(rows) <= limit + 1
    if found["total"]["change"] is not None:
        assert sum(row["contribution"] for row in rows) == pytest.approx(found["total"]["change"], abs=1e-9)
        sizes = [abs(row["contribution"]) for row in rows if row["name"] != "(other)"]
        assert sizes == sorted(sizes, reverse=True)


@settings(max_examples=rounds(6, 300), deadline=None)
@given(visits.told(), st.sampled_from([*BY, "term"]), st.sampled_from(["", "tax code", "(rare)"]), MORE, visits.CUTS)
def test_what_a_search_term_gained_or_lost_adds_up_by_everything(
    told: list[Told], by: str, term: str, more: JSON, cut: str
) -> None:
    found = value(visits.built(told, cut), measure="searches", by=by, term=term, **more)
    nowhere = {"page": "(no page)", "department": "No owner", "service": "(no service)"}
    every, sides = [one.visit for one in told], {NOW: Counter[str](), BEFORE: Counter[str]()}
    for number, page, said in terms.each(every):
        visit = every[number]
        fits = within(more, page) if page else not {"department", "page"} & more.keys()
        if (
            fits
            and term in {"", said}
            and all(getattr(visit, name) == more.get(name, getattr(visit, name)) for name in ("device", "country"))
        ):
            name = said if by == "term" else BY[by](visit, page) if page or by not in nowhere else nowhere[by]
            sides[NOW if visit.day in NOW else BEFORE][name] += 1
    rows = {row["name"]: (row["value"], row["value_comparison"]) for row in found["contributions"]}
    assert rows == {name: (sides[NOW][name], sides[BEFORE][name]) for name in sides[NOW] | sides[BEFORE]}
    total = found["total"]
    assert total["value"] == sum(sides[NOW].values())
    assert sum(row["contribution"] for row in found["contributions"]) == total["change"]


@settings(max_examples=rounds(6, 300), deadline=None)
@given(
    handovers.visits(),
    st.sampled_from(["arrivals", "arrival_rate"]),
    st.sampled_from(["device", "service", "department"]),
    visits.CUTS,
)
def test_arrivals_from_start_pages_split_as_plain_python_counts_them(
    told: list[handovers.Visit], measure: str, by: str, cut: str
) -> None:
    days = {"from": "2019-10-08", "to": "2019-10-09", "measure": measure, "by": by}
    every = [handovers.Visit(day, "tablet", (("/a", ""),)) for day in handovers.DAYS]
    held = estate(*(one.line(n) for n, one in enumerate([*told, *every])), by=cut)
    found = value(held, **days)
    sides = []
    for some in (handovers.DAYS[2:], handovers.DAYS[:2]):
        counts: drivers.Counts = defaultdict(lambda: [0, 0])
        for visit in (one for one in told if one.day in some):
            for slug, row in handovers.starts([visit]).items():
                name = {"device": visit.device, "service": slug, "department": OWNER_OF[slug]}[by]
                counts[name][0] += row["arrivals"]
                counts[name][1] += row["start_page_sessions"] * (measure == "arrival_rate")
        sides.append({name: both for name, both in counts.items() if any(both)})
    rows = {row["name"]: row["contribution"] for row in found["contributions"]}
    assert rows.keys() == sides[0].keys() | sides[1].keys()
    if found["total"]["change"] is not None:
        assert rows == pytest.approx(drivers.contributions(*sides), abs=1e-12)
        assert sum(rows.values()) == pytest.approx(found["total"]["change"], abs=1e-9)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"measure": "arrival_rate", "by": "page"}, "by should be one of channel, device, department, service for arrival_rate"),
        ({"measure": "sessions", "by": "term"}, "by should be one of page, channel, device, department, service for sessions"),
        ({"measure": "exits", "term": "refund"}, "term should only be given with measure searches"),
    ],
)  # fmt: skip
def test_what_a_measure_cannot_be_split_by_is_refused_with_what_would_do(asked: JSON, said: str) -> None:
    with pytest.raises(errors.BadRequest, match=said):
        answer(estate("2019-10-08 HMRC s1: /a"), **asked)


def test_a_value_that_moved_the_rate_by_its_share_is_told_from_one_that_changed_itself() -> None:
    """/a is left at once by all, /b by none of its landings; twice as many come to /a, which changes the mix alone."""
    before = [f"2019-10-01 HMRC b{n}: /a" for n in range(10)] + [f"2019-10-01 HMRC c{n}: /b > /e" for n in range(10)]
    now = [f"2019-10-08 HMRC n{n}: /a" for n in range(20)] + [f"2019-10-08 HMRC m{n}: /b > /e" for n in range(10)]
    day = {"from": "2019-10-08", "to": "2019-10-08", "measure": "single_page_rate"}
    rows = {row["name"]: row for row in value(estate(*before, *now), **day)["contributions"]}
    assert all(row["rate_effect"] == 0 for row in rows.values())
    assert sum(row["mix_effect"] for row in rows.values()) == pytest.approx(20 / 30 - 10 / 20)


def test_no_change_is_computed_without_a_comparison_or_across_a_break() -> None:
    held = estate(*(f"2019-12-{day} HMRC s{day}: /a" for day in range(10, 31)))
    alone = answer(held, **{"from": "2019-12-20", "to": "2019-12-26", "compare": "none"})
    assert alone.about.notes == (NO_COMPARISON,)
    assert alone.table["contribution"].to_list() == [None]
    crossing = answer(held, **{"from": "2019-12-20", "to": "2019-12-26"})
    assert crossing.table["contribution"].to_list() == [None]
    assert "Cookie opt-in" in crossing.about.notes[0]


def test_foreign_services_are_one_row_and_small_cells_of_others_are_hidden() -> None:
    held = estate(
        *(f"2019-10-08 HMRC s{n}: /a > www.tax.service.gov.uk/x/{n}" for n in range(12)),
        "2019-10-08 HMRC z: /a > DfT:/c",
        "2019-10-01 HMRC y: /z",
    )
    asked = {"from": "2019-10-08", "to": "2019-10-08"}
    seen = answer(held, "analyst-dft", **asked)
    rows = {row["name"]: row for row in seen.table.to_dicts()}
    assert rows.keys() == {"/a", "(HMRC)", "/c", "/z"}
    assert rows["(HMRC)"]["contribution"] is None, "what it was before, nothing, is small"
    assert rows["/c"]["value"] == 1
    assert value(held, **asked)["total"] == {
        "department": WHOLE_ESTATE,
        "value": 26,
        "value_comparison": 1,
        "change": 25,
    }


def test_days_without_data_are_nothing_to_compare_with_and_some_of_them_are_told() -> None:
    held = estate("2019-10-08 HMRC a: /a > /b", "2019-10-09 HMRC b: /a", "2019-10-01 HMRC c: /a")
    day = {"from": "2019-10-01", "to": "2019-10-01"}
    alone, told = answer(held, **day), value(held, **day)
    assert told["total"] == {"department": WHOLE_ESTATE, "value": 1, "value_comparison": None, "change": None}
    assert {row["value_comparison"] for row in told["contributions"]} == {None}
    assert alone.about.notes == ("There is nothing to compare with: no day of 2019-09-24 to 2019-09-24 has data.",)
    days = {"from": "2019-10-08", "to": "2019-10-09"}
    assert value(held, **days)["total"]["change"] == 2
    assert "1 day has no data in one of the periods" in answer(held, **days).about.notes[0]
