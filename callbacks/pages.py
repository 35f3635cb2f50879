"""The pages: each route's address is read, its question asked, and its layout answered. Nothing else happens here."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import orjson
from flask import Flask, Response, current_app, g, request

from callbacks import assets, figures, people, shell, taking
from callbacks.files import picture
from data import access, clean, errors
from data.access import Viewer
from data.register import register
from layouts import about, coverage, estate, filters, home, journey, journeys, opened, overview, why
from layouts.address import Problem
from layouts.components import figures_coming
from layouts.journey import Journey
from layouts.markup import Child, div, render
from layouts.shell import Page
from queries.answers import Answer
from queries.ask import ask

if TYPE_CHECKING:
    from data.store import Estate

JOURNEYS: Final = ("vendor/page.js", "journeys.js")
CHARTS: Final = ("charts.js",)
FINDER_LIMIT: Final = 10
PAGES_LOOKED_AT: Final = 100  # for the front page's example
PAGES_INSIDE: Final = 500  # a step; an opened node tells of rarer ones together
LONGEST_WORDS: Final = 200


def register_pages(server: Flask) -> None:
    """Give the server every page. The gate has a rule for each of these endpoints."""
    for path, endpoint, view in (
        ("/", "home", home_page),
        ("/journeys", "journeys", journeys_page),
        ("/journeys/answer", "journeys_answer", journeys_answer),
        ("/journeys/pages", "journeys_pages", journeys_pages),
        ("/estate", "estate", estate_page),
        ("/coverage", "coverage", coverage_page),
        ("/files/<name>", "file", taking.file),
        ("/definitions", "definitions", lambda: shell.page(about.definitions())),
        ("/accessibility", "accessibility", lambda: shell.page(about.accessibility())),
        ("/assets/<path:name>", "asset", assets.serve),
    ):
        server.add_url_rule(path, endpoint, view, methods=["GET"], provide_automatic_options=False)
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
    found = home.Examples(page, _ask("explore", start.question()), _ask("summary", {}))
    return home.answered(found, pictures=picture.possible())


def _example_page() -> str:
    """The start page of a shared service that most sessions land on, of the viewer's own departments if there are any."""
    own = {"department": ",".join(sorted(g.viewer.departments))} if g.viewer.departments else {}
    landed: Any = _ask("pages", {**own, "sort": "landings", "limit": PAGES_LOOKED_AT}).value
    pages = [row["page"] for row in landed["pages"]]
    sharing = register.sharing(current_app.config["SETTINGS"].today())
    services = [one for one in register.services.values() if one.department in sharing]
    starts = {clean.shown(*clean.page(start)) for one in services for start in one.start_pages}
    return next((page for page in pages if page in starts), next(iter(pages), "/"))


def journeys_page() -> Response:
    """The page before any figure: its shell, heading and filters are of the address alone."""
    state, problems = _journey()
    main: Child = [
        journeys.heading(state, problems), filters.panel(state, _departments(g.viewer)), journeys.waiting(),
        journeys.beside(),
    ]  # fmt: skip
    page = Page(journeys.title(state), main, state.address(), scripts=JOURNEYS, wrong=bool(problems))
    return shell.page(page, status=400 if problems else 200)


def journeys_answer() -> Response:
    """The parts of the page with the answer in them, for the script to swap in."""
    state, problems = _journey()
    answer = _ask("explore", state.question())
    inside = _inside(state)
    parts = (
        journeys.heading(state, problems),
        filters.panel(state, _departments(g.viewer)),
        journeys.answered(state, answer, inside, pictures=picture.possible()),
    )
    return Response(render(*parts), 400 if problems else 200, mimetype="text/html")


def journeys_pages() -> Response:
    """Pages whose name holds the words typed, the most seen first, as a JSON list of names."""
    given = request.args.to_dict()
    words = given.pop("q", "").strip().replace("*", "")
    if not 0 < len(words) <= LONGEST_WORDS:
        raise errors.BadRequest("Type a part of a page's name", f"At most {LONGEST_WORDS} characters", "q")
    found: Any = _ask("pages", {**given, "page": f"**{words}**", "limit": FINDER_LIMIT}).value
    return Response(orjson.dumps([row["page"] for row in found["pages"]]), mimetype="application/json")


def _journey() -> tuple[Journey, tuple[Problem, ...]]:
    """The state in the address. Raises `Forbidden` before anything is counted."""
    state, problems = journey.read(request.args.items(multi=True))
    access.may_ask(g.viewer, "explore").require()
    for department in state.department:
        access.may_filter(g.viewer, "explore", department).require()
    return state, problems


def _inside(state: Journey) -> opened.Moves:
    """What the opened nodes hold, from the same journey with many more pages a step: one question whatever is opened."""
    if not state.open:
        return {}
    whole: Any = _ask("explore", state.question(top=PAGES_INSIDE, steps=state.steps + 1, paths=0)).value
    return opened.moves(state, whole)


def _ask(question: str, parameters: dict[str, Any]) -> Answer:
    estate: Estate = current_app.config["ESTATE"]
    return ask(estate, g.viewer, question, parameters)


def _departments(viewer: Viewer) -> list[str]:
    """The departments that the viewer may choose, by name."""
    return [short for short in _alive() if access.may_filter(viewer, "explore", short)]


def _alive() -> list[str]:
    """The departments of today, by name."""
    today = current_app.config["SETTINGS"].today()
    return sorted(department.short for department in register.departments if department.exists(today))


def estate_page() -> Response:
    """The page before any figure; Dash asks for those. Raises `Forbidden` before anything is counted."""
    access.may_ask(g.viewer, "trend").require()
    return _by_dash(overview.read_state(request.args.items(multi=True))[1])


def estate_shell(parts: figures.Parts) -> str:
    """The document of the page around what Dash needs in it."""
    state, problems = overview.read_state(request.args.items(multi=True))
    main: Child = [
        estate.heading(state, problems, _alive()), div(figures_coming(), id=figures.ENTRY)
    ]  # fmt: skip
    page = Page(overview.title(state), main, state.address(), scripts=CHARTS, figures=parts, wrong=bool(problems))
    return shell.html(page)


def estate_figures(pairs: figures.Pairs) -> Child:
    """The answer of the page, from its address alone."""
    state, _ = overview.read_state(pairs)
    trend, summary = _ask("trend", state.question()), _ask("summary", state.summary())
    known = {department.short for department in register.departments}
    names = [name for name in summary.table["department"].to_list() if name in known]
    departments = _ask("trend", state.question(department=",".join(names))) if names else None
    closed = frozenset(
        name for name in {*names, state.department} - {""} if not access.may_filter(g.viewer, "drivers", name)
    )
    split = why.possible(state) and state.why and state.department not in closed
    drivers = _ask("drivers", state.drivers(why.SHOWN)) if split else None
    return estate.answered(
        state, estate.Found(trend, summary, departments, drivers, closed), pictures=picture.possible()
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
    return coverage.answered(state, _ask("coverage", state.question()), pictures=picture.possible())


SHELLS: Final = {"/": home_shell, "/estate": estate_shell, "/coverage": coverage_shell}
FIGURES: Final[dict[str, figures.Answering]] = {
    "/": home_figures,
    "/estate": estate_figures,
    "/coverage": coverage_figures,
}  # the pages whose figures come by Dash
