"""The review page: its address is read, its question asked, and its layout answered."""

from typing import Any, Final

from flask import Response, current_app, g, request

from callbacks import figures, here, shell
from callbacks.files import picture
from data import access
from layouts import review
from layouts.components import figures_coming
from layouts.markup import Child, div
from layouts.shell import Page

SCRIPTS: Final = ("charts.js",)


def page() -> Response:
    """The page before any figure; Dash asks for those. Raises `Forbidden` before anything is counted."""
    access.may_ask(g.viewer, "review").require()
    _, problems = review.read_state(request.args.items(multi=True))
    dashboard: Any = current_app.config["DASHBOARD"]
    html: str = dashboard.index()
    return Response(html, 400 if problems else 200, mimetype="text/html")


def shell_of(parts: figures.Parts) -> str:
    """The document of the page around what Dash needs in it."""
    state, problems = review.read_state(request.args.items(multi=True))
    main: Child = [review.heading(state, problems), div(figures_coming(), id=figures.ENTRY)]
    return shell.html(Page(review.TITLE, main, state.address(), scripts=SCRIPTS, figures=parts, wrong=bool(problems)))


def figures_of(pairs: figures.Pairs) -> Child:
    """The answer of the page, from its address alone."""
    state, _ = review.read_state(pairs)
    return review.answered(state, here.asked("review", state.question()), pictures=picture.possible())
