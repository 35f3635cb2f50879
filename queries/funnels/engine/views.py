"""Page views laid out for a funnel, the rules of one, and what is found of each of its steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal

import numpy as np

Array = np.ndarray[Any, Any]
Mode = Literal["ordered", "strict", "any_order", "open"]
NONE: Final = -1  # no row
ONE: Final = np.uint64(1)


@dataclass(frozen=True)
class Rule:
    """What an attempt must obey; steps are numbered from 0, exclusions lie between two of the required steps."""

    mode: Mode
    optional: tuple[bool, ...]  # of each step
    window: int | None = None  # seconds from the first view, inclusive
    step_window: int | None = None  # seconds from the view before, inclusive
    exclusions: tuple[tuple[int, int], ...] = ()  # from and to, as places among the required steps

    @property
    def required(self) -> list[int]:
        """The required steps in order."""
        return [step for step, optional in enumerate(self.optional) if not optional]


@dataclass(frozen=True, eq=False)
class Views:
    """One row a page view, by unit and order. `steps` and `excluded` have bit n for step n and for exclusion n.

    `apart` says that a page view which has no row lies between a view and the row before, or that this is none of the unit.
    """

    unit: Array
    seconds: Array  # that never fall within a unit
    steps: Array
    excluded: Array
    apart: Array

    @cached_property
    def start(self) -> Array:
        """The first row of each row's unit."""
        heads = np.flatnonzero(heads_of(self.unit))
        return np.repeat(heads, np.diff(heads, append=len(self.unit)))

    @cached_property
    def end(self) -> Array:
        """The row after the last of each row's unit."""
        heads = np.flatnonzero(heads_of(self.unit))
        lengths = np.diff(heads, append=len(self.unit))
        return np.repeat(heads + lengths, lengths)

    @cached_property
    def clock(self) -> Array:
        """Seconds that rise over the rows of all units, further apart between two units than any window reaches."""
        return self.unit.astype(np.int64) * (1 << 32) + self.seconds

    def of(self, step: int) -> Array:
        """The rows that match a step, in order."""
        return np.flatnonzero(self.among(1 << step))

    def among(self, steps: int) -> Array:
        """Whether each row matches any of these steps, which are bits."""
        found: Array = (self.steps & self.steps.dtype.type(steps)) != 0
        return found

    def part(self, rows: Array) -> "Views":
        """Some of the rows: those of whole units."""
        columns = (self.unit, self.seconds, self.steps, self.excluded, self.apart)
        return Views(*(column[rows] for column in columns))


@dataclass(frozen=True, eq=False)
class Stage:
    """What was found of one step: a row of each unit that reached it, in order; and one of each that stopped there.

    `before` is the row of the step before, `NONE` where there is none, and `first` the first of the unit's attempt.
    """

    rows: Array
    before: Array
    first: Array
    stopped: Array
    skipped: int | None = None  # units that went on without an optional step
    entered: int | None = None  # in an open funnel, units that didn't come from the step before


@dataclass(frozen=True)
class Reached:
    """What the units of some views reached of each step, and how many would have got further without exclusions.

    `anywhere` is how many units entered at any step of an open funnel; elsewhere all enter at the first.
    """

    stages: Sequence[Stage]
    voided: int
    anywhere: int


def heads_of(values: Array) -> Array:
    """Where a value differs from the one before it; the first always does."""
    return np.concatenate((np.ones(min(1, len(values)), bool), values[1:] != values[:-1]))


def firsts(rows: Array, unit: Array) -> Array:
    """The first of these rows, which are in order, of each unit."""
    return rows[heads_of(unit[rows])]
