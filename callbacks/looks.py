"""The pages Pages, Page, Handovers and Searches: each address is read, its questions asked, and its layout answered."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import orjson
from flask import Response, current_app, g, request

from callbacks import figures, here, shell
from callbacks.files import picture
from data import access, errors
from layouts import handovers, page, pages, searches
from layouts.address import Problem
from layouts.components import figures_coming
from layouts.look import HANDOVERS, PAGE, PAGES, SEARCHES, Look, read_state
from layouts.markup import Child, Element, div
from layouts.shell import Page

SCRIPTS: Final = ("charts.js", "vendor/page.js", "finder.js")
FINDER_LIMIT: Final = 10
TERMS_OF_PAGE: Final = 10
Heading = Callable[[Look, Sequence[Problem], Sequence[str]], Element]


@dataclass(frozen=True)
class Kind:
    """One of the pages: the question that decides who may open it, its title, its heading, and its figures."""

    question: str
    title: Callable[[Look], str]
    heading: Heading
    figures: Callable[[Look], Child]


def view(at: str) -> Response:
    """The page before any figure; Dash asks for those. Raises `Forbidden` before anything is counted."""
    access.may_ask(g.viewer, KINDS[at].question).require()
    _, problems = read_state(at, request.args.items(multi=True))
    dashboard: Any = current_app.config["DASHBOARD"]
    html: str = dashboard.index()
    return Response(html, 400 if problems else 200, mimetype="text/html")


def shell_of(at: str, parts: figures.Parts) -> str:
    """The document of the page around what Dash needs in it."""
    state, problems = read_state(at, request.args.items(multi=True))
    kind = KINDS[at]
    main: Child = [
        kind.heading(state, problems, here.open_departments(kind.question)),
        div(figures_coming(), id=figures.ENTRY),
    ]
    return shell.html(
        Page(kind.title(state), main, state.address(), scripts=SCRIPTS, figures=parts, wrong=bool(problems))
    )


def figures_of(at: str, pairs: figures.Pairs) -> Child:
    """The answer of the page, from its address alone."""
    state, _ = read_state(at, pairs)
    return KINDS[at].figures(state)


def finder() -> Response:
    """Pages that hold the words typed, as a JSON list of their names and titles."""
    given = request.args.to_dict()
    words = given.pop("q", "").strip()
    if not words:
        raise errors.BadRequest("Type a part of a page's address or title", "Such as vehicle tax", "q")
    found: Any = here.asked("find", {**given, "words": words, "limit": FINDER_LIMIT}).value
    rows = [{"page": row["page"], "title": row["title"] or ""} for row in found["pages"]]
    return Response(orjson.dumps(rows), mimetype="application/json")


def _handovers(state: Look) -> Child:
    return handovers.answered(state, here.asked("handovers", state.question()), pictures=picture.possible())


def _searches(state: Look) -> Child:
    return searches.answered(state, here.asked("terms", state.question()), pictures=picture.possible())


def _pages(state: Look) -> Child:
    return pages.answered(state, here.asked("pages", state.question(limit=pages.AT_ONCE)), pictures=picture.possible())


def _page(state: Look) -> Child:
    """The profile of a page; where nobody saw it, the pages that hold what was typed."""
    if not state.page:
        return page.offered(state, None)
    if state.publication:
        return page.published(state, here.asked("next_pages", state.question()), pictures=picture.possible())
    asked = state.question(publication=None)
    profile = here.asked("page", asked)
    value: Any = profile.value
    if value["page_views"] == 0:
        days: dict[str, Any] = {name: asked[name] for name in ("from", "to", "account") if name in asked}
        words = " ".join(state.page.split())[:200]
        return page.offered(
            state, here.asked("find", {**days, "words": words, "limit": FINDER_LIMIT}) if words else None
        )
    trend = here.asked("trend", {name: value for name, value in asked.items() if name != "compare"})
    terms = here.asked("terms", asked | {"limit": TERMS_OF_PAGE})
    return page.answered(state, page.Found(profile, trend, terms), pictures=picture.possible())


KINDS: Final = {
    PAGES: Kind("pages", pages.title, pages.heading, _pages),
    PAGE: Kind("page", page.title, page.heading, _page),
    HANDOVERS: Kind("handovers", handovers.title, handovers.heading, _handovers),
    SEARCHES: Kind("terms", searches.title, searches.heading, _searches),
}
ROUTES: Final = tuple((at, at.strip("/"), partial(view, at)) for at in KINDS)
SHELLS: Final[dict[str, figures.Shell]] = {at: partial(shell_of, at) for at in KINDS}
FIGURES: Final[dict[str, figures.Answering]] = {at: partial(figures_of, at) for at in KINDS}
