"""The Departments page: its address is read, its questions asked, and its layout answered."""

from dataclasses import replace
from typing import Any, Final

from flask import Response, current_app, g, request

from callbacks import figures, here, shell
from callbacks.files import picture
from data import access
from layouts import departments
from layouts.comparison import read_state, title
from layouts.components import figures_coming
from layouts.markup import Child, div
from layouts.shell import Page

SCRIPTS: Final = ("charts.js",)


def page() -> Response:
    """The page before any figure; Dash asks for those. Raises `Forbidden` before anything is counted."""
    access.may_ask(g.viewer, "departments").require()
    _, problems = read_state(request.args.items(multi=True))
    dashboard: Any = current_app.config["DASHBOARD"]
    html: str = dashboard.index()
    return Response(html, 400 if problems else 200, mimetype="text/html")


def shell_of(parts: figures.Parts) -> str:
    """The document of the page around what Dash needs in it."""
    state, problems = read_state(request.args.items(multi=True))
    main: Child = [departments.heading(state, problems, here.alive()), div(figures_coming(), id=figures.ENTRY)]
    return shell.html(Page(title(state), main, state.address(), scripts=SCRIPTS, figures=parts, wrong=bool(problems)))


def figures_of(pairs: figures.Pairs) -> Child:
    """The answer of the page, from its address alone: the chart's question, and where that goes over time the table's."""
    state, _ = read_state(pairs)
    drawn = here.asked("departments", state.question())
    whole = drawn if not state.part else here.asked("departments", replace(state, view="past").question())
    return departments.answered(state, drawn, whole, pictures=picture.possible())
