"""What pages count as in journeys: themselves, or a group; and what each is called and whose it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import numpy as np
import polars as pl

from data.register import register
from data.store import Segment
from queries import definitions, page_tables
from queries.asking import Asking, sql
from queries.journeys.count import SEVERAL, Codes, Nodes
from queries.journeys.walk import Array

By = Literal["page", "section", "document_type", "service", "department", "patterns"]
OPEN: Final = frozenset({"department", "service"})  # totals of these are open to every named viewer
NAMELESS: Final[Mapping[str, str]] = {
    "section": "(no section)", "document_type": "(no document type)", "service": "(no service)",
}  # fmt: skip


@dataclass(frozen=True)
class Grouped:
    """The codes of one segment. `of_page` gives the code of each page number, null where pages are codes themselves."""

    segment: Segment
    codes: Codes
    of_page: Array | None
    page: Array  # a page of each code
    pages: int  # how many page numbers there are, 0 among them


@dataclass
class Words:
    """Words numbered as they come, from 0, the same in every segment of one question."""

    numbers: dict[str, int] = field(default_factory=dict)

    def number(self, word: str) -> int:
        """Give the number of a word."""
        return self.numbers.setdefault(word, len(self.numbers))

    def list(self) -> list[str]:
        """Give the words by number. What follows a NUL only keeps apart what may be seen from what may not."""
        return [word.split("\0", 1)[0] for word in self.numbers]


def grouped(asking: Asking[Any], segment: Segment, by: By, patterns: tuple[str, ...], *, words: Words) -> Grouped:
    """The codes of a segment's pages under a grouping. Pages that may not be seen are never in a group with others."""
    pages = page_tables.table(asking.reading, segment)
    owner = pages.owner_now if asking.parameters.structure == "now" else pages.owner_then
    key, none = pages.key, np.zeros(len(pages.key), np.uint8)
    hidden = none if by in OPEN else page_tables.hidden(asking.reading, segment, asking.viewer)
    if by == "page":
        return Grouped(segment, Codes(key, owner, hidden), None, np.arange(len(key)), len(key))
    identity = key.copy()
    if by == "patterns":
        for pattern in reversed(patterns):
            identity[definitions.pages(asking, segment, "pattern", (pattern,))] = ~words.number(pattern)
    else:
        shares = ~pages.mark[1:]
        of_page = _words(asking, segment, by, owner=owner, hidden=hidden)
        numbers = {word: ~words.number(word) for word in of_page.unique(maintain_order=True)}
        identity[1:][shares] = of_page.replace_strict(numbers, return_dtype=pl.Int64).to_numpy()[shares]
    owners = np.array([_owner(by, word) for word in words.list()], np.uint8)
    owner = owner.copy()
    owner[identity < 0] = owners[~identity[identity < 0]]
    return _coded(segment, Codes(identity, owner, hidden))


def _owner(by: By, word: str) -> int:
    """The number of the department that a group's cells belong to, by the register; `SEVERAL` where it says none."""
    if by == "department":
        return register.number(word) if word != register.department_names[0] else 0
    if by == "service" and word in register.services:
        return register.number(register.service(word).department)
    host = register.host(word.partition("/")[0]) if by == "section" else None
    return register.number(host.department) if host else SEVERAL


def _words(asking: Asking[Any], segment: Segment, by: By, *, owner: Array, hidden: Array) -> pl.Series:
    """The word of each page's group, from page 1 on."""
    if by == "department":
        numbers = pl.Series(owner[1:], dtype=pl.UInt8)
        return numbers.replace_strict(register.department_names, return_dtype=pl.String)
    found = (
        asking.reading.run(segment, sql("explore_groups"), {"by": by})
        .sort("page")
        .select(word=pl.col("word").fill_null(NAMELESS[by]), hidden=pl.Series(hidden[1:]))
    )
    apart = pl.when(pl.col("hidden") > 0).then(pl.concat_str("word", pl.lit("\0"), "hidden")).otherwise("word")
    return found.select(apart).to_series()


def _coded(segment: Segment, of_page: Codes) -> Grouped:
    """Dense codes for the identities of pages."""
    identity, page, code = np.unique(of_page.identity[1:], return_index=True, return_inverse=True)
    page = np.append(0, page + 1)
    codes = Codes(np.append(0, identity), of_page.owner[page], of_page.hidden[page])
    return Grouped(segment, codes, np.append(0, code + 1).astype(np.uint32), page, len(code) + 1)


def by_department(one: Grouped) -> Grouped:
    """The same pages, those that the viewer may not see counted as one for each department."""
    if not one.codes.hidden.any():
        return one
    size, departments = len(one.codes.identity), np.arange(SEVERAL + 1)
    codes = Codes(
        np.append(one.codes.identity, ~departments),
        np.append(one.codes.owner, departments.astype(np.uint8)),
        np.append(one.codes.hidden, (departments + 1).astype(np.uint8)),
    )
    of_page = np.where(one.codes.hidden > 0, size + one.codes.hidden.astype(np.int64) - 1, np.arange(size))
    return Grouped(one.segment, codes, of_page, np.append(one.page, np.zeros(SEVERAL + 1, np.int64)), one.pages)


def titles(asking: Asking[Any], groups: Sequence[Grouped], nodes: Nodes, wanted: Array, *, words: Words) -> list[str]:
    """What each of these nodes is shown as: a page in the form shown, a group's word, a department for a hidden page."""
    shown = np.full(len(wanted), "", object)
    hidden, identity = nodes.codes.hidden[wanted], nodes.codes.identity[wanted]
    shown[hidden > 0] = [f"({register.department_names[number - 1]})" for number in hidden[hidden > 0].tolist()]
    named, of_groups = words.list(), (hidden == 0) & (identity < 0)  # ~number is below 0, a page's key never
    shown[of_groups] = [named[~number] for number in identity[of_groups].tolist()]
    for number, one in enumerate(groups):
        here = np.flatnonzero((hidden == 0) & (identity >= 0) & (nodes.part[wanted] == number))
        if len(here):
            shown[here] = page_tables.names(asking.reading, one.segment, one.page[nodes.code[wanted[here]]])
    return list(shown)
