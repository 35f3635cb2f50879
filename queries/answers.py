"""What a question gives back: one result with its faces, and what must be said about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from data.periods import Period


@dataclass(frozen=True)
class Coverage:
    """How much of the estate the days of a period hold, from the register and the manifest."""

    departments: int  # that the register holds on these days
    sharing: tuple[str, ...]  # short names with a memorandum in force and data
    not_sharing: tuple[str, ...]
    totals_only: tuple[str, ...]  # of those, with reports of sums that no journey can hold
    missing_days: int  # days of the period without any extract
    data_to: date | None  # the last day with data, in any version's words
    demonstration: bool


@dataclass(frozen=True)
class About:
    """What stands beside every answer on screen, in the API and in files."""

    version: int
    account: str
    period: Period
    comparison: Period | None
    coverage: Coverage
    definition: str  # how this is counted, a sentence or two
    suppression: tuple[str, ...] = ()  # JSON paths of hidden values, such as $.steps[1].nodes[0].sessions
    units: dict[str, str] = field(default_factory=dict)
    publication: bool = False
    notes: tuple[str, ...] = ()  # sentences a reader must know, such as "adds up to more than the total"

    @property
    def empty(self) -> bool:
        """Whether no day of the period is here."""
        return self.coverage.missing_days == self.period.days


@dataclass(frozen=True)
class Answer:
    """One result: `value` is the answer as the API gives it, of JSON types, `table` the same as the table face.

    `more` are further tables of it by name, such as the links of journeys.
    """

    question: str
    value: dict[str, object] | list[dict[str, object]]
    table: pl.DataFrame
    about: About
    more: Mapping[str, pl.DataFrame] = field(default_factory=dict)
