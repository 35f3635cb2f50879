"""The pages: each route's address is read, its question asked, and its layout answered. Nothing else happens here."""

from collections.abc import Sequence
from typing import Any, Final

from flask import Flask, Response, current_app, g, request

from callbacks import (
    alerts,
    annotations,
    assets,
    departments,
    figures,
    funnel,
    funnels,
    here,
    journeys,
    looks,
    people,
    review,
    service,
    services,
    shell,
    taking,
    topics,
)
from callbacks.files import picture
from data import access, clean
from data.register import register
from layouts import about, coverage, estate, home, overview, why
from layouts.address import Problem
from layouts.components import figures_coming
from layouts.journey import Journey
from layouts.markup import Child, div
from layouts.shell import Page
from queries.trend_bands import BANDED

CHARTS: Final = ("charts.js",)
PAGES_LOOKED_AT: Final = 100  # for the front page's example


def register_pages(server: Flask) -> None:
    """Give the server every page. The gate has a rule for each of these endpoints."""
    for path, endpoint, view in (
        ("/", "home", home_page),
        ("/journeys", "journeys", journeys.page),
        ("/journeys/answer", "journeys_answer", journeys.answer),
        ("/journeys/pages", "journeys_pages", looks.finder),
        ("/estate", "estate", estate_page),
        ("/departments", "departments", departments.page),
        ("/review", "review", review.page),
        ("/coverage", "coverage", coverage_page),
        ("/service", "service", service.page),
        ("/services", "services", services.page),
        ("/drop-offs", "drop_offs", funnel.page),
        ("/pages/found", "pages_found", looks.finder),
        ("/files/<name>", "file", taking.file),
        ("/definitions", "definitions", lambda: shell.page(about.definitions())),
        ("/accessibility", "accessibility", lambda: shell.page(about.accessibility())),
        ("/assets/<path:name>", "asset", assets.serve),
    ):
        server.add_url_rule(path, endpoint, view, methods=["GET"], provide_automatic_options=False)
    for path, endpoint, form, methods in (*topics.ROUTES, *funnels.ROUTES, *annotations.ROUTES, *alerts.ROUTES):
        server.add_url_rule(path, endpoint, form, methods=methods, provide_automatic_options=False)
    for path, endpoint, shown in looks.ROUTES:
        server.add_url_rule(path, endpoint, shown, methods=["GET"], provide_automatic_options=False)
    server.add_url_rule("/person", "person", people.switch, methods=["POST"], provide_automatic_options=False)


def home_page() -> Response:
    """What can be seen here; Dash asks for the examples."""
    return _by_dash(())


def _by_dash(problems: Sequence[Problem]) -> Response:
    """The document of a page whose figures come by Dash, as wrong as its address is."""
    dashboard: Any = current_app.config["DASHBOARD"]
    html: str = dashboard.index()
    return Response(html, 400 if problems else 200, mimetype="text/html")


def home_shell(parts: figures.Parts) -> str:
    """The document of the front page around what Dash needs in it."""
    figures_too = access.may_ask(g.viewer, "explore").allowed
    main: Child = [home.heading(figures=figures_too), div(figures_coming(), id=figures.ENTRY)]
    return shell.html(Page(home.TITLE, main, "/", figures=parts))


def home_figures(_: figures.Pairs) -> Child:
    """An example for each kind of reader, out of what the viewer may see."""
    if not access.may_ask(g.viewer, "explore").allowed:
        return home.without_figures()
    page = _example_page()
    start = Journey(page=page)
    mine = service.addresses(g.viewer) if g.viewer.role == "service owner" else {}
    found = home.Examples(page, here.asked("explore", start.question()), here.asked("summary", {}), mine)
    return home.answered(found, pictures=picture.possible())


def _example_page() -> str:
    """The start page of a shared service that most sessions land on, of the viewer's own departments if there are any."""
    own = {"department": ",".join(sorted(g.viewer.departments))} if g.viewer.departments else {}
    landed: Any = here.asked("pages", {**own, "sort": "landings", "limit": PAGES_LOOKED_AT}).value
    pages = [row["page"] for row in landed["pages"]]
    sharing = register.sharing(current_app.config["SETTINGS"].today())
    services = [one for one in register.services.values() if one.department in sharing]
    starts = {clean.shown(*clean.page(start)) for one in services for start in one.start_pages}
    return next((page for page in pages if page in starts), next(iter(pages), "/"))


def estate_page() -> Response:
    """The page before any figure; Dash asks for those. Raises `Forbidden` before anything is counted."""
    access.may_ask(g.viewer, "trend").require()
    return _by_dash(overview.read_state(request.args.items(multi=True))[1])


def estate_shell(parts: figures.Parts) -> str:
    """The document of the page around what Dash needs in it."""
    state, problems = overview.read_state(request.args.items(multi=True))
    main: Child = [
        estate.heading(state, problems, here.alive()), div(figures_coming(), id=figures.ENTRY)
    ]  # fmt: skip
    page = Page(overview.title(state), main, state.address(), scripts=CHARTS, figures=parts, wrong=bool(problems))
    return shell.html(page)


def estate_figures(pairs: figures.Pairs) -> Child:
    """The answer of the page, from its address alone."""
    state, _ = overview.read_state(pairs)
    trend, summary = here.asked("trend", state.question()), here.asked("summary", state.summary())
    known = {department.short for department in register.departments}
    names = [name for name in summary.table["department"].to_list() if name in known]
    judged = {"bands": state.measure} if state.measure in BANDED else {}
    departments = here.asked("trend", state.question(department=",".join(names), **judged)) if names else None
    closed = frozenset(
        name for name in {*names, state.department} - {""} if not access.may_filter(g.viewer, "drivers", name)
    )
    split = why.possible(state) and state.why and state.department not in closed
    drivers = here.asked("drivers", state.drivers(why.SHOWN)) if split else None
    return estate.answered(
        state, estate.Found(trend, summary, departments, drivers, closed, alerts.raised()), pictures=picture.possible()
    )


def coverage_page() -> Response:
    """The page before any figure; Dash asks for those."""
    return _by_dash(coverage.read_state(request.args.items(multi=True))[1])


def coverage_shell(parts: figures.Parts) -> str:
    """The document of the page around what Dash needs in it."""
    state, problems = coverage.read_state(request.args.items(multi=True))
    main: Child = [coverage.heading(state, problems), div(figures_coming(), id=figures.ENTRY)]
    page = Page(coverage.TITLE, main, state.address(), scripts=CHARTS, figures=parts, wrong=bool(problems))
    return shell.html(page)


def coverage_figures(pairs: figures.Pairs) -> Child:
    """The answer of the page, from its address alone."""
    state, _ = coverage.read_state(pairs)
    return coverage.answered(state, here.asked("coverage", state.question()), pictures=picture.possible())


SHELLS: Final = {
    "/": home_shell,
    "/drop-offs": funnel.shell_of,
    "/estate": estate_shell,
    "/service": service.shell_of,
    "/services": services.shell_of,
    "/coverage": coverage_shell,
    "/topics/": topics.one_shell,
    **looks.SHELLS,
    "/departments": departments.shell_of,
    "/review": review.shell_of,
}
FIGURES: Final[dict[str, figures.Answering]] = {
    "/": home_figures,
    "/drop-offs": funnel.figures_of,
    **looks.FIGURES,
    "/departments": departments.figures_of,
    "/review": review.figures_of,
    "/estate": estate_figures,
    "/service": service.figures_of,
    "/services": services.figures_of,
    "/coverage": coverage_figures,
    "/topics/": topics.one_figures,
}  # the pages whose figures come by Dash
