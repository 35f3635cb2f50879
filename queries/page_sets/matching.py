"""How sets of pages are written and checked, as pages, patterns, services and the like; `queries/page_sets/definitions.py` finds their pages."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from queries.page_sets.patterns import searchable
from queries.parameters import MOST_VALUES, Pattern, registered_department, registered_service

Values = tuple[str, ...]


def _any_text(value: str) -> str:
    return value


# Each kind of set, and what makes a value of it as it is kept, or raises `ValueError` where it can't be one.
SETS: Final[dict[str, Callable[[str], str]]] = {
    "exact": _any_text,
    "pattern": _any_text,
    "regex": searchable,
    "page": _any_text,
    "department": registered_department,
    "organisation": registered_department,
    "service": registered_service,
    "service_start": registered_service,
    "service_end": registered_service,
    "document_type": _any_text,
    "topic": _any_text,
}
MATCHES: Final = (*(name for name in SETS if name != "page"), "any", "sequence")  # `page` is the filter of this name


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
        return tuple(map(SETS[match], value)) if match in SETS else value


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
