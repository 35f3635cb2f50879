"""Reads the files of the demonstration: pages, services, families and lists, themes, people, changes."""

import csv
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, Final

from data.register import register

FOLDER: Final = Path(__file__).parent
SMALL_WORDS: Final = frozenset(
    {"and", "of", "the", "on", "in", "to", "for", "with", "under", "upon", "a", "or", "from"}
)
ORGANISATIONS: Final = "organisations"  # the one list that the register holds

Raw = dict[str, Any]
Member = dict[str, str]  # what {slug}, {name}, {other} and {code} stand for


@cache
def table(name: str) -> Raw:
    """The content of one TOML file."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def rows(name: str) -> tuple[Raw, ...]:
    """The rows of one CSV file without its comment lines; an empty cell is a value that isn't given."""
    lines = (FOLDER / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    kept = csv.DictReader(line for line in lines if not line.startswith("#"))
    return tuple({column: cell for column, cell in row.items() if cell} for row in kept)


def members(lists: Iterable[str]) -> Iterator[Member]:
    """The members of a family: of one list, or of each in the first with each in the second."""
    first, *others = (_listed(name) for name in lists)
    for chosen in product(first, *others):
        yield {**chosen[0], "other": chosen[-1]["slug"]}


def spoken(slug: str) -> str:
    """A part of an address as it is written in a title: `what-youll-get` is "What you'll get"."""
    words = slug.rsplit("/", 1)[-1].replace("youll", "you'll").replace("youre", "you're").replace("dont", "don't")
    return words.replace("_", " ").replace("-", " ").capitalize()


@cache
def _listed(name: str) -> tuple[Member, ...]:
    if name == ORGANISATIONS:
        bodies = sorted(register.organisations, key=lambda one: len(one.code) + len(one.slug))
        return tuple({"slug": one.slug, "name": one.name, "code": one.code} for one in bodies if one.last_day is None)
    written = table("lists")["written"]
    return tuple({"slug": slug, "name": written.get(slug) or _named(slug)} for slug in table("lists")[name].split())


def _named(slug: str) -> str:
    words = slug.removesuffix("--2").split("-")
    return " ".join(word if place and word in SMALL_WORDS else word.capitalize() for place, word in enumerate(words))
