"""Estates in memory from stories: one line a session, and random ones.

    estate("HMRC s1 (v1) [mobile, social, FR]: /apply @10 > /apply/name +search tax code > www.tax.service.gov.uk/done !404")

A line is `[DAY] SENDER SESSION [(VISITOR)] [[DEVICE, CHANNEL, COUNTRY]] [xN]: STEP > STEP > ...`:

- SENDER is a department's short name (or GDS) and sends the rows; www.gov.uk pages are tagged as that department's, unless
  a page has a prefix of its own: `DWP:/universal-credit`. In "Home Office" the blank may be a dash. Lines of the same
  session add up to one session; two senders may tell parts of it.
- SESSION `-` means that there is no session id: the visitor's rows are cut into sessions by gaps.
- A page starts with `/` (www.gov.uk) or a host. `(not shared)` is a mark. `!404` is the status.
- `@90` is the second after the line's start (09:00 London of the day, or `DAY 23:50`); without it a page comes 10
  seconds after the one before. `@90.5` has a fraction.
- `+download NAME`, `+search WORDS`, `+out HOST`, `+error NAME`, `+useful_yes`, `+useful_no` follow a page, 1 second later each
  (`@` moves them too); as a step of their own (`> +search tax`) they stand alone.
- `xN` makes it a sequence without times that stands for N sessions.

Everything goes through `data.segment.build`, as real extracts do.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Final

import duckdb
import polars as pl

from data import segment
from data.contract import CHANNELS, CLEANED, DEVICES
from data.periods import LONDON, Period, whole_month
from data.register import register
from data.segment import CleanedFrame, Totals
from data.store import Estate, Segment

DAY: Final = date(2019, 10, 1)
LINE: Final = re.compile(
    r"(?:(?P<day>\d{4}-\d\d-\d\d)(?: (?P<clock>\d\d:\d\d))? )?(?P<sender>[\w-]+) (?P<session>[\w-]+)"
    r"(?: \((?P<visitor>\w+)\))?(?: \[(?P<told>[^\]]*)\])?(?: x(?P<times>\d+))?: (?P<steps>.*)"
)
EVENTS: Final = {"out": "outbound"}
SEED: Final = 1


@dataclass
class Teller:
    """Turns lines into rows; keeps where each session's clock stands."""

    day: date
    rows: dict[tuple[str, date], list[dict[str, object]]] = field(default_factory=dict)

    def tell(self, line: str) -> None:
        found = LINE.fullmatch(" ".join(line.split()))
        assert found, f"This line isn't a story: {line}"
        day = date.fromisoformat(found["day"]) if found["day"] else self.day
        sender = found["sender"].replace("-", " ")
        start = datetime.combine(day, time.fromisoformat(found["clock"] or "09:00"), LONDON)
        told = _told(found["told"])
        common: dict[str, object] = {
            "times": int(found["times"] or 0),
            "told": told,
            "tag": sender,
            "day": day,
            "session": None if found["session"] == "-" else found["session"],
            "visitor": found["visitor"],
        }
        seconds = -10.0
        rows = self.rows.setdefault((sender, day), [])
        for step in found["steps"].split(" > "):
            seconds = _step(step.strip(), seconds, start, common, rows)


def _told(text: str | None) -> dict[str, str]:
    told = {"device": "desktop", "channel": "direct", "country": "United Kingdom"}
    for word in (text or "").split(","):
        value = word.strip()
        name = "device" if value in DEVICES else "channel" if value in CHANNELS else "country"
        told |= {name: value} if value else {}
    return told


def _step(
    step: str, seconds: float, start: datetime, common: dict[str, object], rows: list[dict[str, object]]
) -> float:
    """Add the rows of one step (a page and the events after it); gives the second of the last."""
    page, *events = re.split(r"(?:^| )\+", step)
    if page.strip():
        told = re.fullmatch(r"(.*?)(?: @([\d.]+))?(?: !(\d+))?", page.strip())
        assert told
        seconds = float(told[2]) if told[2] else seconds + 10
        rows.append(
            _row(start, seconds, common) | _page(told[1], str(common["tag"])) | {"status": told[3] and int(told[3])}
        )
    for event in events:
        told = re.fullmatch(r"(\w+)(?: (.*?))?(?: @([\d.]+))?", event.strip())
        assert told, f"This isn't an event: {event}"
        seconds = float(told[3]) if told[3] else seconds + 1
        rows.append(_row(start, seconds, common) | {"kind": EVENTS.get(told[1], told[1]), "value": told[2]})
    return seconds


