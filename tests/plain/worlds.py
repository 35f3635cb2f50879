"""Small random estates of known pages, told twice: as plain sessions for the oracle, and as stories for the real way in."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import polars as pl
from hypothesis import strategies as st

from data.segment import CleanedFrame
from data.settings import Settings
from data.store import Estate
from tests import stories
from tests.plain.definitions import NOT_SHARED, Session, View, World

OWNERS: Final = {  # as the register says, or by the tag that the story gives the page
    "/a": "HMRC",
    "/a/x": "HMRC",
    "/b": "HMRC",
    "/c": "DfT",
    "/d/y": "Home Office",
    "/e": "GOV.UK (GDS)",
    "/vehicle-tax": "DfT",
    "/done/vehicle-tax": "DfT",
    "www.vehicletax.service.gov.uk/x": "DfT",
    "www.vehicletax.service.gov.uk/y/1": "DfT",
    "www.passport.service.gov.uk/p/q": "Home Office",
    "www.passport.service.gov.uk/p/r": "Home Office",
    "www.tax.service.gov.uk/x/1": "HMRC",
}
DOCUMENT_TYPES: Final = {"/a": "answer", "/a/x": "answer", "/b": "guide", "/c": "guide", "/d/y": "answer"}
GUIDES: Final = {"/a": ["first", "second"], "/c": ["second"], "/d/y": ["secondary"]}
SERVICES: Final = {
    "/vehicle-tax": "vehicle-tax",
    "/done/vehicle-tax": "vehicle-tax",
    "www.vehicletax.service.gov.uk/x": "vehicle-tax",
    "www.vehicletax.service.gov.uk/y/1": "vehicle-tax",
    "www.passport.service.gov.uk/p/q": "renew-passport",
    "www.passport.service.gov.uk/p/r": "renew-passport",
}
STARTS: Final = {"/vehicle-tax": "vehicle-tax"}
DONE: Final = {"/done/vehicle-tax": "vehicle-tax"}
HOSTS: Final = {
    "www.vehicletax.service.gov.uk": "DfT",
    "www.passport.service.gov.uk": "Home Office",
    "www.tax.service.gov.uk": "HMRC",
}
WORLD: Final = World(
    OWNERS,
    DOCUMENT_TYPES,
    SERVICES,
    {"vehicle-tax": "DfT", "renew-passport": "Home Office"},
    HOSTS,
    STARTS,
    DONE,
    guides=GUIDES,
)
DAYS: Final = tuple(date(2019, month, day) for month, day in ((9, 30), (10, 1), (10, 2)))
ENDS: Final = {
    "": "nothing more seen",
    " +download form.pdf": "downloaded",
    " +out www.example.com": "clicked out to www.example.com",
}


@dataclass(frozen=True)
class Told:
    """One session as both see it: on a day, so many times, with its story."""

    day: date
    times: int
    session: Session
    line: str


def seen_by(department: str) -> World:
    """The world as somebody sees it who is named for one department."""
    hidden = {page for page, owner in OWNERS.items() if not page.startswith("/") and owner != department}
    return replace(WORLD, hidden=frozenset(hidden), own=frozenset({department}))


@st.composite
def told(draw: st.DrawFn) -> list[Told]:
    """Up to thirty stories; about a third have no times and stand for several sessions."""
    pages = draw(st.lists(st.sampled_from([*OWNERS, NOT_SHARED]), min_size=2, max_size=7, unique=True))
    return [draw(_told(pages, number)) for number in range(draw(st.integers(0, 30)))]


@st.composite
def _told(draw: st.DrawFn, pages: list[str], number: int) -> Told:
    walked = draw(st.lists(st.sampled_from(pages), min_size=1, max_size=9))
    walked = [page for n, page in enumerate(walked) if page != NOT_SHARED or walked[n - 1 : n] != [NOT_SHARED]]
    walked = walked if set(walked) != {NOT_SHARED} else ["/a"]  # marks alone make no session
    times = draw(st.sampled_from([0, 0, 1, 3, 12]))
    gaps = draw(st.lists(st.sampled_from([0, 1, 7, 60, 1900]), min_size=len(walked), max_size=len(walked)))
    seconds = [sum(gaps[1 : n + 1]) for n in range(len(walked))]
    event, ended = draw(st.sampled_from(list(ENDS.items())))
    if not event and walked[-1] == NOT_SHARED:
        ended = "went to a host that is not shared"
    day, device, channel = draw(
        st.tuples(st.sampled_from(DAYS), st.sampled_from(["desktop", "mobile"]), st.sampled_from(["direct", "social"]))
    )
    views = tuple(View(page, None if times else at) for page, at in zip(walked, seconds, strict=True))
    steps = " > ".join(_step(page, at) for page, at in zip(walked, seconds, strict=True))
    expansion = f" x{times}" if times else ""
    line = f"{day} HMRC s{number} [{device}, {channel}]{expansion}: {steps}{event}"
    return Told(day, times or 1, Session(views, device, channel, ended), line)


def _step(page: str, seconds: int) -> str:
    tag = OWNERS.get(page, "HMRC").replace("GOV.UK (GDS)", "GDS").replace(" ", "-")
    return f"{tag}:{page} @{seconds}" if page.startswith("/") else f"{page} @{seconds}"


def sessions(stories_told: list[Told], first: date, last: date) -> list[Session]:
    """The sessions of these days."""
    return [one.session for one in stories_told if first <= one.day <= last for _ in range(one.times)]


def built(stories_told: list[Told], by: str) -> Estate:
    """The same sessions as an estate, with document types and step-by-step guides."""
    frames = stories.cleaned(*(one.line for one in stories_told))
    estate = stories.estate_of([_typed(frame) for frame in frames], by=by)
    estate.settings = Settings(statement_seconds=600)  # what is tested here are answers, on however busy a machine
    return estate


def _typed(cleaned: CleanedFrame) -> CleanedFrame:
    guides = {page: ", ".join(some) for page, some in GUIDES.items()}
    told = {
        name: pl.when(pl.col("host") == "www.gov.uk").then(pl.col("path").replace_strict(of_page, default=None))
        for name, of_page in (("document_type", DOCUMENT_TYPES), ("step_by_step", guides))
    }
    return CleanedFrame(cleaned.sender, cleaned.day, cleaned.frame.with_columns(**told))
