"""The table of pages: each path with what answers it. Nothing else happens here."""

from collections.abc import Callable
from typing import Final

from flask import Flask, Response

from callbacks import (
    alerts,
    annotations,
    assets,
    coverage,
    departments,
    downloads,
    estate,
    figures,
    funnel,
    funnels,
    home,
    journeys,
    moved,
    people,
    reported,
    review,
    service,
    services,
    shell,
    topics,
    usage,
)
from callbacks.framed import Framed
from layouts import about

View = Callable[..., Response]
_PLAIN: Final = str.maketrans("-/", "__")  # from a path to the name of its endpoint
FRAMED: Final[dict[str, Framed]] = {
    "/estate": estate.PAGE,
    "/review": review.PAGE,
    "/review/why": moved.PAGE,
    "/departments": departments.PAGE,
    "/coverage": coverage.PAGE,
    "/reported": reported.PAGE,
    "/service": service.PAGE,
    "/services": services.PAGE,
    "/drop-offs": funnel.PAGE,
    **usage.FRAMED,
}  # the pages whose figures come by Dash, each of one path
SHELLS: Final[dict[str, figures.Shell]] = {
    "/": home.shell_of,
    figures.TOPIC: topics.PAGE.shell,
    **{path: page.shell for path, page in FRAMED.items()},
}
FIGURES: Final[dict[str, figures.Answering]] = {
    "/": home.figures_of,
    figures.TOPIC: topics.PAGE.answered,
    **{path: page.answered for path, page in FRAMED.items()},
}


def register_pages(server: Flask) -> None:
    """Give the server every page. The gate has a rule for each of these endpoints."""
    views: tuple[tuple[str, str, View], ...] = (
        ("/", "home", home.page),
        *((path, path.strip("/").translate(_PLAIN), page.view) for path, page in FRAMED.items()),
        ("/journeys", "journeys", journeys.page),
        ("/journeys/answer", "journeys_answer", journeys.answer),
        ("/journeys/pages", "journeys_pages", usage.finder),
        ("/pages/found", "pages_found", usage.finder),
        ("/files/<name>", "file", downloads.file),
        ("/packs/<name>", "pack", downloads.pack),
        ("/packs/<name>/told", "pack_told", downloads.pack_told),
        ("/definitions", "definitions", lambda: shell.page(about.definitions())),
        ("/accessibility", "accessibility", lambda: shell.page(about.accessibility())),
        ("/assets/<path:name>", "asset", assets.serve),
    )
    for path, endpoint, view in views:
        server.add_url_rule(path, endpoint, view, methods=["GET"], provide_automatic_options=False)
    for path, endpoint, form, methods in (*topics.ROUTES, *funnels.ROUTES, *annotations.ROUTES, *alerts.ROUTES):
        server.add_url_rule(path, endpoint, form, methods=methods, provide_automatic_options=False)
    server.add_url_rule("/person", "person", people.switch, methods=["POST"], provide_automatic_options=False)
