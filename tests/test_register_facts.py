"""Every record of the register, of every kind, is whole and agrees with the others."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date

import pytest

from data import clean
from data.register import PLATFORM, PLATFORM_HOST, PLATFORM_SENDER, files, register
from data.register.records import Agreement, Department, Host, Organisation, Service

SEED = date(2019, 10, 1)  # the first day of the joined account
CODE = re.compile(r"[A-Z]{1,2}[0-9]{1,4}")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
CONTACT = re.compile(r"data-protection@[a-z]+\.example")
TODAY = register.known_to


def each(kind: Iterable[object]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("record", kind, ids=lambda record: getattr(record, "slug", "") or str(record)[:50])


def in_order(*days: date | None) -> bool:
    given = [day for day in days if day is not None]
    return given == sorted(given)


def twice(values: Iterable[object]) -> list[object]:
    return [value for value, count in Counter(values).items() if count > 1]


def under(department: str, agency: str | None) -> bool:
    """Whether a department, and an agency that belonged to it at the seed, are in the register."""
    body = register.organisation(agency or "")
    known = department in register.department_names.values()
    return known and (agency is None or (body is not None and body.parent == department))


def test_numbers_and_names_are_never_used_twice() -> None:
    for records in (register.departments, register.hosts.values(), register.services.values()):
        assert not twice(record.number for record in records)
    assert not twice(one.short.casefold() for one in register.departments)
    assert not twice(
        [one.slug for one in register.organisations] + [slug for one in register.departments for slug in one.slugs]
    )
    assert len(register.services) == len(files.services())
    assert len(register.hosts) == len(files.rows("hosts"))


def test_the_numbers_of_departments_are_those_they_were_given() -> None:
    given = {
        1: "BEIS",
        2: "Defra",
        3: "DfE",
        4: "DExEU",
        5: "DfT",
        6: "DHSC",
        7: "Home Office",
        8: "HMRC",
        9: "HM Treasury",
        10: "MHCLG",
        11: "MoD",
        12: "MoJ",
        13: "DFID",
        14: "FCO",
        15: "Cabinet Office",
        16: "DWP",
        17: "DCMS",
        18: "GOV.UK (GDS)",
        19: "FCDO",
        20: "DBT",
        21: "DESNZ",
        22: "DSIT",
        23: "DLUHC",
        24: "DIT",
    }
    assert given.items() <= register.department_names.items()


def test_a_code_names_one_body_or_successive_names_of_one() -> None:
    bodies = [one.code for one in register.organisations]
    named = [code for one in register.departments for code in one.codes]
    assert not twice(bodies)
    assert not set(bodies) & set(named)
    for code in twice(named):
        bearers = [one for one in register.departments if code in one.codes]
        for day in (SEED, date(2022, 1, 1), TODAY):
            assert sum(one.exists(day) for one in bearers) == 1


@each(register.departments)
def test_a_department_has_its_days_in_order_and_an_heir_that_exists_today(record: Department) -> None:
    assert 1 <= record.number <= 62
    assert all(CODE.fullmatch(code) for code in record.codes)
    assert all(SLUG.fullmatch(slug) for slug in record.slugs)
    assert in_order(record.first_day, record.last_day, TODAY)
    assert register.department(register.as_now(record.short)).exists(TODAY)
    assert bool(record.successors) == bool(record.last_day or record.away)
    for successor in record.successors:
        assert register.department(successor).first_day <= TODAY
    for away in record.away:
        assert register.department_on(record.short, None, away.first) in record.successors


@each(register.organisations)
def test_a_body_belongs_to_departments_that_existed_when_it_did(record: Organisation) -> None:
    assert CODE.fullmatch(record.code)
    assert SLUG.fullmatch(record.slug)
    assert in_order(record.first_day, record.last_day)
    assert record.parent == "" or register.department(record.parent).exists(SEED)
    assert in_order(*(move.first_day for move in record.moves))
    assert all(register.department(move.department).exists(move.first_day) for move in record.moves)
    assert register.organisation(record.successor) or not record.successor
    assert record.last_day or not record.successor


@each(register.hosts.values())
def test_a_host_has_a_department_and_one_sender_in_each_account_that_holds_it(record: Host) -> None:
    assert HOST.fullmatch(record.host)
    assert under(record.department, record.agency)
    assert in_order(record.first_day, record.last_day)
    sender = PLATFORM_SENDER if record.department == PLATFORM else record.department
    accounts = {"gds", "joined"} if record.host == PLATFORM_HOST else {"joined"}
    assert record.senders == dict.fromkeys(accounts, sender)


@each(register.services.values())
def test_a_service_has_pages_of_its_own_department_an_end_or_a_reason_for_having_none(record: Service) -> None:
    assert SLUG.fullmatch(record.slug)
    assert under(record.department, record.agency)
    assert in_order(record.first_day, record.last_day)
    assert bool(record.start_pages) != bool(record.no_start_because)
    assert bool(record.end_pages) != bool(record.no_end_because)
    assert record.patterns
    assert record.slug in register.hosts[record.host].services
    for page in record.pages:
        host = register.hosts[page.partition("/")[0]]
        assert host.host == PLATFORM_HOST or host.department == record.department
        exact = page.removesuffix("**")
        assert "*" not in exact
        assert "".join(clean.page(exact)).rstrip("/") == exact.rstrip("/"), "a page is written as cleaning leaves it"


def test_a_page_or_pattern_belongs_to_one_service() -> None:
    assert not twice(page for service in register.services.values() for page in service.pages)


def test_each_department_of_2019_has_a_service_or_a_reason() -> None:
    without = {row["department"] for row in files.table("services")["without_service"]}
    served = {service.department for service in register.services.values()}
    assert served & without == set()
    assert set(register.partners(SEED)) == (served | without) & set(register.partners(SEED))


@each(register.agreements)
def test_a_memorandum_is_sent_then_signed_then_ended_and_says_what_it_is_for(record: Agreement) -> None:
    assert in_order(record.sent, record.signed, record.ended)
    assert in_order(record.signed, SEED), "signed before the joined account began"
    assert record.signed or not record.passes
    assert record.purposes
    assert record.fields
    assert record.legal_basis
    assert record.retention_months > 0
    assert CONTACT.fullmatch(record.contact)
    first_days = [record.signed, *(move.first_day for move in record.passes)]
    assert in_order(*first_days)
    holders = [record.department, *(move.department for move in record.passes)]
    assert all(
        register.department(short).exists(day or record.sent) for short, day in zip(holders, first_days, strict=True)
    )
    assert record.ended or register.department(record.holder(TODAY)).exists(TODAY), "it ends with its department"


def test_thirteen_memorandums_were_signed_and_four_only_sent() -> None:
    signed = {
        "BEIS",
        "Defra",
        "DfE",
        "DExEU",
        "DfT",
        "DHSC",
        "Home Office",
        "HMRC",
        "HM Treasury",
        "MHCLG",
        "MoD",
        "MoJ",
        "DFID",
    }
    assert register.sharing(SEED) == signed
    assert set(register.partners(SEED)) - signed == {"Cabinet Office", "DCMS", "DWP", "FCO"}
    assert not twice(one.department for one in register.agreements)


def test_path_rules_name_paths_once_and_bodies_that_exist() -> None:
    assert not twice(rule.path for rule in register.path_rules)
    for rule in register.path_rules:
        assert clean.page(rule.path) == (PLATFORM_HOST, rule.path)
        assert under(rule.department, rule.agency) if rule.department else rule.why


def test_special_days_are_in_order_and_each_year_has_its_bank_holidays() -> None:
    days = register.calendar.dated
    assert list(days) == sorted(days, key=lambda one: one.first_day)
    assert all(in_order(one.first_day, one.last_day) for one in days)
    holidays = [one.first_day for one in days if one.kind == "bank holiday"]
    assert all(day.weekday() < 5 for day in holidays)
    extra = {2022: 2, 2023: 1}
    assert Counter(day.year for day in holidays) == {year: 8 + extra.get(year, 0) for year in range(2018, 2028)}
    assert not twice(holidays)


def test_a_break_names_measures_and_accounts_that_exist() -> None:
    for one in register.calendar.breaks:
        assert one.measures
        assert set(one.accounts) <= set(register.accounts)
    assert in_order(*(one.day for one in register.calendar.breaks))


def test_doubts_and_reasons_are_sentences() -> None:
    kinds = (
        register.departments,
        register.organisations,
        register.hosts.values(),
        register.services.values(),
        register.agreements,
    )
    doubts = [record.doubt for records in kinds for record in records if record.doubt]
    assert all(doubt[0].isupper() and doubt.endswith(".") for doubt in doubts)
