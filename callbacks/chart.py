"""A chart: what it asks and its faces, and what every kind of file is made from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from layouts.notes import SHORTHAND, notes
from layouts.state import State
from queries.answers import Answer

Face = Callable[[Any, Any], Any]  # of the state and the answer's value


@dataclass(frozen=True)
class Chart:
    """One chart: a state of its kind is read from an address; `figure` is a plain plotly figure, `sentence` the message."""

    id: str
    question: str
    state: type[State]
    title: Callable[[Any], str]  # at most ten words
    subject: Callable[[Any], str]  # what it is of, for the file's name
    sentence: Face
    figure: Face
    filters: Callable[[Any], tuple[str, ...]] = lambda state: state.told  # what is set, in words
    given: Callable[[Any], Mapping[str, Any]] = lambda state: state.question()  # the parameters of its question
    shorthand: tuple[tuple[str, str], ...] = ()  # words in the table's cells that its reader must know
    table: str = ""  # the further table of the answer that stands as its table; the answer's own without one


@dataclass(frozen=True)
class Drawn:
    """One chart of one state with its answer: what every kind of file is made from."""

    chart: Chart
    state: State
    answer: Answer

    @property
    def title(self) -> str:
        """What the chart shows."""
        return self.chart.title(self.state)

    @property
    def notes(self) -> tuple[tuple[str, str], ...]:
        """What must be said in every file, as (name, text)."""
        return notes(self.title, self.sentence, self.answer.about, self.chart.filters(self.state))

    @property
    def shorthand(self) -> tuple[tuple[str, str], ...]:
        """The marks in the table's cells, and what they mean."""
        return (*SHORTHAND, *self.chart.shorthand)

    @property
    def sentence(self) -> str:
        """The message, also the alternative text."""
        return str(self.chart.sentence(self.state, self.answer.value))

    @property
    def figure(self) -> dict[str, Any]:
        """The chart as plotly has it, without its frame."""
        return dict(self.chart.figure(self.state, self.answer.value))
