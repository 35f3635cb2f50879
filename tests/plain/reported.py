"""What tools report, again, slowly: one dictionary a page, day and department, filled line by line."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from data.contract import BUCKETS
from data.periods import Period

WHAT = ("days", "hosts", "pages")


class Line(NamedTuple):
    """One line of a report."""

    sender: str
    period: Period
    what: str
    host: str | None
    path: str | None
    counts: dict[str, int]


def chosen(lines: Sequence[Line], asked: Period) -> list[Line]:
    """The lines of the reports that lie within the days; of two that overlap, those of the longer, else the earlier."""
    inside = [one for one in lines if one.period.first in asked and one.period.last in asked]
    kept: list[Line] = []
    for one in sorted(inside, key=lambda one: (-one.period.days, one.period.first)):
        alike = [other.period for other in kept if (other.sender, other.what) == (one.sender, one.what)]
        if one.period in alike or not any(set(one.period) & set(other) for other in alike):
            kept.append(one)
    return kept


def pages(lines: Sequence[Line]) -> dict[tuple[str, str], dict[str, int | None]]:
    """Page views, landings and sessions of each department and page."""
    found: dict[tuple[str, str], list[Line]] = {}
    for one in lines:
        if one.what == "pages":
            shown = one.path if one.path in BUCKETS else f"{one.host}{one.path}"
            found.setdefault((one.sender, str(shown)), []).append(one)
    return {key: _page(mine) for key, mine in found.items()}


def _page(mine: Sequence[Line]) -> dict[str, int | None]:
    periods = [one.period for one in mine]
    once = len(set(periods)) == len(periods) and all("sessions" in one.counts for one in mine)
    sums = {name: _sum(mine, name) for name in ("page_views", "landings")}
    return sums | {"sessions": _sum(mine, "sessions") if once else None}


def _sum(mine: Sequence[Line], name: str) -> int | None:
    told = [one.counts[name] for one in mine if name in one.counts]
    return sum(told) if told else None


def totals(lines: Sequence[Line], sender: str) -> dict[str, int | None]:
    """Page views by the best kind of rows that tells them, sessions of days alone."""
    mine = [one for one in lines if one.sender == sender]
    views = [[one for one in mine if one.what == what and "page_views" in one.counts] for what in WHAT]
    best = next(filter(None, views), [])
    return {
        "page_views": _sum(best, "page_views"),
        "sessions": _sum([one for one in mine if one.what == "days"], "sessions"),
    }


def days(lines: Sequence[Line], asked: Period) -> dict[tuple[str, Any], int]:
    """The page views of each department and single day."""
    found: dict[tuple[str, Any], int] = {}
    for n in range(asked.days):
        day = asked.first + timedelta(n)
        for sender in {one.sender for one in lines}:
            own = [one for one in lines if one.sender == sender and one.period == Period(day, day)]
            views = totals(own, sender)["page_views"]
            if views is not None:
                found[sender, day] = views
    return found
