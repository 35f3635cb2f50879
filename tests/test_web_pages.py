"""The pages as a browser gets them: the shell without a question, the answer with its numbers, and words for what is wrong."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from callbacks.people import local
from data import access
from layouts.formats import counted
from layouts.journey_state import Journey
from queries.ask import ask
from tests.web import asked, client, get, post

ROOT = Path(__file__).parent.parent
ANALYST = access.person(access.DEFAULT_PERSON)
PAGES = (
    "/",
    "/estate",
    "/departments",
    "/review",
    "/journeys",
    "/drop-offs",
    "/alerts",
    "/alerts/new",
    "/annotations",
    "/annotations/new",
    "/funnels",
    "/funnels/new",
    "/topics",
    "/topics/new",
    "/topics/eu-exit",
    "/pages",
    "/page",
    "/handovers",
    "/searches",
    "/coverage",
    "/reported",
    "/definitions",
    "/accessibility",
    "/nothing-here",
)


def heading(page: str) -> str:
    """The words of the h1."""
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page)
    assert found
    return unescape(re.sub(r"<[^>]+>", "", found[1]))


def words(page: str) -> str:
    """All that is read on a page."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page)))


@pytest.mark.parametrize("path", [*PAGES, "/journeys?page=/vehicle-tax&open=1:/vehicle-tax/renew", "/journeys?db=../x"])
def test_the_first_paint_asks_nothing(path: str) -> None:
    before = asked().times
    get(path)
    assert asked().times == before


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_the_shell_and_one_heading_that_is_its_title(path: str) -> None:
    page = get(path).text
    title = re.search(r"<title>(.*?) – GOV.UK estate performance</title>", page)
    assert title
    assert unescape(title[1]) == heading(page)
    assert page.count("<h1") == 1
    for part in (
        "govuk-skip-link",
        'id="main-content"',
        "Demonstration data",
        "only this machine",
        "Looking as",
        "/accessibility",
    ):
        assert part in page
    assert '<html lang="en"' in page


@pytest.mark.parametrize(("address", "shown"), [
    ("", "Where sessions land and where they go"),
    ("?direction=backward", "How sessions come to their last page"),
    ("?page=/vehicle-tax", "Where people go after /vehicle-tax"),
    ("?page=/vehicle-tax&direction=backward", "How people reach /vehicle-tax"),
    ("?page=HMRC&match=department", "Where people go after pages of HMRC"),
    ("?page=<script>alert(1)</script>", "Where people go after <script>alert(1)</script>"),
])  # fmt: skip
def test_the_heading_says_what_is_shown(address: str, shown: str) -> None:
    page = get(f"/journeys{address}").text
    assert heading(page) == shown
    assert "<script>alert" not in page


@pytest.mark.parametrize("path", ["/journeys", "/journeys/answer"])
def test_wrong_values_are_named_with_a_link_to_their_control_and_the_rest_still_works(path: str) -> None:
    answer = get(f"{path}?page=/vehicle-tax&device=banana&steps=99&db=../other.db&from=2020-02-30&device=mobile")
    assert answer.status_code == 400
    for field in ("device", "steps", "from"):
        assert f'href="#field-{field}"' in answer.text
    assert "db is not something that this page can show" in words(answer.text)
    assert "#field-db" not in answer.text
    assert heading(answer.text) == "Where people go after /vehicle-tax"
    assert "Device stands twice in the address" in words(answer.text)


@pytest.mark.parametrize("address", [
    "?page=" + "x" * 3_000, "?device=" + ",".join(["mobile"] * 51), "?open=" + ",".join(f"1:/{n}" for n in range(21)), "?page=%00", "?open=x",
    "?exclude=" + ",".join(f"/{n}" for n in range(51)), "?department=NOBODY", "?match=exact", "?to=2020-01-01&from=2020-02-01",
])  # fmt: skip
def test_a_value_beyond_its_limit_is_400_and_asks_nothing(address: str) -> None:
    before = asked().times
    answer = get(f"/journeys{address}")
    assert answer.status_code == 400
    assert "There is a problem" in answer.text
    assert answer.text.startswith("<!DOCTYPE html>")
    assert asked().times == before


