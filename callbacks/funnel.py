"""The Drop-offs page: its address is read, its questions asked, and its layout answered."""

from typing import TYPE_CHECKING, Any, Final

from flask import Response, current_app, g, request

from callbacks import figures, shell
from callbacks.files import picture
from data import access, errors
from data.register import register
from layouts import funnel
from layouts.address import Problem
from layouts.components import error_summary, figures_coming
from layouts.funnel_state import PATH, FunnelState, problem_of, read_state
from layouts.markup import Child, div
from layouts.shell import Page
from queries import parameters
from queries.answers import Answer
from queries.ask import ask
from queries.funnel_definition import Parameters

if TYPE_CHECKING:
    from data.store import Estate

SCRIPTS: Final = ("charts.js",)


def page() -> Response:
    """The page before any figure; Dash asks for those. Raises `Forbidden` before anything is counted."""
    access.may_ask(g.viewer, "funnel").require()
    _, problems = _state(request.args.items(multi=True))
    dashboard: Any = current_app.config["DASHBOARD"]
    html: str = dashboard.index()
    return Response(html, 400 if problems else 200, mimetype="text/html")


def shell_of(parts: figures.Parts) -> str:
    """The document of the page around what Dash needs in it."""
    state, problems = _state(request.args.items(multi=True))
    main: Child = [funnel.heading(state, problems, _departments()), div(figures_coming(), id=figures.ENTRY)]
    return shell.html(
        Page(funnel.title(state), main, state.address(), scripts=SCRIPTS, figures=parts, wrong=bool(problems))
    )


def figures_of(pairs: figures.Pairs) -> Child:
    """The answer of the page, from its address alone."""
    state, problems = _state(pairs)
    if not state.chosen or any(problem.field in {"steps", "service"} for problem in problems):
        return funnel.offered(_departments())
    return funnel.answered(state, _ask("funnel", state.question()), pictures=picture.possible())


def _state(pairs: Any) -> tuple[FunnelState, tuple[Problem, ...]]:
    """The state of an address; what the question can't use is a problem of the page too, at its field."""
    state, problems = read_state(pairs)
    if state.chosen:
        try:
            parameters.read(Parameters, state.question())
        except errors.BadRequest as wrong:
            return state, (*problems, problem_of(wrong))
    return state, problems


def _departments() -> list[str]:
    """The departments of today that the viewer may choose, by name."""
    today = current_app.config["SETTINGS"].today()
    alive = sorted(one.short for one in register.departments if one.exists(today))
    return [short for short in alive if access.may_filter(g.viewer, "funnel", short)]


def _ask(question: str, given: dict[str, Any]) -> Answer:
    estate: Estate = current_app.config["ESTATE"]
    return ask(estate, g.viewer, question, given)
