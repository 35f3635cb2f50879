"""What a page shows, as one value: read from its address, written as an address again, and said in words."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from typing import Any, ClassVar, Final, Self

from data.contract import CHANNELS, DEVICES
from data.periods import whole_month
from layouts import formats, words
from layouts.address import Field, Problem, day, joined, one_of, read_days, several, switch, switched, written

COMPARISONS: Final = {"previous": "The days before", "year": "A year before", "none": "Nothing"}


def by_name(*fields: Field) -> dict[str, Field]:
    """Fields by their name in the address, in their order."""
    return {field.name: field for field in fields}


DAYS: Final = (Field("from", "First day", day, attribute="first"), Field("to", "Last day", day, attribute="last"))
COMPARE: Final = Field("compare", "Compared with", one_of(*COMPARISONS))
SESSIONS: Final = (
    Field("device", "Device", several(one_of(*DEVICES)), joined),
    Field("channel", "Channel", several(one_of(*CHANNELS)), joined),
)
ACCOUNT: Final = Field("account", "Account", one_of(*words.ACCOUNTS))
PUBLICATION: Final = Field("publication", "Rounded for publication", switch, switched)


def published_by(first: date | None, last: date | None) -> str:
    """`month` or `week`: what days to be published are made of; where none are asked for, they are a month."""
    starts = first is None or first == whole_month(first).first
    return "month" if starts and (last is None or last == whole_month(last).last) else "week"


@dataclass(frozen=True)
class State(ABC):
    """The values of an address. One at its default stands in no address."""

    AT: ClassVar[str]  # the page's path
    FIELDS: ClassVar[Mapping[str, Field]]  # in the order in which they are written
    WORDS: ClassVar[dict[str, Mapping[str, str]]] = {"compare": COMPARISONS}  # what values are called, by field
    UNTAGGED: ClassVar[frozenset[str]] = frozenset()  # fields that are no filters: nobody takes them away
    UNTOLD: ClassVar[frozenset[str]] = frozenset({"from", "to", "account", "publication"})  # what files say elsewhere

    @classmethod
    def read(cls, pairs: Iterable[tuple[str, str]]) -> tuple[Self, tuple[Problem, ...]]:
        """The state that an address stands for, and a problem for each value in it that can't be used."""
        values, problems = read_days(cls.FIELDS, pairs)
        return cls(**values), problems

    @abstractmethod
    def question(self, **changes: Any) -> Mapping[str, Any]:
        """The parameters of the page's question; `changes` stand instead of them."""

    @property
    def default(self) -> Self:
        """The page as it is without an address."""
        return type(self)()

    def address(self, path: str = "", **changes: Any) -> str:
        """The address of this state, with `changes`."""
        return written(path or self.AT, self.FIELDS.values(), replace(self, **changes), self.default)

    def value(self, name: str) -> str:
        """A field as it stands in the address, empty where it has no value."""
        field = self.FIELDS[name]
        found = getattr(self, field.of_state)
        return "" if found is None else field.write(found)

    @property
    def set_fields(self) -> list[str]:
        """The names of the filters that don't stand as they do at first."""
        first = self.default
        return [name for name in self.FIELDS if name not in self.UNTAGGED and self.value(name) != first.value(name)]

    def without(self, name: str, one: str | None = None) -> Self:
        """The state with a field as it is at first, or without `one` of the values that it holds."""
        attribute = self.FIELDS[name].of_state
        first = getattr(self.default, attribute)
        left = first if one is None else tuple(value for value in getattr(self, attribute) if value != one)
        return replace(self, **{attribute: left})

    def said(self, name: str, one: str | None = None) -> str:
        """`Device: mobile, tablet`, or `one` of its values; a switch by its name alone."""
        label, found, value = self.FIELDS[name].label, getattr(self, self.FIELDS[name].of_state), self.value(name)
        plain = formats.day(found) if isinstance(found, date) else value
        said = ", ".join(found) if isinstance(found, tuple) else self.WORDS.get(name, {}).get(value, plain)
        return label if found is True else f"{label}: {one or said}"

    @property
    def tags(self) -> list[tuple[str, str]]:
        """What is set, in words, each value with the address without it."""
        return [
            (self.said(name, one), self.without(name, one).address())
            for name in self.set_fields
            for one in self._values(name)
        ]

    def _values(self, name: str) -> tuple[str | None, ...]:
        """Each of the values of a field that may hold several; of any other field nothing that could be told apart."""
        found = getattr(self, self.FIELDS[name].of_state)
        return found if isinstance(found, tuple) else (None,)

    @property
    def plain(self) -> Self:
        """The state with every filter as it is at first."""
        return reduce(lambda state, name: state.without(name), self.set_fields, self)

    @property
    def told(self) -> tuple[str, ...]:
        """What is set, in words, beside days and account: what a file must say of its numbers."""
        return tuple(self.said(name) for name in self.set_fields if name not in self.UNTOLD)