def test_an_address_over_eight_thousand_characters_is_turned_away() -> None:
    assert get("/journeys?page=" + ",".join("p" * 9_000)).status_code == 414


@pytest.mark.parametrize("path", ["/journeys", "/journeys/answer", "/files/journeys.csv", "/api/v1/pages"])
def test_a_role_that_sees_no_figures_is_403_with_the_reason_and_without_numbers(path: str) -> None:
    answer = get(f"{path}?department=MoD", "operator")
    assert answer.status_code == 403
    assert "The role of operator sees coverage and no figures" in answer.text


def test_of_a_department_that_the_viewer_isnt_named_for_there_are_its_open_pages_alone() -> None:
    found = get("/api/v1/pages?department=DfT", "service-owner-hmrc").get_json()["answer"]["pages"]
    assert {page["page"].partition("/")[0] for page in found} <= {"", "(DfT)"}


def test_the_answer_has_the_numbers_of_the_question() -> None:
    state = Journey(page="/vehicle-tax")
    value: Any = ask(asked().real, ANALYST, "explore", state.question()).value
    page = get("/journeys/answer?page=/vehicle-tax").text
    assert value["sessions"] == 4
    assert "Of 4 sessions that saw /vehicle-tax, 75% went on to /vehicle-tax/renew and 25% ended there." in words(page)
    for step in value["steps"]:
        for node in step["nodes"]:
            where = "this page" if step["step"] == 0 else f"step {step['step']}"
            host, slash, path = node["page"].partition("/")
            shown = f"{host}{slash}{path}"
            assert f"{shown}, {where}, {counted(node['sessions'], 'session')}, " in words(page)


def test_each_row_of_the_answers_table_is_on_the_page() -> None:
    answer = ask(asked().real, ANALYST, "explore", Journey(page="/vehicle-tax").question())
    page = get("/journeys/answer?page=/vehicle-tax").text
    table = page.partition("The same numbers as a table")[2].partition("</table>")[0]
    rows = [words(row) for row in re.findall(r"<tr[^>]*>(.*?)</tr>", table)]
    assert len(rows) == answer.table.height + 1
    assert (
        len([row for row in rows if "Ended here" in row])
        == answer.table.filter(answer.table["page"] == "(ended)").height
    )


def test_an_opened_page_tells_where_its_own_sessions_went_and_when() -> None:
    page = get("/journeys/answer?page=/vehicle-tax&open=1:/vehicle-tax/renew,1:(ended)").text
    panel = words(page.partition("Where these 3 sessions went next")[2])
    assert panel.startswith(
        "Ended here 2 sessions, 67% Start from www.vehicletax.service.gov.uk/details → into DfT 1 session, 33% after 20 seconds"
    )
    assert words(page.partition("What was seen last")[2]).startswith("Nothing more seen 1 session, 100%")
    assert page.count('aria-expanded="true"') == 2


def test_what_a_page_can_become_keeps_the_rest_of_the_state() -> None:
    page = unescape(get("/journeys/answer?page=/vehicle-tax&device=mobile&open=1:/vehicle-tax/renew").text)
    assert 'href="/journeys?page=/vehicle-tax/renew&device=mobile"' in page
    assert 'href="/journeys?page=/vehicle-tax&device=mobile&via=/vehicle-tax/renew"' in page
    assert 'href="/journeys?page=/vehicle-tax&device=mobile&exclude=/vehicle-tax/renew"' in page
    assert 'href="/page?page=/vehicle-tax/renew"' in page
    assert 'href="/funnels/new?steps=/vehicle-tax%20>%20/vehicle-tax/renew"' in page


