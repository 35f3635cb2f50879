"""Files to take away: every chart in every kind, cell for cell what the page shows, and safe to open."""

import csv
import io
import json
import re
import struct
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import cache
from typing import Any

import plotly.graph_objects as go
import polars as pl
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app import create
from callbacks.chart import Drawn
from callbacks.charts import CHARTS
from callbacks.files import cells, drawing
from callbacks.files.make import FORMATS, make
from data import access
from data.settings import Settings
from layouts import theme
from layouts.figures.frame import framed
from layouts.notes import notes
from queries.answers import Answer
from queries.ask import ask
from tests.stories import estate

DAY = date(2020, 10, 1)
STORIES = (
    "GDS s1 [mobile]: /vehicle-tax > /vehicle-tax/renew > www.vehicletax.service.gov.uk/start",
    "GDS s2: /vehicle-tax > /check-vehicle-tax +download form.pdf",
    "GDS s3: /vehicle-tax",
)
DAYS = "from=2020-10-01&to=2020-10-01"
ADDRESSES = {  # of charts that are of something, or of no days; the others need their days alone
    "page": f"page=/vehicle-tax&{DAYS}",
    "page-trend": f"page=/vehicle-tax&{DAYS}",
    "topic": f"topic=driving&{DAYS}",
    "service": f"service=vehicle-tax&{DAYS}",
    "services": "",
    "service-months": "service=vehicle-tax",
}
SEQUENTIAL = ("#2073BC", "#6BACE6", "#8EB8DC", "#D6E4EF", "#F4F8FB")  # with the first of the series: shades and bands
GREY = 16  # parts of 255, by which the parts of a grey differ at most
PUBLICATION = "from=2020-10-01&to=2020-10-31"


@cache
def server() -> Flask:
    found = create(Settings(clock=DAY), estate(*STORIES, day=DAY)).server
    assert isinstance(found, Flask)
    return found


def taken(
    kind: str, address: str = "page=/vehicle-tax&from=2020-10-01&to=2020-10-01", chart: str = "journeys"
) -> TestResponse:
    return server().test_client().get(f"/files/{chart}.{kind}?{address}")


def drawn(address: str = "page=/vehicle-tax", chart_id: str = "journeys") -> Drawn:
    chart = CHARTS[chart_id]
    state, problems = chart.state.read(
        [
            (one.partition("=")[0], one.partition("=")[2])
            for one in f"{address}&from=2020-10-01&to=2020-10-01".split("&")
        ]
    )
    assert not problems
    return Drawn(
        chart, state, ask(estate(*STORIES, day=DAY), access.person("estate-analyst"), chart.question, state.question())
    )


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("chart", CHARTS)
def test_every_chart_is_a_file_of_every_kind_with_a_name_from_the_server(chart: str, kind: str) -> None:
    answer = taken(kind, chart=chart, address=ADDRESSES.get(chart, DAYS))
    assert answer.status_code == 200, answer.text
    assert answer.content_type == FORMATS[kind].media_type
    name = re.search(r'filename="([^"]+)"', answer.headers["Content-Disposition"])
    assert name
    assert re.fullmatch(rf"{chart}-[a-z0-9-]+\.{kind}", name[1])


@pytest.mark.parametrize("chart", CHARTS)
def test_every_chart_keeps_the_rules_of_look(chart: str) -> None:
    """At most six colours of series, one pair of axes, words across, bars from zero, commas, a sentence, a short title, a table."""
    pairs = [
        (name, value) for one in ADDRESSES.get(chart, DAYS).split("&") if one for name, _, value in [one.partition("=")]
    ]
    state, problems = CHARTS[chart].state.read(pairs)
    assert not problems
    answer = ask(
        server().config["ESTATE"], access.person("estate-analyst"), CHARTS[chart].question, CHARTS[chart].given(state)
    )
    one = Drawn(CHARTS[chart], state, answer)
    figure = one.figure
    go.Figure(figure)
    named = {colour for trace in figure["data"] for colour in colours(trace)}
    hued = {one for one in named if max(parts := bytes.fromhex(one[1:])) - min(parts) > GREY}
    assert len(hued) <= 6, hued
    assert hued <= {*theme.SERIES, *SEQUENTIAL}, hued
    layout = figure["layout"]
    axes = {name: axis for name, axis in layout.items() if re.fullmatch(r"[xy]axis\d*", name)}
    assert all(axis.get("tickangle", 0) == 0 and not axis.get("overlaying") for axis in axes.values())
    assert not {trace["type"] for trace in figure["data"]} & {"scatter3d", "surface", "mesh3d", "pie"}
    assert all(note.get("textangle", 0) == 0 for note in layout.get("annotations", ()))
    for trace in (one for one in figure["data"] if one["type"] == "bar"):
        across = axes["xaxis" if trace.get("orientation") == "h" else "yaxis"]
        assert "range" not in across or across["range"][0] <= 0 <= across["range"][1]
    assert len(re.sub(r"\S*/\S*", "page", one.title).split()) <= 10, one.title
    assert one.sentence.endswith((".", "!"))
    assert answer.table.columns


def colours(node: Any) -> Iterator[str]:
    """Every colour in a part of a figure."""
    if isinstance(node, str):
        yield from [node] if re.fullmatch(r"#[0-9A-Fa-f]{6}", node) else []
    elif isinstance(node, dict | list | tuple):
        for part in node.values() if isinstance(node, dict) else node:
            yield from colours(part)


