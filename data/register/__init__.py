"""The register: who is who, which host and page is whose, who may send what, and which days are special.

Facts stand in the TOML and CSV files beside this one, each explained at its top.
"""

from datetime import date
from typing import Final

import polars as pl

from data.register import ownership
from data.register.book import Register, read
from data.register.records import NO_OWNER, PLATFORM, PLATFORM_HOST, PLATFORM_SENDER

register: Final = read()


def own_pages(pages: pl.DataFrame, day: date) -> pl.DataFrame:
    """Pages (host, path, organisations) of a day with owner_then, owner_now, service, tagged_then, tagged_now.

    The same rows in the same order; `ownership.own_pages` says what the columns hold.
    """
    return ownership.own_pages(register, pages, day)


def owners_move(first: date, last: date) -> bool:
    """Whether `own_pages` may say something else of a page on one of two days than on the other."""
    return ownership.owners_move(register, first, last)


__all__ = [
    "NO_OWNER", "PLATFORM", "PLATFORM_HOST", "PLATFORM_SENDER", "Register", "own_pages", "owners_move", "register",
]  # fmt: skip
