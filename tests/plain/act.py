"""Where to act in plain Python: each session by itself, each step by itself. The oracle of `act`."""

import math
from collections.abc import Sequence
from datetime import date
from typing import Any

from scipy import stats

from data.register import register

Session = tuple[date, list[str]]  # its day and its pages in order
Counts = dict[date, tuple[int, int]]  # of each day: reached, stopped


def steps_of(slug: str) -> list[tuple[str, ...]]:
    """The pages of each step of a service that has a start, known steps and an end."""
    one = register.services[slug]
    return [one.start_pages, *(step.pages for step in one.steps), one.end_pages]


def depth(pages: Sequence[str], steps: Sequence[tuple[str, ...]]) -> int:
    """The most steps that any attempt through these pages gets through: every choice of a page is tried."""
    tried = [1 + depth(pages[n + 1 :], steps[1:]) for n, page in enumerate(pages) if steps and page in steps[0]]
    return max(tried, default=0)


def counted(sessions: Sequence[Session], slug: str, days: Sequence[date]) -> list[Counts]:
    """Of each step but the last who reached it and who stopped there, by day."""
    steps, found = steps_of(slug), []
    deep = [(day, depth(pages, steps)) for day, pages in sessions]
    for place in range(1, len(steps)):
        of_day = {day: [d for on, d in deep if on == day] for day in days}
        found.append(
            {day: (sum(d >= place for d in some), sum(d == place for d in some)) for day, some in of_day.items()}
        )
    return found


def kind(place: int, last: int) -> str:
    """What a step is like."""
    return "from the start page" if place == 1 else "to the end" if place == last else "inside the service"


def similar(slug: str, sizes: dict[str, int]) -> list[str]:
    """At most five services of other departments: the same first word before others, then the nearest in size."""
    own = register.services[slug]
    others = [one for one in sizes if register.services[one].department != own.department]
    word = own.name.split()[0]
    order = lambda one: (register.services[one].name.split()[0] != word, abs(math.log(sizes[one] / sizes[slug])), one)  # noqa: E731
    return sorted(others, key=order)[:5]


def p_value(own: Counts, alike: Counts) -> float:
    """How often days that differ as these do would show such a difference of rates, by paired days."""
    days, pulls = list(own), []
    rates = [sum(s for _, s in each.values()) / sum(r for r, _ in each.values()) for each in (own, alike)]
    for day in days:
        pull = [(each[day][1] - rate * each[day][0]) / sum(r for r, _ in each.values()) for each, rate in zip((own, alike), rates, strict=True)]  # fmt: skip
        pulls.append(pull[0] - pull[1])
    error = math.sqrt(len(days) / (len(days) - 1) * sum(pull * pull for pull in pulls))
    difference = rates[0] - rates[1]
    return 1.0 if difference == 0 else float(2 * stats.t.sf(abs(difference) / error, len(days) - 1)) if error else 0.0


def together(some: Sequence[Counts]) -> Counts:
    """Several steps as one."""
    return {day: (sum(one[day][0] for one in some), sum(one[day][1] for one in some)) for day in some[0]}


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """The interval by scipy."""
    found = stats.binomtest(hits, trials).proportion_ci(method="wilson")
    return found.low, found.high


def acted(sessions: Sequence[Session], slugs: Sequence[str], days: Sequence[date]) -> list[dict[str, Any]]:
    """Service, step, rates and whom it helps, of each step to act on, most helped first."""
    told = {}
    for slug in slugs:
        each = counted(sessions, slug, days)
        for place, counts in enumerate(each, 1):
            reached, stopped = (sum(pair[n] for pair in counts.values()) for n in (0, 1))
            if reached >= 30 and stopped < reached:
                told[slug, place] = (kind(place, len(each)), counts, reached, stopped)
    rows: list[dict[str, Any]] = []
    for (slug, place), (like, counts, reached, stopped) in told.items():
        same = {
            one: [counts_ for (other, _), (k, counts_, _, _) in told.items() if other == one and k == like]
            for one in slugs
        }
        sizes = {one: max(r for (other, _), (k, _, r, _) in told.items() if other == one and k == like) for one in slugs if same[one]}  # fmt: skip
        if len(alike := similar(slug, sizes)) >= 3:
            pool = together([one for name in alike for one in same[name]])
            sums = [
                [sum(pair[n] for pair in each.values()) for n in (0, 1)]
                for each in (pool, *(together(same[name]) for name in alike))
            ]
            rates = [s / r for r, s in sums]
            rows.append({"service": slug, "step": place, "reached": reached, "stopped": stopped, "similar_rate": rates[0],
                         "worse_than": sum(rate < stopped / reached for rate in rates[1:]), "similar": len(alike),
                         "p": p_value(counts, pool), "pool": sums[0]})  # fmt: skip
    sure = stats.false_discovery_control([row["p"] for row in rows]) if rows else []
    named = [row for row, q in zip(rows, sure, strict=True) if q <= 0.05 and _well_above(row)]
    for row in named:
        row["helped"] = round(row["stopped"] - row["similar_rate"] * row["reached"])
    return sorted(named, key=lambda row: (-row["helped"], row["service"], row["step"]))


def _well_above(row: dict[str, Any]) -> bool:
    """Newcombe's interval above zero, 5 points and above three quarters of the similar services."""
    share = row["stopped"] / row["reached"]
    low, _ = wilson(row["stopped"], row["reached"])
    _, high = wilson(row["pool"][1], row["pool"][0])
    least = share - row["similar_rate"] - math.hypot(share - low, high - row["similar_rate"])
    return bool(least > 0 and share - row["similar_rate"] >= 0.05 and row["worse_than"] >= 0.75 * row["similar"])
