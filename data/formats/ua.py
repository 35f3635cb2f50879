"""`ua`, the BigQuery export of Universal Analytics: one session a line of JSON, its hits nested.

A session is a visitor's visit: the part of it after a midnight, which has a line of its own in the next day's file, goes on
with the same session. Hits that aren't pages or events on one that we keep are ignored; a line with none left counts as ignored.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final

import polars as pl

from data.contract import KINDS
from data.intake import arrivals, columns
from data.intake.batches import RAW, Batch, Batches
from data.intake.coded import Coded
from data.intake.known import NONE, Known, Row, told
from data.intake.objects import Days, Object, Reader, Shape
from data.intake.singles import FIRST_MOMENT, LAST_MOMENT, Single, day, filled, identified, text, whole_number
from data.intake.source import Source

NAME: Final = "ua"
KIND: Final = "events"
SUFFIXES: Final = (".json", ".jsonl", ".ndjson", ".parquet")
TIMED: Final = True


class Dimension(Object, frozen=True, rename="camel"):
    """A custom dimension."""

    index: Single = None
    value: Single = None


class Page(Object, frozen=True, rename="camel"):
    """What was shown."""

    page_path: Single = None
    hostname: Single = None
    page_title: Single = None
    search_keyword: Single = None


class Told(Object, frozen=True, rename="camel"):
    """What a site says of an event."""

    event_category: Single = None
    event_action: Single = None
    event_label: Single = None


class Hit(Object, frozen=True, rename="camel"):
    """A page, or an event on one."""

    hit_number: Single = None
    time: Single = None
    type: Single = None
    referer: Single = None
    page: Page | None = None
    event_info: Told | None = None
    custom_dimensions: list[Dimension] | None = None


class Traffic(Object, frozen=True, rename="camel"):
    """What a session came from."""

    source: Single = None
    medium: Single = None
    is_true_direct: Single | bool = None


class Device(Object, frozen=True, rename="camel"):
    """What somebody used."""

    device_category: Single = None


class Network(Object, frozen=True, rename="camel"):
    """Where somebody was."""

    country: Single = None


class Session(Object, frozen=True, rename="camel"):
    """A line of the file."""

    visit_id: Single = None
    visit_start_time: Single = None
    date: Single = None
    traffic_source: Traffic | None = None
    device: Device | None = None
    geo_network: Network | None = None
    custom_dimensions: list[Dimension] | None = None
    hits: list[Hit] | None = None
    full_visitor_id: Single = None
    channel_grouping: Single = None
    user_id: Any = None


OTHERS: Final = (
    "visitorId", "visitNumber", "totals", "clientId", "socialEngagementType", "privacyInfo", "privacy_info",
)  # fmt: skip
SHAPE: Final = Shape(Session, OTHERS, ("fullVisitorId", "visitId", "visitStartTime", "hits"))
COLUMNS: Final = frozenset(map(columns.plain, SHAPE.names))

VISIT: Final = ("day", "session", "visitor", "device", "channel", "country")
DEED: Final = ("kind", "value")
PAGE: Final = ("page", "title", "status", "document_type", "content_id", "organisations")
SECOND, MILLISECOND = 1_000_000, 1_000  # microseconds
FIRST_SECOND, LAST_SECOND = FIRST_MOMENT // SECOND, LAST_MOMENT // SECOND
LONGEST_SESSION: Final = 7 * 24 * 3_600 * 1_000  # milliseconds: more than any session takes
LAST_HIT: Final = 1 << 30
STATUSES: Final = (100, 599)
DOCUMENT_TYPE, CONTENT_ID, ORGANISATIONS, STATUS = READ = 2, 4, 9, 15  # custom dimensions
MOST_DIMENSION: Final = 1_000
NO_PAGE: Final = Page()

PAGE_VIEW, SEARCH, OUTBOUND, DOWNLOAD, ERROR, YES, NO = (
    KINDS.index(kind)
    for kind in ("page_view", "search", "outbound", "download", "error", "useful_yes", "useful_no")
)  # fmt: skip
# What sites call their events; Universal Analytics has no names of its own for them. The first that is found counts.
CATEGORIES: Final = {
    OUTBOUND: re.compile(r"external ?link|outbound|start ?button|start ?now", re.IGNORECASE),
    DOWNLOAD: re.compile(r"download", re.IGNORECASE),
    ERROR: re.compile(r"^user ?alerts?\b|error", re.IGNORECASE),
    YES: re.compile(r"yesno ?feedback|useful|^on ?site ?feedback", re.IGNORECASE),
}
ANSWER: Final = re.compile(r"(?:^|\bff|[^a-z])(yes|no)(?:$|[^a-z]|click)", re.IGNORECASE)


Dimensions = tuple[tuple[int, Single], ...]  # number and value of those that are read


def read(source: Source) -> Batches:
    """One row for each hit that is kept, and one for each search; those of a session are of one line."""
    sessions = Sessions(Reader(source, SHAPE))
    return Batches(sessions.reader.names.others, sessions.batches(), sessions.ignored, sessions.completed)


class Sessions:
    """The sessions of one file."""

    def __init__(self, reader: Reader) -> None:
        self.reader, self.ignored = reader, Days()
        self.visits, self.deeds, self.pages = Known(VISIT, tuple), Known(DEED, _deed), Known(PAGE, _page)

    def batches(self) -> Iterator[Batch]:
        """The rows of the hits that are kept: moments, and the numbers of what they say."""
        numbers = dict.fromkeys(("visits", "deeds", "pages"), pl.UInt32())
        return self.reader.batches({"time": RAW["time"], "order": RAW["order"], **numbers}, self.rows)

    def rows(self, line: int, session: Session) -> Row:
        """The rows of a session's hits. Raises `Broken`, and `Refused` for an identity."""
        if filled(session.user_id):
            raise identified("userId")
        on = day(text(session.date))
        start = whole_number(session.visit_start_time, FIRST_SECOND, LAST_SECOND)
        hits = sorted(map(_placed, session.hits or ()), key=itemgetter(0, 1))
        visit = self.visits.add((on, *_about(session, hits[0][2] if hits else None)))
        general = dimensions(session.custom_dimensions)
        rows: Row = ()
        term = None
        for after, number, hit in hits:
            at = None if start is None else start * SECOND + after * MILLISECOND
            asked = text(hit.page.search_keyword) if hit.type == "PAGE" and hit.page else None
            on_page = hit.type == "PAGE" or (hit.page and text(hit.page.page_path))  # events sent by a server have none
            deed = self.deeds[hit.type, hit.event_info] if on_page else NONE
            if asked and asked != term:  # started from the page before; further pages of results are no search
                rows += line, at, 2 * number, visit, self.deeds["", asked], self._page(hit, general)
            if deed != NONE:
                rows += line, at, 2 * number + 1, visit, deed, self._page(hit, general)
            term = asked if hit.type == "PAGE" else term
        self.ignored[on] += 0 if rows else 1
        return rows

    def _page(self, hit: Hit, general: Dimensions) -> int:
        shown = hit.page or NO_PAGE
        return self.pages[shown.page_path, shown.hostname, shown.page_title, general, dimensions(hit.custom_dimensions)]

    def completed(self, whole: Coded) -> Coded:
        """The rows with everything that their numbers stand for."""
        return told(whole, {"visits": self.visits.table, "deeds": self.deeds.table, "pages": self.pages.table})


