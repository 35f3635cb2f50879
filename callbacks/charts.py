"""Every chart of the service: what it asks, and its faces. A new chart is one line here and gets every file for free."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from layouts import journey, journeys
from layouts.address import Problem
from layouts.figures import journeys as journeys_figure
from queries.answers import Answer


class State(Protocol):
    """What a page shows, as its address has it."""

    def question(self, **changes: Any) -> Mapping[str, Any]:
        """The parameters of the chart's question."""
        ...


Face = Callable[[Any, Any], Any]  # of the state and the answer's value


@dataclass(frozen=True)
class Chart:
    """One chart: its state is read from an address; `figure` is a plain plotly figure, `sentence` the message."""

    id: str
    question: str
    read: Callable[[Iterable[tuple[str, str]]], tuple[State, tuple[Problem, ...]]]
    title: Callable[[Any], str]  # at most ten words
    subject: Callable[[Any], str]  # what it is of, for the file's name
    sentence: Face
    figure: Face


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
    def sentence(self) -> str:
        """The message, also the alternative text."""
        return str(self.chart.sentence(self.state, self.answer.value))

    @property
    def figure(self) -> dict[str, Any]:
        """The chart as plotly has it, without its frame."""
        return dict(self.chart.figure(self.state, self.answer.value))


CHARTS: Final = {
    chart.id: chart
    for chart in (
        Chart(
            "journeys",
            "explore",
            journey.read,
            journeys.title,
            journeys.subject,
            journeys.sentence,
            journeys_figure.figure,
        ),
    )
}
