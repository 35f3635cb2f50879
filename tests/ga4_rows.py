"""Files of Google Analytics told as short stories: GA4 events as newline JSON, gzip or Parquet, and UA sessions.

    story("v1.1: / > www.tax.service.gov.uk/pay +out https://www.example.com > /done")

A line is `[DAY] VISITOR.SESSION: STEP > STEP > ...`. A step is a page, 10 seconds after the one before or at `@SECONDS` from
9 o'clock in London, with events that follow it 1 second later each: `+search WORDS`, `+out ADDRESS`, `+download ADDRESS`,
`+error WORDS`, `+useful yes`, `+NAME` for any other event.
"""

import gzip
import io
import json
import re
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any, Final

import polars as pl

from data.intake import CleanedDay
from data.periods import LONDON

Event = dict[str, Any]
DAY: Final = date(2019, 10, 9)
STEP: Final = re.compile(r"(?P<page>[^+@]+?)(?: @(?P<at>\d+))?(?P<events>(?: \+[^+]+)*)")
WHOLE: Final = frozenset({"event_timestamp", "batch_event_index", "int_value"})
OF_EVENTS: Final = {
    "out": ("navigation", "link_url", {"outbound": "true"}),
    "search": ("search", "search_term", {}),
    "download": ("file_download", "link_url", {}),
    "error": ("form_error", "ui_text", {}),
    "useful": ("form_submit", "ui_text", {"section": "Is this page useful?"}),
}
VALUE: Final = pl.Struct(
    {"string_value": pl.String, "int_value": pl.Int64, "float_value": pl.Float64, "double_value": pl.Float64}
)
CAMPAIGN: Final = pl.Struct({"source": pl.String, "medium": pl.String})
_TABLE: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "event_date": pl.String,
    "event_timestamp": pl.Int64,
    "event_name": pl.String,
    "event_params": pl.List(pl.Struct({"key": pl.String, "value": VALUE})),
    "user_id": pl.String,
    "user_pseudo_id": pl.String,
    "privacy_info": pl.Struct({"analytics_storage": pl.String}),
    "device": pl.Struct({"category": pl.String, "web_info": pl.Struct({"hostname": pl.String})}),
    "geo": pl.Struct({"country": pl.String}),
    "traffic_source": CAMPAIGN,
    "collected_traffic_source": pl.Struct({"manual_source": pl.String, "manual_medium": pl.String}),
    "session_traffic_source_last_click": pl.Struct({"manual_campaign": CAMPAIGN}),
    "batch_event_index": pl.Int64,
}
TABLE: Final = pl.Schema(_TABLE)


def value(said: object) -> Event:
    """A parameter's value as the export has it: integers are JSON text."""
    if isinstance(said, int):
        return {"int_value": str(said)}
    return {"double_value": said} if isinstance(said, float) else {"string_value": said}


def event(name: str = "page_view", page: str = "https://www.gov.uk/a", **given: object) -> Event:
    """One event of visitor v in session 1 at 9 o'clock; `given` are parameters, or columns where their name is one."""
    found: Event = {
        "event_date": f"{DAY:%Y%m%d}",
        "event_timestamp": str(moment(DAY)),
        "event_name": name,
        "user_pseudo_id": "v",
        "device": {"category": "mobile", "web_info": {"hostname": "www.gov.uk"}},
        "geo": {"country": "United Kingdom"},
    }
    found |= {key: told for key, told in given.items() if key in TABLE}
    told = {"page_location": page, "ga_session_id": 1} | {key: one for key, one in given.items() if key not in TABLE}
    found["event_params"] = [{"key": key, "value": value(one)} for key, one in told.items() if one is not None]
    return {key: told for key, told in found.items() if told is not None}


def moment(day: date, seconds: float = 0) -> int:
    """Microseconds of this second from 9 o'clock in London on."""
    return int((datetime.combine(day, time(9), LONDON).timestamp() + seconds) * 1_000_000)


def story(*lines: str, day: date = DAY) -> list[Event]:
    """The events of these lines."""
    return [one for line in lines for one in _told(line, day)]


