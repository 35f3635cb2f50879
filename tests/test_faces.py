"""The same question has the same number on every face: explorer, next pages, list of pages, table, API and file."""

import csv
import io
from typing import Any

from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from app import create
from data.access import PEOPLE
from data.settings import Settings
from queries.ask import ask
from tests.counts import rounds
from tests.plain import journeys, worlds
from tests.plain.worlds import DAYS, OWNERS, WORLD, Told

PERIOD = {"from": str(DAYS[0]), "to": str(DAYS[-1])}


@settings(max_examples=rounds(5, 300), deadline=None)
@given(worlds.told(), st.sampled_from(list(OWNERS)), st.sampled_from(["day", "month", "mixture"]))
def test_the_same_number_stands_in_explorer_next_pages_table_api_and_file(told: list[Told], page: str, by: str) -> None:
    estate = worlds.built(told, by)
    browser = create(Settings(clock=DAYS[-1]), estate).server.test_client()
    browser.set_cookie("person", "estate-analyst", domain="127.0.0.1")
    question = {"anchor": {"match": "exact", "value": page}, "steps": 3, "top": 5} | PERIOD
    direct = ask(estate, PEOPLE["estate-analyst"], "explore", question)
    expected = journeys.explore(worlds.sessions(told, DAYS[0], DAYS[-1]), question, WORLD)
    value: Any = direct.value
    assert nodes_of(expected) == nodes_of(value) == nodes_of(sent(browser, "explore", question))
    assert direct.table.select("step", "page", "sessions").rows() == in_csv(browser, page)
    seen = expected["sessions"]
    assert sent(browser, "next_pages", {"page": page} | PERIOD)["sessions"] == seen
    assert [row["sessions"] for row in sent(browser, "pages", {"page": page} | PERIOD)["pages"]] == [seen] * (seen > 0)


def nodes_of(answer: Any) -> list[dict[str, int]]:
    return [{node["page"]: node["sessions"] for node in step["nodes"]} for step in answer["steps"]]


def sent(browser: FlaskClient, question: str, asked: dict[str, Any]) -> Any:
    told = browser.post(f"/api/v1/{question}", json=asked, headers={"Origin": "http://localhost"})
    assert told.status_code == 200, told.text
    assert told.json
    return told.json["answer"]


def in_csv(browser: FlaskClient, page: str) -> list[tuple[int, str, int]]:
    """Step, page and sessions of every row of the file's table."""
    told = browser.get("/files/journeys.csv", query_string={"page": page, "steps": 3, "top": 5} | PERIOD)
    assert told.status_code == 200, told.text
    rows = list(csv.reader(io.StringIO(told.data.decode("utf-8-sig"))))
    columns = [rows[0].index(name) for name in ("step", "page", "sessions")]
    table = [[row[column] for column in columns] for row in rows[1 : rows.index([])]]
    return [(int(step), shown, int(sessions)) for step, shown, sessions in table]