def test_a_name_says_what_of_what_and_when() -> None:
    assert make(drawn(), "csv").name == "journeys-vehicle-tax-2020-10-01-to-2020-10-01.csv"


def test_the_csv_is_the_table_then_the_notes() -> None:
    body = taken("csv").data
    assert body.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    end = rows.index([])
    one = drawn()
    assert rows[0] == cells.header(one.answer)
    assert rows[1:end] == [[str(cell) for cell in row] for row in cells.rows(one.answer)]
    assert [row[0] for row in rows[end + 1 :]][:5] == ["Title", "In words", "Source", "Period", "Filters"]
    assert rows[-len(one.shorthand) :] == [list(mark) for mark in one.shorthand]


def test_the_json_is_the_answer_of_the_api_with_its_notes() -> None:
    told = json.loads(taken("json").data)
    one = drawn()
    assert told["answer"] == json.loads(json.dumps(one.answer.value))
    assert told["sentence"] == one.sentence
    assert set(told["about"]) >= {"version", "period", "coverage", "definition", "suppression", "units"}


def test_a_picture_is_wide_and_says_its_sentence() -> None:
    png = taken("png").data
    width, height = struct.unpack(">II", png[16:24])
    assert width >= 1600
    assert height > 600
    assert drawn().sentence.encode() in png
    svg = taken("svg").data.decode()
    assert f"<title>{drawn().title}</title>" in svg
    assert "Data version" in svg
    assert "http" not in svg.replace("http://www.w3.org", "")


@pytest.mark.parametrize("ending", ["png", "csv"])
def test_everything_that_must_be_said_stands_in_the_file(ending: str) -> None:
    one = drawn()
    names = [name for name, _ in one.notes]
    assert names[:9] == [
        "Title",
        "In words",
        "Source",
        "Period",
        "Filters",
        "Coverage",
        "How this is counted",
        "Small numbers",
        "Version",
    ]
    if ending == "png":
        texts = " ".join(note["text"] for note in framed(one.figure, one.notes)["layout"]["annotations"])
        assert all(name in texts for name in names[2:])


@pytest.mark.parametrize(("chart", "address"), [("journeys", "page=/vehicle-tax"), ("coverage", "account=joined")])
def test_figures_are_valid_for_plotly(chart: str, address: str) -> None:
    one = drawn(address, chart)
    figure = framed(one.figure, notes("Title", "Sentence", one.answer.about))
    assert go.Figure(figure).layout.width == 1600


@pytest.mark.parametrize("text", ["=1+1", "+44", "-2", "@x", "\tx", "\rx"])
def test_a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert cells.written(text) == f"'{text}"


def test_hidden_cells_and_cells_without_a_value_have_their_own_shorthand() -> None:
    table = pl.DataFrame({"page": ["/a", "/b"], "sessions": [None, None], "suppressed": [["sessions"], []]})
    one = drawn().answer
    assert cells.rows(Answer(one.question, [], table, one.about)) == [["/a", "[c]"], ["/b", "[z]"]]


def test_a_chart_or_kind_that_does_not_exist_is_not_found() -> None:
    assert taken("exe").status_code == 404
    assert taken("csv", chart="nothing").status_code == 404
    assert taken("csv", address="steps=99").status_code == 400


def test_filters_are_said_in_the_file() -> None:
    answer = taken("csv", address="page=/vehicle-tax&from=2020-10-01&to=2020-10-01&device=mobile&reloads=true")
    assert "Filters,Device: mobile; Reloads\r\n" in answer.text


def test_without_a_browser_there_is_no_picture_and_a_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "browser", lambda: None)
    answer = taken("png")
    assert answer.status_code == 404
    assert "Chromium" in answer.text
    page = server().test_client().get("/journeys/answer").text
    assert ".png" not in page
    assert ".csv" in page
    assert "Pictures need the browser Chromium" in page


def test_a_browser_that_does_not_draw_is_a_sentence_and_the_next_picture_gets_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(drawing, "browser", lambda: "/bin/false")
        answer = taken("png")
        assert answer.status_code == 503
        assert "wasn't drawn" in answer.text
    assert taken("png").status_code == 200


def test_pictures_asked_for_at_once_are_each_their_own() -> None:
    def drawing_of(width: int) -> bytes:
        return drawing.draw({"data": [], "layout": {}}, {"format": "png", "width": width, "height": 100})

    widths = range(200, 208)
    with ThreadPoolExecutor(8) as at_once:
        found = list(at_once.map(drawing_of, widths))
    assert [struct.unpack(">I", png[16:20])[0] for png in found] == list(widths)


def test_the_switch_for_publication_stands_in_name_and_notes() -> None:
    answer = taken("csv", address=f"page=/vehicle-tax&{PUBLICATION}&publication=true")
    assert answer.status_code == 200, answer.text
    assert "for-publication.csv" in answer.headers["Content-Disposition"]
    assert "For publication. Figures are rounded to 10" in answer.text


def test_every_move_is_a_table_of_its_own_with_its_median_time() -> None:
    rows = taken("csv", chart="moves", address="page=/vehicle-tax&from=2020-10-01&to=2020-10-01").text.splitlines()
    assert rows[0].lstrip("\ufeff") == "step,from,to,department,sessions,median_seconds,mean_seconds"
    assert "0,/vehicle-tax,/vehicle-tax/renew,GOV.UK (GDS),1,10.0,10.0" in rows
