"""What is kept of a query string: keys on the allow-list with cleaned values, and the term of a search.

Pairs end at `&` or `;`, a plus sign is a space (the WHATWG URL standard's form encoding). A key counts once, its first
time, unless its name ends in `[]`.
"""

from typing import Final, NamedTuple
from urllib.parse import unquote_plus

import polars as pl

from data.clean import personal
from data.clean.address import decoded_parts, written
from data.clean.pattern import AND, PLUS, SEMICOLON

# The first is a search on any page, for finders have all kinds of names; the others on pages that are called one.
SEARCH_KEYS: Final = ("keywords", "q", "query", "search", "search_term", "searchterm", "search-term", "term")
_SEARCH_PAGE: Final = r"(?i)search|(?:^|[/-])find(?:er|ers)?(?:$|[/-])"
_ROUNDS: Final = 3
_STRUCTURE: Final = {"&": AND, ";": SEMICOLON, "+": PLUS}


class Kept(NamedTuple):
    """The pairs of one query string that are kept, as ("page=", "2"), and the search term as sent."""

    pairs: list[tuple[str, str]]
    term: str | None


def kept(pieces: pl.DataFrame, allowed: frozenset[str]) -> pl.DataFrame:
    """Of host, path, query: `kept`, the cleaned query string or an empty one, and `term` as sent or null."""
    rows = pieces["query"].fill_null("").str.contains(_worth_reading(allowed)).arg_true()
    asked = pieces.select("query", search=pl.col("path").str.contains(_SEARCH_PAGE))[rows]
    read = [_read(query, SEARCH_KEYS if search else SEARCH_KEYS[:1], allowed) for query, search in asked.iter_rows()]
    strings = pl.repeat("", len(pieces), dtype=pl.String, eager=True).scatter(
        rows, _query_strings([row.pairs for row in read])
    )
    terms = pl.Series([row.term for row in read], dtype=pl.String)
    return pl.DataFrame(
        {"kept": strings, "term": pl.repeat(None, len(pieces), dtype=pl.String, eager=True).scatter(rows, terms)}
    )


def _worth_reading(allowed: frozenset[str]) -> str:
    """Finds the query strings that may have a key that counts; an encoded key may be any."""
    keys = "|".join(pl.Series(sorted({*SEARCH_KEYS, *allowed})).str.escape_regex().to_list())
    return rf"(?:^|[&;?])(?:(?i:{keys})(?:[=&;]|$)|[^=&;]*[%+])"


def _read(query: str, search_keys: tuple[str, ...], allowed: frozenset[str]) -> Kept:
    pairs: list[tuple[str, str]] = []
    searched: dict[str, str] = {}
    for piece in query.replace(";", "&").split("&"):
        name, equals, value = piece.partition("=")
        key = _key(name)
        if key.lower() in search_keys:
            searched.setdefault(key.lower(), value)
        elif key in allowed and (key.endswith("[]") or all(key != known.rstrip("=") for known, _ in pairs)):
            pairs.append((key + equals, value.replace("+", " ")))
    term = next((searched[key] for key in search_keys if searched.get(key, "").strip("+ ")), None)
    return Kept(pairs, None if term is None else term.replace("+", " "))


def _key(name: str) -> str:
    for _ in range(_ROUNDS):
        if "%" not in name and "+" not in name:
            break
        name = unquote_plus(name)
    return name.strip("? ")


def _query_strings(pairs: list[list[tuple[str, str]]]) -> pl.Series:
    """Each row's pairs as one query string: values decoded, cleaned, and encoded only where they would end a pair."""
    flat = pl.DataFrame(
        [(row, key, value) for row, of_row in enumerate(pairs) for key, value in of_row],
        schema={"row": pl.UInt32, "key": pl.String, "value": pl.String},
        orient="row",
    )
    values = personal.from_text(decoded_parts(flat["value"])).str.replace_many(_STRUCTURE)
    joined = (
        flat.select("row", pair=written(personal.from_text(flat["key"] + values)))
        .group_by("row")
        .agg(pl.col("pair").str.join("&"))
    )
    rows = pl.DataFrame({"row": pl.arange(len(pairs), dtype=pl.UInt32, eager=True)})
    return rows.join(joined, on="row", how="left", maintain_order="left")["pair"].fill_null("")