def _placed(hit: Hit) -> tuple[int, int, Hit]:
    """Milliseconds from the session's start, the number among its hits, and the hit."""
    return whole_number(hit.time, 0, LONGEST_SESSION) or 0, whole_number(hit.hit_number, 0, LAST_HIT) or 0, hit


def _deed(sent: tuple[Single, Told | str | None]) -> Row | None:
    """Type and event, or what was searched for -> columns of DEED; none where it is of no use to us."""
    kind, event = sent
    if isinstance(event, str):
        return SEARCH, event
    if kind == "PAGE":
        return PAGE_VIEW, None
    return _event(event) if kind == "EVENT" and event else None


def _event(event: Told) -> Row | None:
    """Of an event the place in KINDS, and the address clicked out to or the name of the file or of the error."""
    category, action, label = map(text, (event.event_category, event.event_action, event.event_label))
    kind = next((kind for kind, words in CATEGORIES.items() if words.search(category or "")), None)
    if kind == YES:
        answers = (ANSWER.search(said or "") for said in (action, label))
        answer = next((found[1].lower() for found in answers if found), None)
        return None if answer is None else (YES if answer == "yes" else NO, None)
    if kind == OUTBOUND:
        return kind, next((one for one in (action, label) if arrivals.host_of(one)), action)
    if kind == DOWNLOAD:
        return kind, _file(action or label or "")
    return None if kind is None else (kind, label or action)


def _file(address: str) -> str | None:
    """The name of a file without its folders."""
    return address.partition("?")[0].partition("#")[0].rstrip("/").rpartition("/")[2] or None


def _page(sent: tuple[Single, Single, Single, Dimensions, Dimensions]) -> Row:
    """What a hit says of its page, those of its dimensions before those of its session -> columns of PAGE."""
    path, host, title = map(text, sent[:3])
    known = {number: said for of in sent[3:] for number, said in _last(of).items() if said is not None}
    return (
        f"{host}{path}" if host and path and path.startswith("/") else path,  # else it has a host of its own
        title,
        whole_number(known.get(STATUS), *STATUSES),
        known.get(DOCUMENT_TYPE),
        known.get(CONTENT_ID),
        known.get(ORGANISATIONS),
    )


def _last(sent: Dimensions) -> dict[int, str | None]:
    """Of dimensions that come twice the last counts, even where it is empty."""
    return {number: text(value) for number, value in sent}


def dimensions(sent: Sequence[Dimension] | None) -> Dimensions:
    """The custom dimensions that are read. Raises `Broken`."""
    return tuple((number, one.value) for one in sent or () if (number := _number(one.index)) in READ)


@lru_cache(maxsize=4_096, typed=True)
def _number(index: Single) -> int | None:
    return whole_number(index, 0, MOST_DIMENSION)


def _about(session: Session, first: Hit | None) -> Row:
    """What the session says of all its hits: the columns of VISIT after the day."""
    visitor, visit = text(session.full_visitor_id), whole_number(session.visit_id)
    return (
        f"{visitor}-{visit}" if visitor and visit is not None else None,
        visitor,
        text(session.device.device_category) if session.device else None,
        channel(session, first),
        text(session.geo_network.country) if session.geo_network else None,
    )


def channel(session: Session, first: Hit | None) -> str | None:
    """How the session began: by its source, else Google's grouping, else the first hit's referrer."""
    source = session.traffic_source or Traffic()
    if source.is_true_direct in {True, "true"}:
        return "direct"
    if found := arrivals.of_source(text(source.source), text(source.medium)) or text(session.channel_grouping):
        return found
    host = text(first.page.hostname) if first and first.page else None
    return arrivals.of_referrer(text(first.referer), f"//{host}") if first else None
