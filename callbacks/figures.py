"""Figures that come by Dash: one callback, told only the address, for every page that has charts or live tables.

A body that isn't exactly what such a page sends is refused before Dash reads it.
"""

import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final
from urllib.parse import parse_qsl

from dash import Dash, Input, Output
from flask import Flask, Request, Response, current_app, g, request

from callbacks import assets, failures, guard
from callbacks.prefetch import Ahead
from data import errors
from layouts import ids
from layouts.components import figures_coming
from layouts.dash_components import Address, Answer
from layouts.markup import Child, render

Pairs = list[tuple[str, str]]
Parts = Mapping[str, str]  # Dash's pieces of a document: config, scripts, renderer
Shell = Callable[[Parts], str]  # a page's document around them
Answering = Callable[[Pairs], Child]  # a page's figures, of its address alone

INPUTS: Final = ((ids.ADDRESS, "pathname"), (ids.ADDRESS, "search"))
CALLBACKS: Final = {f"{ids.FIGURES}.html": INPUTS}  # every callback; a test finds those of Dash that aren't here
TOPIC: Final = "/topics/"  # where pages of one thing each begin
THINGS: Final = re.compile(r"(/topics/)(?!new$|try$)([a-z0-9-]+)")  # and those of one thing each, named at the end
NAMED: Final = {TOPIC: "topic"}  # what the name stands for among the values of the address
DEVELOPMENT: Final = dict.fromkeys(  # all off, whatever the environment says
    (
        "dev_tools_ui", "dev_tools_props_check", "dev_tools_serve_dev_bundles", "dev_tools_hot_reload",
        "dev_tools_prune_errors", "dev_tools_validate_callbacks", "dev_tools_silence_routes_logging",
    ),
    False,
)  # fmt: skip
ENTRY: Final = "react-entry-point"  # where Dash draws, a name of its own
BODY: Final = frozenset({"output", "outputs", "inputs", "changedPropIds", "parsedChangedPropsIds"})
LONGEST_VALUE: Final = 8_192
COMPONENTS: Final = "figures.js"
SCRIPT: Final = re.compile(r"<script [^>]*></script>")
NEEDED: Final = re.compile(
    r"/deps/(?:react|react-dom|prop-types)@|/dash-renderer/"
)  # browsers of today need no polyfill
TOLD_TO_NOBODY: Final = ("dash_version", "python_version", "dash_version_url", "ddk_version", "plotly_version")


class Dashboard(Dash):
    """Dash with our document around it: the shell of each path writes it from Dash's parts."""

    shells: Mapping[str, Shell]
    pages: Mapping[str, Answering]
    ahead: Ahead | None = None  # where figures are begun before they are asked for, if they are

    def figures(self, path: str, search: str) -> str:
        """The figures of an address, as HTML."""
        place, named = _place(path)
        return render(self.pages[place]([*parse_qsl(search.removeprefix("?"), keep_blank_values=True), *named]))

    def begin_after(self, answer: Response) -> None:
        """Begin the figures of the page at hand as soon as its answer is sent."""
        if self.ahead and request.method == "GET":
            path, search = request.path, request.query_string.decode()
            key, figures = (g.viewer, path, search), partial(self.figures, path, search)
            answer.call_on_close(partial(self.ahead.begin, self.server, key, figures))

    def interpolate_index(self, **parts: str) -> str:  # type: ignore[override] # Dash gives every part by its name
        """The document of the page at hand."""
        kept = {"config": _quiet(parts["config"]), "scripts": _needed(parts["scripts"]), "renderer": parts["renderer"]}
        return self.shells[_place(request.path)[0]](kept)


