"""Segments told as stories: which session a row belongs to, what stands in the tables, what is summed."""

from datetime import UTC, date, datetime, timedelta

import duckdb
import polars as pl

from data import segment
from data.periods import Period
from data.register import register
from data.store import Estate
from tests.stories import DAY, Row, cleaned, estate, framed

ANY = Period(date(2019, 1, 1), date(2020, 12, 31))


def rows(held: Estate, sql: str) -> list[tuple[object, ...]]:
    """The rows of a query on every segment, one after the other."""
    with held.pinned() as reading:
        segments = reading.segments("joined", ANY)
        return [row for one in segments for row in reading.run(one, sql).iter_rows()]


def sessions(held: Estate) -> list[str]:
    """Each session of the estate as `DAY: path > path`, sorted."""
    sql = """
        select strftime(s.day, '%m-%d') || ': ' || string_agg(p.path, ' > ' order by v.position)
        from session s join page_view v on v.session = s.session join page p on p.page = v.page
        group by s.session, s.day
    """
    return sorted(str(row[0]) for row in rows(held, sql))


def test_a_session_is_the_rows_of_one_id_whoever_sends_them() -> None:
    held = estate("GDS s1: /start @0 > /done @60", "HMRC s1: www.tax.service.gov.uk/pay @30", "GDS s2: /other")
    assert sessions(held) == ["10-01: /other", "10-01: /start > /pay > /done"]


def test_rows_of_equal_time_count_in_the_order_of_the_senders_numbers() -> None:
    told = ["Home-Office s1: www.passport.service.gov.uk/b @5", "HMRC s1: www.tax.service.gov.uk/c @5", "DfT s1: /a @5"]
    assert sessions(estate(*told)) == sessions(estate(*told[::-1])) == ["10-01: /a > /b > /c"]


def test_seconds_are_floored_first_and_then_subtracted() -> None:
    held = estate("GDS s1: /a @0.9 > /b @1.1 > /c @3.0")
    assert rows(held, "select seconds from page_view order by position") == [(0,), (1,), (3,)]


def test_a_session_over_midnight_lies_in_the_day_of_its_first_page_view() -> None:
    held = estate("2019-10-01 23:59 GDS s1: /a @0 > /b @90", "2019-10-02 GDS s2: /c")
    assert sessions(held) == ["10-01: /a > /b", "10-02: /c"]


def test_a_search_before_midnight_goes_with_the_first_page_view_after_it() -> None:
    held = estate("2019-10-01 23:59 GDS s1: +search tax @1 > /b @90")
    assert sessions(held) == ["10-02: /b"]
    assert rows(held, "select kind, position from event") == [(1, 0)]


def test_an_id_seen_for_days_on_end_is_cut_and_every_row_counted_once() -> None:
    held = estate(*(f"2019-10-{day:02} GDS s1: /day{day}" for day in range(1, 6)))
    assert sessions(held) == ["10-01: /day1 > /day2", "10-03: /day3", "10-04: /day4", "10-05: /day5"]
    assert rows(held, "select day, cut from session") == [
        (date(2019, 10, 1), False),
        (date(2019, 10, 3), True),
        (date(2019, 10, 4), True),
        (date(2019, 10, 5), True),
    ]


def test_a_day_of_events_alone_goes_the_same_way_however_the_days_are_built() -> None:
    told = (
        "2019-10-01 GDS s1: /a",
        "2019-10-02 GDS s1: /b",
        "2019-10-03 GDS s1: +download form.pdf",  # its session began two days before: no day of it could tell
        "2019-10-04 GDS s1: /c",
        "2019-10-04 GDS s2: +download map.pdf",
        "2019-10-05 GDS s2: /d",
    )
    events = """
        select strftime(s.day, '%m-%d'), v.text from event join value v using (value)
        join session s using (session) order by all
    """
    by_day, by_month = (estate(*told, by=by) for by in ("day", "month"))
    assert sessions(by_day) == sessions(by_month) == ["10-01: /a > /b", "10-04: /c", "10-05: /d"]
    assert rows(by_day, events) == rows(by_month, events) == [("10-05", "map.pdf")]


def test_a_session_goes_on_over_a_months_end_by_the_key_of_its_start() -> None:
    held = estate("2019-10-31 23:59 GDS s1 (v1): /a @0 > /b @90", "2019-11-01 GDS s2 (v1): /c", by="month")
    assert sessions(held) == ["10-31: /a > /b", "11-01: /c"]


def test_visitors_without_session_ids_start_anew_after_half_an_hour() -> None:
    told = "GDS - (v1): /a @0 > /b @1799 > /c @3598.999 > /d @5398.999", "HMRC - (v2): /a @5"
    assert sessions(estate(*told)) == ["10-01: /a", "10-01: /a > /b > /c", "10-01: /d"]


def test_a_run_of_rows_not_shared_is_one_mark_and_marks_alone_are_no_session() -> None:
    held = estate("GDS s1: /a > (not shared) @20 > (not shared) @30 > /b > (not shared)", "GDS s2: (not shared)")
    assert sessions(held) == ["10-01: /a > (not shared) > /b > (not shared)"]
    assert rows(held, "select page_views, steps, ended from session") == [(2, 4, 3)]
    assert rows(held, "select sessions, page_views, landings, exits from estate_day") == [(1, 2, 1, 0)]


def test_a_sequence_stands_for_many_sessions_without_times_or_visitors() -> None:
    held = estate("GDS s1 x3: /a > /b > /a")
    assert sessions(held) == ["10-01: /a > /b > /a"] * 3
    assert rows(held, "select distinct timed, visitor from session") == [(False, 0)]


