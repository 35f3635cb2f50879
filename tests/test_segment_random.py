"""Segments of random rows hold the sessions that plain Python finds, however they are cut and delivered."""

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from data import segment
from data.contract import CHANNELS, DEVICES, KINDS
from data.periods import whole_month
from data.segment.ownership import shares
from data.store import Estate, Segment
from queries.asking import sql as asked
from tests.counts import rounds
from tests.extracts import Expected, cut, delivered, extracts
from tests.plain import segment as plain
from tests.stories import Extracts


def told(all_of: Expected) -> list[Any]:
    """Every session with all that is known of it."""
    first = {
        visitor: min(plain.second(one.views[0]) for one in all_of.sessions if one.first_known("visitor") == visitor)
        for visitor in {one.first_known("visitor") for one in all_of.sessions}
    }
    return sorted((_told(all_of, one, first) for one in all_of.sessions), key=repr)


def _told(all_of: Expected, one: plain.Session, first: Mapping[str | None, int]) -> list[Any]:
    visitor, began = one.first_known("visitor"), plain.second(one.views[0])
    of_page = all_of.known.of_page
    owners = [of_page(plain.page(view), one) for view in one.views if view["kind"] == "page_view"]
    return [
        one.day,
        *(one.first_known(name) for name in ("device", "channel", "country")),
        list(plain.ended(one, shares)),
        one.views[0]["time"] is not None,
        plain.may_go_on(one, all_of.extracts, all_of.rows),
        len(owners),
        len(one.steps),
        began - first[visitor] if visitor else 0,
        visitor is not None,
        sorted({then for then, _, _ in owners}),
        sorted({now for _, now, _ in owners}),
        _views(one),
        _events(one, all_of.terms),
    ]


def _views(one: plain.Session) -> list[Any]:
    steps = [(plain.page(run[0]), plain.second(run[-1])) for run in one.steps]
    of = [number for number, run in enumerate(one.steps) for _ in run]
    pages = [plain.page(view) for view in one.views]
    return [
        [
            *page, plain.second(view) - plain.second(one.views[0]), view.get("status") or 0,
            place > 0 and pages[place - 1] == page, pages[place + 1 : place + 2] == [page],
            page not in pages[:place], page not in pages[place + 1 :],
            [_step(steps, of[place] + k, of[place] + k - 1) for k in range(1, 7)],
            [_step(steps, of[place] - k, of[place] - k + 1) for k in range(1, 7)],
        ]
        for place, (page, view) in enumerate(zip(pages, one.views, strict=True))
    ]  # fmt: skip


def _events(one: plain.Session, terms: set[str]) -> list[Any]:
    found: list[list[Any]] = []
    position = 0
    for row in one.rows:
        if row["kind"] in {"page_view", "not_shared"}:
            position += 1
        else:
            rare = row["kind"] == "search" and row["value"] not in terms
            followed = "".join(plain.page(one.views[position - 1])) if position else None
            found.append([position, row["kind"], "(rare)" if rare or not row["value"] else row["value"], followed])
    return sorted(found)


def _step(steps: Sequence[tuple[tuple[str, str], int]], to: int, beside: int) -> list[Any]:
    """The page of a step and the seconds between it and the one beside it."""
    return ["".join(steps[to][0]), abs(steps[to][1] - steps[beside][1])] if 0 <= to < len(steps) else [None, 0]


def held(estate: Estate, one: Segment) -> list[Any]:
    """The sessions of a segment in the form of `told`."""
    with estate.pinned() as reading:
        sessions, views, events = (reading.run(one, sql) for sql in (SESSIONS, _views_sql(), EVENTS))
        month = [there for there in reading.months(one.account, one.period) if there.kind == "visitors"]
        words = [row for there in month for row in reading.run(there, asked("terms_links"), {"day": one.linked}).rows()]
    of = {
        number: (view, event)
        for number, view, event in zip(
            range(1, sessions.height + 1), *_lists(sessions, views, events, dict(words)), strict=True
        )
    }
    return sorted((_held(row, *of[row["session"]]) for row in sessions.iter_rows(named=True)), key=repr)


