"""`ua`, the BigQuery export of Universal Analytics: one session a line of JSON, its hits nested.

A session is a visitor's visit: the part of it after a midnight, which has a line of its own in the next day's file, goes on
with the same session. Hits that aren't pages or events that we keep are ignored; a line with none left counts as ignored.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from data.contract import KINDS
from data.formats import Batch, Batches
from data.intake import arrivals, columns, objects
from data.intake.objects import Days, Names, Object, Row, Shape, text, whole_number
from data.intake.source import Source

NAME: Final = "ua"
KIND: Final = "events"
SUFFIXES: Final = (".json", ".jsonl", ".ndjson", ".parquet")
TIMED: Final = True

READ: Final = (
    "visitId", "visitStartTime", "date", "trafficSource", "device", "geoNetwork", "customDimensions", "hits",
    "fullVisitorId", "channelGrouping", "userId",
)  # fmt: skip
NOT_READ: Final = (
    "visitorId",
    "visitNumber",
    "totals",
    "clientId",
    "socialEngagementType",
    "privacyInfo",
    "privacy_info",
)
SHAPE: Final = Shape(READ, NOT_READ, ("fullVisitorId", "visitId", "visitStartTime", "hits"))
COLUMNS: Final = frozenset(map(columns.plain, (*READ, *NOT_READ)))
FIELDS: Final = (
    "day", "session", "visitor", "device", "channel", "country",
    "time", "order", "kind", "value", "page", "title", "status", "document_type", "content_id", "organisations",
)  # fmt: skip
SECOND, MILLISECOND = 1_000_000, 1_000  # microseconds
LAST_SECOND: Final = objects.LAST_MOMENT // SECOND
LONGEST_SESSION: Final = 7 * 24 * 3_600 * 1_000  # milliseconds: more than any session takes
LAST_HIT: Final = 1 << 30
STATUSES: Final = (100, 599)
DOCUMENT_TYPE, CONTENT_ID, ORGANISATIONS, STATUS = 2, 4, 9, 15  # custom dimensions
MOST_DIMENSION: Final = 1_000

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

Dimensions = dict[int, str | None]


def read(source: Source) -> Batches:
    """One row for each hit that is kept, and one for each search; those of a session are of one line."""
    sessions = Sessions(objects.names(source, SHAPE, ["userId"]))
    batches: Iterator[Batch] = objects.batches(source, SHAPE, FIELDS, sessions.rows)
    return Batches(sessions.names.others, batches, sessions.ignored)


class Sessions:
    """The sessions of one file."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.ignored = Days()

    def rows(self, _: int, session: Object) -> Sequence[Row]:
        """The rows of a session's hits. Raises `Broken`, and `Refused` for an identity."""
        self.names.meet(session.keys())
        if objects.filled(session.get("userId")):
            raise objects.identified("userId")
        day = objects.day(text(session.get("date")))
        start = whole_number(session.get("visitStartTime"), objects.FIRST_MOMENT // SECOND, LAST_SECOND)
        hits = sorted(map(Hit, session.get("hits") or ()), key=lambda one: (one.after, one.number))
        about = (day, *_about(session, hits))
        of_session = dimensions(session)
        rows: list[Row] = []
        term = None
        for hit in hits:
            at = None if start is None else start * SECOND + hit.after * MILLISECOND
            if hit.term and hit.term != term:  # started from the page before; further pages of results are no search
                rows.append((*about, at, 2 * hit.number, SEARCH, hit.term, *hit.page(of_session)))
            term = hit.term if hit.is_page else term
            if (kind := hit.kind) is not None:
                rows.append((*about, at, 2 * hit.number + 1, kind, hit.value(kind), *hit.page(of_session)))
        self.ignored[day] += 0 if rows else 1
        return rows


class Hit:
    """One hit of a session: a page, or an event on one."""

    def __init__(self, hit: Object) -> None:
        self.hit = hit
        self.after = whole_number(hit.get("time"), 0, LONGEST_SESSION) or 0  # milliseconds from the session's start
        self.number = whole_number(hit.get("hitNumber"), 0, LAST_HIT) or 0
        self.event: Object = hit.get("eventInfo") or {}
        self.shown: Object = hit.get("page") or {}
        self.is_page = text(hit.get("type")) == "PAGE"

    @property
    def term(self) -> str | None:
        """What was searched for, on a page of results."""
        return text(self.shown.get("searchKeyword")) if self.is_page else None

    @property
    def kind(self) -> int | None:
        """The place in KINDS; none where the hit is of no use to us."""
        if self.is_page:
            return PAGE_VIEW
        if text(self.hit.get("type")) != "EVENT":
            return None
        category = text(self.event.get("eventCategory")) or ""
        found = next((kind for kind, words in CATEGORIES.items() if words.search(category)), None)
        return self._answer() if found == YES else found

    def _answer(self) -> int | None:
        for name in ("eventAction", "eventLabel"):
            if said := ANSWER.search(text(self.event.get(name)) or ""):
                return YES if said[1].lower() == "yes" else NO
        return None

    def value(self, kind: int) -> str | None:
        """The address clicked out to, the name of the file or of the error."""
        action, label = text(self.event.get("eventAction")), text(self.event.get("eventLabel"))
        if kind == OUTBOUND:
            return next((one for one in (action, label) if arrivals.host_of(one)), action)
        if kind == DOWNLOAD:
            return _file(action or label or "")
        return label or action if kind == ERROR else None

    def page(self, of_session: Dimensions) -> Row:
        """The fields from `page` on."""
        path, host = text(self.shown.get("pagePath")), text(self.shown.get("hostname"))
        known = of_session | dimensions(self.hit) if self.hit.get("customDimensions") else of_session
        return (
            f"{host}{path}" if host and path and path.startswith("/") else path,  # else it has a host of its own
            text(self.shown.get("pageTitle")),
            whole_number(known.get(STATUS), *STATUSES),
            known.get(DOCUMENT_TYPE),
            known.get(CONTENT_ID),
            known.get(ORGANISATIONS),
        )


def _file(address: str) -> str | None:
    """The name of a file without its folders."""
    return address.partition("?")[0].partition("#")[0].rstrip("/").rpartition("/")[2] or None


def dimensions(of: Object) -> Dimensions:
    """Custom dimensions by their number, those without a value left out."""
    sent = {
        whole_number(one.get("index"), 0, MOST_DIMENSION): text(one.get("value"))
        for one in of.get("customDimensions") or ()
    }
    return {number: value for number, value in sent.items() if number is not None and value is not None}


def _about(session: Object, hits: Sequence[Hit]) -> tuple[Any, ...]:
    """What the session says of all its hits: session, visitor, device, channel, country."""
    visitor, visit = text(session.get("fullVisitorId")), whole_number(session.get("visitId"))
    device, country = session.get("device") or {}, session.get("geoNetwork") or {}
    return (
        f"{visitor}-{visit}" if visitor and visit is not None else None,
        visitor,
        text(device.get("deviceCategory")),
        channel(session, hits),
        text(country.get("country")),
    )


def channel(session: Object, hits: Sequence[Hit]) -> str | None:
    """How the session began: by its source, else Google's grouping, else the first hit's referrer."""
    source = session.get("trafficSource") or {}
    if text(source.get("isTrueDirect")) == "true":
        return "direct"
    told = arrivals.of_source(text(source.get("source")), text(source.get("medium")))
    if told or (told := text(session.get("channelGrouping"))):
        return told
    first = hits[0] if hits else None
    host = text(first.shown.get("hostname")) if first else None
    return arrivals.of_referrer(text(first.hit.get("referer")), f"//{host}") if first else None
