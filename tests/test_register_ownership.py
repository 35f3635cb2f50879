"""Whose page: answered fast for many pages, and a second time slowly for one, and the two compared."""

import re
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from data.register import NO_OWNER, PLATFORM, PLATFORM_HOST, own_pages, owners_move, register
from data.register.records import holds
from tests.counts import rounds
from tests.plain.ownership import service_of

DAY = date(2019, 10, 1)
Page = tuple[str, str, str | None]


class Owned(NamedTuple):
    owner_then: int
    owner_now: int
    service: str | None
    tagged_then: int
    tagged_now: int


CODES = [code for one in register.departments for code in one.codes] + [one.code for one in register.organisations]
KNOWN = [tuple(page.removesuffix("/**").partition("/")) for one in register.services.values() for page in one.pages]
PATHS = [rule.path for rule in register.path_rules] + [
    f"/government/organisations/{one.slug}" for one in register.organisations
]
some_hosts = st.sampled_from([PLATFORM_HOST, *register.hosts, "unknown.example"])
some_paths = st.builds(
    "".join, st.lists(st.sampled_from(["/a", "/done", "/government", "/personal-account"]), max_size=3)
)
known_pages = st.one_of(
    st.sampled_from([(host, f"/{path}" if path else "") for host, _, path in KNOWN]),
    st.sampled_from([(PLATFORM_HOST, path) for path in PATHS]),
    st.tuples(some_hosts, some_paths),
)
some_tags = st.none() | st.lists(st.sampled_from([*CODES, "ZZ9999"]), max_size=4).map(
    lambda codes: "".join(f"<{c}>" for c in codes)
)
some_pages = st.builds(
    lambda page, below, tags: (page[0], (page[1] or "/") + below, tags),
    known_pages,
    st.sampled_from(["", "/x", "y", ".cy"]),
    some_tags,
).filter(lambda page: "//" not in page[1])
some_days = st.integers(0, 2800).map(lambda n: date(2019, 1, 1) + timedelta(days=n))


def frame(pages: list[Page]) -> pl.DataFrame:
    schema = {"host": pl.String, "path": pl.String, "organisations": pl.String}
    return pl.DataFrame(pages, schema, orient="row").with_columns(document_type=pl.lit(None, pl.String))


def owned(pages: list[Page], day: date = DAY) -> list[Owned]:
    return [Owned(*row) for row in own_pages(frame(pages), day).select(Owned._fields).rows()]


def owners(*pages: str | Page, day: date = DAY) -> list[str]:
    given_pages = [(PLATFORM_HOST, page, None) if isinstance(page, str) else page for page in pages]
    return [register.department_names[row.owner_then] for row in owned(given_pages, day)]


def plainly(page: Page, day: date) -> Owned:
    """The owner of one page by the rules read one after another, without any table."""
    host, path, tags = page
    slug, owner = by_service(host, path, day)
    tagged = [both for code in re.findall(r"<(\w+)>", tags or "") if (both := by_code(code, day))]
    then, now = owner or (tagged[0] if tagged else None) or by_path(host, path, day) or by_host(host)
    known = tagged or [(then, now)] * (then != NO_OWNER)
    return Owned(then, now, slug, sum({1 << one for one, _ in known}), sum({1 << one for _, one in known}))


def both(short: str, agency: str | None, day: date) -> tuple[int, int]:
    return register.number(register.department_on(short, agency, day)), register.number(register.as_now(short, agency))


def reach(pattern: str, address: str) -> int:
    """How much of an address a pattern claims: 0 for nothing, most for an exact one."""
    if pattern.endswith("/**"):
        return len(pattern) if address.startswith(pattern[:-2]) else 0
    return 10_000 if pattern == address else 0


def by_service(host: str, path: str, day: date) -> tuple[str | None, tuple[int, int] | None]:
    running = [one for one in register.services.values() if holds(day, one.first_day, one.last_day)]
    best = max(running, key=lambda one: max(reach(page, host + path) for page in one.pages))
    if any(reach(page, host + path) for page in best.pages):
        return best.slug, both(best.department, best.agency, day)
    found = register.host(host)
    return None, both(found.department, found.agency, day) if found and host != PLATFORM_HOST else None


def by_code(code: str, day: date) -> tuple[int, int] | None:
    for department in register.departments:
        if code in department.codes:
            return both(department.short, None, day)
    body = register.organisation(code)
    return both(body.parent, code, day) if body and body.parent else None


def by_path(host: str, path: str, day: date) -> tuple[int, int] | None:
    if host != PLATFORM_HOST:
        return None
    rules = {rule.path: (rule.department, rule.agency) for rule in register.path_rules}
    slugs: dict[str, tuple[str, str | None]] = {one.slug: (one.parent, one.code) for one in register.organisations}
    slugs |= {slug: (one.short, None) for one in register.departments for slug in one.slugs}
    rules |= {f"/government/organisations/{slug}{welsh}": slugs[slug] for slug in slugs for welsh in ("", ".cy")}
    fitting = [rule for rule in rules if path == rule or path.startswith(f"{rule}/")]
    return both(*rules[max(fitting, key=len)], day) if fitting else None


def by_host(host: str) -> tuple[int, int]:
    platform = register.number(PLATFORM) if host == PLATFORM_HOST else NO_OWNER
    return platform, platform


