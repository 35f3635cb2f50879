"""Sets of pages resolved to the pages that the viewer may see: one entry of `SETS` for each kind in `queries/page_sets/matching.py`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from data import clean
from data.register import register
from data.store import Segment
from queries.asking import Asking, sql
from queries.cache import Kept
from queries.page_sets.matching import Values
from queries.page_sets.patterns import expression, key, literal_start
from queries.page_sets.topics import Definition as Topic
from queries.pages import page_tables
from queries.pages.page_tables import Array

KEPT_BYTES: Final = 64 << 20  # of sets found, those used last; one of 100,000 pages takes 0.4 MB
ENTRY: Final = 1_000  # bytes that keeping anything takes
_NONE: Final = np.zeros(0, np.uint32)
_found: Final[Kept[Array]] = Kept(KEPT_BYTES, lambda pages: pages.nbytes + ENTRY)


@dataclass(frozen=True)
class Lookup:
    """A segment whose pages are looked up for a question."""

    asking: Asking[Any]
    segment: Segment

    def ask(self, name: str, **parameters: object) -> Array:
        """Give the page numbers that `queries/<name>.sql` finds, kept for the next question: whose it is doesn't matter here."""

        def read() -> Array:
            found: Array = self.asking.reading.arrow(self.segment, sql(name), parameters)["page"].to_numpy()
            return found

        return _found.find((self.segment.sha256, name, str(parameters)), read)

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
        guides = self.ask("definitions_guides", values=list(topic.step_by_steps)) if topic.step_by_steps else _NONE
        return _together([self.page(topic.pages), taxons, types, guides])


SETS: Final[dict[str, Callable[[Lookup, Values], Array]]] = {
    "exact": Lookup.exact,
    "pattern": Lookup.pattern,
    "regex": Lookup.regex,
    "page": Lookup.page,
    "department": Lookup.department,
    "organisation": Lookup.organisation,
    "service": Lookup.service,
    "service_start": Lookup.service_start,
    "service_end": Lookup.service_end,
    "document_type": Lookup.document_type,
    "topic": Lookup.topic,
}


def pages(asking: Asking[Any], segment: Segment, match: str, values: Values) -> Array:
    """The numbers of a segment's pages in a set, those alone that the viewer may see, in order, each once."""
    found = every(asking, segment, match, values)
    seen: Array = found[page_tables.hidden(asking, segment)[found] == 0]
    return seen


def every(asking: Asking[Any], segment: Segment, match: str, values: Values) -> Array:
    """As `pages`, whoever asks: for totals of services, which nobody needs to be named for."""
    found: Array = np.unique(SETS[match](Lookup(asking, segment), values))
    return found


def registered(asking: Asking[Any], segment: Segment, addresses: Values) -> Array:
    """The numbers of pages of the register (host/path, and so clean already), whoever asks."""
    keys = [key(host, f"/{path}") for host, _, path in (page.partition("/") for page in addresses)]
    return page_tables.table(asking.reading, segment).numbers(keys)


def _together(parts: Iterable[Array]) -> Array:
    return np.concatenate([_NONE, *parts])
