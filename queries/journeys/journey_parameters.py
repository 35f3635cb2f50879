"""What journeys are asked with: an anchor, what they must pass, and what their pages count as."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from queries.journeys.grouping import By
from queries.page_sets.matching import Checked, Set, Sets, Written
from queries.parameters import FILTERS, MOST_ROWS, MOST_VALUES, Common, Filters, Switch, Whole, Words

MOST_STEPS: Final = 20
_GROUPS: Final = ("page", "section", "document_type", "service", "department")


class Gathered(BaseModel):
    """Patterns whose pages count as one, and what that is called."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    name: Words
    value: Checked


class Group(BaseModel):
    """What pages count as."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    by: By = "page"
    patterns: tuple[Gathered, ...] = ()


def _grouped(value: object) -> object:
    if value in _GROUPS if isinstance(value, str) else False:
        return {"by": value}
    if isinstance(value, Mapping) and set(value) == {"patterns"} and value["patterns"]:
        return {"by": "patterns", "patterns": _gathered(value["patterns"])}
    raise ValueError(f'should be one of {", ".join(_GROUPS)}, or an object such as {{"patterns": ["/vehicle-tax/**"]}}')


def _gathered(patterns: object) -> list[dict[str, object]]:
    """Patterns under names, such as `{"Tax": "/tax/**", "Visas": ["/visa/*", "/visit/*"]}`, or each for itself.

    A pattern that stands under itself, as `{"/tax/**": "/tax/**"}`, has no name of its own.
    """
    each = [patterns] if isinstance(patterns, str) else patterns
    if not isinstance(each, list | tuple | Mapping) or len(each) > MOST_VALUES:
        raise ValueError(f"should have at most {MOST_VALUES} patterns, in a list or as an object with a name for each")
    if not isinstance(each, Mapping):
        return [{"name": pattern, "value": pattern} for pattern in each]
    if any(not name or name.startswith("(") or ("/" in name and name != value) for name, value in each.items()):
        raise ValueError("should have names in words, without slashes and not in brackets: those are of pages")
    return [{"name": name, "value": value} for name, value in each.items()]


def _top(value: object) -> object:
    return None if value == "all" else value


def _given(filters: Filters) -> dict[str, Any]:
    return {name: getattr(filters, name) for name in FILTERS if getattr(filters, name)}


class Parameters(Common):
    """An anchor, and how the journeys from it are walked and shown. `top` none means all."""

    anchor: Written
    occurrence: Literal["first", "last"] = "first"
    direction: Literal["forward", "backward"] = "forward"
    steps: Annotated[Whole, Field(ge=1, le=MOST_STEPS)] = 5
    top: Annotated[Annotated[Whole, Field(ge=1, le=MOST_ROWS)] | None, BeforeValidator(_top)] = 5
    via: Set | None = None
    end: Set | None = None
    exclude: Sets = ()
    group: Annotated[Group, BeforeValidator(_grouped)] = Group()
    collapse_repeats: Switch = True
    paths: Annotated[Whole, Field(ge=0, le=MOST_ROWS)] = 0
    compare: Words = "none"
    against: Filters | None = None  # what stands here stands instead of the same filters, on the side to compare with

    @field_validator("against")
    @classmethod
    def _something(cls, against: Filters | None) -> Filters | None:
        if against and not _given(against):
            raise ValueError("should have at least one filter, such as device")
        return against

    @model_validator(mode="after")
    def _two_sides(self) -> "Parameters":
        if self.against and self.compare != "none":
            raise ValueError("against should stand without compare: two sides are compared at a time")
        for name in _given(self.against) if self.against else ():
            if not getattr(self, name) or set(getattr(self, name)) & set(getattr(self.against, name)):
                raise ValueError(f"against.{name} should be compared with other values of {name} among the filters")
        return self

    @property
    def sides(self) -> "tuple[Parameters, ...]":
        """These parameters and, if they are compared with other filters, the same with those."""
        if self.against is None:
            return (self,)
        return (self, self.model_copy(update={**_given(self.against), "against": None}))
