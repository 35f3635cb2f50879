"""Estates in memory from stories, one line a session.

    estate("HMRC s1 (v1) [mobile, social, France]: /apply @10 > /apply/name +search tax code > www.tax.service.gov.uk/done !404")

A line is `[DAY [CLOCK]] SENDER SESSION [(VISITOR)] [[DEVICE, CHANNEL, COUNTRY]] [xN]: STEP > STEP > ...`:

- SENDER is a department's short name (or GDS) and sends the rows; www.gov.uk pages are tagged as that department's, unless
  a page has a prefix of its own: `DWP:/universal-credit`. In "Home Office" the blank is a dash. Lines of the same session
  add up to one session; two senders may tell parts of it.
- SESSION `-` means that there is no session id: the visitor's rows are cut into sessions by gaps.
- A page starts with `/` (www.gov.uk) or a host. `(not shared)` is a mark. `!404` is the status.
- `@90` is the second after the line's start (09:00 London time, or `2019-10-02 23:50`); without it a page comes 10 seconds
  after the one before. `@90.5` has a fraction.
- `+download NAME`, `+search WORDS`, `+out HOST`, `+error NAME`, `+useful_yes`, `+useful_no` follow a page, 1 second later each
  (`@` moves them too); as a step of their own (`+search tax > /a`) they stand alone.
- `xN` makes it a sequence without times that stands for N sessions.

Everything goes through `data.segment`, as real extracts do.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import duckdb
import polars as pl

from data import segment
from data.contract import CHANNELS, CLEANED, DEVICES
from data.periods import LONDON, Period, london_day, whole_month
from data.register import PLATFORM_SENDER, register
from data.segment import CleanedFrame
from data.store import Estate, Fill, Segment
from data.store.manifest import EVENTS, Delivery, Kind, Manifest
from data.store.plan import Month

Row = dict[str, object]  # a row of the contract, with the raw ids of session and visitor instead of pseudonyms
Extracts = dict[tuple[str, date], list[Row]]  # rows by sender and declared day

DAY: Final = date(2019, 10, 1)
LINE: Final = re.compile(
    r"(?:(?P<day>\d{4}-\d\d-\d\d)(?: (?P<clock>\d\d:\d\d))? )?(?P<sender>[\w-]+) (?P<session>[\w-]+)"
    r"(?: \((?P<visitor>\w+)\))?(?: \[(?P<about>[^\]]*)\])?(?: x(?P<times>\d+))?: (?P<steps>.*)"
)
SEED: Final = 1


def estate(*lines: str, day: date = DAY, account: str = "joined", by: str = "day") -> Estate:
    """An estate in memory that holds these stories; lines without a day are of `day`.

    `by`: "day" makes a segment of each London day and one of the month's visitors, "month" one of each month.
    """
    return estate_of(cleaned(*lines, day=day), account=account, by=by)


def cleaned(*lines: str, day: date = DAY) -> list[CleanedFrame]:
    """The cleaned frames of these stories, one for each sender and day."""
    extracts: Extracts = {}
    for line in lines:
        _tell(line, day, extracts)
    return [framed(sender, on, rows) for (sender, on), rows in extracts.items()]


def estate_of(
    frames: Sequence[CleanedFrame], account: str = "joined", by: str = "day", *, listed: bool = False
) -> Estate:
    """An estate of cleaned frames; `by` as in `estate`, or "mixture": the first month by month, the others by day.

    "days" is as "day", but the days of a month are taken from its sessions, found once. With `listed` the extracts are
    listed, as they are in files; else every day of a segment counts as one with data.
    """
    days = sorted({day for one in frames for day in _days(one)})
    parts: list[tuple[Segment, Fill]] = []
    for number, month in enumerate(sorted({whole_month(day) for day in days})):
        if by == "month" or (by == "mixture" and not number):
            parts.append((_segment(account, "month", month), _whole(frames, month)))
        else:
            parts += _days_apart(frames, account, [day for day in days if day in month], at_once=by == "days")
    return Estate.in_memory(parts, manifest=_listing(frames, account) if listed else None)


def _listing(frames: Sequence[CleanedFrame], account: str) -> Manifest:
    """A version that lists an extract for each frame."""
    names = register.department_names | {register.sender_number(PLATFORM_SENDER): PLATFORM_SENDER}
    deliveries = [
        Delivery(account, names[one.sender], one.day, EVENTS, "hits", "", one.frame.height, one.frame.height, 0)
        for one in frames
    ]
    return Manifest(1, datetime(2020, 11, 1, tzinfo=LONDON), demonstration=True, deliveries=tuple(deliveries))


def framed(sender: str, day: date, rows: Sequence[Row]) -> CleanedFrame:
    """Rows as one cleaned frame, numbered from 1 where they have no number; what a row doesn't have is null."""
    known = [{"row": number, **row, **_pseudonyms(row, day)} for number, row in enumerate(rows, 1)]
    columns = {name: [row.get(name) for row in known] for name in CLEANED}
    return CleanedFrame(register.sender_number(sender), day, pl.DataFrame(columns, CLEANED))


def _pseudonyms(row: Mapping[str, object], day: date) -> Row:
    """Session and visitor under the month of the row's day and, in its first two days, under the month before."""
    moment = row.get("time")
    on = london_day(moment) if isinstance(moment, datetime) else day
    before = on - timedelta(days=2)
    found: Row = {}
    for name in ("session", "visitor"):
        found[name] = _pseudonym(name, row.get(name), on)
        found[f"{name}_before"] = _pseudonym(name, row.get(name), before) if before.month != on.month else None
    return found


