"""Patterns mean what they say, and nothing else."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.access import PEOPLE
from data.register import register
from data.store import Estate
from queries.ask import ask
from queries.page_sets.patterns import expression, key, literal_start
from tests.plain.patterns import glob, whole
from tests.stories import estate

PIECES = st.lists(st.sampled_from(["a", "b", "/", "*", "**", ".", "+", "(", "www.gov.uk"]), min_size=1, max_size=8)
TEXTS = st.lists(st.sampled_from(["a", "b", "/", ".", "+", "(", "www.gov.uk"]), max_size=8)


@given(PIECES.map("".join), TEXTS.map("".join))
def test_an_expression_fits_what_the_pattern_fits(pattern: str, text: str) -> None:
    assert bool(re.fullmatch(expression(pattern), text)) == glob(whole(pattern), text)


@given(PIECES.map("".join), TEXTS.map("".join))
def test_every_page_that_fits_has_the_literal_start(pattern: str, text: str) -> None:
    host, start = literal_start(pattern)
    if glob(whole(pattern), text) and "/" in text:
        assert host in {"", text.split("/", 1)[0]}
        assert not host or f"/{text.split('/', 1)[1]}".startswith(start)


@pytest.mark.parametrize(
    ("anchor", "found"),
    [
        ("/a", {"/a"}),
        ("https://www.gov.uk/a/?x=1#top", {"/a"}),
        ("WWW.GOV.UK/a", {"/a"}),
        ("/A", set()),
        ("/*", {"/a", "/a.b", "/é"}),
        ("/**", {"/a", "/a.b", "/a/b", "/é"}),
        ("/a.*", {"/a.b"}),
        ("/a**", {"/a", "/a.b", "/a/b"}),
        ("*/a", {"/a", "www.tax.service.gov.uk/a"}),
        ("www.tax.service.gov.uk/**", {"www.tax.service.gov.uk/a"}),
        ("*.service.gov.uk/*", {"www.tax.service.gov.uk/a"}),
        ("/%C3%A9", {"/é"}),
        ("(not shared)", set()),
        ("**", {"/a", "/a.b", "/a/b", "/é", "www.tax.service.gov.uk/a"}),
    ],
)
def test_values_resolve_to_pages(anchor: str, found: set[str]) -> None:
    pages = ["/a", "/a.b", "/a/b", "/é", "www.tax.service.gov.uk/a", "(not shared)"]
    told = estate(*(f"HMRC s{n}: {page} > /z" for n, page in enumerate(pages)))
    assert anchors(told, anchor) - {"/z"} == found


def test_a_page_has_the_same_key_here_as_in_a_segment() -> None:
    with estate("HMRC s1: /a > www.tax.service.gov.uk/é").pinned() as reading:
        segment = next(one for one in reading.manifest.segments if one.kind == "day")
        rows = reading.run(segment, "select key, host, path from page").iter_rows()
        assert all(number == key(host, path) for number, host, path in rows)


SHOWN = ["/a", "/tax", "/done/vehicle-tax", "/vehicle-tax", "www.vehicletax.service.gov.uk/tax"]


@pytest.mark.parametrize(
    ("match", "value", "found"),
    [
        ("regex", "tax", {"/tax", "/done/vehicle-tax", "/vehicle-tax", "www.vehicletax.service.gov.uk/tax"}),
        ("regex", "^/tax", {"/tax"}),
        ("regex", "(?i)^WWW.*tax$", {"www.vehicletax.service.gov.uk/tax"}),
        ("regex", r"\.", {"www.vehicletax.service.gov.uk/tax"}),
        ("regex", ["^/a$", "^/tax$"], {"/a", "/tax"}),
        ("regex", "shared", set()),
        ("service", "vehicle-tax", {"/vehicle-tax", "/done/vehicle-tax", "www.vehicletax.service.gov.uk/tax"}),
        ("service_start", ["vehicle-tax", "renew-passport"], {"/vehicle-tax"}),
        ("service_end", "vehicle-tax", {"/done/vehicle-tax"}),
        ("organisation", "dft", {"/a", "www.vehicletax.service.gov.uk/tax"}),
        ("department", "DfT", {"/a", "/vehicle-tax", "/done/vehicle-tax", "www.vehicletax.service.gov.uk/tax"}),
    ],
)
def test_a_set_is_found_by_its_kind(match: str, value: object, found: set[str]) -> None:
    told = estate(*(f"HMRC s{n}: {'DfT:/a' if page == '/a' else page} > (not shared)" for n, page in enumerate(SHOWN)))
    assert anchors(told, {"match": match, "value": value}) == found


def test_the_start_page_of_a_service_is_one_as_long_as_the_service_is() -> None:
    page = register.service("health-insurance-card").start_pages[0].removeprefix("www.gov.uk")
    told = estate(f"2020-12-31 HMRC s1: {page}", f"2021-01-01 HMRC s2: {page}", by="month")
    definition = {"match": "service_start", "value": "health-insurance-card"}
    assert anchors(told, definition, "2020-12-31", "2020-12-31") == {page}
    assert anchors(told, definition, "2021-01-01", "2021-01-01") == set()


def anchors(told: Estate, definition: object, first: str = "2019-10-01", last: str = "2019-10-01") -> set[str]:
    """The pages that a definition finds, as the anchor of journeys."""
    asked = {"anchor": definition, "top": "all", "from": first, "to": last}
    answer: Any = ask(told, PEOPLE["estate-analyst"], "explore", asked).value
    return {node["page"] for node in answer["steps"][0]["nodes"]}
