"""`ga4`, the BigQuery export of Google Analytics 4: one event a line of JSON, or a row of Parquet, nested.

An event's time is that of the batch it was sent in; within one the place in the batch tells the order. What is no page
view, search, click out, download, error or answer on usefulness is ignored and counted, as is an event of somebody who
didn't accept cookies. How a session began is told by all its events, ignored ones too.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, Final

import polars as pl

from data.contract import KINDS
from data.formats import Batch, Batches
from data.intake import arrivals, columns, objects
from data.intake.coded import Coded
from data.intake.objects import (
    LONGEST_NOTHING,
    NOTHING,
    Broken,
    Days,
    Names,
    Object,
    Row,
    Shape,
    text,
    uncut,
    whole_number,
)
from data.intake.source import Source

NAME: Final = "ga4"
KIND: Final = "events"
SUFFIXES: Final = (".json", ".jsonl", ".ndjson", ".parquet")
TIMED: Final = True

READ: Final = (
    "event_date", "event_timestamp", "event_name", "event_params", "user_pseudo_id", "user_id", "user_properties",
    "privacy_info", "device", "geo", "collected_traffic_source", "session_traffic_source_last_click", "batch_event_index",
)  # fmt: skip
NOT_READ: Final = (
    "event_previous_timestamp", "event_value_in_usd", "event_bundle_sequence_id", "event_server_timestamp_offset",
    "user_first_touch_timestamp", "user_ltv", "app_info", "traffic_source", "stream_id", "platform", "event_dimensions",
    "ecommerce", "items", "is_active_user", "batch_page_id", "batch_ordering_id", "publisher",
)  # fmt: skip
SHAPE: Final = Shape(READ, NOT_READ, ("event_name", "event_timestamp", "event_params"))
COLUMNS: Final = frozenset(map(columns.plain, (*READ, *NOT_READ)))
FIELDS: Final = (
    "time", "day", "order", "kind", "status", "session", "visitor", "page", "title", "device", "country", "value",
    "document_type", "content_id", "taxon", "step_by_step", "organisations",
)  # fmt: skip
OF_A_PAGE: Final = (
    "page_title", "document_type", "content_id", "taxonomy_main", "step_navs", "primary_publishing_organisation",
    "organisations",
)  # fmt: skip
LAST_INDEX: Final = (1 << 32) - 1
NUMBERS: Final = ("int_value", "float_value", "double_value")
LONGEST_PARAMETER, LONGEST_ADDRESS = 500, 1_000  # characters, where they are cut
STATUSES: Final = (100, 599)
USEFULNESS: Final = {"yes": KINDS.index("useful_yes"), "no": KINDS.index("useful_no")}

Parameters = dict[str, Any]
Decides = tuple[int, ...]  # the lower, the better an event tells how its session began


def read(source: Source) -> Batches:
    """One row for each event that is kept."""
    events = Events(objects.names(source, SHAPE, ["user_id"]))
    batches: Iterator[Batch] = objects.batches(source, SHAPE, FIELDS, events.rows)
    return Batches(events.names.others, batches, events.ignored, events.completed)


def said(parameters: Parameters, name: str) -> str | None:
    """The value of a parameter as text, whichever of its kinds it was sent as."""
    value = parameters.get(name)
    if not value:
        return None
    found: str | None = value.get("string_value")
    if type(found) is str and LONGEST_NOTHING < len(found) < LONGEST_PARAMETER:
        return found  # as nearly always, sooner
    if type(found) is not str or found in NOTHING:
        found = next((one for kind in NUMBERS if (one := text(value.get(kind))) is not None), text(found))
    if found and len(found) >= LONGEST_PARAMETER and name not in ADDRESSES:
        return uncut(found, LONGEST_PARAMETER, " ")
    return found


ADDRESSES: Final = {"page_location": LONGEST_ADDRESS, "page_referrer": LONGEST_PARAMETER, "link_url": LONGEST_PARAMETER}


def address(parameters: Parameters, name: str) -> str | None:
    """The address in a parameter, without the part that it was cut in."""
    return uncut(said(parameters, name), ADDRESSES[name], "/?&")


def _out(parameters: Parameters) -> str | None:
    return address(parameters, "link_url") or said(parameters, "link_domain")


def _file(parameters: Parameters) -> str | None:
    """The name of a file without its folders."""
    link = address(parameters, "link_url") or said(parameters, "file_name") or ""
    return link.partition("?")[0].partition("#")[0].rstrip("/").rpartition("/")[2] or None


def _error(parameters: Parameters) -> str | None:
    return said(parameters, "ui_text") or said(parameters, "section") or said(parameters, "type")


def _term(parameters: Parameters) -> str | None:
    return said(parameters, "search_term")


def _nothing(_: Parameters) -> None:
    return None


EVENTS: Final[dict[str, tuple[int, Callable[[Parameters], str | None]]]] = {
    "page_view": (KINDS.index("page_view"), _nothing),
    "search": (KINDS.index("search"), _term),
    "view_search_results": (KINDS.index("search"), _term),
    "navigation": (KINDS.index("outbound"), _out),
    "file_download": (KINDS.index("download"), _file),
    "form_error": (KINDS.index("error"), _error),
    "form_submit": (USEFULNESS["yes"], _nothing),
}


def kind_of(name: str | None, parameters: Parameters) -> int | None:
    """The place in KINDS of an event; none where it is of no use to us."""
    if name not in EVENTS:
        return None
    if name == "navigation" and (said(parameters, "outbound") or "").lower() != "true":
        return None
    if name == "form_submit":
        return USEFULNESS.get((said(parameters, "ui_text") or "").strip().lower())
    return EVENTS[name][0]


class Events:
    """The events of one file, and what is known of its sessions from all of them."""

    def __init__(self, names: Names) -> None:
        self.names, self.parameters = names, Names(set())
        self.ignored = Days()
        self.arrivals: dict[str, tuple[Decides, str | None]] = {}  # of each session: what decides, and the channel

    def rows(self, line: int, event: Object) -> Sequence[Row]:
        """The row of an event, or none. Raises `Broken`, and `Refused` for an identity."""
        parameters = self._parameters(event)
        day = objects.day(text(event.get("event_date")))
        privacy = event.get("privacy_info")
        if privacy and text(privacy.get("analytics_storage")) == "No":
            return self._none(day)
        at = whole_number(event.get("event_timestamp"), objects.FIRST_MOMENT, objects.LAST_MOMENT)
        order = whole_number(event.get("batch_event_index"), 0, LAST_INDEX) or 0
        visitor, number = text(event.get("user_pseudo_id")), whole_number(said(parameters, "ga_session_id"))
        session = f"{visitor}.{number}" if visitor and number is not None else None
        if session and at and (session not in self.arrivals or self.arrivals[session][0] > (0, at)):
            self._arrived(session, event, parameters, (at, order, line))
        name = text(event.get("event_name"))
        if name is None:
            raise Broken("null_key")
        kind = kind_of(name, parameters)
        if kind is None:
            return self._none(day)
        value = EVENTS[name][1](parameters)
        return ((at, day, order, kind, _status(parameters), session, visitor, *_about(event, parameters, value)),)

    def _none(self, day: date | None) -> Sequence[Row]:
        self.ignored[day] += 1
        return ()

    def _parameters(self, event: Object) -> Parameters:
        """The parameters by name. Raises `Refused` for a column, a parameter or a property of identity."""
        if not self.names.met.issuperset(event):
            self.names.meet(event.keys())
        if "user_id" in event and objects.filled(event["user_id"]):
            raise objects.identified("user_id")
        sent = event.get("event_params") or ()
        try:
            parameters = {one["key"]: one["value"] for one in sent}
        except KeyError:
            parameters = {one["key"]: one.get("value") for one in sent}
        if not self.parameters.met.issuperset(parameters):
            self._meet(parameters)
        if properties := event.get("user_properties"):
            self._meet({one["key"]: one.get("value") for one in properties})
        return parameters

    def _meet(self, parameters: Parameters) -> None:
        self.parameters.meet(name for name, value in parameters.items() if objects.filled(value))

    def _arrived(self, session: str, event: Object, parameters: Parameters, place: tuple[int, int, int]) -> None:
        """Remember how the session began, where this event tells it better than those before it in the file.

        The session's own last click comes first, then what its first moment says: a source, else a referrer.
        """
        known = self.arrivals.get(session)
        clicked = event.get("session_traffic_source_last_click")
        channel = last_click(clicked) if clicked else None
        decides: Decides = (int(channel is None), place[0])
        if known and known[0] < decides:
            return
        rank = 0
        if channel is None:
            channel, rank = began(event, parameters)
        decides = (*decides, rank, *place)
        if known is None or decides < known[0]:
            self.arrivals[session] = decides, channel

    def completed(self, whole: Coded) -> Coded:
        """The rows with the channel of their session."""
        if "session" not in whole.values:
            return whole
        told = [self.arrivals.get(one, ((), None))[1] for one in whole.values["session"]]
        channels = sorted({channel for channel in told if channel})
        places = {channel: place for place, channel in enumerate(channels)}
        numbers = pl.Series("channel", [places.get(channel or "") for channel in told], pl.UInt32)
        rows = whole.rows.with_columns(numbers.gather(whole.rows["session"]))
        return Coded(rows, whole.values | {"channel": pl.Series("channel", channels, pl.String)})


def _status(parameters: Parameters) -> int | None:
    if "status_code" not in parameters:
        return None
    sent = said(parameters, "status_code")
    return None if sent == "undefined" else whole_number(sent, *STATUSES)


def _about(event: Object, parameters: Parameters, value: str | None) -> Row:
    """The fields from `page` on."""
    device, geo = event.get("device") or {}, event.get("geo") or {}
    page = address(parameters, "page_location")
    if page and page.startswith("/") and not page.startswith("//") and (web := device.get("web_info")):
        page = (text(web.get("hostname")) or "") + page
    title, document_type, content, taxon, steps, primary, tags = [said(parameters, name) for name in OF_A_PAGE]
    tags = f"{primary}{tags or ''}" if primary else tags
    country, category = text(geo.get("country")), text(device.get("category"))
    return page, title, category, country, value, document_type, content, taxon, steps, tags


def last_click(clicked: Object) -> str | None:
    """The channel of a session's last click, in the words of the campaign or, without one, of Google's grouping."""
    campaign, cross = clicked.get("manual_campaign") or {}, clicked.get("cross_channel_campaign") or {}
    if any(text(value) for value in (clicked.get("google_ads_campaign") or {}).values()):
        return "paid"
    for one in (campaign, cross):
        if channel := arrivals.of_source(text(one.get("source")), text(one.get("medium"))):
            return channel
    return text(cross.get("default_channel_group"))


def began(event: Object, parameters: Parameters) -> tuple[str | None, int]:
    """The channel that an event tells by its source and medium (rank 1), else its referrer (2), else nothing (3)."""
    collected = event.get("collected_traffic_source") or {}
    if text(collected.get("gclid")):
        return "paid", 1
    for source, medium in (
        (said(parameters, "source"), said(parameters, "medium")),
        (text(collected.get("manual_source")), text(collected.get("manual_medium"))),
    ):
        if channel := arrivals.of_source(source, medium):
            return channel, 1
    channel = arrivals.of_referrer(address(parameters, "page_referrer"), address(parameters, "page_location"))
    return channel, 3 if channel in {None, "direct"} else 2
