"""How a set of pages, or of groups of them, is told from what is written in one field."""

import re
from html import unescape

import pytest

from layouts import matchers
from layouts.journey_state import Journey
from tests.test_web_pages import words
from tests.web import get

READ = {
    "/vehicle-tax": ("exact", "/vehicle-tax"),
    "www.gov.uk/vehicle-tax": ("exact", "www.gov.uk/vehicle-tax"),
    "www.gov.uk": ("exact", "www.gov.uk"),
    "/vat/*": ("pattern", "/vat/*"),
    "/a > /b": ("sequence", ["/a", "/b"]),
    "^/vat": ("regex", "^/vat"),
    "tax$": ("regex", "tax$"),
    "regex: tax|vat": ("regex", "tax|vat"),
    "hmrc": ("department", "HMRC"),
    "Home Office": ("department", "Home Office"),
    "department: dft": ("department", "DfT"),
    "vehicle-tax": ("service", "vehicle-tax"),
    "document type: guide": ("document_type", "guide"),
    "exact: /a*b": ("exact", "/a*b"),
}


@pytest.mark.parametrize("text", READ)
def test_a_text_is_read_by_its_form_by_the_register_or_by_the_word_before_it(text: str) -> None:
    match, value = READ[text]
    assert matchers.definition(text) == {"match": match, "value": value}


@pytest.mark.parametrize(("kind", "value"), [(match, value) for match, value in READ.values() if match != "sequence"])
def test_what_is_written_of_a_definition_is_read_as_it_again(kind: str, value: str) -> None:
    assert matchers.definition(matchers.written(kind, value)) == {"match": kind, "value": value}


@pytest.mark.parametrize("text", ["nonsense", "service: nowhere", "department: Ministry of Silly Walks"])
def test_what_stands_for_nothing_is_refused_with_what_would_do(text: str) -> None:
    with pytest.raises(ValueError, match="should be"):
        matchers.definition(text)


def test_a_kind_that_is_named_is_how_a_text_is_read() -> None:
    assert matchers.definition("/a*b", "exact")["match"] == "exact"
    assert matchers.kind_of("nonsense") == "exact"


@pytest.mark.parametrize(("address", "field", "said"), [
    ("page=nonsense", "page", "Page should be a page such as /vehicle-tax"),
    ("page=/a&via=nonsense", "via", "Through page should be a page such as"),
    ("page=/a&match=department", "page", "Page should be the short name of a department"),
    ("page=/a&exclude=/b,service:nowhere", "exclude", "Pages left out should be a service as the register names it"),
    ("page=topic:no-such", "page", "Choose one of"),
    ("page=/a&via=regex:(", "via", "Through page"),
    ("page=/a&topic=no-such", "topic", "Choose one of"),
    ("group=patterns", "patterns", "Patterns to group by should have at least one"),
    ("group=patterns&patterns=" + "a" * 3_000, "patterns", "Patterns to group by should have at most"),
])  # fmt: skip
def test_a_set_of_pages_that_can_not_be_read_is_told_at_its_field(address: str, field: str, said: str) -> None:
    told = get(f"/journeys/answer?{address}")
    assert told.status_code == 400
    assert f'href="#field-{field}"' in told.text
    assert f'id="field-{field}-error"' in told.text
    assert words(told.text).count(said) >= 2
    assert "answer__sentence" in told.text


def test_what_a_group_can_become_is_the_set_of_its_pages() -> None:
    page = unescape(get("/journeys/answer?group=department&open=1:DfT").text)
    assert 'href="/journeys?page=DfT&group=department"' in page
    assert 'href="/journeys?group=department&via=DfT"' in page
    assert 'href="/journeys?group=department&end=DfT"' in page
    assert 'href="/journeys?exclude=DfT&group=department"' in page.replace(
        "group=department&exclude=DfT", "exclude=DfT&group=department"
    )


def test_pages_are_grouped_by_patterns_under_names_of_ones_own() -> None:
    asked = "group=patterns&patterns=Renewing: /vehicle-tax/r*,Home: /,Home: /vehicle-tax,/browse/*"
    page = unescape(get(f"/journeys/answer?page=/vehicle-tax&{asked}&open=1:Renewing").text)
    assert re.search(r"Renewing, step 1, \d+ sessions?", words(page))
    assert "Home, this page," in words(page)
    assert "&via=/vehicle-tax/r*" in page
    assert Journey(patterns=("/browse/*",), group="patterns").question()["group"] == {
        "patterns": {"/browse/*": "/browse/*"}
    }
