"""What a version says about itself: its segments, the cleaned days they were built from, and every count."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Final, Literal

from pydantic import TypeAdapter

from data.periods import Period

SCHEMA: Final = 4  # of the tables of a segment; readers accept this one and the one before

EVENTS: Final = "events"  # the kind of an extract that journeys are made of
Kind = Literal["day", "month", "visitors", "returns", "reports"]
REPORTS: Final = "page totals"  # how the kinds of reports begin


@dataclass(frozen=True)
class Stored:
    """An encrypted file under a random name that says nothing; `key` is its own key, wrapped by the estate key."""

    name: str
    sha256: str
    size: int  # bytes
    key: str


@dataclass(frozen=True)
class Segment:
    """One file of tables: an account's day, its month once that is past restatement, an open month's visitors, returns, or reports.

    `totals` are counts by name, such as `session.page_views`, taken when it was built; `key` is its data key, wrapped by
    the estate key; `made_of` is the fingerprint of what it was built from. Of a day, `aside` is what its month must know
    of it beside the tables; of a month's visitors, what was counted on which day. In memory there is neither file nor key, and `sha256` a random name.
    """

    name: str
    account: str
    first_day: date
    last_day: date
    sha256: str = ""
    kind: Kind = "day"
    size: int = 0  # bytes
    signature: str = ""  # inode, size and time of the file where it was hashed last
    key: str = ""
    made_of: str = ""
    month_made_of: str = ""  # the same of all segments of its month
    aside: Stored | None = None
    over: date | None = None  # of a day: by which its sessions are over, so it also holds late ones of the day before
    schema: int = SCHEMA
    totals: Mapping[str, int] = field(default_factory=dict)

    @property
    def period(self) -> Period:
        """The London days of its sessions."""
        return Period(self.first_day, self.last_day)

    @property
    def linked(self) -> date:
        """The day under which its open month tells of its visitors and search terms."""
        return self.over or self.first_day


@dataclass(frozen=True)
class Delivery:
    """One extract as it stands in a version; `read` = `kept` + `ignored` + the sum of `quarantined`."""

    account: str
    sender: str
    day: date  # that the sender declared
    kind: str
    format: str
    sha256: str  # of the file as it was sent
    read: int
    kept: int
    ignored: int
    quarantined: Mapping[str, int] = field(default_factory=dict)  # rows by rule
    dropped_unshared: Mapping[str, int] = field(default_factory=dict)  # rows by department; part of `ignored`
    ignored_columns: tuple[str, ...] = ()
    days: tuple[date, ...] = ()  # London days that its rows lie in
    parts: Mapping[str, Stored] = field(default_factory=dict)  # the cleaned day's files: rows, quarantined
    imported: datetime | None = None

    @property
    def slot(self) -> tuple[str, str, date, str]:
        """What a later extract must share to replace this one."""
        return self.account, self.sender, self.day, self.kind

    @property
    def has_journeys(self) -> bool:
        """Whether it holds page views and other events, not figures that services return or tools report."""
        return self.kind == EVENTS

    @property
    def figures(self) -> Kind | None:
        """The kind of segment that holds its figures; none where it holds journeys."""
        return None if self.has_journeys else "reports" if self.kind.startswith(REPORTS) else "returns"

    @property
    def period(self) -> Period:
        """The days that it is of: as many up to its day as the kind of a report tells, or that day alone."""
        length = int(self.kind.split()[-2]) if self.figures == "reports" else 1
        return Period(self.day - timedelta(length - 1), self.day)

    @property
    def source(self) -> tuple[object, ...]:
        """What a later extract must share as well to change nothing: the file, and what became of its rows."""
        counts = self.read, self.kept, self.ignored, dict(self.quarantined), dict(self.dropped_unshared)
        return self.slot, self.format, self.sha256, counts


@dataclass(frozen=True)
class Refusal:
    """A file that was turned away whole; `reason` is its code."""

    file: str  # its name as sent
    reason: str
    sha256: str
    account: str = ""
    sender: str = ""
    day: date | None = None  # on which it was turned away

    @property
    def key(self) -> tuple[str, ...]:
        """What is the same where the same file is sent again, for the same outcome."""
        return self.account, self.sender, self.sha256, self.reason


@dataclass(frozen=True)
class Brought:
    """What one version brought of one sender's extracts, against the version before it."""

    account: str
    sender: str
    new: int  # extracts of a day, account and kind that had none
    replaced: int
    withdrawn: int
    first_day: date  # that these extracts are of
    last_day: date


@dataclass(frozen=True)
class Total:
    """What an account held in one version, and by how much that differed from the version before."""

    account: str
    sessions: int
    page_views: int
    sessions_change: int
    page_views_change: int


@dataclass(frozen=True)
class Published:
    """What one version changed; `refused` counts the files that its import turned away."""

    version: int
    created: datetime
    brought: tuple[Brought, ...] = ()
    totals: tuple[Total, ...] = ()
    refused: int = 0


@dataclass(frozen=True)
class Manifest:
    """One version of the estate, whole. `previous` is the SHA-256 of the version before; "" for the first."""

    version: int
    created: datetime
    previous: str = ""
    segments: tuple[Segment, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    closed: tuple[tuple[str, str], ...] = ()  # (account, month) whose pseudonym key is destroyed
    refused: tuple[Refusal, ...] = ()  # each once, as long as refused files are kept
    demonstration: bool = False
    history: tuple[Published, ...] = ()  # this version and those before it, newest first

    @property
    def stored(self) -> list[Stored]:
        """The files of cleaned days, and those that days leave aside."""
        asides = [one.aside for one in self.segments if one.aside]
        return [*(part for one in self.deliveries for part in one.parts.values()), *asides]

    @cached_property
    def sent(self) -> dict[str, dict[date, frozenset[str]]]:
        """Of each account the days for which an extract of events is in, and who sent one."""
        found: dict[str, dict[date, set[str]]] = {}
        for one in (one for one in self.deliveries if one.has_journeys):
            found.setdefault(one.account, {}).setdefault(one.day, set()).add(one.sender)
        return {account: {day: frozenset(by) for day, by in days.items()} for account, days in found.items()}

    def days(self, account: str) -> frozenset[date]:
        """Days for which any extract of the account is in."""
        return frozenset(self.sent.get(account, {}))

    def senders(self, account: str, period: Period) -> frozenset[str]:
        """Short names of the senders with an extract of the account on a day of the period."""
        sent = self.sent.get(account, {})
        return frozenset[str]().union(*(by for day, by in sent.items() if day in period))

    def totals_only(self, account: str, period: Period) -> frozenset[str]:
        """Short names of the senders with reports of the account on days of the period, and with nothing to follow."""
        mine = (one for one in self._reports if one.account == account and one.day in period)
        return frozenset(one.sender for one in mine) - self.senders(account, period)

    @cached_property
    def _reports(self) -> tuple[Delivery, ...]:
        """The few extracts that are reports of totals."""
        return tuple(one for one in self.deliveries if one.figures == "reports")


_JSON: Final = TypeAdapter(Manifest)


def written(manifest: Manifest) -> bytes:
    """The manifest as JSON; the same manifest gives the same bytes."""
    return _JSON.dump_json(manifest)


def read(text: bytes) -> Manifest:
    """The manifest of `written`."""
    return _JSON.validate_json(text)
