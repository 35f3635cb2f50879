"""The shape of an answer as JSON Schema, made from the columns that its frames promise: what the API's description says."""

from typing import Any, Final

import polars as pl

from queries.columns import Column

Shape = dict[str, Any]
TYPES: Final[dict[Any, str]] = {
    pl.String: "string",
    pl.Int64: "integer",
    pl.Float64: "number",
    pl.Boolean: "boolean",
    pl.Date: "string",
}


def row(columns: tuple[Column, ...], **more: Shape) -> Shape:
    """One object a row; a value is null where it is hidden or there is none."""
    return whole(**({one.name: _cell(one) for one in columns if one.shown} | more))


def _cell(column: Column) -> Shape:
    if isinstance(column.type, pl.List):
        return {"type": ["array", "null"], "items": {"type": TYPES[column.type.inner]}, "description": column.unit}
    return {"type": [TYPES[column.type], "null"], "description": column.unit}


def whole(**parts: Shape) -> Shape:
    """An object of these parts, or null."""
    return {"type": ["object", "null"], "properties": parts, "additionalProperties": False}


def rows(columns: tuple[Column, ...], **more: Shape) -> Shape:
    """A list of such objects."""
    return listed(row(columns, **more))


def without(columns: tuple[Column, ...], *names: str) -> tuple[Column, ...]:
    """The columns but these."""
    return tuple(one for one in columns if one.name not in names)


def listed(shape: Shape) -> Shape:
    """A list of these."""
    return {"type": "array", "items": shape}


def perhaps(shape: Shape) -> Shape:
    """The same, or null."""
    return {**shape, "type": [shape["type"], "null"]}


NUMBER: Final[Shape] = {"type": ["integer", "null"]}
TEXT: Final[Shape] = {"type": ["string", "null"]}
TEXTS: Final[Shape] = listed({"type": "string"})
WORDS: Final[Shape] = {"type": "object", "additionalProperties": {"type": "string"}}
DAYS: Final[Shape] = {"type": ["object", "null"], "properties": {"from": TEXT, "to": TEXT}}
COUNTS: Final[Shape] = {"type": "object", "additionalProperties": {"type": ["integer", "null"]}}
