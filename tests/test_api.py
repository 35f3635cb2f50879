"""The questions over HTTP: every question, every person, every shape of wrong call."""

import json
from datetime import date
from functools import cache
from typing import Any

import pytest
from flask.testing import FlaskClient

from app import create
from data import access
from data.settings import Settings
from queries.ask import ask, questions
from tests.stories import estate

DAY = date(2020, 10, 1)
STORIES = (
    "GDS s1: /vehicle-tax > /vehicle-tax/renew",
    "GDS s2: /vehicle-tax",
    "HMRC s3: www.tax.service.gov.uk/account",
)
PLAIN = "from=2020-10-01&to=2020-10-01&page=/vehicle-tax"


@cache
def client() -> FlaskClient:
    found = create(Settings(clock=DAY), estate(*STORIES, day=DAY)).server.test_client()
    assert isinstance(found, FlaskClient)
    return found


def get(path: str, person: str = "estate-analyst") -> Any:
    return client().get(f"/api/v1/{path}", headers={"X-Demo-Person": person})


def post(question: str, body: bytes | dict[str, Any]) -> Any:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client().post(f"/api/v1/{question}", data=data, content_type="application/json")


def test_the_list_has_every_question() -> None:
    assert {one["name"] for one in get("").json["questions"]} == set(questions())


def test_the_description_has_every_question_and_its_parameters() -> None:
    told = get("openapi.json").json
    assert told["openapi"].startswith("3.1")
    assert set(told["paths"]) == {f"/api/v1/{name}" for name in questions()}
    explore = told["paths"]["/api/v1/explore"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert {"anchor", "direction", "occurrence", "steps", "top", "via", "end", "exclude", "from", "to"} <= set(
        explore["properties"]
    )


@pytest.mark.parametrize("question", ["pages", "summary", "coverage", "next_pages"])
def test_a_plain_question_has_an_answer_and_what_must_be_said(question: str) -> None:
    plain = PLAIN if question in {"pages", "next_pages"} else PLAIN.rpartition("&")[0]
    told = get(f"{question}?{plain}")
    assert told.status_code == 200, told.text
    assert set(told.json) == {"answer", "about"}
    assert {"version", "period", "coverage", "definition", "suppression", "units"} <= set(told.json["about"])
    assert told.headers["Cache-Control"] == "no-store"


def test_a_definition_gives_the_same_as_asking_directly() -> None:
    given = {"anchor": {"match": "exact", "value": "/vehicle-tax"}, "from": "2020-10-01", "to": "2020-10-01"}
    direct = ask(estate(*STORIES, day=DAY), access.person("estate-analyst"), "explore", given)
    assert post("explore", given).json["answer"] == json.loads(json.dumps(direct.value))


def test_the_table_is_the_answer_as_csv() -> None:
    told = get(f"pages.csv?{PLAIN.rpartition('&')[0]}")
    assert told.mimetype == "text/csv"
    assert told.text.lstrip("\ufeff").splitlines()[0].startswith("page,")
    assert told.text.count("\r\n") == 4


@pytest.mark.parametrize(
    ("path", "status", "field"),
    [
        ("nothing", 404, None),
        ("pages.exe", 404, None),
        ("pages?from=yesterday", 400, "from"),
        ("pages?page=/a&page=/b", 400, "page"),
        ("pages?device=telephone", 400, "device"),
        ("pages?wrong=1", 400, "wrong"),
        ("pages?db=../other.db", 400, "db"),
        ("pages?department=Nobody", 400, "department"),
        ("pages?service=nothing", 400, "service"),
        ("pages?organisation=nobody", 400, "organisation"),
        ("pages?channel=carrier+pigeon", 400, "channel"),
        ("pages?topic=nothing", 400, "topic"),
        ("trend?service=nothing", 400, "service"),
        ("services?service=nothing", 400, "service"),
        ("pages?page=" + ",".join(f"/{n}" for n in range(60)), 400, "page"),
        ("pages?from=0001-01-01", 400, "from"),
        ("pages?to=9999-12-31", 400, "to"),
        ("trend?from=2000-01-01&to=2099-12-31", 400, "to"),
        ("summary?compare=0001-01-01..0001-01-07", 400, "compare"),
        ("summary?compare=2000-01-01..2099-12-31", 400, "compare"),
    ],
)
def test_a_wrong_call_is_answered_in_one_shape(path: str, status: int, field: str | None) -> None:
    told = get(path)
    assert told.status_code == status
    assert set(told.json) == {"error"}
    assert set(told.json["error"]) == {"title", "detail", "field", "reference"}
    if field:
        assert field in told.json["error"]["field"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"1",
        b"{",
        b"null",
        b'{"anchor": 1}',
        b'{"anchor": {"match": "exact"}}',
        b"\xff",
        b'{"anchor": "/a", "collapse_repeats": []}',
        b'{"anchor": "/a", "publication": {}}',
    ],
)
def test_a_body_that_is_no_definition_is_a_400(body: bytes) -> None:
    assert post("explore", body).status_code == 400


@pytest.mark.parametrize(("method", "path"), [("PUT", "pages"), ("DELETE", "explore"), ("PATCH", "coverage.csv")])
def test_a_method_that_is_not_taken_is_told_which_are(method: str, path: str) -> None:
    told = client().open(f"/api/v1/{path}", method=method)
    assert told.status_code == 405
    error: Any = told.json
    assert set(error["error"]) == {"title", "detail", "field", "reference"}
    assert told.headers["Allow"] == "GET, HEAD, POST"


def test_signs_alone_are_looked_for_as_any_words_are() -> None:
    assert get("find?words=/&from=2020-10-01&to=2020-10-01").json["answer"]["total"] == 3
    assert get("find?words=//&from=2020-10-01&to=2020-10-01").json["answer"] == {"total": 0, "pages": []}


def test_rights_hold_over_http() -> None:
    denied = get("service?service=vat-return", "analyst-dft")
    assert denied.status_code == 403
    assert "HMRC" in denied.json["error"]["detail"]
    assert get("pages", "operator").status_code == 403
    assert get("pages", "nobody-at-all").status_code == 400
    assert get("coverage", "operator").status_code == 200
