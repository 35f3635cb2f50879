"""The one gate: every request passes it before anything else, and what no rule allows is refused.

`RULES` is the table of every route; tests/test_web_gate.py walks the server's routes and methods and fails on one
without a rule. The callbacks of Dash have their own table in `callbacks/figures.py`, checked here as well.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Literal

from dash import Dash
from flask import Flask, Request, Response, current_app, g, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from callbacks import assets, figures, guard, people
from data import errors

GET: Final = frozenset({"GET", "HEAD"})
POST: Final = frozenset({"POST"})
FORMS: Final = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
Who = Literal["anyone", "viewer", "nobody"]


@dataclass(frozen=True)
class Rule:
    """Who may use a route, by which methods. `viewer` is a named person; rights are asked again where data is read."""

    who: Who
    methods: frozenset[str] = GET


OPEN: Final = Rule("anyone")
NAMED: Final = Rule("viewer")
FORM: Final = Rule("viewer", GET | POST)
CLOSED: Final = Rule("nobody", frozenset())
RULES: Final[dict[str, Rule]] = {
    "asset": OPEN,
    "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>": OPEN,
    "person": Rule("anyone", POST),
    "home": NAMED,
    "journeys": NAMED,
    "journeys_answer": NAMED,
    "journeys_pages": NAMED,
    "coverage": NAMED,
    "reported": NAMED,
    "pages": NAMED,
    "pages_found": NAMED,
    "page": NAMED,
    "handovers": NAMED,
    "searches": NAMED,
    "estate": NAMED,
    "service": NAMED,
    "services": NAMED,
    "departments": NAMED,
    "review": NAMED,
    "review_why": NAMED,
    "drop_offs": NAMED,
    "alerts": NAMED,
    "alert_new": FORM,
    "alert_delete": Rule("viewer", POST),
    "alert_restore": Rule("viewer", POST),
    "annotations": NAMED,
    "annotation_new": FORM,
    "annotation_edit": FORM,
    "annotation_delete": Rule("viewer", POST),
    "annotation_restore": Rule("viewer", POST),
    "funnels": NAMED,
    "funnel": NAMED,
    "funnel_new": FORM,
    "funnel_edit": FORM,
    "funnel_tried": Rule("viewer", POST),
    "funnel_delete": Rule("viewer", POST),
    "funnel_restore": Rule("viewer", POST),
    "topics": NAMED,
    "topic": NAMED,
    "topic_new": FORM,
    "topic_edit": FORM,
    "topic_tried": Rule("viewer", POST),
    "topic_delete": Rule("viewer", POST),
    "topic_restore": Rule("viewer", POST),
    "definitions": OPEN,
    "accessibility": OPEN,
    "api.listed": NAMED,
    "api.described": NAMED,
    "api.asked_plainly": NAMED,
    "api.asked_with_definition": Rule("viewer", POST),
    "file": NAMED,
    "pack": NAMED,
    "pack_told": NAMED,
    "/_dash-layout": NAMED,
    "/_dash-dependencies": NAMED,
    "/_dash-update-component": Rule("viewer", POST),
    "/_reload-hash": CLOSED,  # of the development tools, which are never on
    "/_favicon.ico": CLOSED,
    "_dash_assets.static": CLOSED,  # Dash's own assets, without compression; ours are served by `asset`
    "/": CLOSED,  # Dash's pages: ours have routes of their own
    "/<path:path>": CLOSED,
}


def close(server: Flask) -> None:
    """Put the gate before every request of the server, and the headers on every answer."""
    server.config["MAX_CONTENT_LENGTH"] = guard.MOST_BYTES
    server.before_request_funcs.setdefault(None, []).insert(0, _enter)
    server.after_request(assets.compressed)
    server.after_request(_leave)


def rule(endpoint: str | None, method: str) -> Rule:
    """The rule of a route. Raises `NotFound` where there is none or nobody may pass, `MethodNotAllowed`."""
    found = RULES.get(endpoint or "", CLOSED)
    if method in found.methods:
        return found
    if method in GET and _opens(path := request.path.rstrip("/")):
        raise RequestRedirect(f"{path}?{request.query_string.decode()}".removesuffix("?"))
    if allowed := _methods(request):
        raise guard.MethodNotAllowed(allowed)
    raise errors.NotFound("Page not found", "If you typed the address, check it")


def _opens(path: str) -> bool:
    """Whether a path without the slashes that it was asked with at its end is one that somebody may open."""
    routes = current_app.create_url_adapter(request)
    if path == request.path or not routes:
        return False
    with suppress(HTTPException):
        endpoint, _ = routes.match(path, method="GET")
        return "GET" in RULES.get(endpoint, CLOSED).methods
    return False


def _methods(asked: Request) -> set[str]:
    """The methods that the address of a request takes, by any of its routes that somebody may pass."""
    routes = current_app.create_url_adapter(asked)
    found = set[str]()
    for method in ("GET", "POST"):
        with suppress(HTTPException):
            endpoint, _ = routes.match(method=method) if routes else ("", {})
            if method in (allowed := RULES.get(endpoint, CLOSED).methods):
                found |= allowed
    return found


def _enter() -> None:
    guard.from_here(request)
    g.viewer = people.known(request, current_app.config["SETTINGS"])  # for the header of whatever is answered
    found = rule(request.endpoint, request.method)
    guard.small_enough(request)
    if request.method == "POST":
        guard.same_origin(request)
        if request.mimetype not in FORMS:
            guard.body(request)
    if found.who == "viewer":
        g.viewer = people.viewer(request, current_app.config["SETTINGS"])
    if request.endpoint == "/_dash-update-component":
        figures.check(request)


def _leave(answer: Response) -> Response:
    return guard.headers(answer, figures=figures.needed(request.path))


def script_hashes(app: Dash) -> list[str]:
    """The hashes of the scripts that stand in the pages: Dash's own, and the line that says scripts are on."""
    return [*app.csp_hashes(), guard.START_HASH]
