"""The front page: what can be seen here, with an example for each kind of reader."""

from typing import Any, Final

from flask import Response, current_app, g

from callbacks import current, figures, service, shell
from callbacks.files import picture
from callbacks.framed import by_dash
from callbacks.usage import SCRIPTS
from data import access, clean
from data.register import register
from layouts import home, pack, page_top
from layouts.components import figures_coming
from layouts.journey_state import Journey
from layouts.markup import Child, div
from layouts.shell import Page

PAGES_LOOKED_AT: Final = 100  # for the example


def page() -> Response:
    """What can be seen here; Dash asks for the examples."""
    return by_dash(())


def shell_of(parts: figures.Parts) -> str:
    """The document of the page around what Dash needs in it."""
    figures_too = access.may_ask(g.viewer, "explore").allowed
    main: Child = [home.heading(figures=figures_too), page_top.standing_by(), div(figures_coming(), id=figures.ENTRY)]
    scripts = (*SCRIPTS, pack.SCRIPT) if figures_too else ()  # of the box that finds a page, and of report packs
    return shell.html(Page(home.TITLE, main, "/", scripts=scripts, figures=parts))


def figures_of(_: figures.Pairs) -> Child:
    """An example for each kind of reader, out of what the viewer may see."""
    if not access.may_ask(g.viewer, "explore").allowed:
        return home.without_figures()
    page = _example_page()
    start = Journey(page=page)
    mine = service.addresses(g.viewer) if g.viewer.role == "service owner" else {}
    found = home.Examples(page, current.asked("explore", start.question()), current.asked("summary", {}), mine)
    return home.answered(found, pictures=picture.possible())


def _example_page() -> str:
    """The start page of a shared service that most sessions land on, of the viewer's own departments if there are any."""
    own = {"department": ",".join(sorted(g.viewer.departments))} if g.viewer.departments else {}
    landed: Any = current.asked("pages", {**own, "sort": "landings", "limit": PAGES_LOOKED_AT}).value
    pages = [row["page"] for row in landed["pages"]]
    sharing = register.sharing(current_app.config["SETTINGS"].today())
    services = [one for one in register.services.values() if one.department in sharing]
    starts = {clean.shown(*clean.page(start)) for one in services for start in one.start_pages}
    return next((page for page in pages if page in starts), next(iter(pages), "/"))
