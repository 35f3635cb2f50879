"""Handovers and start pages in plain Python, visit by visit: the oracle of `handovers`. Also random visits for them."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from hypothesis import strategies as st

OWNERS: Final = {
    "/a": "HMRC",
    "/c": "DfT",
    "/vehicle-tax": "DfT",
    "/done/vehicle-tax": "DfT",
    "www.vehicletax.service.gov.uk/x": "DfT",
    "/apply-renew-passport": "Home Office",
    "/renew-adult-passport": "Home Office",
    "www.passport.service.gov.uk/p": "Home Office",
    "www.access.service.gov.uk/login": "HMRC",
    "(not shared)": None,
}
PASSED: Final = frozenset({"www.access.service.gov.uk/login"})
STARTS: Final = {
    "vehicle-tax": frozenset({"/vehicle-tax"}),
    "renew-passport": frozenset({"/apply-renew-passport", "/renew-adult-passport"}),
}
REST: Final = {
    "vehicle-tax": frozenset({"/done/vehicle-tax", "www.vehicletax.service.gov.uk/x"}),
    "renew-passport": frozenset({"www.passport.service.gov.uk/p"}),
}
LEADS: Final = {
    "vehicle-tax": frozenset({"www.vehicletax.service.gov.uk", "www.access.service.gov.uk"}),
    "renew-passport": frozenset({"www.passport.service.gov.uk", "www.access.service.gov.uk"}),
}
CLICKS: Final = ("", "", "www.vehicletax.service.gov.uk", "www.passport.service.gov.uk", "www.access.service.gov.uk", "example.com")  # fmt: skip
DAYS: Final = tuple(date(2019, 10, day) for day in (1, 2, 8, 9))


@dataclass(frozen=True)
class Visit:
    """The pages of a session, and the host clicked out to after each, "" for none."""

    day: date
    device: str
    views: tuple[tuple[str, str], ...]

    @property
    def pages(self) -> list[str]:
        """The pages alone."""
        return [page for page, _ in self.views]

    def line(self, number: int) -> str:
        """The visit as a story; every second one is so late that it isn't over by the end of its day."""
        steps = [f"{_tagged(page)}{f' +out {host}' if host else ''}" for page, host in self.views]
        return f"{self.day} {('09:00', '23:45')[number % 2]} HMRC s{number} [{self.device}]: {' > '.join(steps)}"


def _tagged(page: str) -> str:
    owner = OWNERS[page]
    return f"{owner.replace(' ', '-')}:{page}" if owner and page.startswith("/") else page


@st.composite
def visits(draw: st.DrawFn) -> list[Visit]:
    """Up to thirty visits, some of them twelve times the same."""
    found: list[Visit] = []
    for _ in range(draw(st.integers(0, 30))):
        pages = draw(st.lists(st.sampled_from(list(OWNERS)), min_size=1, max_size=6))
        pages = [page for n, page in enumerate(pages) if page != "(not shared)" or pages[n - 1 : n] != ["(not shared)"]]
        pages = pages if set(pages) != {"(not shared)"} else ["/a"]
        views = tuple((page, draw(st.sampled_from(CLICKS)) if page != "(not shared)" else "") for page in pages)
        visit = Visit(draw(st.sampled_from(DAYS)), draw(st.sampled_from(["desktop", "mobile"])), views)
        found += [visit] * draw(st.sampled_from([1, 1, 12]))
    return found


def handovers(
    found: Iterable[Visit], passed: Collection[str] = PASSED, within: Collection[str] | None = None
) -> dict[tuple[str, str], tuple[int, int]]:
    """Sessions and steps by (from, to); with `within`, of steps that touch one of these pages."""
    sessions, steps = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for visit in found:
        pages = [page for page in visit.pages if page not in passed]
        crossed = [
            (came, went)
            for one, other in pairwise(pages)
            if (within is None or {one, other} & set(within))
            for came, went in [(OWNERS[one], OWNERS[other])]
            if came and went and came != went
        ]
        steps.update(crossed)
        sessions.update(set(crossed))
    return {pair: (sessions[pair], steps[pair]) for pair in sessions}


def seen(found: Iterable[Visit], department: str) -> int:
    """Sessions with a page view of the department."""
    return sum(any(OWNERS[page] == department for page in visit.pages) for visit in found)


def starts(found: Iterable[Visit]) -> Mapping[str, Counter[str]]:
    """The counts of each service with a start page that somebody saw."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for visit in found:
        for slug, pages in STARTS.items():
            places = [n for n, page in enumerate(visit.pages) if page in pages]
            if not places:
                continue
            clicked = any(visit.views[n][1] in LEADS[slug] for n in places)
            arrived = any(page in REST[slug] for page in visit.pages[places[0] + 1 :])
            counts[slug]["start_page_sessions"] += 1
            counts[slug]["start_clicks"] += clicked
            counts[slug]["arrivals"] += arrived
            counts[slug]["not_seen_arriving"] += clicked and not arrived
            counts[slug]["did_not_click"] += not clicked and not arrived
    return counts
