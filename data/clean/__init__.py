"""Addresses, titles and search terms without personal data, in one canonical form (MEASURES, "Cleaning a page address")."""

import re
from urllib.parse import parse_qsl, unquote

import polars as pl

HOME_HOST = "www.gov.uk"
_EMAIL = re.compile(r"[^\s=/?&@]+@[^\s=/?&@]+")


def _one(value: str | None, allowed: frozenset[str]) -> dict[str, str | None]:
    nothing = {"host": None, "path": None, "term": None}
    if not value:
        return nothing
    rest = value.split("://", 1)[-1].split("#", 1)[0]
    rest, _, query = rest.partition("?")
    host, slash, path = rest.partition("/")
    host = (HOME_HOST if value.startswith("/") else host.rpartition("@")[2].split(":")[0]).lower()
    if "." not in host:
        return nothing
    path = "/" + "/".join(part.split(";")[0] for part in unquote(slash + path).split("/") if part)
    pairs = dict(reversed(parse_qsl(query)))
    term = pairs.get("keywords") or (pairs.get("q") if "/search" in path else None)
    kept = "&".join(f"{key}={_clean(part)}" for key, part in parse_qsl(query) if key in allowed)
    return {"host": host, "path": _clean(path) + (f"?{kept}" if kept else ""), "term": _clean(term.lower()) if term else None}


def _clean(value: str) -> str:
    return _EMAIL.sub("[email]", value)


def addresses(values: pl.Series, allowed: frozenset[str]) -> pl.DataFrame:
    """One row per value: host, path, term. A value that can't be an address has a null host."""
    schema = {"host": pl.String, "path": pl.String, "term": pl.String}
    return pl.DataFrame([_one(value, allowed) for value in values.to_list()], schema=schema)


def text(values: pl.Series) -> pl.Series:
    """Titles and kept values without personal data."""
    return pl.Series(values.name, [None if value is None else _clean(value) for value in values.to_list()], pl.String)


def terms(values: pl.Series) -> pl.Series:
    """Search terms without personal data, lower-cased; null where nothing is left."""
    return text(values).str.to_lowercase().str.strip_chars()


def page(value: str) -> tuple[str, str]:
    """The (host, path) of a definition's exact value."""
    row = addresses(pl.Series([value]), frozenset()).row(0)
    return row[0] or "", row[1] or ""


def shown(host: str, path: str) -> str:
    """The form shown on screen: `/path` on www.gov.uk, else `host/path`."""
    return path if host == HOME_HOST else host + path


def shown_expression() -> pl.Expr:
    """`shown` over the columns host and path."""
    return pl.when(pl.col("host") == HOME_HOST).then(pl.col("path")).otherwise(pl.col("host") + pl.col("path"))
