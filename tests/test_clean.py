"""Addresses, search terms and titles in one canonical form."""

import unicodedata

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import clean
from data.contract import LONGEST_PATH
from tests.counts import rounds

NONE = frozenset[str]()
KEYS = frozenset({"page", "topic", "order", "organisations[]"})


def address(value: str, allowed: frozenset[str] = NONE) -> tuple[str | None, str | None, str | None]:
    host, path, term = clean.addresses(pl.Series([value], dtype=pl.String), allowed).row(0)
    return host, path, term


def shown(value: str, allowed: frozenset[str] = NONE) -> str:
    return clean.shown(*clean.page(value, allowed))


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("https://www.gov.uk/vat-rates", "/vat-rates"),
        ("http://WWW.GOV.UK:443/vat-rates/", "/vat-rates"),
        ("www.gov.uk", "/"),
        ("https://www.gov.uk", "/"),
        ("https://www.gov.uk./x", "/x"),
        ("/vat-rates", "/vat-rates"),
        ("//vat-rates//more/", "/vat-rates/more"),
        ("//www.tax.service.gov.uk/check", "www.tax.service.gov.uk/check"),
        ("https:\\\\www.gov.uk\\x", "/x"),
        ("Www.Tax.Service.gov.uk/Check/This", "www.tax.service.gov.uk/Check/This"),
        ("tax.service.gov.uk:8080/x", "tax.service.gov.uk/x"),
        ("https://jo:secret@www.gov.uk/x", "/x"),
        ("/x#jo@example.com", "/x"),
        ("/x;jsessionid=12ab/y;z=1", "/x/y"),
        ("/x%3Bjsessionid=12ab", "/x"),
        ("/x?a=1&b=2", "/x"),
        ("/caf%C3%A9", "/café"),
        ("/cafe%CC%81", "/café"),
        ("/a%2Fb%3fc%23d%25e", "/a%2Fb%3Fc%23d%25e"),
        ("/a%252Fb", "/a%2Fb"),
        ("/a%25252541", "/[encoded]"),
        ("/a%E9", "/aé"),
        ("/a%u00e9", "/aé"),
        ("/100%", "/100%25"),
        ("/pay\u202etxt.exe\u0000", "/paytxt.exe"),
        ("/va\u200bt", "/vat"),
        ("/１２", "/12"),
        ("/a%20b%20/%20c", "/a b/c"),
        ("https://www.gоv.uk/x", "www.xn--gv-fmc.uk/x"),
    ],
)  # fmt: skip
def test_an_address_has_one_form(sent: str, expected: str) -> None:
    assert shown(sent) == expected


@pytest.mark.parametrize(
    "sent",
    ["", " ", "x", "(not set)", "?a=1", "#/a", "mailto:jo@example.com", "javascript:alert(1)", "data:text/html,x", "tel:1",
     "https://", "https:///", "http://192.0.2.1/x", "http://[::1]/x", "https://localhost/x", "https://-x.gov.uk/", "a b.gov.uk/x",
     f"https://{'a' * 64}.gov.uk/", f"https://{'a.' * 130}uk/", "\u202e", "\ud7ff"],
)  # fmt: skip
def test_what_cant_be_an_address_has_no_host(sent: str) -> None:
    assert address(sent) == (None, None, None)
    assert clean.page(sent) == ("", "")
    assert clean.url(sent) == ""


def test_order_repeats_and_nulls_are_kept() -> None:
    sent = pl.Series("sent", ["/b", None, "/a", "/b", "x"])
    assert clean.addresses(sent, NONE)["path"].to_list() == ["/b", None, "/a", "/b", None]
    assert clean.addresses(sent.clear(), NONE).schema == {"host": pl.String, "path": pl.String, "term": pl.String}
    assert clean.text(pl.Series([None, "a"])).to_list() == [None, "a"]
    assert clean.addresses(pl.Series([None], dtype=pl.Null), NONE).row(0) == (None, None, None)


def test_a_large_column_comes_out_as_its_rows_would_alone() -> None:
    sent = pl.Series([f"https://www.gov.uk/page-{number}/9434765870?page={number}" for number in range(60_000)])
    paths = clean.addresses(sent, KEYS)["path"]
    assert paths[59_999] == "/page-59999/[nhs number]?page=59999"
    assert paths.n_unique() == 60_000


def test_a_path_too_long_to_be_kept_stays_too_long_and_says_nothing() -> None:
    path = clean.page("/" + "jo@example.com/" * 2_000)[1]
    assert len(path) > LONGEST_PATH
    assert "example" not in path


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("page=2", "?page=2"),
        ("PAGE=2", ""),
        ("%70age=%32", "?page=2"),
        ("gclid=1&page=2&fbclid=3", "?page=2"),
        ("page=1&page=jo@example.com", "?page=1"),
        ("page=jo@example.com", "?page=[email]"),
        ("topic=SW1A+1AA", "?topic=[postcode]"),
        ("topic=AB51%20ABC", "?topic=[vehicle registration]"),
        ("organisations[]=a&organisations%5B%5D=b", "?organisations[]=a&organisations[]=b"),
        ("page=1;token=abc", "?page=1"),
        ("topic=a%26b%3Bc%2Bd%23e%25f", "?topic=a%26b%3Bc%2Bd%23e%25f"),
        ("page", "?page"),
        ("", ""),
        ("?page=2", "?page=2"),
    ],
)
def test_only_allowed_keys_of_a_query_string_are_kept_and_their_values_cleaned(query: str, expected: str) -> None:
    assert shown(f"/x?{query}", KEYS) == f"/x{expected}"
    assert shown(f"/x?{query}") == "/x"


