"""Report packs: every chart with its sentence, table and notes in one file that needs nothing else."""

import io
import itertools
import re
from dataclasses import replace
from html import escape
from typing import Any
from urllib.parse import parse_qsl

import orjson
import pytest
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE

from callbacks.charts import CHARTS
from callbacks.files import pack, pack_html, pack_pptx, picture
from callbacks.files.pack import PACKS, Ask, Missing, Packed, finished, packed, pictured, steps
from data import access, errors
from layouts import coverage, handovers, review, searches
from layouts.markup import a, render, span, text_of, unseen
from layouts.overview import Overview
from layouts.pack import MOST_ROWS, Packing, first_rows, of, on_paper
from layouts.usage_state import Searches
from queries.ask import ask
from tests.web import DAY, asked, get

OUTSIDE = re.compile(r"""(?:src|href)="(?!data:image/svg\+xml;base64,|#part-)|url\(|@import|<script""")


def test_every_part_of_a_pack_is_a_chart_and_reads_its_own_address() -> None:
    for one in PACKS.values():
        for part in one.parts:
            assert not CHARTS[part.chart].state.read(parse_qsl(part.address))[1], part


def asks(person: str = "leadership") -> Ask:
    viewer = access.person(person)
    return lambda question, given: ask(asked().real, viewer, question, given)


def found(person: str = "leadership", **changes: Any) -> Packed:
    return finished(packed("estate", Packing(**changes), asks(person)))


def head(html: str, caption: str) -> list[str]:
    """The heads of the first table with this caption."""
    table, *_ = re.findall(rf"<table[^>]*><caption[^>]*>{re.escape(caption)}.*?</table>", html, re.DOTALL)
    return re.findall(r'<th scope="col"[^>]*>(.*?)</th>', table)


@pytest.fixture
def without_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """No browser: everything but pictures is as it is with one."""
    monkeypatch.setattr(picture, "possible", lambda: False)


@pytest.mark.usefixtures("without_pictures")
def test_one_page_holds_every_chart_and_needs_nothing_else() -> None:
    answer = get("/packs/estate.html", "leadership")
    assert answer.status_code == 200, answer.text
    assert 'filename="estate-pack-' in answer.headers["Content-Disposition"]
    whole = found()
    assert not [one for one in whole.sections if isinstance(one, Missing)]
    assert len(whole.sections) == answer.text.count('<section id="part-') == len(PACKS["estate"].parts)
    for one in whole.drawn:
        assert escape(one.drawn.title, quote=False) in answer.text
        assert escape(one.drawn.sentence, quote=False) in answer.text
    assert not OUTSIDE.search(answer.text)


@pytest.mark.usefixtures("without_pictures")
def test_tables_are_those_of_the_pages_with_their_words_and_units() -> None:
    html = pack_html.write(found(first=DAY, last=DAY)).decode()
    assert head(html, "Departments, ")[:2] == ["Department", "Services"]
    assert head(html, "Handovers, most sessions first") == [*handovers.PAIRS_HEAD]
    assert head(html, "Sessions of each department over time, week by week") == ["Department", "1 October 2020"]
    assert not re.findall(r"<th[^>]*>[^<]*_[^<]*</th>", html)
    _, rates, *_ = re.findall(r"<table[^>]*><caption[^>]*>Departments, .*?</table>", html, re.DOTALL)
    assert re.search(r">Whole estate</th>.*?>\d+%<", rates)
    row: dict[str, Any] = {
        "kind": "where people stop", "name": "/a", "department": None, "value": 0.061, "expected": 0.2, "expected_low": 0.15,
        "expected_high": 0.26, "affected": 43, "measure": "exit_rate", "to": None,
    }  # fmt: skip
    (stops,) = on_paper(review.table(review.Reviewed(), [row], None))
    assert text_of(stops).endswith("/aWhere people stop: exit rate6.1%20%15% to 26%43 exits fewer")


def test_on_paper_a_link_is_its_words_and_a_long_table_says_how_much_is_left_out() -> None:
    assert render(on_paper(a("Why", unseen(" /a"), " moved", href="/b"), [span("x")])) == "Why moved<span>x</span>"
    shown, more = first_rows(range(MOST_ROWS + 1_200), lambda rows: str(len(rows)))
    assert (shown, text_of(more)) == (str(MOST_ROWS), "1,200 more rows in the files.")
    assert first_rows(range(MOST_ROWS), lambda rows: str(len(rows))) == [str(MOST_ROWS), None]


def test_it_is_of_what_the_estate_page_shows_and_says_which_filters_a_chart_does_not_take() -> None:
    seen = Overview(department="HMRC", device=("mobile", "desktop"), measure="exit_rate", first=DAY, last=DAY)
    whole = finished(packed("estate", of(seen), asks()))
    assert of(seen).address() == seen.address(of(seen).AT)
    assert whole.title == "How GOV.UK is doing: HMRC, mobile,desktop"
    assert whole.subtitle == "1 October 2020; Department: HMRC; Device: mobile, desktop; data version 1"
    by_chart = {one.drawn.chart.id: one for one in whole.drawn}
    assert by_chart["estate"].drawn.answer == asks()("trend", seen.question())
    assert by_chart["estate"].drawn.state == seen
    assert (by_chart["handovers"].drawn.state.value("department"), by_chart["handovers"].wider) == ("HMRC", "")
    assert by_chart["departments"].drawn.state.value("focus") == "HMRC"
    assert by_chart["services"].wider == "This part isn't narrowed by Device: mobile, desktop."
    assert by_chart["coverage"].wider == "This part isn't narrowed by Department: HMRC; Device: mobile, desktop."
    html = pack_html.write(whole).decode()
    assert html.count("This part isn't narrowed by") == sum(bool(one.wider) for one in whole.drawn)


