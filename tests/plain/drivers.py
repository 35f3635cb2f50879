"""What each value contributes to a change, in plain Python over plain visits: the oracle of `drivers`."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import groupby

from tests.plain.measures import NOT_SHARED, Visit

Value = Callable[[Visit, str], str]  # of a page view
Counts = dict[str, list[int]]  # by value: numerator, denominator
PARTS = {"exit_rate": ("exits", "page_views"), "single_page_rate": ("single_page", "landings")}
BEFORE = "(no page)"


def counts(visits: Iterable[Visit], measure: str, within: Callable[[str], bool], value: Value) -> Counts:
    """The measure's counts by value; a session counts where it first saw the set."""
    found: Counts = defaultdict(lambda: [0, 0])
    for visit in visits:
        for place, name in enumerate(PARTS.get(measure, (measure,))):
            for page, many in _seen(visit, name, within):
                found[value(visit, page)][place] += many
    return {key: both for key, both in found.items() if any(both)}


def _seen(visit: Visit, name: str, within: Callable[[str], bool]) -> Iterable[tuple[str, int]]:
    """The pages at which a visit counts, and how many times."""
    inside = [view for view in visit.views if view.page != NOT_SHARED and within(view.page)]
    first, last = visit.views[0], visit.views[-1]
    steps = len([page for page, _ in groupby(view.page for view in visit.views)])
    if name == "page_views":
        yield from ((view.page, 1) for view in inside)
    elif name == "sessions":
        yield from ((view.page, 1) for view in inside[:1])
    elif name == "searches":
        yield from ((view.page, view.searches) for view in inside)
    elif name == "exits":
        yield from ((last.page, 1) for _ in range(last in inside))
    elif name == "landings" or steps == 1:
        yield from ((first.page, 1) for _ in range(first in inside))


def contributions(now: Counts, before: Counts) -> dict[str, float]:
    """What each value has more, or what it does to the rate: by its share of the whole, and by its own rate."""
    values = now.keys() | before.keys()
    tops, bottoms = ([{key: of.get(key, [0, 0])[place] for key in values} for of in (now, before)] for place in (0, 1))
    if not any(bottoms[0].values()) and not any(bottoms[1].values()):
        return {key: tops[0][key] - tops[1][key] for key in values}
    whole = [sum(bottom.values()) for bottom in bottoms]
    overall = sum(sum(top.values()) / of for top, of in zip(tops, whole, strict=True)) / 2
    return {
        key: _of_rate([(top[key], bottom[key]) for top, bottom in zip(tops, bottoms, strict=True)], whole, overall)
        for key in values
    }


def _of_rate(parts: list[tuple[int, int]], whole: list[int], overall: float) -> float:
    rates = [top / bottom if bottom else None for top, bottom in parts]
    now, before = (one if one is not None else other for one, other in (rates, rates[::-1]))
    if now is None or before is None:
        return 0.0
    share, share_before = (bottom / of for (_, bottom), of in zip(parts, whole, strict=True))
    return (share - share_before) * ((now + before) / 2 - overall) + (share + share_before) / 2 * (now - before)
