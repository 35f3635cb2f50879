"""What is answered when something goes wrong: a page, a part of a page, JSON or a line, each with a reference.

The log has the rest under the same reference. No answer shows a path of the machine, SQL, a stack or a version.
"""

import logging
import secrets
from typing import Final
from urllib.parse import quote

import orjson
from dash.exceptions import DependencyException, InvalidResourceError
from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import HTTPException, NotFound

from callbacks import guard, shell
from data import errors
from layouts import error_pages, ids
from layouts.components import failure
from layouts.markup import Element, div, render

PARTS: Final = frozenset({"journeys_answer", "pack_told"})  # whose answers are a part of a page
INTERNAL: Final = 500
log: Final = logging.getLogger("estate.web")


def register(server: Flask) -> None:
    """Let every error of the server be answered here."""
    server.register_error_handler(errors.EstateError, answered)
    server.register_error_handler(HTTPException, lambda error: answered(_ours(error)))
    server.register_error_handler(Exception, lambda error: answered(_without_details(error)))
    for kind in (
        InvalidResourceError,
        DependencyException,
    ):  # a component's file that isn't one; Dash would list them all
        server.register_error_handler(kind, lambda _: answered(_ours(NotFound())))


def answered(error: errors.EstateError) -> Response:
    """The error in the shape that its asker understands, with its status."""
    answer = _shaped(error, _noted(error))
    if isinstance(error, guard.MethodNotAllowed):
        answer.headers["Allow"] = error.allowed
    return answer


def _shaped(error: errors.EstateError, reference: str) -> Response:
    if request.path.startswith("/api/"):
        told = {"title": error.title, "detail": error.detail, "field": error.field, "reference": reference}
        return Response(orjson.dumps({"error": told}), error.status, mimetype="application/json")
    if request.method == "POST":
        return Response(f"{error.title}. {error.detail} ({reference})", error.status, mimetype="text/plain")
    if request.endpoint in PARTS:
        part = div(failure(error.title, error.detail, reference), id=ids.ANSWER, data_part=True, class_="answer")
        return Response(render(part), error.status, mimetype="text/html")
    return shell.page(error_pages.page(error.status, error.title, error.detail, reference), status=error.status)


def told(error: Exception) -> Element:
    """The error in the place of the figures that it kept from coming."""
    ours = error if isinstance(error, errors.EstateError) else _without_details(error)
    return failure(ours.title, ours.detail, _noted(ours))


def _noted(error: errors.EstateError) -> str:
    """A reference for people, under which the log has the rest, and the audit log has every denial."""
    reference = secrets.token_hex(4)
    level = logging.WARNING if error.status < INTERNAL else logging.ERROR
    asked = quote(request.path)  # else a line break in it would write a line of its own
    log.log(level, "%s %s %s: %s", reference, error.status, asked, error.title, exc_info=error.__cause__)
    if isinstance(error, errors.Forbidden):
        _denied(error, reference)
    return reference


def _without_details(error: Exception) -> errors.EstateError:
    """What people are told of an error that nobody foresaw; the log has the error itself."""
    ours = errors.EstateError("Something went wrong", error_pages.TRY_AGAIN)
    ours.__cause__ = error
    return ours


def _ours(error: HTTPException) -> errors.EstateError:
    status = error.code or 500
    title, detail = error_pages.WORDS.get(status, error_pages.WORDS[500])
    ours = errors.EstateError(title, detail)
    ours.status = status
    return ours


def _denied(error: errors.Forbidden, reference: str) -> None:
    """Every denial is an entry of the audit log."""
    estate = current_app.config["ESTATE"]
    person = getattr(g, "viewer", None)
    estate.record(
        "denied", person=person and person.person, path=request.path, reason=error.detail, reference=reference
    )
