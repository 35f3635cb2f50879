"""The steps of every service's ready-made funnel at once: who reached each on each day, and who stopped there.

A session reaches a step at its first view of it after it reached the step before, which is what `funnel` counts for a funnel
whose steps follow each other without windows and exclusions: of all attempts the earliest gets furthest.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from data.periods import Period
from data.register import register
from queries.asking import Asking
from queries.funnels import funnel_text
from queries.journeys.engine.walk import Array
from queries.page_sets import definitions
from queries.source import Columns, Source
from queries.verdicts.statistics import Floats

START: Final = "from the start page"
ENTRY: Final = "from the start page to any page"  # of services whose steps aren't known
INSIDE: Final = "inside the service"
END: Final = "to the end"
THROUGH: Final = "from any page to the end"  # of these services
UNREACHED: Final = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Step:
    """A step of a service's funnel that another follows; `place` counts from 1."""

    service: str
    place: int
    name: str
    to: str
    kind: str


@dataclass(frozen=True, eq=False)
class Steps:
    """Sessions that reached each step, and those that stopped there: days first, then steps."""

    steps: tuple[Step, ...]
    reached: Floats
    stopped: Floats


def found(asking: Asking[Any], period: Period) -> Steps:
    """The steps that can be compared, of every service, whoever asks."""
    whole = {slug: compared(slug) for slug in register.services}
    sizes = {slug: len(funnel_text.of_service(slug)) for slug, steps in whole.items() if steps}
    units = {slug: np.zeros((period.days, size)) for slug, size in sizes.items()}
    for segment in asking.reading.segments(asking.account, period):
        source = Source(asking, segment)
        sets = {slug: [_pages(source, step) for step in funnel_text.of_service(slug)] for slug in units}
        views = _views(source, [pages for some in sets.values() for pages in some], period)
        for slug, some in sets.items():
            for place, days in enumerate(_chain(views, some, period)):
                units[slug][:, place] += days
    for slug, days in units.items():
        days[~_seen(asking, register.services[slug].department, period)] = 0
    steps = tuple(step for some in whole.values() for step in some)
    empty = [np.zeros((period.days, 0))]
    reached = np.concatenate(empty + [units[one.service][:, [one.place - 1]] for one in steps], axis=1)
    went_on = np.concatenate(empty + [units[one.service][:, [one.place]] for one in steps], axis=1)
    return Steps(steps, reached, reached - went_on)


def _seen(asking: Asking[Any], department: str, period: Period) -> Array:
    """Whether the department's own files of each day are there, if it sends any: who can't be seen didn't stop."""
    sent = asking.reading.manifest.sent.get(asking.account, {})
    by = [sent.get(day, frozenset()) for day in period]
    sends = any(department in one for one in by)
    return np.array([not sends or department in one for one in by])


def compared(slug: str) -> tuple[Step, ...]:
    """The steps of a service with what they are like; of one without an end, such as an account, only its start page."""
    service, names = register.services[slug], [str(one["name"]) for one in funnel_text.of_service(slug)]
    last = len(names) - 1
    start, end = (START, END) if service.steps else (ENTRY, THROUGH)
    kinds = [*[INSIDE] * (last - 1), end]
    if service.start_pages:
        kinds[0] = start
    wanted = range(last) if service.end_pages else range(1 if service.start_pages else 0)
    return tuple(Step(slug, place + 1, names[place], names[place + 1], kinds[place]) for place in wanted)


def _pages(source: Source, step: dict[str, Any]) -> Array:
    """The numbers of the pages of a step, whoever asks."""
    asking, segment, values = source.asking, source.segment, tuple(step["value"])
    if step["match"] == "exact":
        return definitions.registered(asking, segment, values)
    return definitions.every(asking, segment, step["match"], values)


def _views(source: Source, sets: list[Array], period: Period) -> Columns:
    """The page views of all these pages, by page."""
    pages = np.unique(np.concatenate([np.zeros(0, np.int64), *sets]))
    rows = source.fetch("act", pages=pages.tolist(), first=period.first, last=period.last)
    order = np.argsort(rows["page"], kind="stable")
    return {name: column[order] for name, column in rows.items()}


def _chain(views: Columns, sets: list[Array], period: Period) -> Iterator[Array]:
    """Of each step in turn the sessions of each day that reached it."""
    parts = [_of_pages(views["page"], pages) for pages in sets]
    sessions, heads = np.unique(views["session"][parts[0]], return_index=True)
    days = (views["day"][parts[0]][heads].astype("datetime64[D]") - np.datetime64(period.first)).astype(np.int64)
    reached = np.full(len(sessions) + 1, -1, np.int64)  # the last for every other session
    reached[-1] = UNREACHED
    for rows in parts:
        of = _numbered(sessions, views["session"][rows])
        position = views["position"][rows].astype(np.int64)
        after = position > reached[of]
        reached = np.full(len(sessions) + 1, UNREACHED)
        np.minimum.at(reached, of[after], position[after])
        yield np.bincount(days[reached[:-1] != UNREACHED], minlength=period.days)


def _numbered(sessions: Array, wanted: Array) -> Array:
    """The place of each wanted one among the sessions, which come in order; their number for one that isn't there."""
    places = np.searchsorted(sessions, wanted)
    there = np.append(sessions, 0)[places] == wanted
    found: Array = np.where(there & (places < len(sessions)), places, len(sessions))
    return found


def _of_pages(column: Array, pages: Array) -> Array:
    """The places of the rows of these pages; `column` comes in order."""
    starts, stops = (np.searchsorted(column, pages, side) for side in ("left", "right"))
    ranges = [np.arange(start, stop) for start, stop in zip(starts.tolist(), stops.tolist(), strict=True)]
    return np.concatenate([np.zeros(0, np.int64), *ranges])
