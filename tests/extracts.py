"""Random extracts: rows of four days around a midnight that matters, as frames and as what plain Python counts of them."""

import random
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

import polars as pl
from hypothesis import strategies as st

from data.contract import CHANNELS, CLEANED, DEVICES, KINDS
from data.periods import LONDON, Period, london_day
from data.register import own_pages, register
from data.segment import CleanedFrame
from data.segment.ownership import shares
from data.store import Estate, Segment
from tests.plain import segment as plain
from tests.plain import segment_sums as sums
from tests.stories import Extracts, Row, estate_of, framed

# The last days of a month, the end of summer time (25 hours), and a department that went into another.
STARTS = (date(2019, 10, 30), date(2019, 10, 26), date(2020, 8, 31))
# Seconds of a day, around midnight and half an hour from it, with fractions and equal ones.
MOMENTS = (
    0,
    0,
    0.4,
    1,
    1799,
    1800,
    1800.5,
    3600,
    7200,
    43_200,
    43_200,
    43_201.999,
    84_600,
    84_601,
    86_399,
    86_399.9,
    88_000,
)
PAGES = (
    ("www.gov.uk", "/a"),
    ("www.gov.uk", "/aid"),
    ("www.gov.uk", "/vehicle-tax"),
    ("www.tax.service.gov.uk", "/pay"),
    ("www.payments.service.gov.uk", "/card"),
    ("www.vehicletax.service.gov.uk", "/a"),
)
HOSTS = (None, "www.example.com", "www.tax.service.gov.uk", "www.universal-credit.service.gov.uk")
TAGS = (None, "<D10>", "<D25>", "<D9><D25>", "<D1197>")
KIND = st.sampled_from(("page_view",) * 8 + ("not_shared", "not_shared", *KINDS[1:7]))


@st.composite
def rows(draw: st.DrawFn, day: date) -> Row:
    """A row of this London day: of a few sessions and visitors, some rows with only one of the two."""
    kind = draw(KIND)
    host, path = draw(st.sampled_from(PAGES))
    moment = datetime.combine(day, time(), LONDON).astimezone(UTC) + timedelta(seconds=draw(st.sampled_from(MOMENTS)))
    session, visitor = draw(st.sampled_from([("s1", "v1"), ("s2", "v1"), ("s3", None), (None, "v1"), (None, "v2")]))
    view = {
        "host": host,
        "path": path,
        "status": draw(st.sampled_from([None, 200, 404])),
        "organisations": draw(st.sampled_from(TAGS)),
    }
    return {
        "session": session,
        "visitor": visitor,
        "time": moment,
        "order": draw(st.integers(0, 1)),
        "kind": kind,
        "device": draw(st.sampled_from([None, *DEVICES[:2]])),
        "channel": draw(st.sampled_from([None, *CHANNELS[:2]])),
        "country": draw(st.sampled_from([None, "France", "Chad"])),
        "occurrences": 1,
        "title": draw(st.sampled_from([None, "One", "Two"])),
        "value": draw(st.sampled_from(HOSTS if kind == "outbound" else ("tax", "vat", None))),
        **(view if kind == "page_view" else {}),
    }


@st.composite
def extracts(draw: st.DrawFn) -> Extracts:
    """Rows of four days by two senders, in files of their day or one beside it, and a sequence without times."""
    first, found = draw(st.sampled_from(STARTS)), Extracts()
    for number in range(4):
        day = first + timedelta(days=number)
        for row in draw(st.lists(rows(day), max_size=6)):
            astray = draw(st.sampled_from([0, 0, 0, 0, -1, 1]))
            declared = london_day(row["time"]) + timedelta(days=astray)  # type: ignore[arg-type]  # a row of ours has a time
            found.setdefault((draw(st.sampled_from(["GDS", "HMRC"])), declared), []).append(row)
    if draw(st.booleans()):
        told = {"session": "q", "time": None, "occurrences": draw(st.integers(1, 12)), "kind": "page_view"}
        walked = draw(st.lists(st.sampled_from(PAGES), min_size=1, max_size=9))
        for sender, number in draw(st.sets(st.tuples(st.sampled_from(["DfT", "GDS"]), st.integers(0, 1)), min_size=1)):
            extract = found.setdefault((sender, first + timedelta(days=number)), [])
            extract.extend({**told, "host": host, "path": path} for host, path in walked)
    return found


def delivered(found: Extracts, seed: int) -> list[CleanedFrame]:
    """The frames of these extracts, their order and that of their rows shuffled."""
    frames = [framed(sender, day, some) for (sender, day), some in found.items()]
    shuffled = [
        CleanedFrame(one.sender, one.day, one.frame.sample(fraction=1, shuffle=True, seed=seed)) for one in frames
    ]
    random.Random(seed).shuffle(shuffled)  # noqa: S311  # an order, no secret
    return shuffled


def cut(found: Extracts, by: str, seed: int) -> tuple[Estate, list[Segment]]:
    """The estate of these extracts and its segments."""
    estate = estate_of(delivered(found, seed), by=by)
    with estate.pinned() as reading:
        return estate, reading.segments("joined", Period(date(2019, 1, 1), date(2021, 1, 1)))


@lru_cache(maxsize=4096)
def owner(page: tuple[str, str], tags: str | None, day: date) -> tuple[int, int, str | None]:
    """What the register says of a page."""
    row = {"host": page[0], "path": page[1], "document_type": None, "organisations": tags}
    asked = pl.DataFrame([row], {name: CLEANED[name] for name in row})
    found = own_pages(asked, day).row(0, named=True)
    return found["owner_then"], found["owner_now"], found["service"]


class Expected:
    """What a segment of a period must hold, counted from all rows; where it is of a day, those that were `over` by it."""

    def __init__(self, found: Extracts, period: Period, terms: set[str] | None, over: date | None = None) -> None:
        self.extracts, self.period = found, period
        self.rows = plain.rows_of(found, register.sender_number)
        self.sessions = [one for one in plain.sessions(self.rows) if one.day in period and over in {None, one.over}]
        self.terms = plain.common_terms(self.sessions) if terms is None else terms
        tags = plain.said(self.sessions, "organisations")
        self.known = sums.Known(
            lambda page, one: owner(page, tags.get((page, one.day, one.over)), one.day),
            shares,
            register.pass_through_hosts,
        )
