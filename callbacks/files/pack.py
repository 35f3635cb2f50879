"""A report pack: several charts over the same days, each with its picture, sentence, table and notes, in one file."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from callbacks.chart import Drawn
from callbacks.charts import CHARTS
from data import errors
from layouts import formats
from layouts.pack import Packing
from queries.answers import Answer

TRIES: Final = 4  # where a new data version comes between two charts
Ask = Callable[[str, Mapping[str, object]], Answer]  # the answer that the viewer may have


@dataclass(frozen=True)
class Part:
    """A chart of a pack: its address beside the pack's own, and the columns of its table that a page has room for."""

    chart: str
    columns: tuple[str, ...]
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
    """A chart with its answer, and the columns of its table that are shown."""

    drawn: Drawn
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Packed:
    """A pack over the days that were asked for."""

    title: str
    subtitle: str
    sections: tuple[Section | Missing, ...]

    @property
    def drawn(self) -> tuple[Section, ...]:
        """The charts that are there."""
        return tuple(one for one in self.sections if isinstance(one, Section))

    @property
    def versions(self) -> frozenset[int]:
        """The data versions of its charts: one, unless others came while they were asked."""
        return frozenset(one.drawn.answer.about.version for one in self.drawn)


_TREND: Final = (
    "day",
    "last_day",
    "sessions",
    "sessions_expected_low",
    "sessions_expected_high",
    "page_views",
    "exit_rate",
)
_BESIDE: Final = ("department", "status", "value", "low", "high", "rank", "value_comparison", "change")
_KPIS: Final = (
    "name",
    "department",
    "transactions",
    "completion_rate",
    "satisfaction",
    "digital_take_up",
    "cost_per_transaction",
)
PACKS: Final = {
    "estate": Pack(
        "How GOV.UK is doing",
        (
            Part("estate", _TREND),
            Part("review", ("kind", "name", "department", "measure", "value", "expected_low", "expected_high", "affected")),
            Part("departments", _BESIDE),
            Part("departments", ("department", "group", "value", "rank"), "view=time"),
            Part("departments", _BESIDE, "measure=exit_rate"),
            Part("handovers", ("from", "to", "sessions", "share", "sessions_comparison", "sessions_change")),
            Part("searches", ("term", "searches", "searches_comparison", "sessions", "ended_share", "verdict")),
            Part("services", _KPIS),
            Part("coverage", ("department", "memorandum", "days_expected", "days_received", "days_missing", "rows_read", "rows_kept")),
        ),
    )
}  # fmt: skip


def packed(name: str, state: Packing, ask: Ask) -> Packed:
    """The pack of this name over these days, of one data version. Raises `NotFound`, and `TookTooLong` where data comes too fast."""
    if name not in PACKS:
        raise errors.NotFound("There is no such report pack", f"Choose one of {', '.join(PACKS)}")
    for _ in range(TRIES):
        found = _packed(name, state, ask)
        if len(found.versions) <= 1:
            return found
    raise errors.TookTooLong("New data came while the report pack was made", "Try again in a minute")


def _packed(name: str, state: Packing, ask: Ask) -> Packed:
    sections = tuple(_section(part, state, ask) for part in PACKS[name].parts)
    first = next((one.drawn.answer.about for one in sections if isinstance(one, Section)), None)
    subtitle = f"{formats.period(first.period)}, data version {first.version}" if first else "Nothing can be shown"
    return Packed(PACKS[name].title, subtitle, sections)


def _section(part: Part, state: Packing, ask: Ask) -> Section | Missing:
    chart = CHARTS[part.chart]
    shown, _ = chart.state.read([*_shared(state, frozenset(chart.state.FIELDS)), *parse_qsl(part.address)])
    publication = {"publication": True} if state.publication else {}  # of every chart, whatever its address knows
    try:
        answer = ask(chart.question, {**chart.given(shown), **publication})
    except (errors.BadRequest, errors.Forbidden, errors.TookTooLong) as refused:
        return Missing(chart.title(shown), str(refused))
    return Section(Drawn(chart, shown, answer), tuple(one for one in part.columns if one in answer.table.columns))


def _shared(state: Packing, known: frozenset[str]) -> Iterator[tuple[str, str]]:
    """What of the pack's address a chart's own has too."""
    return ((name, state.value(name)) for name in state.FIELDS if name in known and state.value(name))
