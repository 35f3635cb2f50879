"""Annotations: dated notes that people made, drawn on the charts of everybody whom they are shared with."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, model_validator

from data.access import Viewer
from data.periods import Period
from data.register import register
from data.state import Kind, Made, Shelf
from data.store import Estate
from queries.parameters import Words

RESERVED: Final = frozenset({"new"})  # an address of the form
NOTE: Final = "note"  # the kind under which charts draw them
Scope = Annotated[str, AfterValidator(lambda short: register.department(short).short if short else "")]


class Annotation(BaseModel):
    """The days that a note is about, whose figures it concerns, and who wrote it in which role; its text is its name."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    first_day: date
    last_day: date
    department: Scope = ""  # short name; every chart where empty
    by: Words = ""
    kind: Literal["note"] = NOTE

    @model_validator(mode="after")
    def _in_order(self) -> "Annotation":
        if self.last_day < self.first_day:
            raise ValueError("last_day should not be before the first day")
        return self

    @property
    def period(self) -> Period:
        """The days that it is about."""
        return Period(self.first_day, self.last_day)


ANNOTATION: Final = Kind("annotation", Annotation)


@dataclass(frozen=True)
class Noted:
    """An annotation as a chart draws it."""

    text: str
    about: Annotation

    def concerns(self, period: Period, departments: Iterable[str]) -> bool:
        """Whether a chart of these days and departments, none for the whole estate, draws it."""
        scope = self.about.department
        return bool(self.about.period.overlap(period)) and (not scope or scope in departments)


def shelf(estate: Estate) -> Shelf[Annotation]:
    """Where annotations are kept."""
    return Shelf(estate.made, ANNOTATION, RESERVED)


def visible(estate: Estate, viewer: Viewer) -> tuple[Noted, ...]:
    """The annotations that the viewer may see, by their days; none for an estate where nobody made anything."""
    if not estate.keeps_made:
        return ()
    return tuple(Noted(made.name, made.definition) for made in ordered(shelf(estate).visible(viewer)))


def ordered(made: Iterable[Made[Annotation]]) -> list[Made[Annotation]]:
    """Annotations by their days, then by name."""
    return sorted(made, key=lambda one: (one.definition.first_day, one.definition.last_day, one.name))


def content(notes: Iterable[Noted]) -> str:
    """What tells these annotations from any others, for a cache key; "" for none."""
    told = "\n".join(f"{one.text}\0{one.about.model_dump_json()}" for one in notes)
    return told and hashlib.sha256(told.encode()).hexdigest()
