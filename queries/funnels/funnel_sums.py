"""What every segment's units reached, added up: by step, by day, by group, with times and where people went."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import groupby
from typing import Any, Final

import numpy as np

from data import errors
from data.contract import CHANNELS, DEVICES
from data.periods import Period, month_of
from data.store import Segment
from queries.asking import Asking
from queries.funnels.engine.views import NONE, Array, Stage
from queries.funnels.engine.work import Work
from queries.funnels.funnel_definition import Parameters
from queries.funnels.reaching import Part, part
from queries.journeys.engine.count import Nodes, tally, unite
from queries.journeys.grouping import Grouping, grouping
from queries.page_sets import definitions
from queries.pages import page_tables
from queries.source import Source, marked

OF_SESSION: Final = {"device": ("", *DEVICES), "channel": ("", *CHANNELS)}
SAME, ENDED = "(same page)", "(ended)"
UNKNOWN: Final = "(not known)"
MOST_WORK: Final = 8_000_000  # moves over all segments, some 6 seconds
MANY_DAYS: Final = 31  # beyond which fewer would help most
MANY_STEPS: Final = 10
VISITORS_OF_MONTH: Final = 4  # the schema since which days of an open month know its visitors
NO_TOPIC: Final = "(no topic)"
OPEN_MONTH: Final = (
    "Import any day of the month again, so that it is told who is the same on its days; or choose sessions"
)


@dataclass(frozen=True)
class Funnel:
    """A funnel's units in a period. Arrays of steps have one number a step, those of days the days first.

    `kept` are days without journeys by what `kept_days` keeps of them; only what is told by day knows them.
    """

    asking: Asking[Parameters]
    parts: Sequence[Part]
    kept: Mapping[date, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def steps(self) -> range:
        """The places of the steps."""
        return range(len(self.asking.parameters.steps))

    def units(self) -> Array:
        """The units that reached each step."""
        return self._summed(lambda stage: len(stage.rows))

    def stopped(self) -> Array:
        """The units that dropped off after each step."""
        return self._summed(lambda stage: len(stage.stopped))

    def skipped(self) -> Array:
        """The units that went on without each optional step."""
        return self._summed(lambda stage: stage.skipped or 0)

    def entered(self) -> Array:
        """The units that came to each step of an open funnel from nowhere before."""
        return self._summed(lambda stage: stage.entered or 0)

    def start(self) -> int:
        """The units that shares of the start are of."""
        return sum(one.reached.anywhere for one in self.parts)

    def voided(self) -> int:
        """The units held back by exclusions."""
        return sum(one.reached.voided for one in self.parts)

    def untold(self) -> int:
        """The sessions that a window leaves out."""
        return sum(one.untold for one in self.parts)

    @property
    def segments(self) -> list[Segment]:
        """Every segment, in the order of the parts."""
        return [segment for one in self.parts for segment in one.segments]

    def _together(self, of_segments: Sequence[Array]) -> list[Array]:
        """Arrays of the segments, such as a value for each page number, as one array for each part."""
        arrays = iter(of_segments)
        return [np.concatenate([next(arrays) for _ in one.segments]) for one in self.parts]

    def _summed(self, of: Callable[[Stage], int]) -> Array:
        found = [[of(stage) for stage in one.reached.stages] for one in self.parts]
        summed: Array = np.array(found, np.int64).reshape(len(found), len(self.steps)).sum(axis=0)
        return summed

    @cached_property
    def seconds(self) -> list[Array]:
        """Of each step the seconds from the step before, of each unit that has both and a clock."""
        found: list[list[Array]] = [[np.zeros(0, np.int64)] for _ in self.steps]
        for one in self.parts:
            for step, stage in enumerate(one.reached.stages):
                came = np.flatnonzero(stage.before != NONE)
                told = came[one.laid.of("timed", stage.rows[came])]
                found[step].append(one.laid.clock[stage.rows[told]] - one.laid.clock[stage.before[told]])
        return [np.concatenate(each) for each in found]

    def daily(self, period: Period) -> tuple[Array, Array]:
        """Units of each day that reached each step, and that came to it from the step before.

        A unit counts on the day of the session in which its attempt starts.
        """
        units, came = self._counted(lambda number, rows: self._day(period, number, rows), period.days)
        for day, told in self.kept.items():
            units[(day - period.first).days], came[(day - period.first).days] = told["units"], told["came"]
        return units, came

    def by_value(self, values: Sequence[Array], many: int) -> tuple[Array, Array]:
        """As `daily` over all days, of each of `many` values; `values` has the number of its value for each row of each part."""
        return self._counted(lambda number, rows: values[number][rows], many)

    def daily_by_value(self, period: Period, values: Sequence[Array], many: int) -> tuple[Array, Array]:
        """As `by_value`, by day: values first, then days."""
        units, came = self._counted(
            lambda number, rows: values[number][rows] * period.days + self._day(period, number, rows),
            many * period.days,
        )
        shape = (many, period.days, len(self.steps))
        return units.reshape(shape), came.reshape(shape)

    def daily_entries(self, period: Period) -> Array:
        """Units by the day on which they entered, at the first step or, in an open funnel, at any."""
        found = self._entries(lambda number, rows: self._day(period, number, rows), period.days)
        for day, told in self.kept.items():
            found[(day - period.first).days] = told["entered"]
        return found

    def entries_by_value(self, values: Sequence[Array], many: int) -> Array:
        """As `daily_entries` over all days, of each value, as in `by_value`."""
        return self._entries(lambda number, rows: values[number][rows], many)

    def _day(self, period: Period, number: int, rows: Array) -> Array:
        """How many days after the first of the period the rows of a part are."""
        one = self.parts[number]
        found: Array = one.laid.of("day", rows).astype(np.int64)
        return found + (one.segments[0].first_day.replace(day=1) - period.first).days - 1

    def _counted(self, cell: Callable[[int, Array], Array], many: int) -> tuple[Array, Array]:
        """The units at each step, and those that came from the step before, of each cell; `cell` tells those of a part's rows."""
        units, came = np.zeros((2, many, len(self.steps)), np.int64)
        for number, one in enumerate(self.parts):
            for step, stage in enumerate(one.reached.stages):
                cells = cell(number, stage.first)
                units[:, step] += np.bincount(cells, minlength=many)
                came[:, step] += np.bincount(cells[_came(stage)], minlength=many)
        return units, came

    def _entries(self, cell: Callable[[int, Array], Array], many: int) -> Array:
        """The units of each cell, `cell` as in `_counted`. A unit's attempt starts at the same view for each of its steps."""
        found = np.zeros(many, np.int64)
        for number, one in enumerate(self.parts):
            first = marked(len(one.laid.order), *(stage.first for stage in one.reached.stages))
            found += np.bincount(cell(number, np.flatnonzero(first)), minlength=many)
        return found

    def went(self) -> tuple[Grouping, Nodes, Array]:
        """Pages seen next by those who dropped off after each step, and how many only reloaded or saw nothing more."""
        pages = grouping(self.asking, self.segments, "page")
        codes: list[list[Array]] = [[np.zeros(0, np.int64)] for _ in self.steps]
        rest = np.zeros((len(self.steps), 2), np.int64)
        for one, of_page in zip(self.parts, self._together([group.of_page for group in pages.groups]), strict=True):
            for step, stage in enumerate(one.reached.stages):
                code = of_page[one.laid.of("next", stage.stopped)]
                codes[step].append(code)
                reloaded = one.laid.of("reloaded", stage.stopped[code == 0])
                rest[step] += (int(reloaded.sum()), int((~reloaded).sum()))
        whole = [np.concatenate(each) for each in codes]
        return pages, unite(pages.codes, *tally(whole, len(pages.codes.same))), rest

    def valued(self, by: str) -> tuple[list[str], Sequence[Array]]:
        """The values that units are broken down by, and the number of its value for each row of each part."""
        if by in {*OF_SESSION, "country"}:
            return _of_sessions(self, by)
        if by == "topic":
            return _of_topics(self)
        groups = grouping(self.asking, self.segments, by)  # type: ignore[arg-type]
        codes = self.by_row("page", [group.of_page for group in groups.groups])
        nodes = unite(groups.codes, *tally(codes or [np.zeros(0, np.int64)], len(groups.codes.same)))
        titles = groups.titles(nodes, np.arange(len(nodes.codes.same)))
        names, number = np.unique(np.array(titles, object), return_inverse=True)
        return names.tolist(), [number[nodes.of_code[code] - 1] for code in codes]

    def by_row(self, name: str, of_segments: Sequence[Array]) -> list[Array]:
        """For each row of each part the value that its segment's array has for the row's number of a page or session."""
        return [of[one.laid.whole(name)] for one, of in zip(self.parts, self._together(of_segments), strict=True)]


