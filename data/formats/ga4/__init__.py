"""`ga4`, the BigQuery export of Google Analytics 4: one event a line of JSON, or a row of Parquet, nested.

An event's time is that of the batch it was sent in; within one the place in the batch tells the order. What is no page
view, search, click out, download, error or answer on usefulness is ignored and counted, as is an event of somebody who
didn't accept cookies. How a session began is told by all its events, ignored ones too.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

import polars as pl
from msgspec.structs import asdict

from data.formats.ga4.parameters import (
    BEGAN,
    EVENTS,
    PAGE,
    Parameters,
    began,
    last_click,
    page_of,
    parameters_of,
    telling,
    visit_of,
)
from data.formats.ga4.shape import SHAPE, Event, Value
from data.intake import columns
from data.intake.batches import RAW, Batch, Batches
from data.intake.coded import Coded
from data.intake.known import NONE, Known, Row, told
from data.intake.objects import Day, Days, Names, Reader
from data.intake.singles import FIRST_MOMENT, LAST_MOMENT, Broken, Single, filled, identified, text, whole_number
from data.intake.singles import day as day_of
from data.intake.source import Source

NAME: Final = "ga4"
KIND: Final = "events"
SUFFIXES: Final = (".json", ".jsonl", ".ndjson", ".parquet")
TIMED: Final = True
COLUMNS: Final = frozenset(map(columns.plain, SHAPE.names))

LAST_INDEX: Final = (1 << 32) - 1
NEVER, EVER = -1, LAST_MOMENT + 1  # no moment is before NEVER, each before EVER

Arrival = tuple[Any, ...]  # what an event tells of how its session began: the lower, the better; the channel at its end
UNTOLD: Final[Arrival] = (2, None)


def read(source: Source) -> Batches:
    """One row for each event that is kept."""
    events = Events(Reader(source, SHAPE))
    return Batches(events.reader.names.others, events.batches(), events.ignored, events.completed)


class Events:
    """The events of one file, and what is known of its sessions from all of them."""

    def __init__(self, reader: Reader) -> None:
        self.reader, self.parameters, self.ignored = reader, Names(set()), Days()
        self.pages = Known(PAGE, page_of)
        self.devices = Known(("day", "device", "country"), self._device)
        self.visits = Known(("visitor", "session"), self._visit, spelled=visit_of)
        self.days: list[Day] = []  # of each of `devices`
        self.begun: list[int] = []  # of each of `visits` the moment that tells best how it began
        self.arrivals: list[Arrival] = []  # of each of `visits` the best

    def batches(self) -> Iterator[Batch]:
        """The rows of the events that are kept: moments, and the numbers of what they say."""
        numbers = dict.fromkeys(("visits", "pages", "devices"), pl.UInt32())
        return self.reader.batches({"time": RAW["time"], "order": RAW["order"], **numbers}, self.rows)

    def rows(self, line: int, event: Event) -> Row:
        """The row of an event, or none. Raises `Broken`, and `Refused` for an identity."""
        parameters = parameters_of(event)
        if event.user_id is not None or event.user_properties or not self.parameters.met.issuperset(parameters):
            self._refuse_identities(event, parameters)
        used, where = event.device, event.geo
        device = self.devices[event.event_date, used and used.category, where and where.country]
        if event.privacy_info and event.privacy_info.analytics_storage == "No":
            return self._none(device)
        at = whole_number(event.event_timestamp, FIRST_MOMENT, LAST_MOMENT)
        order = _order(event.batch_event_index)
        session = parameters.get("ga_session_id")
        visit = self.visits[event.user_pseudo_id, (isinstance(session, Value) and session.int_value) or session]
        if at is not None and (at <= self.begun[visit] or event.session_traffic_source_last_click):
            self._arrived(visit, event, parameters, (at, order, line))
        name = event.event_name
        if not name:
            raise Broken("null_key")
        if name not in EVENTS:
            return self._none(device)
        web = used.web_info if used else None
        page = self.pages[telling(name, web.hostname if web else None, parameters)]
        return self._none(device) if page == NONE else (line, at, order, visit, page, device)

    def _none(self, device: int) -> Row:
        self.ignored[self.days[device]] += 1
        return ()

    def _refuse_identities(self, event: Event, parameters: Parameters) -> None:
        """Raises `Refused` for a parameter or a property of identity that is filled."""
        if filled(event.user_id):
            raise identified("user_id")
        given = [*parameters.items(), *((one.key, one.value) for one in event.user_properties or ())]
        self.parameters.meet(
            name for name, value in given if filled(asdict(value) if isinstance(value, Value) else value)
        )

    def _device(self, sent: tuple[Single, Single, Single]) -> Row:
        day, category, country = sent
        self.days.append(day_of(text(day)))
        return self.days[-1], text(category), text(country)

    def _visit(self, sent: tuple[str | None, str | None]) -> Row:
        self.begun.append(NEVER if sent[1] is None else EVER)
        self.arrivals.append(UNTOLD)
        return sent

    def _arrived(self, visit: int, event: Event, parameters: Parameters, place: tuple[int, int, int]) -> None:
        """Remember how the session began, where this event tells it better than those before it in the file.

        The session's own last click comes first, then what its first moment says: a source, else a referrer.
        """
        known, (at, order, line) = self.arrivals[visit], place
        if self.begun[visit] == NEVER or known < (0, at):
            return
        clicked = event.session_traffic_source_last_click
        if clicked and (channel := last_click(clicked)):
            told_by: Arrival = (0, at, 0, order, line, channel)
        elif known < (1, at):
            return
        else:
            channel, rank = began(event.collected_traffic_source, *map(parameters.get, BEGAN))
            told_by = (1, at, rank, order, line, channel)
        if told_by < known:
            self.begun[visit], self.arrivals[visit] = at, told_by

    def completed(self, whole: Coded) -> Coded:
        """The rows with everything that their numbers stand for."""
        channels = pl.Series("channel", [arrival[-1] for arrival in self.arrivals], pl.String)
        visits = self.visits.table.with_columns(channels, session=pl.col("visitor") + "." + pl.col("session"))
        return told(whole, {"visits": visits, "pages": self.pages.table, "devices": self.devices.table})


@lru_cache(maxsize=4_096, typed=True)
def _order(index: Single) -> int:
    return whole_number(index, 0, LAST_INDEX) or 0
