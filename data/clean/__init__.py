"""Addresses, titles and search terms in one canonical form, without personal data.

Everything that enters the estate as text passes here first. Columns go in and columns come out; distinct values are worked once. No text of a value ever stands in
an exception or a log: what can't be an address has a null host.
"""

from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Final

import polars as pl

from data.clean import personal
from data.clean.address import HOME_HOST, pieces, written
from data.clean.canonical import canonical
from data.clean.query import kept
from data.clean.rows import mended, once

__all__ = ["HOME_HOST", "addresses", "page", "shown", "shown_expression", "terms", "text", "url"]

_NONE_ALLOWED: Final = frozenset[str]()
_AT_ONCE: Final = 2
_SLICE: Final = 50_000  # rows; below this a second thread costs more than it saves
_SCHEME: Final = r"^((?i:https?)://|//)"


def addresses(values: pl.Series, allowed: frozenset[str]) -> pl.DataFrame:
    """One row per value, in order: host, path, term; `allowed` are the keys kept of a query string, in the path.

    A value that starts with `/` is on www.gov.uk. A value that can't be an address has nulls throughout; `term` is the
    cleaned, lower-cased search term of a search page, else null.
    """
    return once(values.cast(pl.String), lambda distinct: _in_slices(distinct, allowed))


def _in_slices(distinct: pl.Series, allowed: frozenset[str]) -> pl.DataFrame:
    if len(distinct) <= _SLICE:
        return _addresses(distinct, allowed)
    slices = (distinct.slice(start, _SLICE) for start in range(0, len(distinct), _SLICE))
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        return pl.concat(threads.map(lambda part: _addresses(part, allowed), slices))


def _addresses(distinct: pl.Series, allowed: frozenset[str]) -> pl.DataFrame:
    found = pieces(distinct)
    asked = kept(found, allowed)
    paths = written(once(found["path"], lambda sent: personal.from_paths(sent).to_frame("path"))["path"])
    whole = pl.select(paths + pl.when(asked["kept"] == "").then(pl.lit("")).otherwise("?" + asked["kept"])).to_series()
    named = found["host"].is_not_null()
    return pl.DataFrame({"host": found["host"], "path": whole, "term": terms(asked["term"])}).with_columns(
        pl.when(named).then(pl.col("path", "term"))
    )


def text(values: pl.Series) -> pl.Series:
    """Titles and kept values: canonical, without personal data; nulls stay."""
    sent = values.cast(pl.String)
    return personal.from_text(canonical(personal.from_encoded(sent)))


def terms(values: pl.Series) -> pl.Series:
    """Search terms: cleaned, lower-cased, plus signs as spaces; null where nothing is left."""
    spoken = text(values).str.to_lowercase()
    # A plus sign that is left was a space; U+0307 is what lower-casing makes of a capital I with a dot.
    again = mended(
        spoken, r"[+\x{307}]", lambda rows: text(rows.str.replace_all("+", " ", literal=True)).str.to_lowercase()
    )
    return pl.select(pl.when(again != "").then(again)).to_series().rename(values.name)


@lru_cache(maxsize=4_096)
def page(value: str, allowed: frozenset[str] = _NONE_ALLOWED) -> tuple[str, str]:
    """The (host, path) that a definition's exact value names; two empty texts where it can't be an address."""
    host, path, _ = addresses(pl.Series([value], dtype=pl.String), allowed).row(0)
    return host or "", path or ""


def url(value: str, allowed: frozenset[str] = _NONE_ALLOWED) -> str:
    """One address cleaned and written as it came, with its scheme where it had one; "" where it can't be an address."""
    host, path = page(value, allowed)
    scheme = pl.Series([value]).str.extract(_SCHEME)[0]
    if host == HOME_HOST and scheme is None and value.startswith(("/", "\\")):
        return path
    return f"{(scheme or '').lower()}{host}{path}" if host else ""


def shown(host: str, path: str) -> str:
    """The form shown on screen: `/path` on www.gov.uk, else `host/path`."""
    return path if host == HOME_HOST else host + path


def shown_expression() -> pl.Expr:
    """`shown` over the columns host and path."""
    return pl.when(pl.col("host") == HOME_HOST).then(pl.col("path")).otherwise(pl.col("host") + pl.col("path"))
