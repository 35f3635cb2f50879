"""The tables of a segment in plain Python, slowly: sessions with everything that is known of them, and sums over them.

The input is rows with raw ids (`tests.stories.Row`) by sender and declared day: all there are, not only a window's.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from data.contract import MOST_PAGE_VIEWS
from data.periods import LONDON, Period, london_day
from tests.stories import Extracts

Row = dict[str, Any]
ONE = timedelta(days=1)
GAP = timedelta(minutes=30)


@dataclass
class Session:
    """The rows of one session in order, runs of marks made one; `again` where it is the rest of one that was cut.

    It was over by its day, or by the next where its last half hour has a row of it.
    """

    day: date
    rows: list[Row]
    again: bool
    over: date

    @property
    def views(self) -> list[Row]:
        return [row for row in self.rows if row["kind"] in {"page_view", "not_shared"}]

    @property
    def steps(self) -> list[list[Row]]:
        """Runs of views of one page."""
        runs: list[list[Row]] = []
        for view in self.views:
            if runs and page(runs[-1][-1]) == page(view):
                runs[-1].append(view)
            else:
                runs.append([view])
        return runs

    def first_known(self, name: str) -> Any:
        return next((row[name] for row in self.rows if row.get(name) is not None), None)


def page(view: Row) -> tuple[str, str]:
    """Host and path; a mark has no host."""
    return ("", "(not shared)") if view["kind"] == "not_shared" else (view["host"], view["path"])


def second(row: Row) -> int:
    """The whole second since 1970; 0 where there is no time."""
    return int((row["time"] - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)) if row["time"] else 0


def rows_of(extracts: Extracts, number: Callable[[str], int]) -> list[Row]:
    """Every row with its London day and what it is ordered by."""
    rows: list[Row] = []
    for (sender, day), some in extracts.items():
        for place, one in enumerate(some, 1):
            row: Row = {"row": place, "order": 0, "occurrences": 1, **one}
            row["on"] = london_day(row["time"]) if row["time"] else day
            at = row["time"] or _midnight(day)
            rows.append(row | {"key": (at, row["order"], number(sender), row["row"], day)})
    return sorted(rows, key=lambda row: row["key"])


def sessions(rows: Iterable[Row]) -> Iterator[Session]:
    """Every session that has a page view, of whatever day."""
    for one in _ids(rows):
        seen = {row["on"] for row in one if row["kind"] == "page_view"}
        of_day = defaultdict(list)
        for row in one:
            if (first := _first_day(row["on"], seen)) is not None:
                of_day[first].append(row)
        for day, some in of_day.items():
            late = any(row["time"] and _midnight(day + ONE) - row["time"] <= GAP for row in some if row["on"] == day)
            for each in _shortened(day, some, again={day - ONE, day - 2 * ONE} <= seen):
                yield replace(each, over=day + ONE * late)


def _ids(rows: Iterable[Row]) -> list[list[Row]]:
    """The rows of each session id, and of each chain of a visitor's rows without a gap."""
    of_session: dict[object, list[Row]] = defaultdict(list)
    of_visitor: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["session"] is None:
            of_visitor[row["visitor"]].append(row)
        else:  # without times an id is a line's number, and means nothing in another extract
            of_session[row["session"], None if row["time"] else row["key"][2:3] + row["key"][4:]].append(row)
    found = list(of_session.values())
    for chain in of_visitor.values():
        for before, row in zip([None, *chain], chain, strict=False):
            if before is None or row["time"] - before["time"] >= GAP:
                found.append([])
            found[-1].append(row)
    return found


def _first_day(day: date, seen: set[date]) -> date | None:
    """The day of the session to which a row of `day` belongs, if its id has page views on the days `seen`."""
    if day in seen:
        return day - ONE if day - ONE in seen and day - 2 * ONE not in seen else day
    if day - ONE in seen:
        return day - ONE if _first_day(day - ONE, seen) == day - ONE else None
    return day + ONE if day + ONE in seen else None


def _shortened(day: date, rows: list[Row], *, again: bool) -> Iterator[Session]:
    """A session without repeated marks and without what comes after the most page views that it may have."""
    views = [place for place, row in enumerate(rows) if row["kind"] == "page_view"]
    short = rows[: views[MOST_PAGE_VIEWS]] if len(views) > MOST_PAGE_VIEWS else rows
    steps = [place for place, row in enumerate(short) if row["kind"] in {"page_view", "not_shared"}]
    marks = [{short[a]["kind"], short[b]["kind"]} == {"not_shared"} for a, b in pairwise(steps)]
    repeated = {place for place, mark in zip(steps, marks, strict=False) if mark}
    kept = [row for place, row in enumerate(short) if place not in repeated]
    for _ in range(rows[0]["occurrences"]):
        yield Session(day, kept, again or len(short) < len(rows), day)


def unseen(rows: Iterable[Row], period: Period) -> int:
    """Ids seen on a day of the period with no page view there or on a day next to it, counted a day."""
    lost = 0
    for one in _ids(rows):
        seen = {row["on"] for row in one if row["kind"] == "page_view"}
        lost += sum(day in period and not {day - ONE, day, day + ONE} & seen for day in {row["on"] for row in one})
    return lost


def may_go_on(session: Session, extracts: Extracts, rows: Iterable[Row]) -> bool:
    """Whether it was cut, or lies less than half an hour from a midnight on whose other side it can't be followed."""
    there, told = {day for _, day in extracts}, {row["on"] for row in rows}

    def followed(day: date) -> bool:
        """Whether sessions can be followed from this day into the next: at a month's end by rows of the first day."""
        return {day, day + ONE} <= there and ((day + ONE).day > 1 or day + ONE in told)

    first, last = session.rows[0], session.rows[-1]
    if session.again or not first["time"]:
        return session.again
    began = first["time"] - _midnight(first["on"]) < GAP and not followed(first["on"] - ONE)
    return began or (_midnight(last["on"] + ONE) - last["time"] < GAP and not followed(last["on"]))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON).astimezone(UTC)


def ended(session: Session, shares: Callable[[str, date], bool]) -> tuple[str, str | None]:
    """How it ended, and the host clicked out to."""
    after = session.rows[session.rows.index(session.views[-1]) + 1 :]
    last = next((row for row in reversed(after) if row["kind"] in {"outbound", "download"}), None)
    if last and last["kind"] == "outbound":
        shared = last["value"] is None or shares(last["value"], session.day)
        return ("clicked out", last["value"]) if shared else ("not shared", None)
    if last:
        return "downloaded", None
    return ("not shared", None) if session.views[-1]["kind"] == "not_shared" else ("nothing more", None)


def said(found: Iterable[Session], word: str) -> dict[tuple[tuple[str, str], date, date], Any]:
    """For each page, each day and each day by which its sessions were over: this word, as of the day.

    It is that of the last view that has it in sessions over by then; for sessions of the day before, of the last view on
    that day, if there is one.
    """
    views = [(one.over, view) for one in found for view in one.views if view.get(word) is not None]
    views.sort(key=lambda one: (one[1]["key"][0], one[1]["on"], *one[1]["key"][1:]))
    newest = {(page(view), over - n * ONE, over): view[word] for over, view in views for n in (0, 1)}
    return newest | {(page(view), over - ONE, over): view[word] for over, view in views if view["on"] < over}


def common_terms(found: Iterable[Session]) -> set[str]:
    """The search terms that ten of these sessions have."""
    terms = Counter(term for one in found for term in {row["value"] for row in one.rows if row["kind"] == "search"})
    return {term for term, count in terms.items() if count >= 10 and term}
