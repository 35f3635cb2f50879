"""GA4 events read a second time, slowly and plainly, from the same bytes: what each line is, and the rows that are kept."""

import hashlib
import hmac
import json
from collections import Counter
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from tests.deliveries import key

Event = dict[str, Any]
CHANNELS = {"google": "search engine", "t.co": "social", "(direct)": "direct"}
REFERRERS = {"www.google.com": "search engine", "t.co": "social", "www.tax.service.gov.uk": "other government"}
KINDS = {"page_view": "page_view", "search": "search", "view_search_results": "search", "file_download": "download"}


class Read(NamedTuple):
    """Counts of the lines, and a row for each line kept."""

    read: int
    ignored: int
    quarantined: Counter[str]
    rows: list[tuple[Any, ...]]


def read(content: bytes) -> Read:
    """What a file of 9 October 2019 in the joined account holds."""
    ignored, quarantined = 0, Counter[str]()
    kept: list[tuple[int, Event]] = []
    sound: list[tuple[int, Event]] = []
    found = [(number, line) for number, line in enumerate(content.split(b"\n"), 1) if line.strip()]
    for number, line in found:
        event = parsed(line)
        rule = event if isinstance(event, str) else broken(event)
        if isinstance(event, str) or rule:
            quarantined[str(rule)] += 1
        elif (event.get("privacy_info") or {}).get("analytics_storage") == "No":
            ignored += 1
        else:
            sound.append((number, event))
            if kind(event) is None:
                ignored += 1
            elif event.get("user_pseudo_id") and parameter(event, "page_location"):
                kept.append((number, event))
            else:
                quarantined["null_key"] += 1
    return Read(len(found), ignored, quarantined, [row(number, event, sound) for number, event in kept])


def parsed(line: bytes) -> Event | str:
    """The line's object, or the rule that it breaks."""
    try:
        event = json.loads(line)
    except UnicodeDecodeError:
        return "not_utf8"
    except ValueError:
        return "bad_json"
    return event if isinstance(event, dict) else "wrong_type"


def broken(event: Event) -> str | None:
    """The rule that an event breaks whatever it is about."""
    if (event.get("privacy_info") or {}).get("analytics_storage") == "No":
        return None
    for said in (event["event_timestamp"], parameter(event, "ga_session_id")):
        if said is not None and not str(said).isdigit():
            return "not_integer"
    if int(event["event_timestamp"]) < 10**15:
        return "range"
    return None


def parameter(event: Event, name: str) -> Any:
    """A parameter's value; the last of that name, whichever kind it has."""
    found = None
    for one in event.get("event_params") or []:
        if one["key"] == name:
            known = [said for said in (one.get("value") or {}).values() if said not in (None, "")]
            found = known[0] if known else None
    return found


def kind(event: Event) -> str | None:
    """Our word for an event, none for one that is ignored."""
    if event["event_name"] == "navigation":
        return "outbound" if parameter(event, "outbound") == "true" else None
    if event["event_name"] == "form_submit":
        return {"Yes": "useful_yes", "No": "useful_no"}.get(parameter(event, "ui_text"))
    return KINDS.get(event["event_name"])


def session(event: Event) -> str | None:
    """Visitor and number, where both are known."""
    visitor, number = event.get("user_pseudo_id"), parameter(event, "ga_session_id")
    return f"{visitor}.{int(number)}" if visitor and number is not None else None


def channel(wanted: str, sound: list[tuple[int, Event]]) -> str | None:
    """How a session began: its first last click, else what the events of its first moment say."""
    events = [(int(one["event_timestamp"]), int(one.get("batch_event_index") or 0), number, one)
              for number, one in sound if session(one) == wanted]  # fmt: skip
    events.sort(key=lambda one: one[:3])
    for *_, one in events:
        clicked = (one.get("session_traffic_source_last_click") or {}).get("manual_campaign") or {}
        if clicked.get("source"):
            return CHANNELS[clicked["source"]]
    first = [one for at, *_, one in events if at == events[0][0]]
    for one in first:
        if parameter(one, "source"):
            return CHANNELS[parameter(one, "source")]
    told = [referred(one) for one in first]
    return next((one for one in told if one not in {"direct", None}), told[0])


def referred(event: Event) -> str | None:
    """The channel that an event's referrer tells."""
    if not parameter(event, "page_referrer"):
        return "direct"
    host = urlsplit(parameter(event, "page_referrer")).hostname
    at = urlsplit(parameter(event, "page_location") or "").hostname
    return None if host == at else REFERRERS[str(host)]


def row(number: int, event: Event, sound: list[tuple[int, Event]]) -> tuple[Any, ...]:
    """Row, time, order, kind, host, path, channel, pseudonym of the session and value, as the contract has them."""
    page, who = urlsplit(parameter(event, "page_location")), session(event)
    of_kind = {"search": "search_term", "outbound": "link_url", "download": "link_url"}
    value = parameter(event, of_kind.get(str(kind(event)), "")) or ""
    if kind(event) == "outbound":
        value = urlsplit(value).hostname or ""
    if kind(event) == "download":
        value = value.split("/")[-1]
    return (
        number,
        int(event["event_timestamp"]),
        int(event.get("batch_event_index") or 0),
        kind(event),
        page.hostname,
        page.path,
        channel(who, sound) if who else None,
        hmac.new(key("joined", "2019-10"), who.encode(), hashlib.sha256).digest()[:16] if who else None,
        value or None,
    )
