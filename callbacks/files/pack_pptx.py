"""A report pack as slides: a title, then each chart with its sentence, its notes under the slide."""

import io
from typing import Any, Final

from pptx import Presentation
from pptx.enum.text import PP_ALIGN
from pptx.util import Emu, Inches, Pt

from callbacks.files.pack import Missing, Packed, Section

WIDE, HIGH, EDGE = Inches(13.333), Inches(7.5), Inches(0.5)
TITLE_ONLY, TITLE_SLIDE = 5, 0  # layouts of the library's own template
FONT: Final = "Arial"
FOOT: Final = Inches(0.6)
FOOTED: Final = ("Source", "Period", "Coverage", "Small numbers", "Version")  # of the notes; all stand under the slide


def write(packed: Packed) -> bytes:
    """The slides' bytes, 16 by 9, with document title and language set; each picture has its sentence as alternative text."""
    slides = Presentation()
    slides.slide_width, slides.slide_height = WIDE, HIGH
    slides.core_properties.title, slides.core_properties.language = packed.title, "en-GB"
    first = slides.slides.add_slide(slides.slide_layouts[TITLE_SLIDE])
    for place, text in zip(first.placeholders, (packed.title, packed.subtitle), strict=True):
        _spread(place, Inches(2.2) if place == first.shapes.title else Inches(4))
        _write(place.text_frame, text, 40 if place == first.shapes.title else 24)
    for one in packed.sections:
        _slide(slides, one)
    body = io.BytesIO()
    slides.save(body)
    return body.getvalue()


def _slide(slides: Any, one: Section | Missing) -> None:
    slide = slides.slides.add_slide(slides.slide_layouts[TITLE_ONLY])
    sentence = one.sentence if isinstance(one, Missing) else f"{one.drawn.sentence} {one.wider}".strip()
    _spread(slide.shapes.title, Inches(0.3), Inches(0.8))
    _write(slide.shapes.title.text_frame, one.title, 28)
    box = slide.shapes.add_textbox(EDGE, Inches(1.1), Emu(WIDE - 2 * EDGE), Inches(0.9))
    _write(box.text_frame, sentence, 18)
    if isinstance(one, Missing):
        return
    if one.picture:
        _picture(slide, one.picture, one.drawn.sentence)
    said = dict(one.drawn.notes)
    foot = slide.shapes.add_textbox(EDGE, Emu(HIGH - FOOT), Emu(WIDE - 2 * EDGE), FOOT)
    _write(foot.text_frame, ". ".join(said[name] for name in FOOTED), 10)
    slide.notes_slide.notes_text_frame.text = "\n".join(f"{name}: {text}" for name, text in one.drawn.notes[2:])


def _picture(slide: Any, png: bytes, sentence: str) -> None:
    """The picture as large as the rest of the slide lets it be."""
    drawn = slide.shapes.add_picture(io.BytesIO(png), EDGE, Inches(2))
    scale = min((WIDE - 2 * EDGE) / drawn.width, (HIGH - FOOT - Inches(2)) / drawn.height)
    drawn.width, drawn.height = Emu(int(drawn.width * scale)), Emu(int(drawn.height * scale))
    drawn.left = Emu((WIDE - drawn.width) // 2)
    drawn._element.nvPicPr.cNvPr.set("descr", sentence)  # noqa: SLF001  # the library has no other way to it


def _spread(place: Any, top: int, height: int = Inches(1.5)) -> None:
    """Put a placeholder across the slide: the template's are made for 4 by 3."""
    place.left, place.top, place.width, place.height = EDGE, top, Emu(WIDE - 2 * EDGE), height


def _write(frame: Any, text: str, points: int) -> None:
    frame.word_wrap = True
    frame.text = text
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            run.font.size, run.font.name = Pt(points), FONT
        paragraph.alignment = PP_ALIGN.LEFT
