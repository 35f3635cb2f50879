"""What pages count as in journeys: themselves, or a group; and what each is called and whose it is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

import numpy as np
import polars as pl

from data.register import register
from data.store import Segment
from queries.asking import Asking, sql
from queries.cache import Kept
from queries.journeys.engine.count import SEVERAL, Codes, Nodes
from queries.journeys.engine.walk import Array
from queries.page_sets import definitions
from queries.pages import page_tables

By = Literal["page", "section", "document_type", "service", "department", "patterns"]
Patterns = Sequence[tuple[str, tuple[str, ...]]]  # and the name that each is counted under
OPEN: Final = frozenset({"department", "service"})  # totals of these are open to every named viewer
NAMELESS: Final[Mapping[str, str]] = {
    "section": "(no section)", "document_type": "(no document type)", "service": "(no service)",
}  # fmt: skip
_words: Final[Kept[tuple[list[str], Array]]] = Kept(page_tables.TABLES)  # of the groups of a segment's pages


@dataclass(frozen=True)
class Grouped:
    """The code of each page number of one segment; codes are the same in every segment, 0 is none."""

    segment: Segment
    of_page: Array


@dataclass
class Words:
    """Words numbered as they come, from 0, the same in every segment of one question."""

    numbers: dict[str, int] = field(default_factory=dict)

    def number(self, word: str) -> int:
        """Give the number of a word."""
        return self.numbers.setdefault(word, len(self.numbers))

    def all(self, words: Iterable[str]) -> list[int]:
        """Give the numbers of some words."""
        numbers = self.numbers
        return [numbers.setdefault(word, len(numbers)) for word in words]

    def list(self) -> list[str]:
        """Give the words by number. What follows a NUL only keeps apart what may be seen from what may not."""
        return [word.split("\0", 1)[0] for word in self.numbers]


@dataclass(frozen=True)
class Grouping:
    """What the pages of several segments count as: pages by their number everywhere, then the words of groups."""

    asking: Asking[Any]
    groups: Sequence[Grouped]
    codes: Codes
    words: Sequence[str]

    def titles(self, nodes: Nodes, wanted: Array) -> list[str]:
        """What each of these nodes is shown as: a page in the form shown, a group's word, a department if hidden."""
        shown = np.full(len(wanted), "", object)
        hidden, identity = nodes.codes.hidden[wanted], nodes.codes.identity[wanted]
        shown[hidden > 0] = [f"({register.department_names[number - 1]})" for number in hidden[hidden > 0].tolist()]
        of_groups = (hidden == 0) & (identity < 0)  # ~number is below 0, a page's key never
        shown[of_groups] = [self.words[~number] for number in identity[of_groups].tolist()]
        pages = (hidden == 0) & (identity >= 0)
        segments = [one.segment for one in self.groups]
        shown[pages] = page_tables.names(self.asking.reading, segments, identity[pages].tolist())
        return list(shown)


def grouping(asking: Asking[Any], segments: Sequence[Segment], by: By, patterns: Patterns = ()) -> Grouping:
    """What the pages of these segments count as. Pages that may not be seen are never in a group with others."""
    words, tables = Words(), [page_tables.table(asking.reading, one) for one in segments]
    pages = page_tables.everywhere()  # no table that is read later matters here
    grouped = [_grouped(asking, one, by, patterns, words=words) for one in segments]
    owner = pages.owner_now if asking.parameters.structure == "now" else pages.owner_then
    hidden = np.zeros(len(owner), np.uint8)
    if by not in OPEN and not asking.viewer.sees_everything:
        for one, table in zip(segments, tables, strict=True):
            hidden[table.everywhere] = page_tables.hidden(asking, one)
    size, own = len(owner), [word.partition("\0") for word in words.numbers]
    codes = (
        Codes(pages.same, pages.key, owner, hidden)
        if not own
        else Codes(
            same=np.append(pages.same, np.arange(size, size + len(own))),
            identity=np.append(pages.key, ~np.arange(len(own))),
            owner=np.append(owner, np.array([_owner(by, word) for word, _, _ in own], np.uint8)),
            hidden=np.append(hidden, np.array([int(number or 0) for _, _, number in own], np.uint8)),
        )
    )
    groups = [
        Grouped(
            one, table.everywhere if of is None else np.where(of < 0, size + ~of, table.everywhere).astype(np.uint32)
        )
        for one, table, of in zip(segments, tables, grouped, strict=True)
    ]
    return Grouping(asking, groups, codes, words.list())


