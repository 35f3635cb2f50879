"""A page in its shell, as an answer to the request at hand."""

from dataclasses import replace
from typing import Final

from flask import Response, current_app, g

from callbacks import assets
from layouts import shell

STYLES: Final = ("vendor/govuk.css", "vendor/autocomplete.css", "estate.css")
ICON: Final = "favicon.svg"


def page(shown: shell.Page, status: int = 200) -> Response:
    """The page as an answer."""
    return Response(html(shown), status, mimetype="text/html")


def html(shown: shell.Page) -> str:
    """The whole document. `shown.scripts` and `shown.plotly` are names of assets."""
    ready = replace(
        shown,
        styles=tuple(map(assets.address, STYLES)),
        scripts=tuple(map(assets.address, shown.scripts)),
        icon=assets.address(ICON),
        plotly=assets.address(shown.plotly) if shown.plotly else "",
    )
    demonstration = current_app.config["SETTINGS"].mode == "demonstration"
    return shell.document(ready, getattr(g, "viewer", None), demonstration=demonstration)
