"""Funnels in plain Python, straight from MEASURES: every attempt is tried. The oracle of `funnel`.

`levels` is a second way: a machine that reads page views one by one and knows nothing of whole attempts.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise, permutations
from statistics import fmean
from typing import Any

JSON = dict[str, Any]
Attempt = tuple[int, ...]  # the places of its views in the unit's list


@dataclass(frozen=True)
class Seen:
    """One page view of a unit: its session, its page, whole seconds on the unit's clock, what it matches."""

    session: str
    page: str
    seconds: int
    steps: frozenset[int]
    excluded: frozenset[int] = frozenset()
    value: str = ""  # of the breakdown
    timed: bool = True


@dataclass(frozen=True)
class Funnel:
    """What an attempt must obey. Steps count from 0; exclusions are (from step, to step)."""

    mode: str
    optional: tuple[bool, ...]
    window: int | None = None
    step_window: int | None = None
    exclusions: tuple[tuple[int, int], ...] = ()

    @property
    def required(self) -> list[int]:
        return [step for step, optional in enumerate(self.optional) if not optional]

    def free(self) -> "Funnel":
        """The same without exclusions."""
        return Funnel(self.mode, self.optional, self.window, self.step_window)


def attempts(unit: list[Seen], funnel: Funnel) -> Iterator[Attempt]:
    """Every attempt of a unit, of any number of steps."""
    for size in range(1, len(funnel.required) + 1):
        for places in combinations(range(len(unit)), size):
            if _obeys_any_order(unit, places, funnel) if funnel.mode == "any_order" else _obeys(unit, places, funnel):
                yield places


def _obeys(unit: list[Seen], places: Attempt, funnel: Funnel) -> bool:
    steps = funnel.required[: len(places)]
    if not all(step in unit[place].steps for step, place in zip(steps, places, strict=True)):
        return False
    if funnel.window is not None and unit[places[-1]].seconds - unit[places[0]].seconds > funnel.window:
        return False
    for (low, one), (high, other) in pairwise(zip(steps, places, strict=True)):
        if funnel.step_window is not None and unit[other].seconds - unit[one].seconds > funnel.step_window:
            return False
        between = unit[one + 1 : other]
        allowed = {low, *range(low + 1, high)}  # the earlier step, and the optional ones between them
        if funnel.mode == "strict" and not all(seen.steps & allowed for seen in between):
            return False
    at = dict(zip(steps, places, strict=True))
    return not any(
        number in unit[place].excluded and place not in places
        for number, (low, high) in enumerate(funnel.exclusions)
        if low in at and high in at
        for place in range(at[low] + 1, at[high])
    )


def _obeys_any_order(unit: list[Seen], places: Attempt, funnel: Funnel) -> bool:
    if funnel.window is not None and unit[places[-1]].seconds - unit[places[0]].seconds > funnel.window:
        return False
    cuts = range(places[0], places[-1]) if funnel.exclusions else ()
    if any(unit[place].excluded and place not in places for place in cuts):
        return False
    return any(
        all(step in unit[place].steps for step, place in zip(steps, places, strict=True))
        for steps in permutations(range(len(funnel.optional)), len(places))
    )


def counting(unit: list[Seen], funnel: Funnel) -> Attempt:
    """The attempt that counts; none at all where there is none."""

    def merit(places: Attempt) -> tuple[object, ...]:
        return (-len(places), places[-1], -places[0], places[1:])

    return min(attempts(unit, funnel), key=merit, default=())


def level(unit: list[Seen], funnel: Funnel) -> int:
    """The most required steps that the machine reaches, page view by page view (not for any order, nor for open)."""
    steps, best = funnel.required, 0
    # A state: steps reached, seconds of the first and of the last view, exclusions that were met, whether strictness is lost.
    states: set[tuple[int, int, int, frozenset[int], bool]] = set()
    for seen in unit:
        fresh = {(1, seen.seconds, seen.seconds, frozenset[int](), False)} if steps[0] in seen.steps else set()
        for reached, first, last, met, lost in states:
            if reached < len(steps) and steps[reached] in seen.steps:
                in_time = funnel.window is None or seen.seconds - first <= funnel.window
                soon = funnel.step_window is None or seen.seconds - last <= funnel.step_window
                barred = any(funnel.exclusions[number][1] == steps[reached] for number in met)
                if in_time and soon and not barred and not lost:
                    left = frozenset(n for n in met if funnel.exclusions[n][1] > steps[reached])
                    fresh.add((reached + 1, first, seen.seconds, left, False))
            low, high = steps[reached - 1], steps[reached] if reached < len(steps) else steps[-1]
            over = {n for n in seen.excluded if funnel.exclusions[n][0] <= low < funnel.exclusions[n][1]}
            astray = funnel.mode == "strict" and not seen.steps & {low, *range(low + 1, high)}
            fresh.add((reached, first, last, met | over, lost or astray))
        states = fresh
        best = max([best, *(state[0] for state in states)])
    return best


@dataclass
class Told:
    """What one unit adds to the answer: of each step the place of its view and of the one before, or none."""

    at: list[int | None]
    before: list[int | None]
    first: int
    stopped: dict[int, int]  # the step after which it dropped off: the place of its last view there
    skipped: set[int]
    entered: set[int]
    voided: bool = False


