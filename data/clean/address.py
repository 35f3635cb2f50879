"""From an address as sent to its host, path and query string, before anything personal is looked for.

Scheme, port, user information, fragment and `;params` are dropped (RFC 3986 names the pieces), the host is lower-cased
and written in ASCII (IDNA, RFC 3490), `//` collapses and a trailing slash goes, except at the root.
"""

from typing import Final

import polars as pl

from data.clean.canonical import canonical, tidy
from data.clean.pattern import AND, HASH, PLUS, QUESTION, SEMICOLON, SLASH
from data.clean.rows import each, mended

HOME_HOST: Final = "www.gov.uk"
"\xe9.uk".encode("idna")  # TRICKY: loads Python's codecs now; where a host needs them, no file may be opened any more

_WEB: Final = r"^(?i:https?):[/\\]*"
_SCHEME: Final = r"^[A-Za-z][A-Za-z0-9+.-]*:"
_PORT: Final = r"^[A-Za-z][A-Za-z0-9.-]*:[0-9]{0,5}(?:[/\\]|$)"
_ELSEWHERE: Final = r"^[/\\]{2}[^/\\]*[^/\\.]\.[A-Za-z]{2,}\.?(?::[0-9]*)?(?:[/\\]|$)"
_AUTHORITY: Final = r"^[^/\\]*"
_HOST: Final = r"^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+(?:[a-z][a-z0-9-]{0,61}[a-z0-9])$"
_LONGEST_HOST: Final = 253
_ENCODED: Final = r"[^!-~]|%|&"
_RESERVED: Final = {"/": SLASH, "?": QUESTION, "#": HASH}
_WRITTEN: Final = {
    "%": "%25",
    SLASH: "%2F",
    QUESTION: "%3F",
    HASH: "%23",
    AND: "%26",
    SEMICOLON: "%3B",
    PLUS: "%2B",
}


def pieces(values: pl.Series) -> pl.DataFrame:
    """One row per value: host (null where it can't be one), path in canonical form, query string as sent."""
    address = tidy(values).str.splitn("#", 2).struct.field("field_0").str.splitn("?", 2)
    rest = _without_scheme(address.struct.field("field_0"))
    authority = rest.str.extract(f"({_AUTHORITY})")
    path = pl.select(rest.str.strip_prefix(authority)).to_series()
    return pl.DataFrame({"host": _hosts(authority), "path": _paths(path), "query": address.struct.field("field_1")})


def _without_scheme(sent: pl.Series) -> pl.Series:
    """`host/path` of every form of address; an address of another scheme becomes empty."""
    at_home = sent.str.contains(r"^[/\\]") & ~sent.str.contains(_ELSEWHERE)
    web = sent.str.contains(_WEB)
    other = ~web & sent.str.contains(_SCHEME) & ~sent.str.contains(_PORT)
    bare = pl.when(web).then(sent.str.replace(_WEB, "")).otherwise(sent.str.strip_chars_start("/\\"))
    return pl.select(pl.when(at_home).then(HOME_HOST + sent).when(other).then(pl.lit("")).otherwise(bare)).to_series()


def _hosts(authority: pl.Series) -> pl.Series:
    named = authority.str.replace(r"^.*@", "").str.replace(r":[0-9]*$", "").str.strip_suffix(".").str.to_lowercase()
    ascii_hosts = mended(named, r"[^ -~]|%", lambda rows: each(canonical(rows), _in_ascii))
    valid = ascii_hosts.str.contains(_HOST) & (ascii_hosts.str.len_bytes() <= _LONGEST_HOST)
    return pl.select(pl.when(valid).then(ascii_hosts)).to_series()


def _in_ascii(host: str) -> str:
    try:
        return host.lower().encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def _paths(sent: pl.Series) -> pl.Series:
    decoded = mended(sent, _ENCODED, decoded_parts)
    without = mended(decoded, ";", lambda rows: rows.str.replace_all(r" *;[^/]*", ""))
    single = mended(without, r"//|[/ ]$|^/?[\\ ]", lambda rows: _once(rows.str.replace(r"^[/\\ ]+", "/")))
    return pl.select(pl.when(single.str.starts_with("/")).then(single).otherwise("/" + single)).to_series()


def _once(paths: pl.Series) -> pl.Series:
    return paths.str.replace_all(r"/{2,}", "/").str.strip_chars_end("/ ")


def decoded_parts(sent: pl.Series) -> pl.Series:
    """Each part decoded by itself: a slash that was encoded is no end of a part."""
    parts = pl.DataFrame({"row": pl.arange(len(sent), eager=True), "part": sent.str.split("/")}).explode("part")
    readable = canonical(parts["part"]).str.replace_many(_RESERVED)
    return (
        parts.with_columns(part=readable).group_by("row", maintain_order=True).agg(pl.col("part").str.join("/"))["part"]
    )


def written(paths: pl.Series) -> pl.Series:
    """Cleaned paths as they are stored: decoded except `%2F %3F %23 %25`."""
    return mended(paths, f"[{''.join(_WRITTEN)}]", lambda rows: rows.str.replace_many(_WRITTEN))
