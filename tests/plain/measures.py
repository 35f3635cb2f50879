"""Measures of sets of page views in plain Python over plain visits: the oracle of `pages` and `summary`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

NOT_SHARED = "(not shared)"
Counts = dict[str, float | None]


@dataclass(frozen=True)
class Seen:
    """One page view, or a mark; searches were started from it."""

    page: str
    status: int | None = None
    searches: int = 0


@dataclass(frozen=True)
class Visit:
    """One session, with its visitor where there is one."""

    day: date
    views: tuple[Seen, ...]
    visitor: str | None
    device: str
    channel: str
    country: str
    searches_before: int = 0  # the first page view


def measures(visits: Iterable[Visit], within: Callable[[str], bool]) -> Counts:
    """Every measure of the page views in a set; rates without a denominator are none."""
    counts: dict[str, float] = dict.fromkeys(
        ("sessions", "page_views", "landings", "exits", "single_page", "searches", "not_found"), 0
    )
    for visit in visits:
        inside = [view for view in visit.views if view.page != NOT_SHARED and within(view.page)]
        steps = len([page for page, _ in groupby(view.page for view in visit.views)])
        first, last = visit.views[0] in inside[:1], visit.views[-1] in inside[-1:]
        counts["sessions"] += bool(inside)
        counts["page_views"] += len(inside)
        counts["landings"] += first
        counts["exits"] += last
        counts["single_page"] += first and steps == 1
        counts["searches"] += sum(view.searches for view in inside)
        counts["not_found"] += sum(view.status in {404, 410} for view in inside)
    return counts | {
        "exit_rate": divided(counts["exits"], counts["page_views"]),
        "single_page_rate": divided(counts["single_page"], counts["landings"]),
    }


def visitors(visits: Iterable[Visit], within: Callable[[str], bool]) -> int:
    """Different visitors of the sessions with a page view in the set."""
    seen = [visit for visit in visits if any(view.page != NOT_SHARED and within(view.page) for view in visit.views)]
    return len({visit.visitor for visit in seen if visit.visitor})


def divided(top: float, bottom: float) -> float | None:
    """A rate, or no value."""
    return top / bottom if bottom else None


def without_small(row: Counts, parts: dict[str, tuple[str, ...]]) -> Counts:
    """A row of another department: counts below 10 are gone, and the rates computed from them."""
    small = {name for name, value in row.items() if name not in parts and value is not None and value < 10}
    return {name: None if name in small or small & set(parts.get(name, ())) else value for name, value in row.items()}