def test_active_filters_are_tags_that_take_themselves_away() -> None:
    page = unescape(get("/journeys?page=/vehicle-tax&device=mobile,tablet&from=2020-10-01&reloads=true").text)
    assert "Remove Device: mobile" in words(page)
    assert "Remove Device: tablet" in words(page)
    assert 'href="/journeys?page=/vehicle-tax&device=tablet&from=2020-10-01&reloads=true"' in page
    assert 'href="/journeys?page=/vehicle-tax"' in page


def test_nothing_to_show_says_why_and_what_to_change() -> None:
    page = get("/journeys/answer?page=/nobody-goes-here&device=mobile").text
    assert "No session saw /nobody-goes-here on these days." in words(page)
    assert "remove every filter" in page
    assert "explorer" not in page


def test_a_page_of_another_departments_service_has_no_name_for_those_who_may_not_see_it() -> None:
    assert "www.tax.service.gov.uk" in get("/journeys/answer?page=/tax", "service-owner-hmrc").text
    page = get("/journeys/answer?page=/tax", "analyst-dft").text
    assert "www.tax.service.gov.uk" not in page
    assert "Other pages" in page


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("renew", ["/vehicle-tax/renew"]),
        ("TAX renew", ["/vehicle-tax/renew"]),
        ("(a+)+$", []),
        ("%25%25", []),
        ("***renew", []),
    ],
)
def test_the_finder_reads_what_is_typed_as_plain_text(typed: str, found: list[str]) -> None:
    assert get(f"/journeys/pages?q={typed.replace('+', '%2B')}").json == [
        {"page": page, "title": "Title of " + page} for page in found
    ]


@pytest.mark.parametrize("typed", ["", "x" * 201])
def test_the_finder_asks_for_a_part_of_a_name(typed: str) -> None:
    assert get(f"/journeys/pages?q={typed}").status_code == 400


def test_the_person_is_switched_by_a_form_and_kept_in_a_cookie() -> None:
    answer = post(
        "/person", "person=service-owner-hmrc&next=/journeys%3Fpage%3D/a", kind="application/x-www-form-urlencoded"
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, "/journeys?page=/a")
    cookie = answer.headers["Set-Cookie"]
    assert "person=service-owner-hmrc" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert '<option value="service-owner-hmrc" selected>' in get("/journeys", "service-owner-hmrc").text


def test_a_person_that_nobody_is_called_is_refused() -> None:
    assert post("/person", "person=root", kind="application/x-www-form-urlencoded").status_code == 400
    assert get("/journeys", X_Demo_Person="root").status_code == 400
    assert get("/journeys", "root").status_code == 401
    assert "Looking as" in get("/journeys", "root").text


@pytest.mark.parametrize(
    "hostile",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "",
        "evil",
        "/a\nb",
    ],
)
def test_only_a_path_of_our_own_is_gone_back_to(hostile: str) -> None:
    assert local(hostile) == "/"
    assert local("/journeys?page=/a&device=mobile") == "/journeys?page=/a&device=mobile"


@pytest.mark.parametrize(
    ("path", "status"),
    [("/nothing", 404), ("/review/why?department=DfT", 403), ("/files/other.csv", 404), ("/assets/../app.py", 404)],
)
def test_an_error_is_a_page_with_a_reference_and_no_detail_of_the_machine(path: str, status: int) -> None:
    answer = get(path, "service-owner-hmrc")
    assert answer.status_code == status
    assert re.search(r"Reference: <strong>[0-9a-f]{8}</strong>", answer.text)
    assert not re.search(rf"Traceback|{re.escape(str(ROOT))}|select \w+ from|\.py\b|granian|Werkzeug", answer.text)


def test_what_nobody_foresaw_is_a_500_without_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret words of /etc/estate/key")

    monkeypatch.setattr("callbacks.current.ask.ask", broken)
    for path in ("/journeys/answer", "/journeys/pages?q=x"):
        answer = client().get(path, base_url="http://127.0.0.1:8050")
        assert answer.status_code == 500
        assert "secret" not in answer.text
        assert "Something went wrong" in answer.text
