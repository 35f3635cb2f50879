"""The gate: every route has a rule, every callback is known, and whatever else is sent is refused with few words."""

import json
from collections.abc import Iterator
from typing import Any

import dash
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import create
from callbacks import figures, gate, guard
from data import access
from data.settings import Settings
from tests.counts import rounds
from tests.stories import estate
from tests.web import DAY, ORIGIN, asked, client, dashboard, get, post

UPDATE = "/_dash-update-component"
GOOD: dict[str, Any] = {
    "output": "figures.html",
    "outputs": {"id": "figures", "property": "html"},
    "inputs": [
        {"id": "address", "property": "pathname", "value": "/coverage"},
        {"id": "address", "property": "search", "value": ""},
    ],
    "changedPropIds": ["address.pathname"],
    "parsedChangedPropsIds": ["address.pathname"],
}


def routes() -> Iterator[tuple[str, str, str]]:
    """(endpoint, method, path with something in each of its places). Dash's own first page stands behind ours."""
    for found in dashboard().server.url_map.iter_rules():
        if found.endpoint == "/":
            continue
        path = "/".join("x" if part.startswith("<") else part for part in found.rule.split("/"))
        yield from ((found.endpoint, method, path) for method in found.methods or ())


def test_every_route_has_a_rule() -> None:
    assert {rule.endpoint for rule in dashboard().server.url_map.iter_rules()} == set(gate.RULES)


@pytest.mark.parametrize(("endpoint", "method", "path"), sorted(routes()))
def test_a_route_answers_the_methods_of_its_rule_and_no_others(endpoint: str, method: str, path: str) -> None:
    rule = gate.RULES[endpoint]
    status = client().open(path, method=method, base_url=ORIGIN, headers={"Origin": ORIGIN}).status_code
    if rule.who == "nobody":
        assert status == 404
    elif method not in rule.methods:
        assert status == 405
    else:
        assert status not in {405, 500}


@pytest.mark.parametrize(("endpoint", "method", "path"), sorted(routes()))
def test_nobody_passes_without_a_name_but_where_all_may(endpoint: str, method: str, path: str) -> None:
    rule = gate.RULES[endpoint]
    if rule.who == "viewer" and method in rule.methods:
        browser = client("nobody-we-know")
        body = json.dumps(GOOD) if method == "POST" else None
        answer = browser.open(path, method=method, base_url=ORIGIN, data=body, content_type="application/json")
        assert answer.status_code == 401


def test_every_callback_is_in_the_table_with_its_inputs() -> None:
    dashboard().server.test_client().get("/coverage", base_url=ORIGIN)
    listed = get("/_dash-dependencies").json
    found = {one["output"]: tuple((each["id"], each["property"]) for each in one["inputs"]) for one in listed}
    assert found == figures.CALLBACKS
    assert not any(one["state"] or one["background"] for one in listed)


def test_a_callback_body_as_our_page_sends_it_is_answered() -> None:
    answer = post(UPDATE, json.dumps(GOOD))
    assert answer.status_code == 200
    assert "GOV.UK (GDS)" in answer.text


ODD: dict[str, object] = {
    "an object": {"$ne": None}, "a list": ["a", "a"], "huge": 1e308, "true": True, "null": None,
    "a prototype": {"__proto__": {}}, "long": "x" * 9_000,
}  # fmt: skip
HOSTILE: dict[str, object] = {
    "an array": [],
    "a number": 1,
    "a word": "x",
    "nothing": None,
    "no inputs": {"output": "figures.html"},
    "another output": GOOD | {"output": "_pages_content.children"},
    "an output that is a list": GOOD | {"output": ["figures.html"]},
    "another output's parts": GOOD | {"outputs": {"id": "zzz", "property": "children"}},
    "wrong input ids": GOOD | {"inputs": [{**one, "id": "zzz"} for one in GOOD["inputs"]]},
    "five copies of the inputs": GOOD | {"inputs": GOOD["inputs"] * 5},
    "nested inputs": GOOD | {"inputs": [GOOD["inputs"]]},
    "one input": GOOD | {"inputs": GOOD["inputs"][:1]},
    "forged triggers": GOOD | {"changedPropIds": ["admin-btn.n_clicks"]},
    "triggers that aren't a list": GOOD | {"changedPropIds": {"$ne": None}},
    "something more": GOOD | {"cancelJob": ["1"]},
    "state": GOOD | {"state": [{"id": "figure", "property": "figure", "value": {"layout": {"images": []}}}]},
    "a page that has no figures": GOOD | {"inputs": [{**GOOD["inputs"][0], "value": "/journeys"}, GOOD["inputs"][1]]},
} | {
    f"a search that is {kind}": GOOD | {"inputs": [GOOD["inputs"][0], {**GOOD["inputs"][1], "value": given}]}
    for kind, given in ODD.items()
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_callback_body_is_refused_in_few_words_and_asks_nothing(name: str) -> None:
    before = asked().times
    answer = post(UPDATE, json.dumps(HOSTILE[name]))
    assert 400 <= answer.status_code < 500
    assert len(answer.data) <= 1_000
    assert "Traceback" not in answer.text
    assert asked().times == before


@pytest.mark.parametrize(
    "body", [b"[" * 5_000 + b"]" * 5_000, b'{"a":' * 40 + b"1" + b"}" * 40, b"{", b"\xff\xfe", b""]
)
@pytest.mark.parametrize("path", [UPDATE, "/api/v1/explore"])
def test_a_body_that_is_too_deep_or_no_json_is_400(path: str, body: bytes) -> None:
    answer = post(path, body)
    assert (answer.status_code, len(answer.data) <= 1_000) == (400, True)


@pytest.mark.parametrize("body", ['{"anchor": "/", "anchor": "/b"}', '{"filters": {"device": "mobile", "device": []}}'])
def test_what_stands_twice_in_a_body_is_400_and_named(body: str) -> None:
    answer = post("/api/v1/explore", body)
    assert answer.status_code == 400
    assert answer.json["error"]["field"] in {"anchor", "device"}


def test_json_may_be_as_deep_as_the_limit_and_no_deeper() -> None:
    def nested(depth: int) -> bytes:
        return b"[" * depth + b"]" * depth

    assert "nested" not in post(UPDATE, nested(guard.MOST_DEPTH)).text
    assert "nested" in post(UPDATE, nested(guard.MOST_DEPTH + 1)).text


@pytest.mark.parametrize("path", [UPDATE, "/api/v1/explore", "/person"])
def test_a_body_over_256_kilobytes_is_413(path: str) -> None:
    assert post(path, json.dumps(GOOD | {"x": "y" * 2_000_000})).status_code == 413


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(sorted(GOOD)) | st.text(), inner),
    )
)
@settings(max_examples=rounds(60, 2_000), deadline=None)
def test_no_callback_body_ever_breaks_the_server(body: Any) -> None:
    assert post(UPDATE, json.dumps(body)).status_code in {400, 404}


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
@pytest.mark.parametrize("path", [UPDATE, "/person", "/api/v1/explore"])
def test_what_another_site_makes_a_browser_send_is_403(path: str, headers: dict[str, str]) -> None:
    assert post(path, json.dumps(GOOD), **headers).status_code == 403


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "estate:8050"])
def test_a_name_that_isnt_this_machines_is_refused(host: str) -> None:
    assert client().get("/journeys", base_url=f"http://{host}").status_code == 400


