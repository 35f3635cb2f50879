"""Patterns and regular expressions of pages in plain Python."""

import re


def glob(pattern: str, text: str) -> bool:
    """`*` is any run without `/`, `**` any run; everything else is itself; the whole text must fit."""
    if not pattern:
        return not text
    if pattern.startswith("**"):
        return any(glob(pattern[2:], text[n:]) for n in range(len(text) + 1))
    if pattern.startswith("*"):
        runs = range(len(text.split("/", 1)[0]) + 1)
        return any(glob(pattern[1:], text[n:]) for n in runs)
    return text[:1] == pattern[:1] and glob(pattern[1:], text[1:])


def whole(page: str) -> str:
    """A page as host and path; a mark is neither."""
    return f"www.gov.uk{page}" if page.startswith("/") else page


def found(regex: str, shown: str) -> bool:
    """Whether an expression is found anywhere in a page in the form shown; those of the tests mean the same in RE2."""
    return re.search(regex, shown) is not None
