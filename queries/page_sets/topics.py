"""Topics: named sets of pages across departments, from the register and from what people made.

A question is given the topics that it names as they are at that moment, and their content is part of its cache key.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from data import access, errors
from data.access import Viewer
from data.register import register
from data.register.records import Topic as Registered
from data.state import Kind, Made, Shelf
from data.store import Estate
from queries.parameters import Common, Pattern, Words

MOST_LINES: Final = 200
LINES: Final = ("pages", "taxons", "step_by_steps", "document_types")  # what pages belong to a topic by
BY: Final = ("by", "breakdown")  # parameters that, where they say `topic`, ask of every topic that the viewer may see


def _each_once(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


Lines = Annotated[tuple[Pattern, ...], Field(max_length=MOST_LINES), AfterValidator(_each_once)]
ManyWords = Annotated[tuple[Words, ...], Field(max_length=MOST_LINES), AfterValidator(_each_once)]


class Definition(BaseModel):
    """What belongs to a topic: every page that any of these fits."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    pages: Lines = ()  # exact pages and patterns, told apart by a star
    taxons: ManyWords = ()
    step_by_steps: ManyWords = ()
    document_types: ManyWords = ()
    about: Words = ""

    @model_validator(mode="after")
    def _something(self) -> "Definition":
        if not self.has_lines:
            raise ValueError("pages should have at least one line")
        return self

    @property
    def has_lines(self) -> bool:
        """Whether any page can belong to it."""
        return any(getattr(self, name) for name in LINES)

    @property
    def content(self) -> str:
        """What decides which pages belong to it."""
        return self.model_dump_json(exclude={"about"})


TOPIC: Final = Kind("topic", Definition)


@dataclass(frozen=True)
class Topic:
    """A topic as a viewer finds it; `made` is none for one of the register."""

    slug: str
    name: str
    definition: Definition
    made: Made[Definition] | None = None
    registered: Registered | None = None

    def shown_to(self, viewer: Viewer) -> Definition | None:
        """The definition without the lines that name pages which the viewer may not see; none where nothing is left."""
        if self.made is None or self.made.audience.person == viewer.person or viewer.sees_everything:
            return self.definition
        open_lines = tuple(line for line in self.definition.pages if names_only_open_pages(viewer, line))
        left = self.definition.model_copy(update={"pages": open_lines})
        return left if left.has_lines else None


class Catalogue:
    """The topics that a viewer may see: those of the register, and those that were made and are shared with the viewer."""

    def __init__(self, estate: Estate, viewer: Viewer) -> None:
        self._estate, self._viewer = estate, viewer

    @property
    def shelf(self) -> Shelf[Definition]:
        """Where topics that people make are kept."""
        return Shelf(self._estate.made, TOPIC, RESERVED)

    def every(self) -> list[Topic]:
        """All of them, by name."""
        made = [_topic(one) for one in self.shelf.visible(self._viewer)]
        return sorted([*BUILT_IN.values(), *made], key=lambda topic: (topic.name.casefold(), topic.slug))

    def find(self, slug: str) -> Topic:
        """The topic of this slug. Raises `NotFound`."""
        return BUILT_IN[slug] if slug in BUILT_IN else _topic(self.shelf.find(self._viewer, slug))

    def asked(self, wanted: Common, drafts: Mapping[str, Topic]) -> dict[str, Topic]:
        """The topics that a question names, and all where it asks by topic. Raises `BadRequest` for one that isn't there.

        `drafts` are topics that aren't kept yet, by the slug that the question names them with.
        """
        by_topic = any(getattr(wanted, name, None) == "topic" for name in BY)
        found = {topic.slug: topic for topic in self.every()} if by_topic else {}
        for slug in sorted(named(wanted) - found.keys()):
            try:
                found[slug] = drafts.get(slug) or self.find(slug)
            except errors.NotFound:
                known = ", ".join(topic.slug for topic in self.every())
                raise errors.BadRequest(
                    f"No topic is called {slug[:60]!r}", f"Choose one of {known}", "topic"
                ) from None
        return found


def named(wanted: Common) -> set[str]:
    """The slugs of the topics that the parameters of a question name, as a filter or in a definition."""
    filters = {slug for side in wanted.sides for slug in side.topic}
    if '"match":"topic"' not in wanted.model_dump_json():  # as nearly always, and much faster than to look at each part
        return filters
    return {*filters, *_in_definitions(wanted.model_dump())}


def content(topics: Mapping[str, Topic]) -> str:
    """What tells these topics as they are now from any others, for a cache key: their hash, or "" of none."""
    told = "\n".join(f"{slug} {topic.name} {topic.definition.content}" for slug, topic in sorted(topics.items()))
    return told and hashlib.sha256(told.encode()).hexdigest()


def _in_definitions(value: Any) -> Iterator[str]:
    """The values of every `{"match": "topic", "value": [...]}` in a value."""
    parts: Iterable[Any] = value.values() if isinstance(value, dict) else value
    if isinstance(value, dict) and value.get("match") == "topic":
        yield from value["value"]
    for part in parts:
        if isinstance(part, dict | list | tuple):
            yield from _in_definitions(part)


def names_only_open_pages(viewer: Viewer, line: str) -> bool:
    """Whether a page or pattern names nothing that the viewer may not see; one with a star in its host may."""
    host = access.OPEN_HOST if line.startswith("/") else line.partition("/")[0]
    known = register.host(host)
    return bool(access.may_see_page(viewer, host or "*", known.department if known else None))


def _topic(made: Made[Definition]) -> Topic:
    return Topic(made.slug, made.name, made.definition, made)


def _built_in(fact: Registered) -> Topic:
    told = {name: getattr(fact, name) for name in (*LINES, "about")}
    return Topic(fact.slug, fact.name, Definition.model_validate(told), registered=fact)


BUILT_IN: Final = {fact.slug: _built_in(fact) for fact in register.topics}
RESERVED: Final = frozenset({*BUILT_IN, "new", "try"})  # the last two are addresses of the form
