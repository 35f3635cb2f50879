"""Definitions of sets of pages: how they are written, checked, and resolved to the pages that the viewer may see."""

import hashlib
import re
from collections.abc import Callable, Iterable
from typing import Annotated, Any, Final, Literal

import numpy as np
import polars as pl
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from data import access, clean, errors
from data.access import Viewer
from data.register import register
from data.store import Segment
from queries.asking import Asking, sql
from queries.parameters import MOST_VALUES, Common, Pattern

Array = np.ndarray[Any, Any]
_STARS: Final = re.compile(r"(\*\*|\*)")
_RUNS: Final = {"**": "(?s:.*)", "*": "[^/]*"}
_LATER: Final = {"regex": "pattern", "topic": "pattern"}  # kinds that aren't answered yet, and what to use instead


def _listed(value: object) -> object:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list | tuple) or not all(isinstance(one, str) for one in values):
        raise ValueError("should be a text or a list of texts")
    if len(values) > MOST_VALUES:
        raise ValueError(f"should have at most {MOST_VALUES} values")
    return tuple(values)


Values = Annotated[tuple[Pattern, ...], BeforeValidator(_listed)]


class Definition(BaseModel):
    """One set of pages, or, as an anchor, `any` or a `sequence` of pages."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    match: Literal["exact", "pattern", "regex", "topic", "department", "any", "sequence"]
    value: Annotated[Values, Field(validate_default=True)] = ()

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


Found = Iterable[pl.DataFrame]
Ask = Callable[..., pl.DataFrame]


def _exact(ask: Ask, values: tuple[str, ...], _: Common) -> Found:
    yield ask("definitions_exact", keys=sorted({key(*clean.page(value)) for value in values}))


def _pattern(ask: Ask, values: tuple[str, ...], _: Common) -> Found:
    for value in values:
        host, start = literal_start(value)
        yield ask("definitions_pattern", host=host, start=start, expression=expression(value))


def _department(ask: Ask, values: tuple[str, ...], asked: Common) -> Found:
    numbers = [register.number(short) for short in values]
    owners = {"numbers": numbers, "bits": sum(1 << number for number in numbers)}
    yield ask("definitions_department", **owners, now=asked.structure == "now", tagged=asked.attribution == "tagged")


def _page(ask: Ask, values: tuple[str, ...], asked: Common) -> Found:
    yield from _exact(ask, tuple(value for value in values if "*" not in value), asked)
    yield from _pattern(ask, tuple(value for value in values if "*" in value), asked)


def _words(ask: Ask, values: tuple[str, ...], column: str) -> Found:
    yield ask("definitions_words", values=list(values), column=column)


SETS: Final[dict[str, Callable[[Ask, tuple[str, ...], Common], Found]]] = {
    "exact": _exact,
    "pattern": _pattern,
    "department": _department,
    "page": _page,
    "service": lambda ask, values, _: _words(ask, values, "service"),
    "document_type": lambda ask, values, _: _words(ask, values, "document_type"),
}


def pages(asking: Asking[Any], segment: Segment, match: str, values: tuple[str, ...]) -> Array:
    """The numbers of a segment's pages in a set, those alone that the viewer may see, in order, each once."""

    def ask(name: str, **parameters: object) -> pl.DataFrame:
        return asking.reading.run(segment, sql(name), parameters)

    found = [visible(frame, asking.viewer)["page"] for frame in SETS[match](ask, values, asking.parameters)]
    return np.unique(np.concatenate([np.zeros(0, np.uint32), *(numbers.to_numpy() for numbers in found)]))


def visible(frame: pl.DataFrame, viewer: Viewer) -> pl.DataFrame:
    """The rows (host, owner as a number) of pages that the viewer may see."""
    if viewer.sees_everything:
        return frame
    owners = frame.select("host", "owner").unique()
    seen = [
        bool(access.may_see_page(viewer, host, register.department_names[owner])) for host, owner in owners.iter_rows()
    ]
    return frame.join(
        owners.filter(pl.Series(seen, dtype=pl.Boolean)), on=["host", "owner"], how="semi", maintain_order="left"
    )
