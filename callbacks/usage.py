"""The pages Pages, Page, Handovers and Searches: each address is read, its questions asked, and its layout answered."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

import orjson
from flask import Response, request

from callbacks import current
from callbacks.files import picture
from callbacks.framed import Framed
from data import errors
from layouts import handovers, page, pages, searches
from layouts.address import Problem
from layouts.markup import Child, Element
from layouts.usage_state import Handovers, Page, Pages, Searches, Usage

SCRIPTS: Final = ("vendor/page.js", "finder.js")
FLOWS: Final = "vendor/flows.js"  # with squares and flows
FINDER_LIMIT: Final = 10
TERMS_OF_PAGE: Final = 10


def finder() -> Response:
    """Pages that hold the words typed, as a JSON list of their names and titles."""
    given = request.args.to_dict()
    words = given.pop("q", "").strip()
    if not words:
        raise errors.BadRequest("Type a part of a page's address or title", "Such as vehicle tax", "q")
    found: Any = current.asked("find", {**given, "words": words, "limit": FINDER_LIMIT}).value
    rows = [{"page": row["page"], "title": row["title"] or ""} for row in found["pages"]]
    return Response(orjson.dumps(rows), mimetype="application/json")


def _handovers(state: Usage) -> Child:
    return handovers.answered(state, current.asked("handovers", state.every()), pictures=picture.possible())


def _searches(state: Usage) -> Child:
    return searches.answered(state, current.asked("terms", state.every()), pictures=picture.possible())


def _pages(state: Usage) -> Child:
    return pages.answered(
        state, current.asked("pages", state.question(limit=pages.AT_ONCE)), pictures=picture.possible()
    )


def _page(state: Usage) -> Child:
    """The profile of a page; where nobody saw it, the pages that hold what was typed."""
    if not state.page:
        return page.offered(state, None)
    if state.publication:
        return page.published(state, current.asked("page", state.question()), pictures=picture.possible())
    asked = state.question(publication=None)
    profile = current.asked("page", asked)
    value: Any = profile.value
    if value["page_views"] == 0:
        days: dict[str, Any] = {name: asked[name] for name in ("from", "to", "account") if name in asked}
        words = " ".join(state.page.split())[:200]
        return page.offered(
            state, current.asked("find", {**days, "words": words, "limit": FINDER_LIMIT}) if words else None
        )
    trend = current.asked("trend", {name: value for name, value in asked.items() if name != "compare"})
    terms = current.asked("terms", asked | {"limit": TERMS_OF_PAGE})
    return page.answered(state, page.Found(profile, trend, terms), pictures=picture.possible())


def _framed(kind: type[Usage], question: str, layout: Any, answered: Callable[[Any], Child]) -> Framed:
    """The page of this kind of state, whose `layout` is the module with its title and heading."""

    def heading(state: Usage, problems: Sequence[Problem]) -> Element:
        shown: Element = layout.heading(state, problems, current.offered())
        return shown

    return Framed(question, kind.read, layout.title, heading, lambda pairs: answered(kind.read(pairs)[0]), SCRIPTS)


FRAMED: Final = {
    Pages.AT: _framed(Pages, "pages", pages, _pages),
    Page.AT: _framed(Page, "page", page, _page),
    Handovers.AT: replace(_framed(Handovers, "handovers", handovers, _handovers), plotly=FLOWS),
    Searches.AT: _framed(Searches, "terms", searches, _searches),
}
