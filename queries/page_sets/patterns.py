"""How pages are written in definitions: exact addresses, patterns with stars, and regular expressions, all as RE2.

A page is matched in the form host/path; a value that starts with `/` stands for www.gov.uk. A regular expression is
searched in the form shown on screen.
"""

import hashlib
import re
from typing import Final

import re2

from data import clean

_STARS: Final = re.compile(r"(\*\*|\*)")
_RUNS: Final = {"**": "(?s:.*)", "*": "[^/]*"}
# What RE2 may take to hold a compiled expression: some 2,000 instructions. In the worst case one page takes 8 us then.
# `(\pL*\pN*){90}q` would need 130,000 and take DuckDB 11 minutes over 200,000 pages.
MOST_MEMORY: Final = 96 * 1024


def whole(pattern: str) -> str:
    """A pattern over host and path; one that starts with / stands for www.gov.uk."""
    return f"{clean.HOME_HOST}{pattern}" if pattern.startswith("/") else pattern


def expression(pattern: str) -> str:
    """The RE2 expression that fits a whole host and path where the pattern does."""
    return "".join(_RUNS.get(part, re.escape(part)) for part in _STARS.split(whole(pattern)))


def literal_start(pattern: str) -> tuple[str, str]:
    """The host and the start of the path that every page of a pattern has; the host "" where it has stars."""
    start = whole(pattern).split("*", 1)[0]
    host, slash, path = start.partition("/")
    return (host, slash + path) if slash else ("", "")


def key(host: str, path: str) -> int:
    """The number that stands for a page in every segment, as `page.key` holds it."""
    digest = hashlib.md5(f"{host}{path}".encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[8:], "little") >> 1


def searchable(regex: str) -> str:
    """The regular expression, as it came. Raises `ValueError` for one that RE2 can't read, or that takes too much."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MOST_MEMORY
    try:
        re2.compile(regex, options)
    except re2.error as wrong:
        reason = bytes(wrong.args[0]).decode(errors="replace")
        if "too large" in reason:
            raise ValueError("should be simpler: this expression takes too long to search for") from None
        raise ValueError(f"should be a regular expression as RE2 knows them; this has {reason}") from None
    return regex