SESSIONS = """
    select s.* replace (visitor_seconds - min(visitor_seconds) over (partition by visitor) as visitor_seconds), c.name, h.name as ended_name, coalesce((select max(true) from page p where p.page = s.landing), false) as landed
    from session s left join country c using (country) left join outbound_host h on h.host = s.ended_host order by s.session
"""
EVENTS = """
    select e.session, e.position, e.kind, coalesce(v.text, '(rare)'), p.host || p.path as followed, e.value
    from event e left join value v using (value) left join page p on p.page = e.page order by e.session
"""
ENDS = ("nothing more", "clicked out", "downloaded", "not shared")


def _views_sql() -> str:
    steps = [
        f"(select host || path from page where page = {way}_{k}) as {way}_{k}, {way}_{k}_seconds"
        for way in ("next", "previous")
        for k in range(1, 7)
    ]
    return f"""
        select b.session, b.position, host, path, b.seconds, v.status, reload_before, reload_after, first_of_page,
            last_of_page, {", ".join(steps)}
        from page_view_by_page b join page using (page)
        join page_view v on v.session = b.session and v.position = b.position and v.page = b.page and v.seconds = b.seconds
        join session s on s.session = b.session and s.day = b.day and s.device = b.device and s.channel = b.channel
            and s.country = b.country and s.timed = b.timed and s.ended = b.ended and s.ended_host = b.ended_host
        order by b.session, b.position
    """


def _lists(
    sessions: pl.DataFrame, views: pl.DataFrame, events: pl.DataFrame, words: Mapping[int, str]
) -> tuple[list[Any], list[Any]]:
    """For each session its views and its events; `words` are the search terms that a day's month knows."""
    found: tuple[list[Any], list[Any]] = ([[] for _ in range(sessions.height)], [[] for _ in range(sessions.height)])
    for row in views.iter_rows():
        assert row[1] == len(found[0][row[0] - 1]) + 1, "positions are dense"
        ahead, behind = (
            [list(pair) for pair in zip(row[n : n + 12 : 2], row[n + 1 : n + 12 : 2], strict=True)] for n in (10, 22)
        )
        found[0][row[0] - 1].append([*row[2:10], ahead, behind])
    for session, position, kind, text, followed, value in events.iter_rows():
        term = words.get(value, text) if KINDS[kind] == "search" else text
        found[1][session - 1].append([position, KINDS[kind], term, followed])
    return found


def _held(row: Mapping[str, Any], views: list[Any], events: list[Any]) -> list[Any]:
    departments = [
        [number for number in range(64) if row[f"departments_{name}"] >> number & 1] for name in ("then", "now")
    ]
    code = {"device": [None, *DEVICES], "channel": [None, *CHANNELS]}
    return [
        row["day"], code["device"][row["device"]], code["channel"][row["channel"]], row["name"],
        [ENDS[row["ended"]], row["ended_name"]], row["timed"], row["cut"], row["page_views"], row["steps"],
        row["visitor_seconds"], row["visitor"] > 0, *departments, views, sorted(events),
    ]  # fmt: skip


@settings(max_examples=rounds(25, 400), deadline=None)
@given(extracts(), st.sampled_from(["day", "days", "month", "mixture"]), st.integers(0, 9))
def test_every_session_is_there_once_with_all_that_is_known_of_it(found: Extracts, by: str, seed: int) -> None:
    estate, segments = cut(found, by, seed)
    for one in segments:
        month = Expected(found, whole_month(one.first_day), None)
        assert held(estate, one) == told(Expected(found, one.period, month.terms, one.over))
    estate.close()


@settings(max_examples=rounds(10, 400), deadline=None)
@given(extracts(), st.sampled_from(["day", "month"]), st.integers(0, 9))
def test_ids_without_a_page_view_are_counted(found: Extracts, by: str, seed: int) -> None:
    estate, segments = cut(found, by, seed)
    estate.close()
    for one in segments:
        rows = Expected(found, one.period, None).rows
        totals = segment.build(delivered(found, seed), one.period, duckdb.connect(), seed=seed)
        assert totals.sessions_without_page_view == plain.unseen(rows, one.period)