def _came(stage: Stage) -> Array:
    """Whether each unit came to a step from the one before; where all do, the first step has no time."""
    return np.ones(len(stage.rows), bool) if stage.entered is None else stage.before != NONE


def require_tellable(asking: Asking[Any], period: Period) -> None:
    """Raise `BadRequest` for visitors of a month that lies in segments of which nothing says who is the same in two of them."""
    if asking.parameters.unit != "visitor":
        return
    for days in _months(asking, period):
        if len(days) > 1 and any(one.schema < VISITORS_OF_MONTH for one in days):
            raise errors.BadRequest("Visitors can't be followed over these days", OPEN_MONTH, "unit")


def funnel(asking: Asking[Any], period: Period) -> Funnel:
    """The funnel over the days of a period."""
    asked, work = replace(asking, period=period), _work(asking)
    if asking.parameters.unit == "visitor":
        return Funnel(asked, [part(asked, days, work) for days in _months(asking, period)])
    return Funnel(asked, [part(asked, (one,), work) for one in asking.reading.segments(asking.account, period)])


def _work(asking: Asking[Parameters]) -> Work:
    """How much may be done, and what would help most where that isn't enough."""
    asked, days = asking.parameters, asking.period.days
    if asked.mode == "any_order":
        return Work(
            MOST_WORK, "mode", "Choose another mode, fewer days or fewer steps: in any order each session is searched"
        )
    if days > MANY_DAYS:
        return Work(MOST_WORK, "from", f"Choose fewer than these {days} days, or steps that fit fewer pages")
    if len(asked.steps) > MANY_STEPS:
        return Work(MOST_WORK, "steps", "Choose fewer steps, or steps that fit fewer pages")
    return Work(MOST_WORK, "steps", "Choose steps that fit fewer pages, or one device")


