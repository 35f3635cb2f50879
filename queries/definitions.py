"""Definitions of sets of pages: how they are written, checked, and resolved to the pages that the viewer may see."""

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import numpy as np
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from data import clean, errors
from data.register import register
from data.store import Segment
from queries import page_tables
from queries.asking import Asking, sql
from queries.page_tables import Array
from queries.parameters import MOST_VALUES, Pattern

if TYPE_CHECKING:
    from queries.topics import Definition as Topic

_STARS: Final = re.compile(r"(\*\*|\*)")
_RUNS: Final = {"**": "(?s:.*)", "*": "[^/]*"}
_NONE: Final = np.zeros(0, np.uint32)
_LATER: Final = {"regex": "pattern"}  # kinds that aren't answered yet, and what to use instead


def _listed(value: object) -> object:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list | tuple) or not all(isinstance(one, str) for one in values):
        raise ValueError("should be a text or a list of texts")
    if len(values) > MOST_VALUES:
        raise ValueError(f"should have at most {MOST_VALUES} values")
    return tuple(values)


Values = tuple[str, ...]
Checked = Annotated[tuple[Pattern, ...], BeforeValidator(_listed)]


class Definition(BaseModel):
    """One set of pages, or, as an anchor, `any` or a `sequence` of pages."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    match: Literal["exact", "pattern", "regex", "topic", "department", "any", "sequence"]
    value: Annotated[Checked, Field(validate_default=True)] = ()

    @field_validator("match")
    @classmethod
    def _answered(cls, match: str) -> str:
        if match in _LATER:
            raise ValueError(f"{match} can't be asked for yet; use {_LATER[match]}")
        return match

    @field_validator("value")
    @classmethod
    def _fitting(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        match = info.data.get("match")
        if match == "any" and value:
            raise ValueError("should be left out: any page is meant")
        if match not in {"any", None} and not value:
            raise ValueError("should have at least one value")
        if match == "department":
            return tuple(_short(short) for short in value)
        return value


def _short(short: str) -> str:
    try:
        return register.department(short).short
    except errors.UnknownDepartment as unknown:
        raise ValueError(f"should be departments; {unknown.detail}") from None


def named(text: str) -> Definition:
    """The definition of a page or pattern, told apart by its star."""
    return Definition(match="pattern" if "*" in text else "exact", value=(text,))


def written(value: object) -> object:
    """A definition as it came: an object, or for short a page or pattern as text."""
    return {"match": "pattern" if "*" in value else "exact", "value": value} if isinstance(value, str) else value


Written = Annotated[Definition, BeforeValidator(written)]


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


@dataclass(frozen=True)
class Lookup:
    """A segment whose pages are looked up for a question."""

    asking: Asking[Any]
    segment: Segment

    def ask(self, name: str, **parameters: object) -> Array:
        """Give the page numbers that `queries/<name>.sql` finds."""
        found: Array = self.asking.reading.arrow(self.segment, sql(name), parameters)["page"].to_numpy()
        return found

    def exact(self, values: Values) -> Array:
        """Give the pages of these addresses, each cleaned first."""
        keys = [key(*clean.page(value)) for value in values]
        return page_tables.table(self.asking.reading, self.segment).numbers(keys)

    def pattern(self, values: Values) -> Array:
        """Give the pages that fit any of these patterns."""
        return _together(self._fitting(value) for value in values)

    def _fitting(self, pattern: str) -> Array:
        host, start = literal_start(pattern)
        return self.ask("definitions_pattern", host=host, start=start, expression=expression(pattern))

    def page(self, values: Values) -> Array:
        """Give the pages of these addresses and patterns, told apart by a star."""
        exact, patterns = (tuple(value for value in values if ("*" in value) == star) for star in (False, True))
        return _together([self.exact(exact), self.pattern(patterns)])

    def department(self, values: Values) -> Array:
        """Give the pages that these departments own, or that are tagged with them if so asked."""
        asked = self.asking.parameters
        return self._owned(values, tagged=asked.attribution == "tagged", now=asked.structure == "now")

    def organisation(self, values: Values) -> Array:
        """Give the pages that were tagged with these departments, or with a body below them."""
        return self._owned(values, tagged=True, now=False)

    def _owned(self, values: Values, *, tagged: bool, now: bool) -> Array:
        numbers = [register.number(short) for short in values]
        bits = sum(1 << number for number in numbers)
        return self.ask("definitions_department", numbers=numbers, bits=bits, tagged=tagged, now=now)

    def service(self, values: Values) -> Array:
        """Give the pages of these services, by slug."""
        return self.ask("definitions_words", values=list(values), column="service")

    def document_type(self, values: Values) -> Array:
        """Give the pages of these document types."""
        return self.ask("definitions_words", values=list(values), column="document_type")

    def topic(self, values: Values) -> Array:
        """Give the pages of these topics, by slug, as the question was given them."""
        return _together(self._of_topic(self.asking.topics[slug].definition) for slug in values)

    def _of_topic(self, topic: "Topic") -> Array:
        taxons = self.ask("definitions_words", values=list(topic.taxons), column="taxon") if topic.taxons else _NONE
        types = self.document_type(topic.document_types) if topic.document_types else _NONE
        return _together([self.page(topic.pages), taxons, types])


SETS: Final[dict[str, Callable[[Lookup, Values], Array]]] = {
    "exact": Lookup.exact,
    "pattern": Lookup.pattern,
    "department": Lookup.department,
    "page": Lookup.page,
    "service": Lookup.service,
    "document_type": Lookup.document_type,
    "organisation": Lookup.organisation,
    "topic": Lookup.topic,
}


def pages(asking: Asking[Any], segment: Segment, match: str, values: Values) -> Array:
    """The numbers of a segment's pages in a set, those alone that the viewer may see, in order, each once."""
    found = np.unique(SETS[match](Lookup(asking, segment), values))
    seen: Array = found[page_tables.hidden(asking.reading, segment, asking.viewer)[found] == 0]
    return seen


def _together(parts: Iterable[Array]) -> Array:
    return np.concatenate([_NONE, *parts])