def _told(line: str, day: date) -> Iterable[Event]:
    who, _, steps = line.partition(": ")
    on, _, who = who.rpartition(" ")
    day = date.fromisoformat(on) if on else day
    visitor, _, session = who.rpartition(".")
    about: Event = {"event_date": f"{day:%Y%m%d}", "user_pseudo_id": visitor, "ga_session_id": int(session)}
    seconds = -10
    for step in steps.split(" > "):
        found = STEP.fullmatch(step)
        assert found, f"This isn't a step: {step}"
        seconds = int(found["at"]) if found["at"] else seconds + 10
        page = f"https://{'www.gov.uk' if found['page'].startswith('/') else ''}{found['page']}"
        yield event(page=page, event_timestamp=str(moment(day, seconds)), **about)
        for number, told in enumerate(filter(None, (found["events"] or "").split(" +")), 1):
            word, _, said = told.strip().partition(" ")
            name, parameter, more = OF_EVENTS.get(word, (word, "about", {}))
            at = str(moment(day, seconds + number))
            yield event(name, page, event_timestamp=at, **{parameter: said or None}, **more, **about)


def counts(one: CleanedDay) -> tuple[int, int, int, dict[str, int]]:
    """Lines read, kept, ignored and quarantined."""
    return one.read, one.kept, one.ignored, one.quarantined


def lines(events: Iterable[object]) -> bytes:
    """Newline JSON."""
    return b"".join(json.dumps(one, separators=(",", ":")).encode() + b"\n" for one in events)


def zipped(events: Iterable[object]) -> bytes:
    """Newline JSON, gzipped."""
    return gzip.compress(lines(events), mtime=0)


def parquet(events: Iterable[Event], schema: pl.Schema = TABLE) -> bytes:
    """The same rows as the export's Parquet has them: whole numbers are numbers there."""
    rows = [_numbers(one) for one in events]
    file = io.BytesIO()
    pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema, orient="row").write_parquet(file)
    return file.getvalue()


def _numbers(told: Any) -> Any:
    """The same with numbers for the text that JSON has them in."""
    if isinstance(told, list):
        return [_numbers(one) for one in told]
    if not isinstance(told, dict):
        return told
    return {key: int(one) if key in WHOLE and isinstance(one, str) else _numbers(one) for key, one in told.items()}


def ua(*hits: Event, **given: Any) -> Event:
    """One session of visitor v at 9 o'clock with these hits, numbered, 10 seconds after each other."""
    numbered = [{"hitNumber": str(n), "time": str(10_000 * (n - 1)), **hit} for n, hit in enumerate(hits, 1)]
    session = {
        "visitorId": None,
        "visitNumber": "1",
        "visitId": "1570608000",
        "visitStartTime": str(moment(DAY) // 1_000_000),
        "date": f"{DAY:%Y%m%d}",
        "totals": {"visits": "1", "hits": str(len(hits))},
        "trafficSource": {"source": "google", "medium": "organic"},
        "device": {"deviceCategory": "desktop"},
        "geoNetwork": {"country": "France"},
        "fullVisitorId": "v",
        "channelGrouping": "Organic Search",
        "hits": numbered,
    }
    return {name: told for name, told in (session | given).items() if told is not None}


def shown(path: str, host: str = "www.gov.uk", dimensions: dict[int, str] | None = None, **given: Any) -> Event:
    """A page hit; `given` are fields of its page."""
    page = {"pagePath": path, "hostname": host, "pageTitle": f"Title of {path}", **given}
    custom = [{"index": str(index), "value": one} for index, one in (dimensions or {}).items()]
    return {"type": "PAGE", "page": page, "customDimensions": custom}


def told(category: str, action: str = "", label: str = "", path: str = "/a") -> Event:
    """An event hit on a page of www.gov.uk."""
    info = {"eventCategory": category, "eventAction": action, "eventLabel": label}
    return {"type": "EVENT", "page": {"pagePath": path, "hostname": "www.gov.uk"}, "eventInfo": info}
