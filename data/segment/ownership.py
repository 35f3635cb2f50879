"""What a segment asks of the register: whose a page is, which hosts share, which hosts sessions only pass through."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from data.register import own_pages, owners_move, register

OWNED: Final = ("owner_then", "owner_now", "service", "tagged_then", "tagged_now")


def shares(host: str, day: date) -> bool:
    """Whether sessions may be followed to a host on the day; hosts outside the register are nobody's concern."""
    return register.host(host) is None or register.shared(host, day)


@dataclass(frozen=True)
class Ownership:
    """The register's answers, which a test may replace.

    `own_pages(pages, day)` adds the columns `OWNED` to host, path, document_type, organisations; `moves(first, last)` says
    whether any of these may differ between two days.
    """

    own_pages: Callable[[pl.DataFrame, date], pl.DataFrame] = own_pages
    moves: Callable[[date, date], bool] = owners_move
    shares: Callable[[str, date], bool] = shares
    pass_through_hosts: frozenset[str] = register.pass_through_hosts


REGISTERED: Final = Ownership()
