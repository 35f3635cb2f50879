"""A report pack: several charts of the same days and filters, each with its picture, sentence, table and notes, in one file.

It is made step by step, and each step says what is being done, so that who waits for it sees how far it is.
"""

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple, TypeVar
from urllib.parse import parse_qsl

from callbacks.chart import Drawn
from callbacks.charts import CHARTS
from data import errors
from layouts import coverage, department_tables, estate, formats, handovers, review, searches, services
from layouts.markup import Child
from layouts.pack import MOST_ROWS, Packing, first_rows
from layouts.state import State
from queries.answers import About, Answer

TRIES: Final = 4  # where a new data version comes between two charts
MOST_TIMES: Final = 6  # weeks or months beside each other that a page has room for
AMONG: Final = {"department": "focus"}  # of a chart that shows what is asked for among the others
Ask = Callable[[str, Mapping[str, object]], Answer]  # the answer that the viewer may have
Table = Callable[[Any, Answer], Child]  # of the chart's state; as the chart's page has it
T = TypeVar("T")


class Step(NamedTuple):
    """What is being done, after how many of how many steps."""

    done: int
    of: int
    said: str


Steps = Generator[Step, None, T]  # what is being done, and in the end what was made


def finished(steps: Steps[T]) -> T:
    """What the steps make, for who doesn't look at them."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            made: T = end.value
            return made


@dataclass(frozen=True)
class Part:
    """A chart of a pack, its table, and its address beside the pack's own."""

    chart: str
    table: Table
    address: str = ""


@dataclass(frozen=True)
class Pack:
    """What a pack is called, and its charts in order."""

    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Missing:
    """A chart that can't be in the pack, and why."""

    title: str
    sentence: str


@dataclass(frozen=True)
class Section:
    """A chart with its answer, its table as its page has it, the filters that it isn't narrowed by, and its picture once drawn."""

    drawn: Drawn
    table: Table
    unfiltered: tuple[str, ...]
    picture: bytes = b""

    @property
    def title(self) -> str:
        """What the chart shows."""
        return self.drawn.title

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw, which its sentence says."""
        return self.drawn.answer.table.is_empty()

    @property
    def wider(self) -> str:
        """That the chart is of more than what is asked for, in words."""
        return f"This part isn't narrowed by {'; '.join(self.unfiltered)}." if self.unfiltered else ""


@dataclass(frozen=True)
class Packed:
    """A pack of what was asked for."""

    name: str
    asked: Packing
    sections: tuple[Section | Missing, ...]

    @property
    def drawn(self) -> tuple[Section, ...]:
        """The charts that are there."""
        return tuple(one for one in self.sections if isinstance(one, Section))

    @property
    def about(self) -> About | None:
        """What is to be said of the first chart's answer."""
        return self.drawn[0].drawn.answer.about if self.drawn else None

    @property
    def versions(self) -> frozenset[int]:
        """The data versions of its charts: one, unless others came while they were asked."""
        return frozenset(one.drawn.answer.about.version for one in self.drawn)

    @property
    def title(self) -> str:
        """What it is called, and what it is narrowed to."""
        return ": ".join(filter(None, (PACKS[self.name].title, ", ".join(self.asked.narrowed))))

    @property
    def subtitle(self) -> str:
        """Its days, filters and data version."""
        if not self.about:
            return "Nothing can be shown"
        return "; ".join((formats.period(self.about.period), *self.asked.told, f"data version {self.about.version}"))


def _trend(state: Any, answer: Answer) -> Child:
    value: Any = answer.value
    return first_rows(value["rows"], lambda rows: estate.days(state, rows, linked=False))


def _review(state: Any, answer: Answer) -> Child:
    value: Any = answer.value
    return first_rows(value["changed"], lambda rows: review.table(state, rows, None))


def _services(state: Any, answer: Answer) -> Child:
    return first_rows(services.marked(answer), lambda rows: services.table(state, rows))


def _handovers(state: Any, answer: Answer) -> Child:
    value: Any = answer.value
    return handovers.pairs(state, value)


def _searches(state: Any, answer: Answer) -> Child:
    value: Any = answer.value
    return searches.table(state, value, MOST_ROWS)


def _coverage(_: Any, answer: Answer) -> Child:
    value: Any = answer.value
    return coverage.table(answer, value["departments"])


def _over_time(state: Any, answer: Answer) -> Child:
    return department_tables.over_time(state, answer, MOST_TIMES)


PACKS: Final = {
    "estate": Pack(
        "How GOV.UK is doing",
        (
            Part("estate", _trend),
            Part("review", _review),
            Part("departments", department_tables.table, "measure=sessions"),
            Part("departments", _over_time, "measure=sessions&view=time"),
            Part("departments", department_tables.table, "measure=exit_rate"),
            Part("handovers", _handovers),
            Part("searches", _searches),
            Part("services", _services),
            Part("coverage", _coverage),
        ),
    )
}  # fmt: skip


def packed(name: str, asked: Packing, ask: Ask) -> Steps[Packed]:
    """The pack of this name, of one data version, without its pictures. Raises `TookTooLong` where data comes too fast."""
    for _ in range(TRIES):
        sections = []
        for number, part in enumerate(PACKS[name].parts):
            yield Step(number, steps(name), f"Counting: {CHARTS[part.chart].title(_state(part, asked))}")
            sections.append(_section(part, asked, ask))
        found = Packed(name, asked, tuple(sections))
        if len(found.versions) <= 1:
            return found
    raise errors.TookTooLong("New data came while the report pack was made", "Try again in a minute")


def pictured(found: Packed, draw: Callable[[Drawn], bytes]) -> Steps[Packed]:
    """The pack with its pictures."""
    sections = []
    for number, one in enumerate(found.sections):
        yield Step(len(found.sections) + number, steps(found.name), f"Drawing: {one.title}")
        drawn = one if isinstance(one, Missing) or one.empty else replace(one, picture=draw(one.drawn))
        sections.append(drawn)
    return replace(found, sections=tuple(sections))


def steps(name: str) -> int:
    """How many steps a pack takes: each chart is counted and drawn, then the file is put together."""
    return 2 * len(PACKS[name].parts) + 1


def _state(part: Part, asked: Packing) -> State:
    """The state of a part's chart."""
    chart, own = CHARTS[part.chart], dict(parse_qsl(part.address))
    state, _ = chart.state.read([*_shared(asked, {*chart.state.FIELDS} - {*own}), *own.items()])
    return state


def _shared(asked: Packing, known: set[str]) -> Iterator[tuple[str, str]]:
    """What of the pack's address a chart's own has too; one that has every department puts the one asked for in focus."""
    for name in asked.FIELDS:
        there = name if name in known else AMONG.get(name)
        if there in known and asked.value(name):
            yield there, asked.value(name)


def _unfiltered(part: Part, asked: Packing) -> tuple[str, ...]:
    """The filters of the pack that a part's chart doesn't know, in words."""
    known = {*CHARTS[part.chart].state.FIELDS}
    return tuple(
        asked.said(name) for name in asked.FILTERS if asked.value(name) and not {name, AMONG.get(name)} & known
    )


def _section(part: Part, asked: Packing, ask: Ask) -> Section | Missing:
    chart, shown = CHARTS[part.chart], _state(part, asked)
    publication = {"publication": True} if asked.publication else {}  # of every chart, whatever its address knows
    try:
        answer = ask(chart.question, {**chart.given(shown), **publication})
    except (errors.BadRequest, errors.Forbidden, errors.TookTooLong) as refused:
        return Missing(chart.title(shown), str(refused))
    return Section(Drawn(chart, shown, answer), part.table, _unfiltered(part, asked))
