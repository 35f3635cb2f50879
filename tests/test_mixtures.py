"""Every question has the same answer whether its days are segments of their own or in one of their month."""

from datetime import date, timedelta
from typing import Any, Final

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.access import PEOPLE
from data.segment import CleanedFrame
from data.settings import Settings
from data.store import Estate
from queries.ask import ask, questions
from tests.counts import rounds
from tests.examples import LEAST
from tests.stories import cleaned, estate_of

DAYS: Final = tuple(date(2020, 8, 30) + timedelta(days=n) for n in range(7))  # FCO goes into FCDO on one of them
STORIES: Final = [  # each day has sessions that end long before it and others that may go on into the next
    line
    for day, n in zip(DAYS, (1, 3, 2, 4, 1), strict=False)
    for line in (
        *(f"{day} GDS s{day.day}x{k} (v{k}) [mobile]: HMRC:/a +search tax > HMRC:/b > DfT:/vehicle-tax > www.tax.service.gov.uk/x" for k in range(n)),
        f"{day} 23:40 GDS t{day.day} (v1) [social]: HMRC:/b +search tax > HMRC:/a > www.vehicletax.service.gov.uk/y +useful_yes > HMRC:/a",
        f"{day} 23:55 HMRC u{day.day} (v2) [France]: HMRC:/a > FCO:/world/france @400 > HMRC:/a @410 +download form.pdf",
    )
]  # fmt: skip
PAGES: Final = ("/a", "/b", "/world/france", "/vehicle-tax", "www.tax.service.gov.uk/x", "www.vehicletax.service.gov.uk/y")  # fmt: skip
SAID: Final = {  # of a page, by each extract in its own way
    "title": (None, "One", "Two"),
    "document_type": (None, "guide", "answer"),
    "step_by_step": (None, "first", "first, second"),
    "taxon": (None, "money"),
    "organisations": (None, "<D10>", "<D25>", "<D9><D25>", "<D13>"),
}
FILTERS: Final = {
    "department": ("HMRC", "FCO", "FCDO,DfT"),
    "document_type": ("guide", "answer"),
    "service": ("vehicle-tax",),
    "organisation": ("HMRC", "DfT"),
    "page": ("/a", "/**"),
    "device": ("mobile",),
    "channel": ("social",),
    "country": ("France",),
    "structure": ("now",),
}
ASKED: Final = LEAST | {"service": {"service": "vehicle-tax"}}  # which both viewers may see
CUTS: Final = ("month", "day", "mixture")


def cut(frames: list[CleanedFrame]) -> list[Estate]:
    """The estate of these extracts in each of `CUTS`."""
    estates = [estate_of(frames, by=by, listed=True) for by in CUTS]
    for estate in estates:
        estate.settings = Settings(statement_seconds=600, clock=DAYS[-1])
    return estates


def answered(estate: Estate, question: str, viewer: str, asked: dict[str, Any]) -> Any:
    value: Any = ask(estate, PEOPLE[viewer], question, ASKED.get(question, {}) | asked).value
    if question == "coverage":  # which tells these of whole segments
        value = {name: one for name, one in value.items() if not name.startswith("sessions_")}
    return value


@pytest.fixture(scope="module")
def late() -> list[Estate]:
    return cut(cleaned(*STORIES))


@pytest.mark.parametrize("question", questions())
def test_sessions_that_may_go_on_after_midnight_count_with_the_others_of_their_day(
    question: str, late: list[Estate]
) -> None:
    asked = {"from": "2020-08-31", "to": "2020-09-03"}
    month, *others = (answered(one, question, "estate-analyst", asked) for one in late)
    assert others == [month, month]


@st.composite
def told(draw: st.DrawFn) -> list[CleanedFrame]:
    """The extracts of up to twenty sessions on six days, each extract with words of its own for each page."""
    lines = [draw(_line(number)) for number in range(draw(st.integers(1, 20)))]
    return [draw(_worded(one)) for one in cleaned(*lines)]


@st.composite
def _line(draw: st.DrawFn, number: int) -> str:
    day, clock = draw(st.sampled_from(DAYS[:6])), draw(st.sampled_from(("09:00", "09:00", "23:29", "23:50", "23:59")))
    sender, gap = draw(st.sampled_from(("GDS", "HMRC"))), draw(st.sampled_from((5, 60, 700)))
    about = ", ".join(
        draw(st.sampled_from(some)) for some in (("desktop", "mobile"), ("direct", "social"), ("France", "Chad"))
    )
    steps = draw(
        st.lists(
            st.tuples(
                st.sampled_from(PAGES),
                st.sampled_from(("", "", " +search tax", " +useful_yes", " +out www.example.com")),
            ),
            min_size=1,
            max_size=5,
        )
    )
    walked = " > ".join(f"{page} @{gap * n}{event}" for n, (page, event) in enumerate(steps))
    return f"{day} {clock} {sender} s{number} (v{number % 7}) [{about}]: {walked}"


@st.composite
def _worded(draw: st.DrawFn, extract: CleanedFrame) -> CleanedFrame:
    words = [[page[page.index("/") :], *(draw(st.sampled_from(some)) for some in SAID.values())] for page in PAGES]
    known = pl.DataFrame(words, dict.fromkeys(("path", *SAID), pl.String), orient="row")
    frame = extract.frame.drop(SAID.keys()).join(known, on="path", how="left", maintain_order="left")
    return CleanedFrame(extract.sender, extract.day, frame.select(extract.frame.columns))


@st.composite
def _asked(draw: st.DrawFn, question: str) -> dict[str, Any]:
    """Some of the days, and some filters."""
    first, last = sorted((draw(st.sampled_from(DAYS)), draw(st.sampled_from(DAYS))))
    known = sorted(FILTERS.keys() & {*getattr(questions()[question], "FILTERS", ()), "structure"})
    chosen = draw(st.sets(st.sampled_from(known), max_size=2))
    return {"from": str(first), "to": str(last)} | {name: draw(st.sampled_from(FILTERS[name])) for name in chosen}


@settings(max_examples=rounds(2, 150), deadline=None)
@given(told(), st.sampled_from(("estate-analyst", "analyst-dft")), st.data())
def test_what_is_said_of_a_page_is_that_of_its_day_however_the_days_are_cut(
    frames: list[CleanedFrame], viewer: str, data: st.DataObject
) -> None:
    estates = cut(frames)
    for question in questions():
        asked = data.draw(_asked(question))
        month, *others = (answered(one, question, viewer, asked) for one in estates)
        assert others == [month, month], question
    for one in estates:
        one.close()