@pytest.mark.parametrize(
    "path", ["flask/app.py", "dash/../../../etc/passwd", "dash/dash.py", "nothing/x.js", "dash/deps/../dash.py"]
)
def test_a_component_path_that_no_page_uses_is_404_without_a_list_of_others(path: str) -> None:
    get("/coverage")
    answer = get(f"/_dash-component-suites/{path}")
    assert answer.status_code == 404
    assert "passwd" not in answer.text
    assert "registered" not in answer.text
    assert "deps" not in answer.text


@pytest.mark.parametrize("switch", ["DASH_MCP_ENABLED", "DASH_DEBUG", "DASH_UI", "DASH_HOT_RELOAD"])
def test_no_environment_turns_the_other_doors_of_dash_on(switch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(switch, "true")
    server = create(Settings(clock=DAY), estate("GDS s1: /a", day=DAY)).server
    browser = server.test_client()
    for path in ("/_mcp", "/_reload-hash", "/_alive_x"):
        assert browser.get(path, base_url=ORIGIN).status_code == 404
        assert browser.post(path, base_url=ORIGIN, headers={"Origin": ORIGIN}).status_code in {404, 405}
    page = browser.get("/coverage", base_url=ORIGIN).text
    assert '"hot_reload": ' not in page
    assert '"ui": true' not in page
    assert not server.debug


def test_the_page_tells_nobody_which_versions_run() -> None:
    page = get("/coverage").text
    config = json.loads(page.partition('id="_dash-config" type="application/json">')[2].partition("</script>")[0])
    assert not {"dash_version", "python_version", "plotly_version", "ddk_version", "dash_version_url"} & set(config)
    assert dash.__version__ not in str(config)


@pytest.mark.parametrize(
    "path", ["/journeys", "/coverage", "/definitions", "/nothing", "/api/v1/", "/journeys/answer", "/assets/estate.css"]
)
def test_every_answer_says_what_a_browser_may_do(path: str) -> None:
    headers = get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe-eval" not in policy
    assert "unsafe-inline" not in policy.partition("style-src")[0]
    assert "default-src 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert not headers["Server"]
    assert headers["Cache-Control"] == ("no-cache" if path.startswith("/assets") else "no-store")


def test_an_address_writes_no_line_of_its_own_into_the_log(caplog: pytest.LogCaptureFixture) -> None:
    assert get("/nothing%0d%0aforged%1b[31m").status_code == 404
    assert [line.isprintable() for line in caplog.messages] == [True]


def test_only_pages_of_dash_may_style_themselves() -> None:
    assert "style-src 'self';" in get("/journeys").headers["Content-Security-Policy"]
    assert "style-src 'self' 'unsafe-inline';" in get("/coverage").headers["Content-Security-Policy"]


def test_in_real_mode_there_are_no_mock_people() -> None:
    browser = create(Settings(mode="real", clock=DAY), estate("GDS s1: /a", day=DAY)).server.test_client()
    browser.set_cookie("person", "operator", domain="127.0.0.1")
    page = browser.get("/journeys", base_url=ORIGIN, headers={"X-Demo-Person": "operator"})
    assert page.status_code == 200
    assert "Looking as" not in page.text
    assert "only this machine can open the service" in page.text
    assert browser.post("/person", base_url=ORIGIN, data={"person": "operator"}).status_code == 404


@pytest.mark.parametrize("person", sorted(access.PEOPLE))
def test_each_mock_person_sees_the_pages_of_its_role(person: str) -> None:
    sees_figures = access.may_ask(access.person(person), "explore").allowed
    assert get("/coverage", person).status_code == 200
    assert get("/journeys", person).status_code == (200 if sees_figures else 403)
    assert get("/journeys/answer", person).status_code == (200 if sees_figures else 403)
