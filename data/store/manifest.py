"""What a version says about itself: its segments, the cleaned days they were built from, and every count."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal

from pydantic import TypeAdapter

from data.periods import Period

SCHEMA: Final = 1  # of the tables of a segment; readers accept this one and the one before

Kind = Literal["day", "month", "visitors"]


@dataclass(frozen=True)
class Segment:
    """One file of tables: an account's day, its closed month, or the visitors of its open month.

    `name` is random and says nothing; `totals` are counts by name, such as `session.page_views`, taken when the
    segment was built; `key` is its data key, wrapped by the estate key. In memory neither file nor key exists.
    """

    name: str
    account: str
    first_day: date
    last_day: date
    sha256: str = ""
    kind: Kind = "day"
    size: int = 0  # bytes
    signature: str = ""  # inode and times of the file where it was last hashed
    key: str = ""
    made_of: str = ""  # fingerprint of the cleaned days and the register it was built from
    schema: int = SCHEMA
    totals: Mapping[str, int] = field(default_factory=dict)

    @property
    def period(self) -> Period:
        """The London days of its sessions."""
        return Period(self.first_day, self.last_day)


@dataclass(frozen=True)
class Delivery:
    """One extract as it stands in a version; `read` = `kept` + `ignored` + the sum of `quarantined`."""

    account: str
    sender: str
    day: date
    kind: str
    format: str
    sha256: str  # of the file as it was sent
    read: int
    kept: int
    ignored: int
    quarantined: Mapping[str, int] = field(default_factory=dict)  # rows by rule
    dropped_unshared: Mapping[str, int] = field(default_factory=dict)  # rows by department; part of `ignored`
    ignored_columns: tuple[str, ...] = ()
    file: str = ""  # the cleaned day, a random name
    digest: str = ""  # SHA-256 of that file
    content: str = ""  # fingerprint of what the file holds
    imported: datetime | None = None

    @property
    def slot(self) -> tuple[str, str, date, str]:
        """What a later extract must share to replace this one."""
        return self.account, self.sender, self.day, self.kind


@dataclass(frozen=True)
class Manifest:
    """One version of the estate, whole. `previous` is the SHA-256 of the version before; "" for the first."""

    version: int
    created: datetime
    previous: str = ""
    segments: tuple[Segment, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    closed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # months by account, such as 2019-10
    demonstration: bool = False

    def days(self, account: str) -> frozenset[date]:
        """Days for which any extract of the account is in."""
        return frozenset(one.day for one in self.deliveries if one.account == account)

    def senders(self, account: str, period: Period) -> frozenset[str]:
        """Short names of the senders with an extract of the account on a day of the period."""
        return frozenset(one.sender for one in self.deliveries if one.account == account and one.day in period)


_JSON: Final = TypeAdapter(Manifest)


def written(manifest: Manifest) -> bytes:
    """The manifest as JSON; the same manifest gives the same bytes."""
    return _JSON.dump_json(manifest)


def read(text: bytes) -> Manifest:
    """The manifest of `written`."""
    return _JSON.validate_json(text)
