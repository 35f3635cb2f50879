"""Tagged organisations whose primary one is given by its title: its code goes first."""

import re
from functools import cache
from typing import Final

import polars as pl

from data.register import register

CODES: Final = re.compile(r"<([A-Za-z0-9]+)>")
WORDS: Final = re.compile(r"[^\W_]+")


def primary_first(texts: pl.Series) -> pl.Series:
    """`HM Revenue & Customs<D12><D25>` as `<D25><D12>`; a text that starts with a code stays as it is.

    A title that the register doesn't know, or that stands alone and isn't known, is left out.
    """
    titled = texts.str.contains(r"^[^<]").fill_null(value=False)
    if not titled.any():
        return texts
    return texts.scatter(titled.arg_true(), [_first(text) for text in texts.filter(titled)])


def _first(text: str) -> str | None:
    code = _codes().get(_plain(text.partition("<")[0]))
    rest = [found for found in CODES.findall(text) if found != code]
    return "".join(f"<{one}>" for one in ([code] if code else []) + rest) or None


@cache
def _codes() -> dict[str, str]:
    """The code of every organisation by its plain name; of two of a name, the department, and the newer."""
    bodies = {_plain(one.name): one.code for one in register.organisations}
    names = [(name, one.code) for one in register.departments for name in (one.name, one.later_name) if name]
    return bodies | {_plain(name): code for name, code in names}


def _plain(title: str) -> str:
    """A title as titles are compared: words in lower case, `&` as "and"."""
    return " ".join(WORDS.findall(title.casefold().replace("&", " and ")))