def _months(asking: Asking[Any], period: Period) -> list[tuple[Segment, ...]]:
    """The segments of each month of the period."""
    segments = asking.reading.segments(asking.account, period)
    return [tuple(some) for _, some in groupby(segments, key=lambda one: month_of(one.first_day))]


def _of_sessions(one: Funnel, by: str) -> tuple[list[str], list[Array]]:
    """As `valued`, by what is known of whole sessions."""
    words: dict[str, int] = {}
    found = []
    for segment in one.segments:
        source = Source(one.asking, segment)
        rows = source.fetch("funnel_sessions")
        names = OF_SESSION.get(by) or _countries(source)
        number = np.array([words.setdefault(name or UNKNOWN, len(words)) for name in names])
        of_session = np.zeros(int(rows["session"].max(initial=0)) + 1, np.int64)
        of_session[rows["session"]] = number[rows[by]]
        found.append(of_session)
    return list(words), one.by_row("session", found)


def _of_topics(one: Funnel) -> tuple[list[str], list[Array]]:
    """As `valued`, by topic; a page in several counts under the first by name."""
    topics = sorted(one.asking.topics.values(), key=lambda topic: (topic.name.casefold(), topic.slug))
    found = []
    for segment in one.segments:
        number = np.zeros(len(page_tables.table(one.asking.reading, segment).key), np.int64)
        for place, topic in reversed(list(enumerate(topics, 1))):
            number[definitions.pages(one.asking, segment, "topic", (topic.slug,))] = place
        found.append(number)
    return [NO_TOPIC, *(topic.name for topic in topics)], one.by_row("page", found)


def _countries(source: Source) -> tuple[str, ...]:
    rows = source.fetch("funnel_countries")
    named = dict(zip(rows["country"].tolist(), rows["name"].tolist(), strict=True))
    return tuple(named.get(number, "") for number in range(max(named, default=0) + 1))