@pytest.mark.usefixtures("without_pictures")
def test_what_is_not_published_says_so_in_its_place() -> None:
    html = get("/packs/estate.html?publication=true", "leadership").text
    assert "This can't be published" in html
    whole = found(publication=True)
    assert {one.title for one in whole.sections if isinstance(one, Missing)} == {review.TITLE, coverage.TITLE}
    assert all(one.drawn.answer.about.publication for one in whole.drawn)


def test_who_may_not_see_figures_gets_how_complete_the_data_is_and_why_no_more() -> None:
    whole = found("operator")
    assert [one.drawn.chart.id for one in whole.drawn] == ["coverage"]
    assert all(one.sentence for one in whole.sections if isinstance(one, Missing))


def test_every_chart_is_of_one_version_though_another_comes_between_two() -> None:
    given_out: list[str] = []

    def ask_while_publishing(question: str, given: Any) -> Any:
        answer = ask(asked().real, access.person("leadership"), question, given)
        given_out.append(question)
        return replace(answer, about=replace(answer.about, version=1 if len(given_out) < 4 else 2))

    whole = finished(packed("estate", Packing(), ask_while_publishing))
    assert len(given_out) == 2 * len(whole.sections)
    assert whole.versions == {2}
    assert whole.subtitle.endswith("data version 2")


def test_data_that_comes_too_fast_is_a_sentence() -> None:
    numbers = itertools.count(1)

    def ask_while_publishing(question: str, given: Any) -> Any:
        answer = asks()(question, given)
        return replace(answer, about=replace(answer.about, version=next(numbers)))

    with pytest.raises(errors.TookTooLong, match="New data came"):
        finished(packed("estate", Packing(), ask_while_publishing))


def lines(body: bytes) -> tuple[list[dict[str, Any]], bytes]:
    """What was said of each step, and what follows the last of it."""
    said = []
    while body:
        line, _, body = body.partition(b"\n")
        said.append(orjson.loads(line))
        if "size" in said[-1]:
            break
    return said, body


@pytest.mark.usefixtures("without_pictures")
def test_who_waits_is_told_of_each_step_and_then_gets_the_same_file() -> None:
    said, body = lines(get("/packs/estate.html/told?department=HMRC", "leadership").data)
    assert [one["done"] for one in said[:-1]] == [*range(len(PACKS["estate"].parts)), steps("estate") - 1]
    assert {one["of"] for one in said[:-1]} == {steps("estate")}
    file = get("/packs/estate.html?department=HMRC", "leadership")
    assert body == file.data
    assert said[-1]["size"] == len(body)
    assert said[-1]["name"] == "estate-pack-hmrc-2020-09-04-to-2020-10-01.html"
    assert f'filename="{said[-1]["name"]}"' in file.headers["Content-Disposition"]


def test_pictures_are_steps_of_their_own_and_none_is_drawn_of_nothing() -> None:
    whole = found()
    drawing = pictured(whole, lambda drawn: drawn.title.encode())
    assert [step.done for step in drawing] == [*range(len(whole.sections), steps("estate") - 1)]
    drawn = finished(pictured(whole, lambda drawn: drawn.title.encode()))
    assert {one.title for one in drawn.drawn if not one.picture} == {one.title for one in whole.drawn if one.empty}
    assert searches.title(Searches()) in {one.title for one in whole.drawn if one.empty}


@pytest.mark.usefixtures("without_pictures")
def test_a_pack_that_fails_says_so_in_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any) -> Any:
        raise errors.TookTooLong("Too many questions at once", "Try again in a minute")

    monkeypatch.setattr(pack, "packed", fails)
    (said,), _ = lines(get("/packs/estate.html/told", "leadership").data)
    assert "Too many questions at once" in said["failed"]
    assert "Reference" in said["failed"]
    wrong = get("/packs/estate.html/told?from=x", "leadership")
    assert (wrong.status_code, "govuk-error-summary" in wrong.text, "<html" in wrong.text) == (400, True, False)


def test_it_prints_as_a_tagged_pdf_with_its_pictures_and_language() -> None:
    whole = found()
    one = finished(pictured(replace(whole, sections=whole.drawn[:1]), picture.bare_svg))
    html = pack_html.write(one).decode()
    assert len(re.findall('<img src="data:image/svg', html)) == 1
    assert not OUTSIDE.search(html)
    body = pack_html.write_pdf(one)
    assert body.startswith(b"%PDF-")
    for mark in (b"/StructTreeRoot", b"/MarkInfo", b"/Lang (en-GB)", b"/Outlines"):
        assert mark in body, mark


def test_slides_have_a_title_a_sentence_a_picture_and_their_notes() -> None:
    whole = found()
    one = finished(pictured(replace(whole, sections=whole.sections[::2][:2]), picture.bare_png))
    slides = Presentation(io.BytesIO(pack_pptx.write(one)))
    first, *others = slides.slides
    assert first.shapes.title.text == slides.core_properties.title == "How GOV.UK is doing"
    assert slides.core_properties.language == "en-GB"
    assert len(others) == 2
    for slide in others:
        title, sentence, *rest = slide.shapes
        assert title.text
        said = sentence.text_frame.text
        pictures = [one for one in rest if one.shape_type == MSO_SHAPE_TYPE.PICTURE]
        assert [one._element.nvPicPr.cNvPr.get("descr") for one in pictures] == [said] * picture.possible()
        assert "Source: " in slide.notes_slide.notes_text_frame.text


@pytest.mark.parametrize(("name", "status"), [("estate.docx", 404), ("other.html", 404), ("estate.html?from=x", 400)])
def test_what_does_not_exist_is_said(name: str, status: int) -> None:
    assert get(f"/packs/{name}").status_code == status