def _pseudonym(name: str, known: object, day: date) -> bytes | None:
    """A stand-in for the keyed hash of the real thing."""
    return hashlib.sha256(f"{day:%Y-%m} {name} {known}".encode()).digest()[:16] if known is not None else None


def _days(one: CleanedFrame) -> set[date]:
    """The London days of its rows."""
    return {london_day(moment) if moment else one.day for moment in one.frame["time"]}


def _near(frames: Sequence[CleanedFrame], period: Period) -> list[CleanedFrame]:
    """The frames as they are read for a period: of those without rows of it only what may go with its sessions."""
    inside = [one for one in frames if any(day in period for day in _days(one))]

    def near(one: CleanedFrame) -> CleanedFrame:
        joining = segment.joining(inside, segment.nearest(one.day, period))
        return replace(one, frame=one.frame.filter(joining))

    return [one if any(day in period for day in _days(one)) else near(one) for one in frames]


def _segment(account: str, kind: Kind, period: Period, over: date | None = None) -> Segment:
    name = f"{account}_{kind}_{period.first:%Y%m%d}_{over.day if over else 0}"
    return Segment(name, account, period.first, period.last, kind=kind, over=over)


def _whole(frames: Sequence[CleanedFrame], month: Period) -> Fill:
    """What fills the segment of a month."""

    def fill(into: duckdb.DuckDBPyConnection, name: str) -> object:
        into.execute(f'use "{name}"')
        return segment.build(frames, month, into, seed=SEED)

    return fill


def _days_apart(
    frames: Sequence[CleanedFrame], account: str, days: Sequence[date], *, at_once: bool
) -> list[tuple[Segment, Fill]]:
    """The segments of the sessions over by each day of a month and, last, the one of its visitors."""
    month, asides = whole_month(days[0]), list[tuple[date, segment.Aside]]()
    whole = segment.sessions(frames, month)
    parts = Month(account, month, merged=False, days=tuple(days), deliveries=())

    def filling(over: date) -> Fill:
        def fill(into: duckdb.DuckDBPyConnection, name: str) -> object:
            into.execute(f'use "{name}"')
            near = parts.sessions(Period(over, over))
            found = whole if at_once else segment.sessions(_near(frames, near), near)
            others = [one for _, one in asides]
            totals, aside = segment.build_day(found, over, into, others=others, seed=SEED)
            asides.append((over, segment.Aside.unpacked(aside.packed())))
            return totals

        return fill

    def visitors(into: duckdb.DuckDBPyConnection, name: str) -> object:
        into.execute(f'use "{name}"')
        segment.build_visitors(asides, into)
        return None

    every = [(_segment(account, "day", parts.day(over).period, over), filling(over)) for over in parts.overs]
    return [*every, (_segment(account, "visitors", month), visitors)]


def _tell(line: str, day: date, extracts: Extracts) -> None:
    """Add the rows of a line to the extract of its sender and day."""
    found = LINE.fullmatch(" ".join(line.split()))
    assert found, f"This line isn't a story: {line}"
    on = date.fromisoformat(found["day"]) if found["day"] else day
    start = datetime.combine(on, time.fromisoformat(found["clock"] or "09:00"), LONDON)
    sender, times = found["sender"].replace("-", " "), int(found["times"] or 0)
    known: Row = {"visitor": found["visitor"], "occurrences": times or 1, "order": 0, **_about(found["about"])}
    known["session"] = None if found["session"] == "-" else found["session"]
    rows = extracts.setdefault((sender, on), [])
    seconds = -10.0
    for step in found["steps"].split(" > "):
        for row in _step(step.strip(), seconds, sender):
            seconds = float(str(row.pop("seconds")))
            moment = start.astimezone(UTC) + timedelta(seconds=seconds)
            rows.append({**known, "time": None if times else moment, **row})


def _about(text: str | None) -> Row:
    about: Row = {"device": "desktop", "channel": "direct", "country": "United Kingdom"}
    for value in filter(None, map(str.strip, (text or "").split(","))):
        about["device" if value in DEVICES else "channel" if value in CHANNELS else "country"] = value
    return about


def _step(step: str, seconds: float, sender: str) -> list[Row]:
    """The rows of one step, a page and the events after it; `seconds` are those of the row before."""
    page, *events = re.split(r"(?:^| )\+", step)
    rows: list[Row] = []
    if page.strip():
        found = re.fullmatch(r"(.*?)(?: @([\d.]+))?(?: !(\d+))?", page.strip())
        assert found, f"This isn't a page: {page}"
        seconds = float(found[2]) if found[2] else seconds + 10
        rows.append({**_page(found[1], sender), "seconds": seconds, "status": int(found[3]) if found[3] else None})
    for event in events:
        found = re.fullmatch(r"(\w+)(?: (.*?))?(?: @([\d.]+))?", event.strip())
        assert found, f"This isn't an event: {event}"
        seconds = float(found[3]) if found[3] else seconds + 1
        kind = "outbound" if found[1] == "out" else found[1]
        rows.append({"kind": kind, "value": found[2], "seconds": seconds})
    return rows


def _page(text: str, sender: str) -> Row:
    if text == "(not shared)":
        return {"kind": "not_shared"}
    found = re.fullmatch(r"(?:([\w-]+):)?([^/]*)(/.*)", text)
    assert found, f"This isn't a page: {text}"
    owner, host, path = (found[1] or sender).replace("-", " "), found[2] or "www.gov.uk", found[3]
    tags = None if found[2] or owner == "GDS" else f"<{register.department(owner).code}>"
    return {"kind": "page_view", "host": host, "path": path, "organisations": tags, "title": f"Title of {path}"}
