"""The daily sums of a segment in plain Python, counted session by session from `tests.plain.segment`."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from tests.plain.segment import Row, Session, page

Page = tuple[str, str]
Key = tuple[Any, ...]
NEVER = date(1970, 1, 1)
COUNTS = ("sessions", "page_views", "landings", "exits", "single_page", "searches", "searching_sessions", "not_found")


@dataclass(frozen=True)
class Known:
    """What the register says of a page in a session (department then, now, service or none), and of hosts."""

    of_page: Callable[[Page, Session], tuple[int, int, str | None]]
    shares: Callable[[str, date], bool]
    passed: frozenset[str]

    def department(self, now: int) -> "Label":
        return lambda page, one: self.of_page(page, one)[now]

    def service(self, page: Page, one: Session) -> str | None:
        return self.of_page(page, one)[2]


Label = Callable[[Page, Session], Any]  # what a page counts for in a session; None for nothing


def searches(one: Session) -> Iterator[tuple[Row | None, Row]]:
    """Each search with the page view that it followed."""
    view = None
    for row in one.rows:
        if row["kind"] in {"page_view", "not_shared"}:
            view = row
        elif row["kind"] == "search":
            yield view, row


def by_day(found: Iterable[Session], label: Label) -> dict[Key, Counter[str]]:
    """The counts of each label by (day, label, device, channel)."""
    sums: dict[Key, Counter[str]] = defaultdict(Counter)
    for one in found:
        for value, counts in _of_session(one, label).items():
            sums[one.day, value, one.first_known("device"), one.first_known("channel")].update(counts)
    return sums


def _of_session(one: Session, label: Label) -> dict[Any, Counter[str]]:
    def means(view: Row | None) -> Any:
        return None if view is None or view["kind"] == "not_shared" else label(page(view), one)

    counts: dict[Any, Counter[str]] = defaultdict(Counter)
    for view in one.views:
        counts[means(view)]["page_views"] += 1
        counts[means(view)]["sessions"] = 1
        counts[means(view)]["not_found"] += view.get("status") in {404, 410}
    counts[means(one.views[0])]["landings"] = 1
    counts[means(one.views[0])]["single_page"] = int(len(one.steps) == 1)
    counts[means(one.views[-1])]["exits"] = 1
    for followed, _ in searches(one):
        counts[means(followed)]["searches"] += 1
        counts[means(followed)]["searching_sessions"] = 1
    counts.pop(None, None)
    return counts


def estate_day(found: Sequence[Session]) -> dict[Key, Counter[str]]:
    """As `by_day` of every page, with the searches that followed no page view of it too."""
    sums = by_day(found, lambda _page, _one: "")
    for key in sums:
        mine = [one for one in found if (one.day, "", one.first_known("device"), one.first_known("channel")) == key]
        each = [len(list(searches(one))) for one in mine]
        sums[key]["searches"], sums[key]["searching_sessions"] = sum(each), sum(count > 0 for count in each)
    return sums


def handover_day(found: Iterable[Session], known: Known) -> dict[Key, tuple[int, int]]:
    """Sessions and steps by (day, structure now, from, to)."""
    sums: dict[Key, list[int]] = defaultdict(list)
    for one in found:
        pages = [page(view) for view in one.views if page(view)[0] not in known.passed]
        for now in (0, 1):
            owners = [known.of_page(each, one)[now] if each[0] else 0 for each in pages]
            steps = Counter(pair for pair in pairwise(owners) if pair[0] != pair[1] and all(pair))
            for pair, count in steps.items():
                sums[one.day, bool(now), *pair].append(count)
    return {key: (len(counts), sum(counts)) for key, counts in sums.items()}


def term_day(found: Iterable[Session], terms: set[str]) -> Counter[Key]:
    """Searches by (day, term)."""
    words = ((one.day, row["value"]) for one in found for _, row in searches(one))
    return Counter((day, word if word in terms else "(rare)") for day, word in words)


def visitor_days(found: Iterable[Session], known: Known) -> Counter[Key]:
    """Visitors by (slice, label, day, previous day)."""
    seen: dict[Key, set[date]] = defaultdict(set)
    for one in found:
        labels: dict[str, Label] = {
            "estate": lambda _page, _one: 0,
            "department": known.department(0),
            "service": known.service,
        }
        for name, label in labels.items():
            values = {label(page(view), one) for view in one.views if view["kind"] == "page_view"}
            for value in values - {None}:
                seen[name, value, one.first_known("visitor")].add(one.day)
    counted: Counter[Key] = Counter()
    for (name, value, visitor), days in seen.items():
        ordered = sorted(days)
        for before, day in zip([NEVER, *ordered], ordered, strict=False):
            counted[name, value, day, before] += visitor is not None
    return +counted