def dashboard(server: Flask, pages: Mapping[str, Answering], shells: Mapping[str, Shell]) -> Dashboard:
    """Dash on this server, with the one callback that fills the figures of these pages."""
    on: Any = server  # Dash's types know no Flask
    app = Dashboard(
        "estate", server=on, assets_url_path="_dash-assets", include_assets_files=False, enable_mcp=False,
        serve_locally=True, compress=False, routes_pathname_prefix="/", requests_pathname_prefix="/", update_title="", suppress_callback_exceptions=False, add_log_handler=False,
    )  # fmt: skip
    app.enable_dev_tools(debug=False, **DEVELOPMENT)
    app.shells, app.pages = shells, pages
    app.layout = [Address(ids.ADDRESS), Answer(ids.FIGURES, render(figures_coming()))]

    @app.callback(Output(ids.FIGURES, "html"), *(Input(*each) for each in INPUTS), prevent_initial_call=True)
    def _figures(path: str, search: str) -> str:
        try:
            begun = app.ahead.take((g.viewer, path, search.removeprefix("?"))) if app.ahead else None
            return begun.result() if begun else app.figures(path, search)
        except Exception as error:  # noqa: BLE001 - whatever it is, people are told in the place of the figures
            return render(failures.told(error))

    return app


def check(asked: Request) -> None:
    """Raises `BadRequest` unless the body is what one of our pages sends for one of our callbacks."""
    body = guard.body(asked)
    known = isinstance(body, dict) and set(body) <= BODY and set(asked.args) <= {"endId"}
    if not (known and isinstance(body.get("output"), str) and body["output"] in CALLBACKS):
        raise errors.BadRequest("This isn't a figure of ours", "Open the page again")
    inputs = CALLBACKS[body["output"]]
    name, _, attribute = body["output"].rpartition(".")
    if body.get("outputs") != {"id": name, "property": attribute} or not _fits(body.get("inputs"), inputs):
        raise errors.BadRequest("This figure is asked differently", "Open the page again")
    if not all(_names(body.get(part, []), inputs) for part in ("changedPropIds", "parsedChangedPropsIds")):
        raise errors.BadRequest("This figure is asked differently", "Open the page again")
    if not needed(body["inputs"][0]["value"]):
        raise errors.NotFound("There is no such page", "Open the page again")


def _fits(given: object, inputs: tuple[tuple[str, str], ...]) -> bool:
    """Whether these are the inputs, in order, each with a text as its value."""
    if not isinstance(given, list) or len(given) != len(inputs):
        return False
    return all(
        isinstance(one, dict) and one.keys() == {"id", "property", "value"} and (one["id"], one["property"]) == expected
        and isinstance(one["value"], str) and len(one["value"]) <= LONGEST_VALUE
        for one, expected in zip(given, inputs, strict=True)
    )  # fmt: skip


def _names(given: object, inputs: tuple[tuple[str, str], ...]) -> bool:
    known = {f"{name}.{attribute}" for name, attribute in inputs}
    return (
        isinstance(given, list) and len(given) <= len(inputs) and all(isinstance(n, str) and n in known for n in given)
    )


def needed(path: str) -> bool:
    """Whether a page of this path is drawn by Dash, which needs a policy that allows its styles."""
    dashboard: Dashboard = current_app.config["DASHBOARD"]
    return (path in dashboard.shells and path not in NAMED) or bool(THINGS.fullmatch(path))


def _place(path: str) -> tuple[str, Pairs]:
    """The page that a path is of, and the name of its thing as a value of the address, if it has one."""
    thing = THINGS.fullmatch(path)
    return (thing[1], [(NAMED[thing[1]], thing[2])]) if thing else (path, [])


def _needed(scripts: str) -> str:
    """The scripts that our two components need: React, Dash's renderer, and theirs."""
    *before, renderer = (one for one in SCRIPT.findall(scripts) if NEEDED.search(one))
    ours = f'<script src="{assets.address(COMPONENTS)}"></script>'
    return "".join((*before, ours, renderer))


def _quiet(config: str) -> str:
    """Dash's settings for its script, without the versions of what runs here."""
    head, _, rest = config.partition(">")
    settings = json.loads(rest.rpartition("</script>")[0])
    kept = {name: value for name, value in settings.items() if name not in TOLD_TO_NOBODY}
    written = json.dumps(kept).replace("<", "\\u003c")
    return f"{head}>{written}</script>"
