"""The daily sums of random segments are what plain Python counts; days, months and mixtures give the same."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from data.contract import CHANNELS, DEVICES
from data.periods import Period, whole_month
from data.store import Estate, Segment
from tests.counts import rounds
from tests.extracts import Expected, cut, extracts
from tests.plain import segment_sums as sums
from tests.stories import Extracts

EVERY = Period(date(2019, 1, 1), date(2021, 1, 1))
COUNTS = sums.COUNTS[:7]
OF_SETS = {
    "estate_day": "''",
    "department_day_then": "department",
    "department_day_now": "department",
    "service_day": "(select slug from service where service.service = t.service)",
}
ADDRESS = "(select host || path from page where page.page = t.page)"
TERM = "(select text from value where value.value = t.term)"
NUMBER = "case when slice = 'service' then (select slug from service where service.service = number) else number::varchar end"
Sums = dict[tuple[Any, ...], Any]


def held(estate: Estate, one: Segment, sql: str, keys: int) -> Sums:
    """The rows of a query by their first columns, none of them twice."""
    with estate.pinned() as reading:
        rows = list(reading.run(one, sql).iter_rows())
    found = {row[:keys]: row[keys:] for row in rows}
    assert len(found) == len(rows)
    return found


def counted(found: dict[sums.Key, Counter[str]], names: Iterable[str] = COUNTS) -> Sums:
    """The counts of sets as tuples, with the numbers of device and channel."""
    code: list[dict[str | None, int]] = [
        {value: number for number, value in enumerate((None, *values))} for values in (DEVICES, CHANNELS)
    ]
    return {
        (day, label, code[0][device], code[1][channel]): tuple(counts[name] for name in names)
        for (day, label, device, channel), counts in found.items()
    }


@settings(max_examples=rounds(20, 400), deadline=None)
@given(extracts(), st.sampled_from(["day", "days", "month", "mixture"]), st.integers(0, 9))
def test_sums_are_those_of_the_sessions(found: Extracts, by: str, seed: int) -> None:
    estate, segments = cut(found, by, seed)
    for one in segments:
        month = Expected(found, whole_month(one.first_day), None)
        want = Expected(found, one.period, month.terms, one.over)
        sessions, known = want.sessions, want.known
        of_sets = {
            "estate_day": sums.estate_day(sessions),
            "department_day_then": sums.by_day(sessions, known.department(0)),
            "department_day_now": sums.by_day(sessions, known.department(1)),
            "service_day": sums.by_day(sessions, known.service),
        }
        for table, label in OF_SETS.items():
            sql = f"select day, {label}, device, channel, {', '.join(COUNTS)} from {table} t"
            assert held(estate, one, sql, 4) == counted(of_sets[table]), table
        pages: Sums = defaultdict(Counter)
        for (day, label, _, _), counts in sums.by_day(sessions, lambda page, _: "".join(page)).items():
            pages[day, label].update(counts)
        names = [name for name in sums.COUNTS if name != "searching_sessions"]
        summed = ", ".join(f"sum({name})" for name in names)  # a page that changed has several numbers
        sql = f"select day, {ADDRESS} as address, {summed} from page_day t group by day, address"
        assert held(estate, one, sql, 2) == {
            key: tuple(counts[name] for name in names) for key, counts in pages.items()
        }
        assert held(estate, one, "from handover_day", 4) == sums.handover_day(sessions, known)
    estate.close()


@settings(max_examples=rounds(20, 400), deadline=None)
@given(extracts(), st.sampled_from(["day", "days", "month", "mixture"]), st.integers(0, 9))
def test_the_visitors_and_the_search_terms_of_any_days_of_a_month_are_exact(
    found: Extracts, by: str, seed: int
) -> None:
    estate, _ = cut(found, by, seed)
    with estate.pinned() as reading:
        months = reading.months("joined", EVERY)
    for one in months:
        want = Expected(found, whole_month(one.first_day), None)
        days = sorted({session.day for session in want.sessions})
        exact = {
            ("estate", "0", Period(first, last)): len(
                {session.first_known("visitor") for session in want.sessions if first <= session.day <= last} - {None}
            )
            for first in days
            for last in days
            if first <= last
        }
        rows = held(estate, one, f"select day, previous_day, slice, {NUMBER}, visitors from visitor_days", 4)
        for (_, _, period), visitors in exact.items():
            summed = sum(
                count
                for (day, before, name, _), (count,) in rows.items()
                if name == "estate" and day in period and before < period.first
            )
            assert summed == visitors
        assert rows == {
            (day, before, name, str(label)): (count,)
            for (name, label, day, before), count in sums.visitor_days(want.sessions, want.known).items()
        }
        terms = held(estate, one, f"select day, {TERM}, searches from term_day t", 2)
        assert {key: count for key, (count,) in terms.items()} == sums.term_day(want.sessions, want.terms)
    estate.close()


@settings(max_examples=rounds(15, 300), deadline=None)
@given(extracts(), st.integers(0, 9))
def test_days_and_months_and_mixtures_add_up_to_the_same(found: Extracts, seed: int) -> None:
    tables = {
        "estate_day": "day, device, channel",
        "department_day_then": "day, department, device, channel",
        "department_day_now": "day, department, device, channel",
    }
    added = []
    for by in ("day", "days", "month", "mixture"):
        estate, segments = cut(found, by, seed)
        totals: Counter[tuple[Any, ...]] = Counter()
        for one in segments:
            for table, keys in tables.items():
                for key, counts in held(
                    estate, one, f"select {keys}, {', '.join(COUNTS)} from {table}", keys.count(",") + 1
                ).items():
                    totals.update({(table, *key, name): count for name, count in zip(COUNTS, counts, strict=True)})
        added.append(totals)
        estate.close()
    assert added[0] == added[1] == added[2] == added[3]
    assert sum(count for key, count in added[0].items() if key[0] == "estate_day" and key[-1] == "page_views") == sum(
        view["kind"] == "page_view" for session in Expected(found, EVERY, None).sessions for view in session.views
    )
