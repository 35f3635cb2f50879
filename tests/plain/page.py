"""A page's pogo-stick rate and what led to "not found", visit by visit in plain Python: the oracle of `page`."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from itertools import groupby

from tests.plain.measures import NOT_SHARED, Visit


def steps(visit: Visit) -> list[str]:
    """The pages of a visit after immediate repeats collapse."""
    return [page for page, _ in groupby(view.page for view in visit.views)]


def came_back(visit: Visit, within: Callable[[str], bool]) -> bool:
    """Whether the visit left any page that lies within, and came right back to it."""
    walked = steps(visit)
    return any(one == walked[n + 2] and one != NOT_SHARED and within(one) for n, one in enumerate(walked[:-2]))


def returned(visits: Iterable[Visit], pages: Collection[str]) -> tuple[int, int]:
    """Sessions that saw any of the pages, and those that left one and came right back to it."""
    seen = back = 0
    for visit in visits:
        seen += bool(set(steps(visit)) & set(pages))
        back += came_back(visit, lambda page: page in pages)
    return seen, back


def missing(visits: Iterable[Visit], page: str) -> Counter[str]:
    """Views of the page that weren't found, by the page right before."""
    found = Counter[str]()
    for visit in visits:
        for n, view in enumerate(visit.views):
            if view.page == page and view.status in {404, 410}:
                found[visit.views[n - 1].page if n else "(landing)"] += 1
    return found