def _grouped(asking: Asking[Any], segment: Segment, by: By, patterns: Patterns, *, words: Words) -> Array | None:
    """For each page number ~number of the word that stands for it, 0 where none does; nothing where none ever does."""
    if by == "page":
        return None
    pages = page_tables.table(asking.reading, segment)
    of_page = np.zeros(len(pages.key), np.int64)
    if by == "patterns":
        for name, values in reversed(patterns):
            of_page[definitions.pages(asking, segment, "pattern", values)] = ~words.number(name)
        return of_page
    key = (segment.sha256, by, asking.parameters.structure, asking.viewer.rights)
    found, place = _words.find(key, lambda: _placed(_read(asking, segment, by, pages)))
    of_page[1:] = np.array([~words.number(word) for word in found], np.int64)[place]
    return np.where(pages.mark, 0, of_page)


def _placed(found: pl.Series) -> tuple[list[str], Array]:
    """Each word once, and the place of every page's among them."""
    each = found.unique(maintain_order=True)
    place = found.replace_strict(each, pl.int_range(len(each), eager=True), return_dtype=pl.UInt32)
    return each.to_list(), place.cast(pl.UInt32).to_numpy()  # without one word polars keeps their type


def _owner(by: By, word: str) -> int:
    """The number of the department that a group's cells belong to, by the register; `SEVERAL` where it says none."""
    if by == "department":
        return register.number(word) if word != register.department_names[0] else 0
    if by == "service" and word in register.services:
        return register.number(register.service(word).department)
    host = register.host(word.partition("/")[0]) if by == "section" else None
    return register.number(host.department) if host else SEVERAL


def _read(asking: Asking[Any], segment: Segment, by: By, pages: page_tables.PageTable) -> pl.Series:
    """The word of each page's group, from page 1 on."""
    if by == "department":
        owner = pages.owner_now if asking.parameters.structure == "now" else pages.owner_then
        return pl.Series(owner[1:], dtype=pl.UInt8).replace_strict(register.department_names, return_dtype=pl.String)
    hidden = np.zeros(len(pages.key), np.uint8)
    if by not in OPEN:
        hidden = page_tables.hidden(asking, segment)
    found = (
        asking.reading.run(segment, sql("explore_groups"), {"by": by})
        .sort("page")
        .select(word=pl.col("word").fill_null(NAMELESS[by]), hidden=pl.Series(hidden[1:]))
    )
    apart = pl.when(pl.col("hidden") > 0).then(pl.concat_str("word", pl.lit("\0"), "hidden")).otherwise("word")
    return found.select(apart).to_series()


def by_department(one: Grouping) -> Grouping:
    """The same pages, those that the viewer may not see counted as one for each department."""
    codes, size, departments = one.codes, len(one.codes.owner), np.arange(SEVERAL + 1)
    if not codes.hidden.any():
        return one
    folded = Codes(
        same=np.append(codes.same, size + departments),
        identity=np.append(codes.identity, ~(len(one.words) + departments)),
        owner=np.append(codes.owner, departments.astype(np.uint8)),
        hidden=np.append(codes.hidden, (departments + 1).astype(np.uint8)),
    )
    of_code = np.where(codes.hidden > 0, size + codes.hidden.astype(np.int64) - 1, np.arange(size)).astype(np.uint32)
    return replace(one, codes=folded, groups=[Grouped(each.segment, of_code[each.of_page]) for each in one.groups])