def told(unit: list[Seen], funnel: Funnel) -> Told | None:
    """What one unit adds; none where it reaches nothing."""
    if funnel.mode == "open":
        return _open(unit, funnel)
    places = counting(unit, funnel)
    voided = len(counting(unit, funnel.free())) > len(places)
    if not places:
        return Told([], [], 0, {}, set(), set(), voided) if voided else None
    steps = range(len(places)) if funnel.mode == "any_order" else funnel.required[: len(places)]
    found = Told([None] * len(funnel.optional), [None] * len(funnel.optional), places[0], {}, set(), set(), voided)
    for number, (step, place) in enumerate(zip(steps, places, strict=True)):
        found.at[step], found.before[step] = place, places[number - 1] if number else None
    if len(places) < len(funnel.required):
        found.stopped[steps[-1]] = places[-1]
    for step in (step for step, optional in enumerate(funnel.optional) if optional):
        _optional(unit, funnel, found, step)
    return found


def _optional(unit: list[Seen], funnel: Funnel, found: Told, step: int) -> None:
    """Whether an optional step was done, between its neighbours or after the last view inside the windows."""
    low = max(other for other in funnel.required if other < step)
    high = min(other for other in funnel.required if other > step)
    start, end = found.at[low], found.at[high]
    if start is None:
        return
    places = [place for place in range(start + 1, len(unit) if end is None else end) if step in unit[place].steps]
    if end is None and funnel.window is not None:
        places = [place for place in places if unit[place].seconds - unit[found.first].seconds <= funnel.window]
    if end is None and funnel.step_window is not None:
        places = [place for place in places if unit[place].seconds - unit[start].seconds <= funnel.step_window]
    if places:
        found.at[step], found.before[step] = places[0], start
    elif end is not None:
        found.skipped.add(step)


def _open(unit: list[Seen], funnel: Funnel) -> Told | None:
    matched = [[place for place, seen in enumerate(unit) if step in seen.steps] for step in range(len(funnel.optional))]
    if not any(matched):
        return None
    found = Told([None] * len(matched), [None] * len(matched), min(min(m) for m in matched if m), {}, set(), set())
    for step, places in enumerate(matched):
        pairs = _pairs(unit, matched[step - 1], places, funnel) if step else []
        if pairs:
            last, first = min((later, -earlier) for earlier, later in pairs)
            found.at[step], found.before[step] = last, -first
        elif places:
            found.at[step] = places[0]
            found.entered.add(step)
        if places and step + 1 < len(matched) and not _pairs(unit, places, matched[step + 1], funnel):
            found.stopped[step] = places[0]
    return found


def _pairs(unit: list[Seen], before: list[int], after: list[int], funnel: Funnel) -> list[tuple[int, int]]:
    windows = [window for window in (funnel.window, funnel.step_window) if window is not None]
    return [
        (one, other)
        for one in before
        for other in after
        if one < other and all(unit[other].seconds - unit[one].seconds <= window for window in windows)
    ]


def went(unit: list[Seen], place: int) -> str:
    """Where a unit that stopped at a view went: the first later page view of the session on another page."""
    later = [seen for seen in unit[place + 1 :] if seen.session == unit[place].session]
    others = [seen.page for seen in later if seen.page != unit[place].page]
    return others[0] if others else "(same page)" if later else "(ended)"


def answer(units: Iterable[list[Seen]], funnel: Funnel) -> JSON:
    """Counts, times, destinations and groups of all units."""
    whole = [(unit, one) for unit in units if (one := told(unit, funnel))]
    found = [(unit, one) for unit, one in whole if one.at]
    steps = range(len(funnel.optional))
    counts = [sum(one.at[step] is not None for _, one in found) for step in steps]
    groups: dict[str, list[int]] = {}
    for unit, one in found:
        group = groups.setdefault(unit[one.first].value, [0] * len(steps))
        for step in steps:
            group[step] += one.at[step] is not None
    return {
        "counts": counts,
        "steps": [_step(step, found, funnel) | {"units": counts[step]} for step in steps],
        "voided": sum(one.voided for _, one in whole),
        "groups": groups,
        "anywhere": len(found),
    }


def _step(step: int, found: list[tuple[list[Seen], Told]], funnel: Funnel) -> JSON:
    took = sorted(
        unit[at].seconds - unit[before].seconds
        for unit, one in found
        if (at := one.at[step]) is not None and (before := one.before[step]) is not None and unit[at].timed
    )
    destinations = Counter(went(unit, one.stopped[step]) for unit, one in found if step in one.stopped)
    return {
        "drop_offs": None if funnel.optional[step] else sum(step in one.stopped for _, one in found),
        "skipped": sum(step in one.skipped for _, one in found) if funnel.optional[step] else None,
        "entered": sum(step in one.entered for _, one in found) if funnel.mode == "open" else None,
        "mean_seconds": fmean(took) if took else None,
        "quartiles": [_quantile(took, part) for part in (1, 2, 3)] if took else None,
        "went": dict(destinations),
    }


def _quantile(took: list[int], quarters: int) -> float:
    """The value that so many quarters lie below, with linear interpolation."""
    place, rest = divmod((len(took) - 1) * quarters, 4)
    return took[place] + (took[min(place + 1, len(took) - 1)] - took[place]) * rest / 4
