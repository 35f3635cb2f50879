"""The Drop-offs page: its address is read, its questions asked, and its layout answered."""

from typing import Any, Final

from flask import Response, current_app, g, request

from callbacks import figures, here, shell
from callbacks.files import picture
from data import access, errors
from layouts import funnel, funnel_change, funnel_panel, funnels
from layouts.address import Problem
from layouts.components import figures_coming
from layouts.funnel_state import FunnelState, problem_of, read_state
from layouts.markup import Child, div
from layouts.shell import Page
from queries import parameters
from queries.funnel_definition import Parameters

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
    main: Child = [
        funnel.heading(state, problems, here.open_departments("funnel")),
        funnels.ways(state),
        div(figures_coming(), id=figures.ENTRY),
    ]
    return shell.html(
        Page(funnel.title(state), main, state.address(), scripts=SCRIPTS, figures=parts, wrong=bool(problems))
    )


def figures_of(pairs: figures.Pairs) -> Child:
    """The answer of the page, from its address alone."""
    state, problems = _state(pairs)
    if not state.chosen or any(problem.field in {"steps", "service"} for problem in problems):
        return funnel_panel.offered(here.open_departments("funnel"))
    pictures = picture.possible()
    trend = here.asked("funnel_trend", state.trend())
    told: Any = trend.value
    parts = [
        funnel_change.over_time(state, trend, pictures=pictures),
        funnel_change.beside(state, here.asked("funnel_groups", state.groups()), pictures=pictures) if state.by else None,
        funnel_change.choose_release(state, told["annotations"]),
        funnel_change.release(state, here.asked("funnel_release", state.released()), pictures=pictures) if state.release else None,
    ]  # fmt: skip
    return funnel.answered(state, here.asked("funnel", state.question(breakdown=None)), parts, pictures=pictures)


def _state(pairs: Any) -> tuple[FunnelState, tuple[Problem, ...]]:
    """The state of an address; what the question can't use is a problem of the page too, at its field."""
    state, problems = read_state(pairs)
    if state.chosen:
        try:
            parameters.read(Parameters, state.question())
        except errors.BadRequest as wrong:
            return state, (*problems, problem_of(wrong))
    return state, problems