def test_a_sequences_id_means_nothing_in_another_extract() -> None:
    held = estate("2019-10-01 GDS s1 x2: /a", "2019-10-01 HMRC s1 x1: /b", "2019-10-02 GDS s1 x1: /c")
    assert sessions(held) == ["10-01: /a", "10-01: /a", "10-01: /b", "10-02: /c"]


def test_how_a_session_ended_is_the_last_thing_seen_after_its_last_step() -> None:
    held = estate(
        "GDS s1: /a +out www.example.com",
        "GDS s2: /b +out www.example.com > /c",
        "GDS s3: /d +download form.pdf",
        "GDS s4: /e +out www.universal-credit.service.gov.uk",
        "GDS s5: /f +out www.example.com +download form.pdf",
    )
    sql = """
        select p.path, s.ended, h.name from session s join page p on p.page = s.landing
        left join outbound_host h on h.host = s.ended_host order by p.path
    """
    assert rows(held, sql) == [
        ("/a", 1, "www.example.com"),
        ("/b", 0, None),
        ("/d", 2, None),
        ("/e", 3, None),
        ("/f", 2, None),
    ]


def test_a_search_term_is_held_once_ten_sessions_of_the_month_have_it() -> None:
    often = [f"GDS s{n}: /search +search vat +search vat" for n in range(10)]
    told = [*often, "GDS s10: /search +search my secret +search other secret"]
    for by in ("day", "month"):
        with estate(*told, by=by).pinned() as reading:
            (month,) = reading.months("joined", ANY)
            everywhere = {one.name: one for one in (month, *reading.segments("joined", ANY))}.values()
            words = [row for one in everywhere for row in reading.run(one, "from value").iter_rows()]
            assert set(words) == {(0, "(rare)"), (1, "vat")}
            terms = reading.run(month, "select term, searches from term_day order by term").rows()
            assert terms == [(0, 2), (1, 20)]


def test_visitors_of_any_range_in_the_month_are_exact() -> None:
    told = [
        "2019-10-01 GDS s1 (v1): /a",
        "2019-10-03 GDS s2 (v1): /a",
        "2019-10-03 GDS s3 (v2): /a",
        "2019-10-04 GDS s4 (v1): /a",
    ]
    sql = "select sum(visitors)::int from visitor_days where slice = 'estate' and day between $a::date and $b::date and previous_day < $a::date"
    with estate(*told).pinned() as reading:
        month = reading.months("joined", Period(DAY, DAY))[0]

        def visitors(first: int, last: int) -> object:
            days = {"a": date(2019, 10, first), "b": date(2019, 10, last)}
            return reading.run(month, sql, days).item()

        assert [visitors(1, 4), visitors(2, 4), visitors(4, 4), visitors(1, 2)] == [2, 2, 1, 1]


def test_a_page_has_a_row_for_each_of_its_owners_in_a_month() -> None:
    told = ["2020-09-01 DFID s1: /aid > DfT:/roads", "2020-09-03 DFID s2: /aid > DfT:/roads > /aid"]
    owners = "select day, department, page_views from department_day_then order by day, page_views"
    by_month, by_day = (rows(estate(*told, by=by), owners) for by in ("month", "day"))
    assert by_month == by_day
    names = {number: register.department_names[int(str(number))] for _, number, _ in by_month}
    assert {(f"{day:%d}", names[number], views) for day, number, views in by_month} == {
        ("01", "DFID", 1),
        ("01", "DfT", 1),
        ("03", "DfT", 1),
        ("03", "FCDO", 2),
    }
    assert rows(estate(*told, by="month"), "select count(*), count(distinct key) from page") == [(3, 2)]


def test_a_session_has_ten_thousand_page_views_at_most_and_the_rest_is_counted() -> None:
    start = datetime(2019, 10, 1, 9, tzinfo=UTC)
    view: Row = {"session": "s1", "kind": "page_view", "host": "www.gov.uk", "path": "/a", "occurrences": 1, "order": 0}
    told = [view | {"time": start + timedelta(seconds=second)} for second in range(10_003)]
    into = duckdb.connect()
    totals = segment.build([framed("GDS", DAY, told)], Period(DAY, DAY), into, seed=1)
    assert (totals.page_views, totals.page_views_lost, totals.sessions_cut) == (10_000, 3, 1)
    assert into.execute(
        "select page_views, steps, cut, (select max(seconds) from page_view) from session"
    ).fetchall() == [(10_000, 1, True, 9_999)]


def test_the_same_seed_gives_the_same_numbers_and_another_others() -> None:
    told = cleaned(*(f"GDS s{number} (v{number}): /page{number}" for number in range(40)))

    def numbers(seed: int) -> list[tuple[int, int, int]]:
        into = duckdb.connect()
        segment.build(told, Period(DAY, DAY), into, seed=seed)
        return into.execute("select session, visitor, landing from session order by session").fetchall()

    assert numbers(1) == numbers(1) != numbers(2)
    assert [landing for _, _, landing in numbers(1)] != sorted(landing for _, _, landing in numbers(1))


def test_an_extract_touches_the_days_that_must_be_built_from_it() -> None:
    days = [DAY + timedelta(days=number) for number in range(-9, 10)]
    assert [day for day in days if DAY in segment.window(Period(day, day))] == list(segment.touched(DAY))


def test_frames_hold_the_types_of_the_contract() -> None:
    held = estate("GDS s1: /a")
    with held.pinned() as reading:
        frame = reading.run(reading.segments("joined", ANY)[0], "select day, device, timed from session")
    assert frame.schema == pl.Schema({"day": pl.Date, "device": pl.UInt8, "timed": pl.Boolean})
