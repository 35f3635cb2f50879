"""The register as one frozen object: look-ups by name, and what held on a day."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Final, TypeVar

from data import errors
from data.register import files
from data.register.days import Calendar
from data.register.records import (
    NO_OWNER,
    PLATFORM,
    PLATFORM_SENDER,
    Account,
    Agreement,
    Department,
    Host,
    Organisation,
    PathRule,
    Service,
    Topic,
    holds,
)

Named = TypeVar("Named")
ANSWERS: Final = 1 << 16  # of who answered for what on which day, that are kept


@dataclass(frozen=True, eq=False)
class Register:
    """Departments, the bodies below them, hosts, services, memorandums and accounts. Nothing in it changes."""

    known_to: date  # the last day that structures are recorded for: the "now" of "as now"
    departments: tuple[Department, ...]
    organisations: tuple[Organisation, ...]
    accounts: Mapping[str, Account]
    services: Mapping[str, Service]  # by slug
    hosts: Mapping[str, Host]  # by name
    agreements: tuple[Agreement, ...]
    path_rules: tuple[PathRule, ...]
    calendar: Calendar
    topics: tuple[Topic, ...]
    fingerprint: str  # of the files it was read from

    @cached_property
    def department_names(self) -> dict[int, str]:
        """Short names by number, "No owner" under 0 among them."""
        return {NO_OWNER: "No owner", **{department.number: department.short for department in self.departments}}

    @cached_property
    def _departments(self) -> dict[str, Department]:
        return {_typed(department.short): department for department in self.departments}

    @cached_property
    def _organisations(self) -> dict[str, Organisation]:
        return {organisation.code: organisation for organisation in self.organisations}

    def department(self, short: str) -> Department:
        """The department of this short name, in any case, with or without dashes. Raises `UnknownDepartment`."""
        if found := self._departments.get(_typed(short)):
            return found
        raise errors.UnknownDepartment(
            f"No department is called {short[:60]!r}", self._type_one(self._shorts), "department"
        )

    def named(self, typed: str) -> Department:
        """The department that a file of others means by a short or full name. Raises `UnknownDepartment`."""
        return self._named_departments.get(_typed(typed)) or self.department(typed)

    @cached_property
    def _named_departments(self) -> dict[str, Department]:
        """By every name; of two with the same, the first."""
        return {
            _typed(name): one
            for one in reversed(self.departments)
            for name in (one.name, one.later_name, *one.also)
            if name and _typed(name) not in self._departments
        }

    def number(self, short: str) -> int:
        """The number of a department, 0 for "". Raises `UnknownDepartment`."""
        return self.department(short).number if short else NO_OWNER

    def organisation(self, code: str) -> Organisation | None:
        """The body below a department with this GOV.UK code, or none."""
        return self._organisations.get(code)

    def account(self, name: str) -> Account:
        """The account of this name. Raises `BadRequest`."""
        return self._named(self.accounts, name, "account")

    def service(self, slug: str) -> Service:
        """The service of this slug. Raises `BadRequest`."""
        return self._named(self.services, slug, "service")

    def host(self, host: str) -> Host | None:
        """The host of this name, or none where the register doesn't hold it."""
        return self.hosts.get(host.lower())

    def sender(self, typed: str) -> str:
        """The sender meant by a typed name or a folder's name: GDS, or a department. Raises `UnknownDepartment`."""
        if _typed(typed) in {_typed(PLATFORM_SENDER), _typed(PLATFORM)}:
            return PLATFORM_SENDER
        return self.department(typed).short

    def sender_number(self, sender: str) -> int:
        """The number that orders views of one session with equal times by who sent them. Raises `UnknownDepartment`."""
        return self.department(PLATFORM if sender == PLATFORM_SENDER else sender).number

    @cached_property
    def pass_through_hosts(self) -> frozenset[str]:
        """Hosts that journeys pass through on their way: sign-in and payment."""
        return frozenset(host.host for host in self.hosts.values() if host.purpose in {"sign-in", "payment"})

    def department_on(self, short: str, agency: str | None, day: date) -> str:
        """Who answered on the day for what is registered under a department and, maybe, an agency's code.

        A body follows its own moves, a closed one those of its successor; a department's heir is its first successor.
        A department that didn't exist yet on the day stands as it is: a tag is believed. "" stays "".
        """
        return self._answering(short, agency, day)

    @cached_property
    def _answering(self) -> Callable[[str, str | None, date], str]:
        """The same, kept: an import asks for each host and day, and every extract for those of its own."""
        return lru_cache(maxsize=ANSWERS)(self._answers)

    def _answers(self, short: str, agency: str | None, day: date) -> str:
        organisation = self.organisation(agency or "")
        while organisation and organisation.successor and not holds(day, None, organisation.last_day):
            organisation = self.organisation(organisation.successor)
        return self._heir(organisation.parent_on(day) if organisation else short, day)

    def _heir(self, short: str, day: date) -> str:
        while short and not (department := self.department(short)).exists(day):
            if day < department.first_day or not department.successors:
                return short
            short = department.successors[0]
        return short

    def as_now(self, short: str, agency: str | None = None) -> str:
        """The successor today of a department and, maybe, of an agency below it, as far as the register knows."""
        return self.department_on(short, agency, self.known_to)

    def department_of_host(self, host: str, day: date) -> str:
        """The department that answers for a host on the day, or "" for a host that the register doesn't hold."""
        found = self.host(host)
        return self.department_on(found.department, found.agency, day) if found else ""

    def partners(self, day: date) -> tuple[str, ...]:
        """Short names of the departments of the day that have been asked to share, in the register's order."""
        return tuple(one.short for one in self.departments if one.partner and one.exists(day))

    def agreement(self, short: str, day: date) -> Agreement | None:
        """The memorandum that binds the department on the day, signed or only sent, or none."""
        bound = (one for one in self.agreements if one.sent <= day and one.holder(day) == short)
        return next((one for one in bound if holds(day, None, one.ended)), None)

    def agreement_in_force(self, short: str, day: date) -> Agreement | None:
        """The memorandum that is signed, not ended and held by the department on the day, or none."""
        found = self.agreement(short, day)
        return found if found and found.in_force(day) else None

    def sharing(self, day: date) -> frozenset[str]:
        """Short names of the departments with a memorandum in force on the day."""
        return frozenset(one.holder(day) for one in self.agreements if one.in_force(day))

    def shared(self, host: str, day: date) -> bool:
        """Whether rows of the host may be kept on the day: GDS's own, or under a memorandum in force."""
        department = self.department_of_host(host, day)
        return department == PLATFORM or department in self.sharing(day)

    def sender_of(self, account: str, host: str, day: date) -> str | None:
        """The one sender of a host in an account on the day; none where the account lacks the host. `shared` asks for the memorandum."""
        found = self.host(host)
        if found is None or account not in found.senders or not holds(day, found.first_day, found.last_day):
            return None
        sender = found.senders[account]
        return sender if sender == PLATFORM_SENDER else self.department_on(found.department, found.agency, day)

    @property
    def _shorts(self) -> list[str]:
        return [department.short for department in self.departments]

    def _named(self, among: Mapping[str, Named], name: str, field: str) -> Named:
        if name in among:
            return among[name]
        raise errors.BadRequest(f"No {field} is called {name[:60]!r}", self._type_one(among), field)

    @staticmethod
    def _type_one(names: Iterable[str]) -> str:
        return f"Type one of {', '.join(names)}"


def read() -> Register:
    """The register as its files say. Raises pydantic's error for a value that doesn't fit."""
    accounts = files.records(Account, files.table("accounts")["account"])
    services = files.services()
    hosts = files.hosts(services, tuple(account.name for account in accounts))
    return Register(
        known_to=files.table("departments")["known_to"],
        departments=files.departments(),
        organisations=files.organisations(),
        accounts={account.name: account for account in accounts},
        services={service.slug: service for service in services},
        hosts={host.host: host for host in hosts},
        agreements=files.agreements(),
        path_rules=files.records(PathRule, files.table("ownership")["rule"]),
        calendar=Calendar.read(),
        topics=files.records(Topic, files.table("topics")["topic"]),
        fingerprint=files.fingerprint(),
    )


def _typed(name: str) -> str:
    return name.casefold().replace("-", " ").strip()
