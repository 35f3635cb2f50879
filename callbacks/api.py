"""The questions over HTTP: the same list, parameters and answers as on the pages and the command line."""

from typing import Any, Final

import orjson
from flask import Blueprint, Response, current_app, g, request

from callbacks.files import answer_json, cells
from data import errors
from queries import parameters
from queries.ask import ask, questions

api: Final = Blueprint("api", __name__, url_prefix="/api/v1")


@api.get("/")
def listed() -> Response:
    """The questions, each with what it answers."""
    return _json({"questions": [{"name": name, "definition": asked.DEFINITION} for name, asked in questions().items()]})


@api.get("/openapi.json")
def described() -> Response:
    """The OpenAPI 3.1 description, generated from the same parameters that the questions are checked with."""
    return _json({
        "openapi": "3.1.0",
        "info": {"title": "GOV.UK estate performance", "version": "1"},
        "paths": {f"/api/v1/{name}": _path(asked) for name, asked in questions().items()},
    })  # fmt: skip


@api.get("/<question>")
def asked_plainly(question: str) -> Response:
    """Plain parameters; several values with commas. `.csv` after the question gives the table."""
    return _answered(question, parameters.once(request.args.items(multi=True)))


@api.post("/<question>")
def asked_with_definition(question: str) -> Response:
    """A definition as a JSON object in the body."""
    given = _body()
    return _answered(question, {**parameters.once(request.args.items(multi=True)), **given})


def _answered(question: str, given: dict[str, Any]) -> Response:
    name, _, ending = question.partition(".")
    if ending not in {"", "csv"}:
        raise errors.NotFound("There is no such answer", "Ask for a question's name, or its name with .csv")
    answer = ask(current_app.config["ESTATE"], g.viewer, name, given)
    if ending:
        return Response(cells.table(answer), mimetype="text/csv")
    return _json(answer_json.spoken(answer))


def _body() -> dict[str, Any]:
    given: Any = parameters.of_json(request.get_data())
    if not isinstance(given, dict):
        raise errors.BadRequest("The body isn't an object", "Send one JSON object, as the API's description shows")
    return given


def _json(value: object) -> Response:
    return Response(orjson.dumps(value), mimetype="application/json")


def _content(asked: Any) -> dict[str, Any]:
    """What the answer holds."""
    whole = {"type": "object", "properties": {"answer": asked.SHAPE, "about": {"type": "object"}}}
    return {"content": {"application/json": {"schema": whole}}}


def _path(asked: Any) -> dict[str, Any]:
    schema = asked.PARAMETERS.model_json_schema(by_alias=True, mode="validation")
    answers = {"200": {"description": asked.DEFINITION, **_content(asked)}, "400": {"description": "A value that can't be used"},
               "401": {"description": "Nobody is signed in"}, "403": {"description": "Not for this viewer"}}  # fmt: skip
    plain = [
        {"name": name, "in": "query", "schema": {"type": "string"}}
        for name, kind in schema["properties"].items() if "$ref" not in kind
    ]  # fmt: skip
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    return {"get": {"parameters": plain, "responses": answers}, "post": {"requestBody": body, "responses": answers}}
