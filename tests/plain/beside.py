"""Two sides of journeys in plain Python, one list of sessions a day: the oracle of `explore` with `compare` or `against`."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from tests.plain.definitions import JSON, Session, World
from tests.plain.journeys import Journey, Shown, answered, naming, share, tops, walked

SPECIAL = {"other": "(other)", "hidden": "(hidden)"}
Labelled = Callable[[Journey], object]  # what a journey counts for, none if it doesn't


@dataclass(frozen=True)
class Side:
    """The journeys of one side by day, those days that have data, and what it was asked."""

    days: list[list[Journey]]
    question: JSON

    @property
    def all(self) -> list[Journey]:
        """The journeys of every day."""
        return [one for day in self.days for one in day]


def explore(
    now: Sequence[Sequence[Session]],
    before: Sequence[Sequence[Session]],
    asked: tuple[JSON, JSON],
    *,
    world: World,
    paired: bool,
) -> JSON:
    """The answer; `paired` says whether day n of one side belongs beside day n of the other."""
    sides = [Side([walked(day, q, world) for day in days], q) for days, q in zip((now, before), asked, strict=True)]
    both = [side.all for side in sides]
    shown = tops(both, asked[0], world)
    name = naming(both, shown, asked[0], world)
    mine, its = (answered(side.all, shown, name, side.question, world=world) for side in sides)
    beside = _Beside(sides, paired, name)
    for k, step in enumerate(mine["steps"]):
        step["nodes"] = [node | {"compared": beside.told(beside.at(k, node["page"]))} for node in step["nodes"]]
        step["compared"] = {said: beside.told(beside.at(k, page), zero=True) for said, page in SPECIAL.items()}
        for said, reached in (("ended", False), ("reached_end", True)):
            step["compared"][said] = beside.told(beside.stopped(k, reached=reached), zero=True)
        step["compared"]["ended_how"] = its["steps"][k]["ended_how"]
    links = [
        *mine["links"],
        *(
            {**link, "sessions": 0, "median_seconds": None, "mean_seconds": None}
            for link in its["links"]
            if _end(link) not in map(_end, mine["links"])
        ),
    ]
    medians = {_end(link): link["median_seconds"] for link in its["links"]}
    told = [
        link | {"compared": beside.told(beside.link(*_end(link))) | {"median_seconds": medians.get(_end(link))}}
        for link in links
    ]
    mine["links"] = sorted(
        told, key=lambda one: (one["step"], -one["sessions"], -one["compared"]["sessions"], one["from"], one["to"])
    )
    return mine | {"compared": {"sessions": len(both[1])}}


def _end(link: JSON) -> tuple[int, str, str]:
    return link["step"], link["from"], link["to"]


@dataclass(frozen=True)
class _Beside:
    sides: list[Side]
    paired: bool
    name: Shown

    def at(self, k: int, page: str) -> Labelled:
        return lambda one: len(one.steps) > k and self.name(k, one) == page

    def stopped(self, k: int, *, reached: bool) -> Labelled:
        return lambda one: len(one.steps) == k and one.reached_end == reached

    def link(self, k: int, tail: str, head: str) -> Labelled:
        return lambda one: len(one.steps) > k and (self.name(k, one), self.name(k + 1, one)) == (tail, head)

    def told(self, counts: Labelled, *, zero: bool = False) -> JSON:
        """`{"sessions", "share", "difference", "low", "high"}` of the journeys that count."""
        days = [[(sum(bool(counts(one)) for one in day), len(day)) for day in side.days] for side in self.sides]
        (hits, trials), (its_hits, its_trials) = (tuple(map(sum, zip(*day, strict=True))) or (0, 0) for day in days)
        none = trials == 0 or its_trials == 0
        difference = None if none else hits / trials - its_hits / its_trials
        ends = (None, None) if none or (zero and not hits and not its_hits) else self._ends(days, difference or 0.0)
        return {
            "sessions": its_hits,
            "share": share(its_hits, its_trials),
            "difference": difference,
            "low": ends[0],
            "high": ends[1],
        }

    def _ends(self, days: list[list[tuple[int, int]]], difference: float) -> tuple[float, float]:
        pulled = [_pulled(side) for side in days]
        floor = newcombe(*(tuple(map(sum, zip(*side, strict=True))) for side in days))
        count = min(map(len, pulled))
        if count < 2:
            return floor
        squares = spread([a - b for a, b in zip(*pulled, strict=True)]) if self.paired else sum(map(spread, pulled))
        reach = float(stats.t.ppf(0.975, count - 1)) * math.sqrt(squares)
        return max(-1.0, min(difference - reach, floor[0])), min(1.0, max(difference + reach, floor[1]))


def _pulled(days: list[tuple[int, int]]) -> list[float]:
    """How much each day pulls the ratio away from where the others hold it."""
    hits, trials = (sum(each) for each in zip(*days, strict=True))
    return [(h - hits / trials * t) / trials for h, t in days]


def spread(residuals: Sequence[float]) -> float:
    """The variance of a sum over days (Cochran 1977, 6.3)."""
    return len(residuals) / (len(residuals) - 1) * sum(one * one for one in residuals)


def newcombe(now: tuple[int, ...], before: tuple[int, ...]) -> tuple[float, float]:
    """Newcombe's interval of a difference of shares (1998, method 10)."""
    (low, high), (its_low, its_high) = (proportion_confint(*each, method="wilson") for each in (now, before))
    one, other = now[0] / now[1], before[0] / before[1]
    down, up = math.hypot(one - low, its_high - other), math.hypot(high - one, other - its_low)
    return max(-1.0, one - other - down), min(1.0, one - other + up)
