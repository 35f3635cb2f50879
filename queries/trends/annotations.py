"""Dated events and notes among the days: those of the register's calendar, and those that people made and share."""

from typing import Any, Final

import polars as pl

from data.register import register
from queries import shapes
from queries.asking import Asking, Frames, Value
from queries.columns import Column, label
from queries.parameters import Common

ANNOTATED: Final = True  # it is given the annotations that the viewer may see
FILTERS: Final = frozenset({"department"})
PARAMETERS: Final = Common
DEFINITION: Final = (
    "Dated events of the calendar, and notes that people made and share. A note of a department stands on the charts of that "
    "department; any other note, and every event, on all."
)
COLUMNS: Final[tuple[Column, ...]] = (
    label("first_day", "date", pl.Date), label("last_day", "date", pl.Date), *map(label, ("kind", "name", "department", "by")),
)  # fmt: skip
MORE_COLUMNS: Final[dict[str, tuple[Column, ...]]] = {}
SHAPE: Final = shapes.rows(COLUMNS)


def answer(asking: Asking[Common]) -> Frames:
    """One row an event or note with a day in the period, in the order of days."""
    frame = pl.DataFrame(told(asking), {column.name: column.type for column in COLUMNS})
    return Frames(frame.sort("first_day", "last_day", "name", "by", nulls_last=True).head(asking.parameters.limit))


def told(asking: Asking[Any]) -> list[dict[str, Any]]:
    """The rows; nothing that people wrote leaves with what is published."""
    events = [
        {"first_day": one.period.first, "last_day": one.period.last, "kind": one.kind, "name": one.name}
        for one in register.calendar.events(asking.period)
    ]
    asked = asking.parameters
    notes = [] if asked.publication else [one for one in asking.notes if one.concerns(asking.period, asked.department)]
    return [
        *events,
        *(
            one.about.model_dump(include={"first_day", "last_day", "kind", "by"})
            | {"name": one.text, "department": one.about.department or None}
            for one in notes
        ),
    ]


def present(frames: Frames, _: Asking[Common]) -> Value:
    """One object a row."""
    return frames.main.drop("suppressed", strict=False).to_dicts()