def _page(text: str, tag: str) -> dict[str, object]:
    if text == "(not shared)":
        return {"kind": "not_shared"}
    prefixed = re.fullmatch(r"(?:([\w-]+):)?([^/]*)(/.*)", text)
    assert prefixed, f"This isn't a page: {text}"
    owner = (prefixed[1] or tag).replace("-", " ")
    tagged = None if prefixed[2] or owner == "GDS" else f"<{register.department(owner).code}>"
    host = prefixed[2] or "www.gov.uk"
    return {
        "kind": "page_view",
        "host": host,
        "path": prefixed[3],
        "organisations": tagged,
        "title": f"Title of {prefixed[3]}",
    }


def _row(start: datetime, seconds: float, common: dict[str, object]) -> dict[str, object]:
    moment = (start + timedelta(seconds=seconds)).astimezone(LONDON)
    told, times = common["told"], int(str(common["times"]))
    assert isinstance(told, dict)
    row: dict[str, object] = {**told, "time": None if times else moment, "occurrences": times or 1, "order": 0}
    for name in ("session", "visitor"):
        row |= pseudonyms(name, common[name], moment.date())
    return row


def pseudonyms(name: str, known: object, day: date) -> dict[str, object]:
    """The pseudonym under the month of the day and, in its first two days, under the month before; null for none."""
    before = pseudonym(name, known, day - timedelta(days=2)) if day.day <= 2 else None
    return {name: pseudonym(name, known, day), f"{name}_before": before}


def pseudonym(name: str, known: object, day: date) -> bytes | None:
    """A stand-in for the keyed hash of the real thing."""
    return hashlib.sha256(f"{day:%Y-%m} {name} {known}".encode()).digest()[:16] if known is not None else None


def cleaned(*lines: str, day: date = DAY) -> list[CleanedFrame]:
    """The cleaned frames of these stories, one for each sender and day."""
    teller = Teller(day)
    for line in lines:
        teller.tell(line)
    return [framed(sender, on, rows) for (sender, on), rows in teller.rows.items()]


def framed(sender: str, day: date, rows: Sequence[dict[str, object]]) -> CleanedFrame:
    """Rows as one cleaned frame, numbered from 1; columns that a row doesn't have are null."""
    columns = {name: [row.get(name) for row in rows] for name in CLEANED}
    columns["row"] = list(range(1, len(rows) + 1))
    strict = pl.Schema({**CLEANED, "time": pl.Datetime("us", "Europe/London")})
    frame = pl.DataFrame(columns, strict).with_columns(pl.col("time").dt.convert_time_zone("UTC"))
    return CleanedFrame(register.sender_number(sender), day, frame)


def estate(*lines: str, day: date = DAY, account: str = "joined", by: str = "day") -> Estate:
    """An estate in memory that holds these stories.

    `by`: "day" makes a segment of each London day and one of the month's visitors, "month" one of each month.
    """
    return estate_of(cleaned(*lines, day=day), account=account, by=by)


def estate_of(frames: Sequence[CleanedFrame], account: str = "joined", by: str = "day") -> Estate:
    """An estate of cleaned frames; `by` as in `estate`, or "mixture": the first month by month, the others by day."""
    days = sorted({day for one in frames for day in _days(one)})
    months = sorted({whole_month(day) for day in days})
    parts: list[tuple[Segment, object]] = []
    for number, month in enumerate(months):
        whole = by == "month" or (by == "mixture" and not number)
        named = partial(_part, frames, account)
        parts += [named("month", month)] if whole else [named("day", Period(day, day)) for day in days if day in month]
        parts += [] if whole else [named("visitors", month)]
    return Estate.in_memory(parts)


def _days(one: CleanedFrame) -> set[date]:
    """The London days of its rows."""
    days = one.frame["time"].dt.convert_time_zone("Europe/London").dt.date().fill_null(one.day)
    return set(days.unique())


def _part(frames: Sequence[CleanedFrame], account: str, kind: str, period: Period) -> tuple[Segment, object]:
    name = f"{account}_{kind}_{period.first:%Y%m%d}"
    return Segment(name, account, period.first, period.last, kind=kind), partial(_fill, frames, kind, period)


def _fill(
    frames: Sequence[CleanedFrame], kind: str, period: Period, into: duckdb.DuckDBPyConnection, name: str
) -> Totals:
    into.execute(f'use "{name}"')
    if kind == "visitors":
        return segment.build_visitors(frames, period, into, seed=SEED)
    terms = segment.common_terms(frames, whole_month(period.first))
    return segment.build(frames, period, into, terms=terms, seed=SEED)
