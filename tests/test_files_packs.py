"""Report packs: every chart with its sentence, table and notes in one file that needs nothing else."""

import io
import re
from dataclasses import replace
from html import escape
from typing import Any

import pytest
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE

from callbacks.charts import CHARTS
from callbacks.files import pack_html, pack_pptx, picture
from callbacks.files.pack import PACKS, Missing, Packed, packed
from data import access
from layouts import coverage, review
from layouts.pack import Packing
from queries.ask import ask, questions
from tests.web import asked, get

OUTSIDE = re.compile(r"""(?:src|href)="(?!data:image/svg\+xml;base64,|#part-)|url\(|@import|<script""")


def test_every_part_of_a_pack_is_a_chart_and_columns_of_its_table() -> None:
    for pack in PACKS.values():
        for part in pack.parts:
            named = {column.name for column in questions()[CHARTS[part.chart].question].COLUMNS}
            assert set(part.columns) <= named, part
            assert not CHARTS[part.chart].state.read([])[1]


def found(person: str = "leadership", **changes: Any) -> Packed:
    viewer = access.person(person)
    return packed("estate", Packing(**changes), lambda question, given: ask(asked().real, viewer, question, given))


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
    assert len(whole.sections) == answer.text.count("<section") == len(PACKS["estate"].parts)
    for one in whole.drawn:
        assert escape(one.drawn.title, quote=False) in answer.text
        assert escape(one.drawn.sentence, quote=False) in answer.text
    assert not OUTSIDE.search(answer.text)
    longest = max(whole.drawn, key=lambda one: one.drawn.answer.table.height)
    left = longest.drawn.answer.table.height - pack_html.MOST_ROWS
    assert left > 0
    assert f"{left:,} more rows" in answer.text


@pytest.mark.usefixtures("without_pictures")
def test_counts_are_whole_and_rates_are_shares_with_their_change_in_points() -> None:
    html = pack_html.write(found()).decode()
    beside, rates = (
        re.search(rf"<caption>{name} department by department.*?</table>", html, re.DOTALL)
        for name in ("Sessions", "Exit rate")
    )
    assert beside
    assert rates
    whole = re.search(r"<tr><td>Whole estate</td>.*?</tr>", rates[0])
    assert whole
    assert re.search(r">\d+%<", whole[0])
    assert not re.search(r">\d+\.\d\d<", whole[0])
    hmrc = re.search(r"<tr><td>HMRC</td><td>[^<]*</td><td class=\"number\">(.*?)</td>", beside[0])
    assert hmrc
    assert hmrc[1].isdigit()


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

    whole = packed("estate", Packing(), ask_while_publishing)
    assert len(given_out) == 2 * len(whole.sections)
    assert whole.versions == {2}
    assert whole.subtitle.endswith("data version 2")


def test_it_prints_as_a_tagged_pdf_with_its_pictures_and_language() -> None:
    one = replace(found(), sections=found().drawn[:1])
    html = pack_html.write(one).decode()
    assert len(re.findall('<img src="data:image/svg', html)) == 1
    assert not OUTSIDE.search(html)
    body = pack_html.write_pdf(one)
    assert body.startswith(b"%PDF-")
    for mark in (b"/StructTreeRoot", b"/MarkInfo", b"/Lang (en-GB)", b"/Outlines"):
        assert mark in body, mark


def test_slides_have_a_title_a_sentence_a_picture_and_their_notes() -> None:
    one = replace(found(), sections=found().sections[:2])
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
