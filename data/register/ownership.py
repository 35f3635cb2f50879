"""Whose page: the service register, then the primary organisation, then path rules, then GOV.UK itself, then nobody.

An owner has two faces: as of the page's day ("then") and its successor today ("now"). Both cover every page once.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, reduce
from operator import or_
from typing import Final

import polars as pl

from data.register.book import Register
from data.register.claims import BELOW, Claim, Claims
from data.register.records import PLATFORM, PLATFORM_HOST, holds

FACES: Final = ("then", "now")
CODE: Final = re.compile(r"[A-Z]{1,4}[0-9]+")
ORGANISATIONS: Final = f"{PLATFORM_HOST}/government/organisations/"
BITS: Final = pl.Series([0, *(1 << number for number in range(1, 64))], dtype=pl.UInt64)
TAGGED: Final = pl.Schema({"then": pl.UInt8, "now": pl.UInt8, "set_then": pl.UInt64, "set_now": pl.UInt64})


@dataclass(frozen=True)
class Facts:
    """What the register says of one day, in the form that pages are matched with."""

    services: Claims
    paths: Claims
    codes: dict[str, tuple[int, int]]  # the department of each organisation's code, then and now
    platform: int


def own_pages(register: Register, pages: pl.DataFrame, day: date) -> pl.DataFrame:
    """Pages (host, path, organisations) of a day with owner_then, owner_now, service, tagged_then, tagged_now.

    The order is kept. Owners are numbers of departments, 0 for nobody; `service` is a slug or null; `tagged` are sets
    of departments, bit n for number n: those of every tagged organisation, or the owner's alone where no tag is known.
    """
    facts = facts_of(register, day)
    address = pages.select(pl.col("host") + pl.col("path")).to_series()
    service, path = facts.services.matched(address), facts.paths.matched(address)
    tags = _tags(facts, pages["organisations"])
    platform = pages.select(pl.when(pl.col("host") == PLATFORM_HOST).then(facts.platform).otherwise(0)).to_series()
    columns = {"service": service["service"]}
    for face in FACES:
        owner = pl.select(pl.coalesce(service[face], tags[face], path[face], platform.cast(pl.UInt8))).to_series()
        columns[f"owner_{face}"] = owner
        columns[f"tagged_{face}"] = tags[f"set_{face}"].fill_null(BITS[owner])
    order = ("owner_then", "owner_now", "service", "tagged_then", "tagged_now")
    return pages.with_columns(columns[name].alias(name) for name in order)


def owners_move(register: Register, first: date, last: date) -> bool:
    """Whether a page may have another owner or service on one of two days than on the other."""
    one, other = (facts_of(register, day) for day in (first, last))
    return (one.services.claims, one.paths.claims, one.codes) != (
        other.services.claims,
        other.paths.claims,
        other.codes,
    )


@lru_cache(maxsize=512)
def facts_of(register: Register, day: date) -> Facts:
    """The register's facts of one day, made once."""
    return Facts(
        services=Claims(_service_claims(register, day)),
        paths=Claims(_path_claims(register, day)),
        codes=_codes(register, day),
        platform=register.number(PLATFORM),
    )


def _service_claims(register: Register, day: date) -> Iterator[Claim]:
    for service in register.services.values():
        if holds(day, service.first_day, service.last_day):
            owners = _then_and_now(register, service.department, service.agency, day)
            yield from (Claim(page, *owners, service.slug) for page in service.pages)
    for host in register.hosts.values():
        if host.host != PLATFORM_HOST:
            yield Claim(host.host + BELOW, *_then_and_now(register, host.department, host.agency, day))


def _path_claims(register: Register, day: date) -> Iterator[Claim]:
    named = [(slug, one.short, None) for one in register.departments for slug in one.slugs]
    below = [(one.slug, one.parent, one.code) for one in register.organisations]
    slugs = [
        (f"{ORGANISATIONS}{slug}{welsh}", short, agency)
        for slug, short, agency in (*named, *below)
        for welsh in ("", ".cy")
    ]
    rules = [(PLATFORM_HOST + rule.path, rule.department, rule.agency) for rule in register.path_rules]
    for path, short, agency in (*slugs, *rules):
        owners = _then_and_now(register, short, agency, day)
        yield from (Claim(path, *owners), Claim(path + BELOW, *owners))


def _codes(register: Register, day: date) -> dict[str, tuple[int, int]]:
    """A code that a renamed department kept stands for the first record of it, which has the others as heirs."""
    below = [(one.code, one.parent, one.code) for one in register.organisations if one.parent]
    named = [(code, one.short, None) for one in reversed(register.departments) for code in one.codes]
    return {code: _then_and_now(register, short, agency, day) for code, short, agency in (*below, *named)}


def _then_and_now(register: Register, short: str, agency: str | None, day: date) -> tuple[int, int]:
    then = register.department_on(short, agency, day)
    return register.number(then), register.number(register.as_now(short, agency))


def _tags(facts: Facts, organisations: pl.Series) -> pl.DataFrame:
    """The columns of `TAGGED` for each page: its first tag that the register knows, and the sets of all of them."""
    distinct = organisations.drop_nulls().unique()
    rows = [_tagged([facts.codes[code] for code in CODE.findall(text) if code in facts.codes]) for text in distinct]
    tags = pl.DataFrame([*rows, (None,) * len(TAGGED)], TAGGED, orient="row")
    row = organisations.replace_strict(distinct, pl.int_range(len(rows), eager=True), default=len(rows))
    return tags[row]


def _tagged(owners: list[tuple[int, int]]) -> tuple[int | None, ...]:
    if not owners:
        return None, None, None, None
    sets = (reduce(or_, (1 << number for number in numbers)) for numbers in zip(*owners, strict=True))
    return *owners[0], *sets
