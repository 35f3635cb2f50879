"""Small helpers over numpy arrays: tables are dictionaries of columns, whose rows lie in blocks, one a session."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Columns = dict[str, Array]


def changes(values: Array) -> Array:
    """Where a value differs from the one before it; the first always does."""
    changed = np.ones(len(values), bool)
    changed[1:] = values[1:] != values[:-1]
    return changed


def take(columns: Mapping[str, Array], rows: Array) -> Columns:
    """These rows of each column."""
    return {name: column[rows] for name, column in columns.items()}


def joined(parts: Sequence[Columns]) -> Columns:
    """The rows of all parts, which have the same columns; there is at least one."""
    return {name: np.concatenate([part.pop(name) for part in parts]) for name in list(parts[0])}


def lengths_of(starts: Array, count: int) -> Array:
    """The number of rows of each block of `count` rows, from the first row of each."""
    return np.diff(starts, append=count)


def in_blocks(starts: Array, lengths: Array) -> Array:
    """Every row of the blocks with these first rows and lengths, block after block."""
    ends = np.cumsum(lengths)
    return np.repeat(starts - (ends - lengths), lengths) + np.arange(ends[-1] if len(ends) else 0)


def first_true(flags: Array, starts: Array) -> Array:
    """The first row of each block where the flag holds, or -1."""
    places = np.append(np.flatnonzero(flags), len(flags))
    found = places[np.searchsorted(places, starts)]
    return np.where(found < np.append(starts[1:], len(flags))[: len(starts)], found, -1)


def per_block(operation: np.ufunc, values: Array, starts: Array) -> Array:
    """The operation, such as a sum, over the values of each block; no block is empty."""
    return operation.reduceat(values, starts) if len(starts) else values[:0]


def tally(values: Array) -> tuple[Array, Array]:
    """The distinct values in order, and how often each is there; several times faster than numpy.unique on many."""
    ordered = np.sort(values)
    starts = np.flatnonzero(changes(ordered))
    return ordered[starts], lengths_of(starts, len(ordered))


def order_of(values: Array) -> Array:
    """The places of whole numbers in their order, equal ones as they stand: 16 bits at a time, which numpy sorts fastest."""
    most, order = int(values.max(initial=0)), np.arange(len(values))
    for shift in range(0, max(1, most.bit_length()), 16):
        digits = (values >> shift & 0xFFFF).astype(np.uint16)
        order = order[np.argsort(digits[order], kind="stable")]
    return order
