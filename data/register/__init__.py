"""The register: who is who, which host and page is whose, who may send what, and which days are special.

Facts stand in the TOML and CSV files beside this one, each explained at its top.
"""

from datetime import date
from typing import Final

import polars as pl

from data.register import ownership
from data.register.book import Register, read
from data.register.records import NO_OWNER, PLATFORM, PLATFORM_HOST, PLATFORM_SENDER, Service

register: Final = read()


def own_pages(pages: pl.DataFrame, day: date) -> pl.DataFrame:
    """Pages (host, path, organisations) of a day with owner_then, owner_now, service, tagged_then, tagged_now.

    The same rows in the same order; `ownership.own_pages` says what the columns hold.
    """
    return ownership.own_pages(register, pages, day)


def service_of(host: str, path: str, day: date) -> Service | None:
    """The service that a page belonged to on the day, or none."""
    return ownership.service_of(register, host, path, day)


def as_now(short: str, agency: str | None = None) -> str:
    """The successor today of a department, decided by an agency's code where it was split."""
    return register.as_now(short, agency)


__all__ = [
    "NO_OWNER",
    "PLATFORM",
    "PLATFORM_HOST",
    "PLATFORM_SENDER",
    "Register",
    "as_now",
    "own_pages",
    "register",
    "service_of",
]
