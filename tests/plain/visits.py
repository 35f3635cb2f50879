"""Random visits to the pages of `worlds`, told twice: plain for the oracle, and as stories for the real way in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl
from hypothesis import strategies as st

from data.register import register
from data.segment import CleanedFrame
from data.store import Estate
from tests import stories
from tests.plain.measures import NOT_SHARED, Seen, Visit
from tests.plain.worlds import OWNERS, _step, _typed

BEFORE: Final = (date(2019, 9, 30), date(2019, 10, 1), date(2019, 10, 2))  # Monday to Wednesday
NOW: Final = (date(2019, 10, 7), date(2019, 10, 8), date(2019, 10, 9))
TAGS: Final = {"/b": ("HMRC", "DfT"), "/c": ("DfT", "Home Office")}  # the owner first
LATE: Final = "23:45"  # from here on a session lies in the segment of the next day, or in the newest day's second one
CUTS: Final = st.sampled_from(["day", "mixture", "month"])  # into segments


@dataclass(frozen=True)
class Told:
    """A visit and the line that tells it."""

    visit: Visit
    line: str


@st.composite
def told(draw: st.DrawFn, most: int = 30) -> list[Told]:
    """Up to `most` visits on six days, some of them many times the same, and one a day that everybody knows of."""
    pages = draw(st.lists(st.sampled_from([*OWNERS, NOT_SHARED]), min_size=2, max_size=6, unique=True))
    every = (Visit(day, (Seen("/e"),), None, "other", "direct", "France") for day in BEFORE + NOW)
    visits = [Told(visit, _line(visit, f"e{number}")) for number, visit in enumerate(every)]
    for number in range(draw(st.integers(0, most))):
        visit = draw(_visit(pages))
        copies = draw(st.sampled_from([1, 1, 1, 12]))
        clock = draw(st.sampled_from(["09:00", LATE]))
        visits += [Told(visit, _line(visit, f"s{number}x{copy}", clock)) for copy in range(copies)]
    return visits


@st.composite
def _visit(draw: st.DrawFn, pages: list[str]) -> Visit:
    walked = draw(st.lists(st.sampled_from(pages), min_size=1, max_size=6))
    walked = [page for n, page in enumerate(walked) if page != NOT_SHARED or walked[n - 1 : n] != [NOT_SHARED]]
    walked = walked if set(walked) != {NOT_SHARED} else ["/a"]
    return Visit(
        day=draw(st.sampled_from(BEFORE + NOW)),
        views=tuple(draw(_seen(page)) for page in walked),
        visitor=draw(st.sampled_from([None, "v1", "v2", "v3"])),
        device=draw(st.sampled_from(["desktop", "mobile"])),
        channel=draw(st.sampled_from(["direct", "social"])),
        country=draw(st.sampled_from(["United Kingdom", "France"])),
        searches_before=draw(st.sampled_from([0, 0, 0, 1])),
    )


def _seen(page: str) -> st.SearchStrategy[Seen]:
    if page == NOT_SHARED:
        return st.just(Seen(page))
    return st.builds(
        Seen, st.just(page), st.sampled_from([None, None, 200, 404, 410]), st.sampled_from([0, 0, 0, 1, 2])
    )


def _line(visit: Visit, name: str, clock: str = "09:00") -> str:
    visitor = f" ({visit.visitor})" if visit.visitor else ""
    steps = [_told(seen, 60 * place) for place, seen in enumerate(visit.views)]
    before = ["+search before"] * visit.searches_before
    about = f"[{visit.device}, {visit.channel}, {visit.country}]"
    return f"{visit.day} {clock} HMRC {name}{visitor} {about}: {' > '.join([*before, *steps])}"


def _told(seen: Seen, seconds: int) -> str:
    status = f" !{seen.status}" if seen.status else ""
    return f"{_step(seen.page, seconds + 20)}{status}" + " +search tax code" * seen.searches


def built(visits: Sequence[Told], by: str) -> Estate:
    """The same visits as an estate, with document types and with tags of two departments on some pages."""
    frames = stories.cleaned(*(one.line for one in visits))
    return stories.estate_of([_tagged(_typed(frame)) for frame in frames], by=by)


def _tagged(cleaned: CleanedFrame) -> CleanedFrame:
    codes = {page: "".join(f"<{register.department(short).code}>" for short in TAGS[page]) for page in TAGS}
    tags = pl.when(pl.col("host") == "www.gov.uk").then(pl.col("path").replace_strict(codes, default=None))
    frame = cleaned.frame.with_columns(organisations=pl.coalesce(tags, "organisations"))
    return CleanedFrame(cleaned.sender, cleaned.day, frame)


def belongs(page: str, department: str, attribution: str = "owner") -> bool:
    """Whether a page is the department's own, or by tags one of several departments'."""
    return OWNERS[page] == department or (attribution == "tagged" and department in TAGS.get(page, ()))
