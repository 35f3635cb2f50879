"""Searches in plain Python over plain visits, all for one term but those before any page: the oracle of `terms`."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from tests.plain.measures import Visit


@dataclass
class Term:
    """What is known of one term."""

    searches: int = 0
    sessions: int = 0
    ended: int = 0  # searches with nothing seen after
    pages: Counter[str] = field(default_factory=Counter)
    before: Counter[str] = field(default_factory=Counter)  # the page right before the one searched from
    after: Counter[str] = field(default_factory=Counter)  # the page view right after


RARE = "(rare)"
COMMON = 10  # sessions of the month, from which on a term is known
Search = tuple[int, str, str]  # the number of the visit, the page, "" before any, and the term


def each(visits: Sequence[Visit]) -> list[Search]:
    """Every search of these visits, which are all there are: for `tax code`, or for `before` where no page was seen yet."""
    found = [
        (n, view.page, "tax code") for n, one in enumerate(visits) for view in one.views for _ in range(view.searches)
    ]
    found += [(n, "", "before") for n, one in enumerate(visits) for _ in range(one.searches_before)]
    sessions = Counter((said, visits[n].day.month) for n, said in {(n, said) for n, _, said in found})
    return [(n, page, said if sessions[said, visits[n].day.month] >= COMMON else RARE) for n, page, said in found]


def term(visits: Iterable[Visit], within: Callable[[str], bool]) -> Term:
    """The searches from pages of the set."""
    found = Term()
    for visit in visits:
        places = [(place, view) for place, view in enumerate(visit.views) if view.searches and within(view.page)]
        found.sessions += bool(places)
        for place, view in places:
            found.searches += view.searches
            found.pages[view.page] += view.searches
            beside = [one.page for one in visit.views[max(place - 1, 0) : place + 2]]
            found.before[beside[0] if place else "(landing)"] += view.searches
            found.after[beside[-1] if place + 1 < len(visit.views) else "(nothing more seen)"] += view.searches
            found.ended += view.searches * (place == len(visit.views) - 1)
    return found
