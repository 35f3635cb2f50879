"""Patterns mean what they say, and nothing else."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.access import PEOPLE
from queries.ask import ask
from queries.definitions import expression, key, literal_start
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
    asked = {"anchor": anchor, "exclude": ["/z"], "top": "all", "from": "2019-10-01", "to": "2019-10-01"}
    answer: Any = ask(told, PEOPLE["estate-analyst"], "explore", asked).value
    assert {node["page"] for node in answer["steps"][0]["nodes"]} == found


def test_a_page_has_the_same_key_here_as_in_a_segment() -> None:
    with estate("HMRC s1: /a > www.tax.service.gov.uk/é").pinned() as reading:
        (segment,) = [one for one in reading.manifest.segments if one.kind == "day"]
        rows = reading.run(segment, "select key, host, path from page").iter_rows()
        assert all(number == key(host, path) for number, host, path in rows)