def test_the_service_register_comes_first_then_the_tag_then_the_path_then_gov_uk() -> None:
    tagged = (PLATFORM_HOST, "/foreign-travel-advice/spain", "<EA74>")
    assert owners((PLATFORM_HOST, "/vehicle-tax", "<D25>")) == ["DfT"]
    assert owners(tagged) == ["DfT"]
    assert owners("/foreign-travel-advice/spain", "/bank-holidays") == ["FCO", PLATFORM]


def test_the_primary_organisation_is_the_first_tag_that_the_register_knows() -> None:
    tags = ["<EA26><D25>", "<ZZ1><D25>", "<OT1056><EA74>", "<DA1019>", ""]
    pages: list[Page] = [(PLATFORM_HOST, "/a", text) for text in tags]
    assert owners(*pages) == ["BEIS", "HMRC", PLATFORM, PLATFORM, PLATFORM]


def test_a_page_in_the_trees_of_departments_without_a_tag_has_no_owner() -> None:
    paths = [
        "/government/publications/a",
        "/guidance/a",
        "/government/organisations/hm-treasury",
        "/government/organisations/companies-house/about",
    ]
    assert owners(*paths) == ["No owner", "No owner", "HM Treasury", "BEIS"]


def test_every_page_of_a_service_host_is_its_departments_with_a_service_or_without() -> None:
    host = "www.tax.service.gov.uk"
    assert owners((host, "/", None), (host, "/personal-account/x", None), (host, "/other", "<D10>")) == ["HMRC"] * 3
    assert [row.service for row in owned([(host, "/", None), (host, "/personal-account/x", None)])] == [
        None,
        "personal-tax-account",
    ]


def test_a_mark_and_an_unknown_host_have_no_owner() -> None:
    assert owned([("", "(not shared)", None), ("unknown.example", "/a", None)]) == [(0, 0, None, 0, 0)] * 2


def test_a_page_is_owned_then_by_its_department_of_the_day_and_now_by_the_successor() -> None:
    pages: list[Page] = [(PLATFORM_HOST, "/a", f"<{code}>") for code in ("D8", "D1198", "EA34", "D4", "D1197")]
    now = [register.department_names[row.owner_now] for row in owned(pages)]
    assert owners(*pages) == ["DFID", "BEIS", "BEIS", "MHCLG", "DExEU"]
    assert now == ["FCDO", "DBT", "DSIT", "MHCLG", "Cabinet Office"]
    assert owners(*pages, day=date(2022, 1, 1)) == ["FCDO", "BEIS", "BEIS", "DLUHC", "Cabinet Office"]


def test_a_tagged_set_holds_each_department_once_in_both_structures() -> None:
    (row,) = owned([(PLATFORM_HOST, "/a", "<EA26><EA32><EA34><D25>")])
    assert row.tagged_then == 1 << register.number("BEIS") | 1 << register.number("HMRC")
    assert row.tagged_now == sum(1 << register.number(short) for short in ("DBT", "DSIT", "HMRC"))


def test_no_pages_give_no_rows_with_all_columns() -> None:
    empty = own_pages(frame([]), DAY)
    assert empty.height == 0
    assert empty.schema == own_pages(frame([(PLATFORM_HOST, "/a", None)]), DAY).schema


@settings(max_examples=rounds(60, 1_000), deadline=None, print_blob=True)
@given(st.lists(some_pages, max_size=30), some_days)
def test_the_fast_answer_is_the_plain_one_and_keeps_rows_and_order(pages: list[Page], day: date) -> None:
    answer = own_pages(frame(pages), day)
    assert answer.select("host", "path", "organisations").rows() == pages
    assert owned(pages, day) == [plainly(page, day) for page in pages]


@settings(max_examples=rounds(40, 500), deadline=None, print_blob=True)
@given(st.lists(some_pages, min_size=1, max_size=30), some_days, st.integers(1, 40))
def test_owners_stay_from_one_day_to_another_unless_they_are_said_to_move(
    pages: list[Page], day: date, later: int
) -> None:
    last = day + timedelta(days=later)
    assert owners_move(day, last) or owned(pages, day) == owned(pages, last)


def test_owners_move_where_a_department_goes_into_another_and_not_on_the_days_around() -> None:
    days = [date(2020, 9, 2) + timedelta(days=n) for n in (-3, -2, -1, 0, 1)]
    assert [owners_move(*pair) for pair in pairwise(days)] == [False, False, True, False]


@settings(max_examples=rounds(40, 500), deadline=None, print_blob=True)
@given(st.lists(some_pages, max_size=30), some_days)
def test_both_structures_cover_every_page_once(pages: list[Page], day: date) -> None:
    rows = owned(pages, day)
    assert len(rows) == len(pages)
    assert all({row.owner_then, row.owner_now} <= set(register.department_names) for row in rows)
    assert all((row.owner_then == NO_OWNER) == (row.owner_now == NO_OWNER) for row in rows)
    now = {register.department_names[row.owner_now] for row in rows if row.owner_now}
    assert all(register.department(short).exists(register.known_to) for short in now)


@settings(max_examples=rounds(40, 500), deadline=None, print_blob=True)
@given(some_pages, some_days)
def test_a_page_without_a_tag_belongs_to_a_department_of_its_day(page: Page, day: date) -> None:
    (row,) = owned([(page[0], page[1], None)], day)
    assert row.owner_then == NO_OWNER or register.department(register.department_names[row.owner_then]).exists(day)
    found = service_of(page[0], page[1], day)
    assert (found.slug if found else None) == row.service