@pytest.mark.parametrize(
    ("sent", "path", "term"),
    [
        ("/search/all?keywords=Vehicle+Tax&order=x", "/search/all", "vehicle tax"),
        ("/search?q=Universal%20Credit", "/search", "universal credit"),
        ("/search?q=%F0%9F%98%80", "/search", "😀"),
        ("/government/publications?keywords=fish", "/government/publications", "fish"),
        (
            "https://find-energy-certificate.service.gov.uk/find-a-certificate/search?query=A",
            "/find-a-certificate/search",
            "a",
        ),
        ("/search/all?keywords=++hello++%2B+world%0A", "/search/all", "hello world"),
        ("/search/all?keywords=jo@example.com+at+SW1A+1AA", "/search/all", "[email] at [postcode]"),
        ("/search/all?keywords=", "/search/all", None),
        ("/search/all?keywords=&q=tax", "/search/all", "tax"),
        ("/vat-rates?term=tax", "/vat-rates", None),
        ("/search?keywordss=x&keyywords=y", "/search", None),
    ],
)
def test_a_search_page_keeps_its_term_beside_it_and_never_in_it(sent: str, path: str, term: str | None) -> None:
    assert address(sent, frozenset({"keywords", "q", "query"}))[1:] == (path, term)


def test_terms_are_lower_case_single_spaced_and_null_when_nothing_is_left() -> None:
    sent = pl.Series(["  Tax  \n Rebate ", "tax+rebate", "%54ax", "", "\u200b", None, "İstanbul", "[Testing]!"])
    found = ["tax rebate", "tax rebate", "tax", None, None, None, "i̇stanbul", "[testing]!"]
    assert clean.terms(sent).to_list() == found


def test_the_form_shown_leaves_out_the_host_of_home_only() -> None:
    pages = pl.DataFrame({"host": ["www.gov.uk", "www.tax.service.gov.uk"], "path": ["/a", "/b"]})
    assert pages.select(clean.shown_expression()).to_series().to_list() == [
        clean.shown(*row) for row in pages.iter_rows()
    ]
    assert clean.url("https://www.gov.uk/x/") == "https://www.gov.uk/x"
    assert clean.url("/x/") == "/x"
    assert clean.url("//WWW.Tax.service.gov.uk/x") == "//www.tax.service.gov.uk/x"


PIECES = st.sampled_from(
    ["/", "//", "?", "&", "=", "#", ";", "\\", "%2F", "%25", "%2525", "%41", "%", "+", "@", ":", " ", "\n", "\u200b", "\ue02f", "％", "＠",
     "／", "\u0301", "İ", "①", "-", "_", "a", "1", "1990", "jan", "[date]", "token=", "dob ", "page=", "keywords=", "search", "&#64;",
     "www.gov.uk", "https://", "AB123456C", "SW1A 1AA", "07700900123", "9434765870", "eyJhbGciOi.J9.x", "jo@example.com"]
)  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=3), max_size=9).map("".join)
# Expressions are compiled once each, by whichever example comes first: that one takes longer than the others.
settings.register_profile("clean", deadline=None, max_examples=rounds(25, 400))


@settings(settings.get_profile("clean"))
@given(st.lists(TEXTS, min_size=1, max_size=20))
def test_cleaning_twice_is_cleaning_once(texts: list[str]) -> None:
    sent = pl.Series(texts, dtype=pl.String)
    for work in (clean.text, clean.terms):
        assert work(work(sent)).to_list() == work(sent).to_list()
    for prefix in ("", "/", "https://www.gov.uk/a"):
        once = clean.addresses(prefix + sent, KEYS).select(page=clean.shown_expression())["page"]
        again = clean.addresses(once, KEYS).select(page=clean.shown_expression())["page"]
        assert again.to_list() == once.to_list()


@settings(settings.get_profile("clean"))
@given(st.lists(TEXTS, min_size=1, max_size=20))
def test_a_value_comes_out_the_same_alone_and_among_others(texts: list[str]) -> None:
    sent = pl.Series(texts, dtype=pl.String)
    assert clean.text(sent)[0] == clean.text(sent[:1])[0]
    assert clean.addresses(sent, KEYS).row(0) == clean.addresses(sent[:1], KEYS).row(0)


@settings(settings.get_profile("clean"))
@given(TEXTS)
def test_nothing_invisible_is_left(text: str) -> None:
    left = (clean.text(pl.Series([text], dtype=pl.String))[0] or "") + "".join(clean.page(f"/{text}"))
    assert not {unicodedata.category(letter) for letter in left} & {"Cc", "Cf", "Co", "Zl", "Zp"}
