"""What the register holds: one frozen record a fact.

Days are Europe/London days, both ends included; no last day means that the fact still holds. A `doubt` says in a
sentence what isn't certain about a fact.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from data.periods import Period

NO_OWNER: Final = 0  # the number of "No owner"
PLATFORM: Final = "GOV.UK (GDS)"  # the row of www.gov.uk itself
PLATFORM_SENDER: Final = "GDS"  # the name under which GDS sends, which needs no memorandum for its own data
PLATFORM_HOST: Final = "www.gov.uk"

Purpose = Literal["site", "service", "sign-in", "payment"]


def holds(day: date, first_day: date | None, last_day: date | None) -> bool:
    """Whether a fact with these ends, both included and either of them open, holds on the day."""
    return (first_day is None or first_day <= day) and (last_day is None or day <= last_day)


@dataclass(frozen=True)
class Department:
    """A legal body that signs memorandums and owns pages; departments.toml says what each field means."""

    number: int
    short: str
    name: str
    codes: tuple[str, ...]
    slugs: tuple[str, ...]
    first_day: date
    last_day: date | None = None
    successors: tuple[str, ...] = ()
    later_name: str = ""
    also: tuple[str, ...] = ()
    away: tuple[Period, ...] = ()
    partner: bool = False
    doubt: str = ""

    @property
    def code(self) -> str:
        """The newest of its GOV.UK codes, opaque text."""
        return self.codes[-1]

    def exists(self, day: date) -> bool:
        """Whether the body bears this name on the day."""
        return holds(day, self.first_day, self.last_day) and not any(day in away for away in self.away)


@dataclass(frozen=True)
class Move:
    """From this day on, an organisation belongs to another department."""

    first_day: date
    department: str


@dataclass(frozen=True)
class Organisation:
    """A body below a department, as GOV.UK tags pages with it; `parent` is "" where no department answers for it."""

    code: str
    slug: str
    short: str
    name: str
    kind: str
    parent: str = ""
    moves: tuple[Move, ...] = ()
    first_day: date | None = None
    last_day: date | None = None
    successor: str = ""  # the code of the body that took it over
    doubt: str = ""

    def parent_on(self, day: date) -> str:
        """The short name of the department that it belonged to on the day, or ""."""
        return next((move.department for move in reversed(self.moves) if move.first_day <= day), self.parent)


@dataclass(frozen=True)
class Host:
    """A host name with its department and exactly one sender in each account that holds it."""

    number: int
    host: str
    department: str  # the one it was registered under; `Register.department_of_host` gives that of a day
    agency: str | None = None  # an organisation's code
    senders: Mapping[str, str] = field(default_factory=dict, hash=False)
    services: tuple[str, ...] = ()  # slugs
    purpose: Purpose = "service"
    first_day: date | None = None
    last_day: date | None = None
    doubt: str = ""


@dataclass(frozen=True)
class ServiceStep:
    """A step that most people of a service go through, and the pages that show it."""

    name: str
    pages: tuple[str, ...]


@dataclass(frozen=True)
class Service:
    """Pages that people go through to get one thing done. Pages and patterns are in the form host/path.

    A pattern is an exact page, or ends in `/**` and stands for everything below.
    """

    number: int
    slug: str
    name: str
    department: str
    host: str
    patterns: tuple[str, ...]
    start_pages: tuple[str, ...]
    end_pages: tuple[str, ...] = ()
    steps: tuple[ServiceStep, ...] = ()  # that are known, between start and end, in their order
    no_start_because: str = ""
    no_end_because: str = ""
    agency: str | None = None  # an organisation's code
    first_day: date | None = None
    last_day: date | None = None
    doubt: str = ""

    @property
    def pages(self) -> tuple[str, ...]:
        """Everything that belongs to it: start pages, patterns, end pages, each once."""
        return tuple(dict.fromkeys((*self.start_pages, *self.patterns, *self.end_pages)))


@dataclass(frozen=True)
class Topic:
    """A named set of pages across departments that everybody finds; topics.toml says what each field means."""

    slug: str
    name: str
    about: str
    pages: tuple[str, ...] = ()
    taxons: tuple[str, ...] = ()
    step_by_steps: tuple[str, ...] = ()
    document_types: tuple[str, ...] = ()
    first_day: date | None = None
    last_day: date | None = None
    doubt: str = ""


@dataclass(frozen=True)
class Agreement:
    """A memorandum of understanding with a department about its service data, signed or only sent.

    `passes` records the successors that took it over; where none is recorded it doesn't pass.
    """

    department: str
    sent: date
    signed: date | None = None
    ended: date | None = None
    passes: tuple[Move, ...] = ()
    purposes: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    retention_months: int = 13
    legal_basis: str = ""
    contact: str = ""
    doubt: str = ""

    def holder(self, day: date) -> str:
        """The short name of the department that is bound by it on the day."""
        return next((move.department for move in reversed(self.passes) if move.first_day <= day), self.department)

    def in_force(self, day: date) -> bool:
        """Whether it is signed on the day and hasn't ended before it."""
        return self.signed is not None and holds(day, self.signed, self.ended)


@dataclass(frozen=True)
class Account:
    """An analytics account; `whole` where service hosts are in it too."""

    name: str
    title: str
    about: str
    whole: bool


@dataclass(frozen=True)
class PathRule:
    """The owner of a path of www.gov.uk and of everything below it; department "" says that nobody owns it."""

    path: str
    department: str
    agency: str | None = None
    why: str = ""


@dataclass(frozen=True)
class Dated:
    """Something known that moves figures: a bank holiday, a deadline, an election."""

    first_day: date
    name: str
    kind: str
    last_day: date | None = None
    doubt: str = ""

    @property
    def period(self) -> Period:
        """Its days."""
        return Period(self.first_day, self.last_day or self.first_day)


@dataclass(frozen=True)
class Break:
    """From `day` on, these measures count something else: no change is computed across it."""

    day: date
    name: str
    why: str
    measures: tuple[str, ...]
    accounts: tuple[str, ...] = ()  # none named: every account
    doubt: str = ""

    def splits(self, measure: str, account: str, period: Period) -> bool:
        """Whether days of the period lie on both sides of it, for this measure of this account."""
        named = measure in self.measures and (not self.accounts or account in self.accounts)
        return named and period.first < self.day <= period.last
