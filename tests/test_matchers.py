"""How a set of pages is told from what is written in one field."""

import pytest

from layouts import matchers

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
