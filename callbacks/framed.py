"""A page whose figures come by Dash: its frame is of the address alone, and stands before anything is counted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import Response, current_app, g, request

from callbacks import current, figures, shell
from data import access
from layouts import page_top
from layouts.address import Problem
from layouts.components import figures_coming
from layouts.markup import Child, div
from layouts.shell import Page

COPY: Final = "copy.js"  # of the button beside the sentence
PLOTLY: Final = "vendor/plotly.js"  # with the kinds of chart that nearly every page draws
Problems = tuple[Problem, ...]


def _everybody(_: Any) -> None:
    """Nothing more is asked of who may ask the page's question."""


@dataclass(frozen=True)
class Framed:
    """One page: the question whose right opens it, how its address is read, and what stands above its figures."""

    question: str
    read: Callable[[figures.Pairs], tuple[Any, Problems]]  # the state has an `address()`
    title: Callable[[Any], str]
    heading: Callable[[Any, Sequence[Problem]], Child]
    answered: figures.Answering
    scripts: tuple[str, ...] = ()
    plotly: str = PLOTLY
    require: Callable[[Any], None] = _everybody  # raises `Forbidden` where a state may not be seen

    def view(self) -> Response:
        """The page before any figure; Dash asks for those. Raises `Forbidden` before anything is counted."""
        access.may_ask(g.viewer, self.question).require()
        state, problems = self._read()
        self.require(state)
        if not problems and "" in request.args.values():  # a form sends what isn't chosen too
            return Response(status=303, headers={"Location": state.address()})
        return by_dash(problems)

    def shell(self, parts: figures.Parts) -> str:
        """The document of the page around what Dash needs in it."""
        state, problems = self._read()
        head, days = self.heading(state, problems), current.days(state, self.question)
        heading = page_top.ready(head, problems, days, current.quick(state, self.question))
        main: Child = [heading, page_top.standing_by(), div(figures_coming(), id=figures.ENTRY)]
        title = self.title(state)
        page = Page(
            title,
            main,
            state.address(),
            scripts=(*self.scripts, COPY),
            plotly=self.plotly,
            figures=parts,
            wrong=bool(problems),
        )
        return shell.html(page)

    def _read(self) -> tuple[Any, Problems]:
        state, problems = self.read([*request.args.items(multi=True)])
        return current.settled(state, self.question), problems


def by_dash(problems: Sequence[Problem]) -> Response:
    """The document of the page at hand, as wrong as its address is."""
    dashboard: Any = current_app.config["DASHBOARD"]
    html: str = dashboard.index()
    answer = Response(html, 400 if problems else 200, mimetype="text/html")
    dashboard.begin_after(answer)
    return answer
