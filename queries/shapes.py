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
    told = {one.name: {"type": [TYPES[one.type], "null"], "description": one.unit} for one in columns if one.shown}
    return whole(**(told | more))


def whole(**parts: Shape) -> Shape:
    """An object of these parts."""
    return {"type": "object", "properties": parts}


def rows(columns: tuple[Column, ...], **more: Shape) -> Shape:
    """A list of such objects."""
    return {"type": "array", "items": row(columns, **more)}


def without(columns: tuple[Column, ...], *names: str) -> tuple[Column, ...]:
    """The columns but these."""
    return tuple(one for one in columns if one.name not in names)


NUMBER: Final[Shape] = {"type": "integer"}
COUNTS: Final[Shape] = {"type": "object", "additionalProperties": {"type": ["integer", "null"]}}
