"""Definitions of sets of pages: how they are written, checked, and resolved to the pages that the viewer may see.

A kind of set is one entry of `SETS`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

import numpy as np
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from data import clean
from data.register import register
from data.store import Segment
from queries import page_tables
from queries.asking import Asking, sql
from queries.page_tables import Array
from queries.parameters import MOST_VALUES, Pattern, registered_department, registered_service
from queries.patterns import expression, key, literal_start, searchable
from queries.topics import Definition as Topic

_NONE: Final = np.zeros(0, np.uint32)
Values = tuple[str, ...]


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

    def regex(self, values: Values) -> Array:
        """Give the pages in whose form shown any of these regular expressions is found."""
        return _together(self.ask("definitions_regex", expression=value) for value in values)

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

    def service_start(self, values: Values) -> Array:
        """Give the pages that people set out from to these services, on days on which they were the service's."""
        return _together(self._of_service(slug, register.service(slug).start_pages) for slug in values)

    def service_end(self, values: Values) -> Array:
        """Give the pages that people of these services see when they are done, on days on which they were the service's."""
        return _together(self._of_service(slug, register.service(slug).end_pages) for slug in values)

    def _of_service(self, slug: str, patterns: Values) -> Array:
        """Whose a page is was settled by the day on which it was seen, as the register dates its services."""
        return np.intersect1d(self.page(patterns), self.service((slug,)))

    def document_type(self, values: Values) -> Array:
        """Give the pages of these document types."""
        return self.ask("definitions_words", values=list(values), column="document_type")

    def topic(self, values: Values) -> Array:
        """Give the pages of these topics, by slug, as the question was given them."""
        return _together(self._of_topic(self.asking.topics[slug].definition) for slug in values)

    def _of_topic(self, topic: Topic) -> Array:
        taxons = self.ask("definitions_words", values=list(topic.taxons), column="taxon") if topic.taxons else _NONE
        types = self.document_type(topic.document_types) if topic.document_types else _NONE
        return _together([self.page(topic.pages), taxons, types])


def _any_text(value: str) -> str:
    return value


@dataclass(frozen=True)
class Kind:
    """A kind of set: how its pages are found, and each value as it is kept, or `ValueError` where it can't be one."""

    pages: Callable[[Lookup, Values], Array]
    checked: Callable[[str], str] = _any_text


SETS: Final[dict[str, Kind]] = {
    "exact": Kind(Lookup.exact),
    "pattern": Kind(Lookup.pattern),
    "regex": Kind(Lookup.regex, searchable),
    "page": Kind(Lookup.page),
    "department": Kind(Lookup.department, registered_department),
    "organisation": Kind(Lookup.organisation, registered_department),
    "service": Kind(Lookup.service, registered_service),
    "service_start": Kind(Lookup.service_start, registered_service),
    "service_end": Kind(Lookup.service_end, registered_service),
    "document_type": Kind(Lookup.document_type),
    "topic": Kind(Lookup.topic),
}
MATCHES: Final = (*(name for name in SETS if name != "page"), "any", "sequence")  # `page` is the filter of this name


def pages(asking: Asking[Any], segment: Segment, match: str, values: Values) -> Array:
    """The numbers of a segment's pages in a set, those alone that the viewer may see, in order, each once."""
    found = every(asking, segment, match, values)
    seen: Array = found[page_tables.hidden(asking, segment)[found] == 0]
    return seen


def every(asking: Asking[Any], segment: Segment, match: str, values: Values) -> Array:
    """As `pages`, whoever asks: for totals of services, which nobody needs to be named for."""
    found: Array = np.unique(SETS[match].pages(Lookup(asking, segment), values))
    return found


def registered(asking: Asking[Any], segment: Segment, addresses: Values) -> Array:
    """The numbers of pages of the register (host/path, and so clean already), whoever asks."""
    keys = [key(host, f"/{path}") for host, _, path in (page.partition("/") for page in addresses)]
    return page_tables.table(asking.reading, segment).numbers(keys)


def _together(parts: Iterable[Array]) -> Array:
    return np.concatenate([_NONE, *parts])


def _listed(value: object) -> object:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list | tuple) or not all(isinstance(one, str) for one in values):
        raise ValueError("should be a text or a list of texts")
    if len(values) > MOST_VALUES:
        raise ValueError(f"should have at most {MOST_VALUES} values")
    return tuple(values)


def known(match: str) -> str:
    """A kind of set, or `any` or a `sequence`. Raises `ValueError` for another word."""
    if match not in MATCHES:
        raise ValueError(f"should be one of {', '.join(MATCHES)}")
    return match


Checked = Annotated[tuple[Pattern, ...], BeforeValidator(_listed)]


class Definition(BaseModel):
    """One set of pages, or, as an anchor, `any` or a `sequence` of pages."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    match: Annotated[str, AfterValidator(known), Field(json_schema_extra={"enum": list(MATCHES)})]
    value: Annotated[Checked, Field(validate_default=True)] = ()

    @field_validator("value")
    @classmethod
    def _fitting(cls, value: Values, info: ValidationInfo) -> Values:
        match = info.data.get("match")
        if match == "any" and value:
            raise ValueError("should be left out: any page is meant")
        if match not in {"any", None} and not value:
            raise ValueError("should have at least one value")
        return tuple(map(SETS[match].checked, value)) if match in SETS else value


def named(text: str) -> Definition:
    """The definition of a page or pattern, told apart by its star."""
    return Definition(match="pattern" if "*" in text else "exact", value=(text,))


def written(value: object) -> object:
    """A definition as it came: an object, or for short a page or pattern as text."""
    if isinstance(value, str):
        return {"match": "pattern" if "*" in value else "exact", "value": value}
    if not isinstance(value, Definition | Mapping):
        raise ValueError(  # noqa: TRY004 - pydantic makes sentences of these alone
            'should be a page or pattern as text, or an object such as {"match": "exact", "value": ["/a", "/b"]}'
        )
    return value


def _a_set(definition: Definition) -> Definition:
    if definition.match not in SETS:
        raise ValueError("should be a set of pages: any and sequence are for the anchor")
    return definition


def _sets_written(value: object) -> object:
    """Definitions as they came: one, or several in a list or, where they are all texts, with commas between them."""
    parts = value.split(",") if isinstance(value, str) else [value] if isinstance(value, dict | Definition) else value
    if not isinstance(parts, list | tuple) or not all(isinstance(part, str | dict | Definition) for part in parts):
        raise ValueError("should be pages, patterns or definitions, in a list where there are several")
    if len(parts) > MOST_VALUES:
        raise ValueError(f"should have at most {MOST_VALUES} values")
    return tuple(map(written, parts))


def _each_once(definitions: Sequence[Definition]) -> tuple[Definition, ...]:
    """In one order, so that the same wish has the same form."""
    return tuple(sorted(set(definitions), key=lambda one: (one.match, one.value)))


Written = Annotated[Definition, BeforeValidator(written)]
Set = Annotated[Written, AfterValidator(_a_set)]
Sets = Annotated[tuple[Set, ...], BeforeValidator(_sets_written), AfterValidator(_each_once)]
