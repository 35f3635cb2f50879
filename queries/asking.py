"""What a question is given, and what it gives back before rights and small numbers are applied."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import polars as pl

from data.access import Viewer
from data.periods import Period
from data.settings import Settings
from data.state import Sums
from data.store import Reading
from queries.columns import Column
from queries.funnels.watching import Watch
from queries.page_sets.topics import Topic
from queries.parameters import Common
from queries.trends.noted import Noted

WHOLE_ESTATE = "Whole estate"  # the department of a row about all of them: open to every named viewer
P = TypeVar("P", bound=Common)
Value = dict[str, Any] | list[dict[str, Any]]


@cache
def sql(name: str) -> str:
    """The text of `<name>.sql`, in whichever folder of `queries` it stands."""
    (path,) = Path(__file__).parent.rglob(f"{name}.sql")
    return path.read_text()


@dataclass(frozen=True)
class Asking(Generic[P]):
    """One question being asked: of one pinned version, by one viewer, with parameters already checked."""

    reading: Reading
    viewer: Viewer
    parameters: P
    period: Period
    comparison: Period | None
    account: str
    settings: Settings
    rounding_key: bytes  # for publication
    notes: tuple[Noted, ...] = ()  # that the viewer may see, for a question that is `ANNOTATED`
    watches: tuple[Watch, ...] = ()  # alert rules that the viewer may see, for a question that is `WATCHED`
    topics: Mapping[str, Topic] = field(default_factory=dict)  # that the question names, by slug
    sums: Callable[[], Sums | None] = lambda: None  # what is kept of days whose journeys have gone

    def each(self, name: str, period: Period | None = None, **parameters: object) -> list[pl.DataFrame]:
        """The result of `queries/<name>.sql` on every segment of the period, one frame each, unmerged."""
        segments = self.reading.segments(self.account, period or self.period)
        return [self.reading.run(segment, sql(name), parameters) for segment in segments]


@dataclass(frozen=True)
class Flow:
    """Journeys as edges (`period`, `tail`, `head`, `sessions`): what enters an inner node also leaves it.

    For publication it is rounded so that this stays so. A flow is the same however many steps and pages are asked to be
    shown; showing less comes after. What passes through `node` is a count of the set `set`, such as the sessions of
    `page /vehicle-tax`, and is rounded as that is elsewhere.
    """

    edges: pl.DataFrame
    node: str
    set: str


@dataclass(frozen=True)
class Frames:
    """What a question found: `main` is the table face, `others` what else its JSON needs.

    A frame whose cells belong to a department has a column `department` with its short name (null: nobody's, which
    only roles that see everything see exactly below the limit).

    For publication a question gives what is rounded once, and `rebuilt(frames)` then makes its answer from that. This
    is `flows`, or `atoms`: columns of text are labels, of whole numbers (Int64) counts; `set` names the set of pages,
    such as `page /vehicle-tax`, `period` the whole week or month (`queries.periods.named`), `device` and `channel` are
    UInt8 as a segment numbers them. Every atom of a set and period is there, whatever devices and channels are asked
    for. `rebuilt` finds sums of rounded atoms by label; -1 stands for a hidden one, and is null in the answer. `parts`
    are atoms of which none is hidden, because together they are a count that is told; `place` says in which order those
    of the same device and channel stand. Rare ones are put together before.
    """

    main: pl.DataFrame
    others: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    atoms: pl.DataFrame | None = None
    parts: pl.DataFrame | None = None
    flows: tuple[Flow, ...] = ()
    rebuilt: "Callable[[Frames], Frames] | None" = None
    notes: tuple[str, ...] = ()


class Question(Protocol):
    """What a module of a question holds. `MORE_COLUMNS` names the columns of each frame in `others`."""

    __name__: str
    PARAMETERS: type[Common]
    COLUMNS: tuple[Column, ...]
    MORE_COLUMNS: Mapping[str, tuple[Column, ...]]
    DEFINITION: str  # how this is counted, a sentence or two
    SHAPE: Mapping[str, Any]  # what `present` gives, as JSON Schema (`queries.shapes`)

    def answer(self, asking: Asking[Any]) -> Frames:
        """The figures, exact, with foreign pages already folded to one row per department."""
        ...

    def present(self, frames: Frames, asking: Asking[Any]) -> Value:
        """The answer as the API gives it. Dicts made from rows keep the row's `suppressed` list, which `ask` turns into JSON paths."""
        ...
