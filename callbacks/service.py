"""The My service page: its address is read, its questions asked, and its layout answered."""

from typing import Any, Final

from flask import Response, current_app, g, request

from callbacks import figures, here, shell
from callbacks.files import picture
from data import access
from data.access import Viewer
from data.register import register
from layouts import service
from layouts.components import figures_coming
from layouts.markup import Child, div
from layouts.service_state import TITLE, ServiceState, read_state
from layouts.shell import Page

SCRIPTS: Final = ("charts.js",)


def page() -> Response:
    """The page before any figure; Dash asks for those. Raises `Forbidden` before anything is counted."""
    access.may_ask(g.viewer, "service").require()
    state, problems = read_state(request.args.items(multi=True))
    if state.service:
        access.may_filter(g.viewer, "service", _department(state.service)).require()
    dashboard: Any = current_app.config["DASHBOARD"]
    html: str = dashboard.index()
    return Response(html, 400 if problems else 200, mimetype="text/html")


def shell_of(parts: figures.Parts) -> str:
    """The document of the page around what Dash needs in it."""
    state, problems = read_state(request.args.items(multi=True))
    main: Child = [service.heading(state, problems, mine(g.viewer)), div(figures_coming(), id=figures.ENTRY)]
    return shell.html(
        Page(state.name or TITLE, main, state.address(), scripts=SCRIPTS, figures=parts, wrong=bool(problems))
    )


def figures_of(pairs: figures.Pairs) -> Child:
    """The answer of the page, from its address alone."""
    state, _ = read_state(pairs)
    if not state.service:
        return service.offered(mine(g.viewer))
    told, returned = here.asked("service", state.question()), here.asked("services", state.returns())
    return service.answered(state, told, returned, pictures=picture.possible())


def mine(viewer: Viewer) -> dict[str, str]:
    """The services that the viewer may look at on one screen: names by slug, in the order of names."""
    names = {
        slug: one.name
        for slug, one in register.services.items()
        if access.may_filter(viewer, "service", _department(slug))
    }
    return dict(sorted(names.items(), key=lambda item: item[1]))


def addresses(viewer: Viewer) -> dict[str, str]:
    """Where each of them is, by name."""
    return {name: ServiceState(service=slug).address() for slug, name in mine(viewer).items()}


def _department(slug: str) -> str:
    known = register.service(slug)
    return register.department_on(known.department, known.agency, current_app.config["SETTINGS"].today())
