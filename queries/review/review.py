"""What changed on these days: departments, services, pages, handovers and terms outside expectation, by people affected."""

from typing import Annotated, Any, Final

import numpy as np
import polars as pl
from pydantic import Field

from data.periods import Period
from queries import shapes
from queries.asking import Asking, Frames, Value
from queries.columns import Column, count, derived, label
from queries.parameters import Common, Whole
from queries.periods import days_with_data
from queries.review.review_series import BEFORE, KINDS, Looked, Things
from queries.review.review_verdicts import HALF, Judged, Stretch, judged
from queries.verdicts.expected import days_of

FILTERS: Final[frozenset[str]] = frozenset()
NORMAL: Final = 1.96  # spreads that 95 of 100 stretches in which nothing happened lie within
_PARTS: Final = ("hits", "trials")
COLUMNS: Final[tuple[Column, ...]] = (
    label("kind"), label("name"), label("department"), label("measure"), count("hits", "as the measure"), count("trials", "as the measure"),
    *(derived(name, "as the measure", _PARTS) for name in ("value", "expected", "expected_low", "expected_high")),
    derived("affected", "as the measure", _PARTS, dtype=pl.Int64),
)  # fmt: skip
MORE_COLUMNS: Final[dict[str, tuple[Column, ...]]] = {
    "looked_at": (label("kind"), label("things", "things", pl.Int64)),
}
DEFINITION: Final = (
    "These days are held against the same weekdays of the eight weeks before. A thing is named if it departed from them by more than it "
    "and things of its kind do by themselves, so that of all that are named of one kind at most 1 in 20 is a false find "
    "(Benjamini-Hochberg). Affected are the sessions, exits, answers or searches above or below what was expected, by which things are ordered."
)


class Parameters(Common):
    """How many of the things that changed are given; all kinds together."""

    limit: Annotated[Whole, Field(ge=1, le=1_000)] = 50


PARAMETERS: Final = Parameters
SHAPE: Final = shapes.whole(changed=shapes.rows(COLUMNS), looked_at=shapes.rows(MORE_COLUMNS["looked_at"]))


def answer(asking: Asking[Parameters]) -> Frames:
    """A row for each thing outside expectation, those that touched most people first."""
    whole = Period(asking.period.first - BEFORE, asking.period.last)
    at, rows, looked = Looked(asking, whole), list[dict[str, Any]](), list[dict[str, Any]]()
    for kind in KINDS:
        things = at.things(kind)
        looked.append({"kind": kind, "things": len(things.names)})
        rows += changed(things, asking, whole) if things.names else []
    rows.sort(key=lambda row: (-row["affected"], row["kind"], row["name"]))
    schema = {column.name: column.type for column in COLUMNS}
    told = {"looked_at": pl.DataFrame(looked, {column.name: column.type for column in MORE_COLUMNS["looked_at"]})}
    return Frames(pl.DataFrame(rows[: asking.parameters.limit], schema), told)


def present(frames: Frames, asking: Asking[Parameters]) -> Value:  # noqa: ARG001 - a question's present is given both
    """What changed, and how many things of each kind were looked at."""
    return {"changed": frames.main.to_dicts(), "looked_at": frames.others["looked_at"].to_dicts()}


def changed(things: Things, asking: Asking[Any], whole: Period) -> list[dict[str, Any]]:
    """The things that changed: what each was, what was expected, and whom that touched; all of one kind judged together."""
    days = days_of(
        tuple(whole), days_with_data(asking.reading, asking.account, whole), things.breaks(whole, asking.account)
    )
    told = judged(things.hits, things.trials, days, asking.period.days)
    return [] if told is None else [_row(things, told, int(place)) for place in np.flatnonzero(told.real)]


def _row(things: Things, told: Judged, place: int) -> dict[str, Any]:
    one, reach = told.stretch, NORMAL * told.spread[place]
    ends = [natural(one, place, side * reach) for side in (0, -1, 1)]
    hits, trials = one.hits[place], None if one.trials is None else one.trials[place]
    value = hits if trials is None else hits / trials if trials else np.nan
    scale = 1 if trials is None else trials
    return {
        "kind": things.kind, "name": things.names[place], "department": things.departments[place], "measure": things.measure,
        "hits": int(hits), "trials": None if trials is None else int(trials), "value": float(value),
        "expected": ends[0], "expected_low": ends[1], "expected_high": ends[2], "affected": round(abs(value - ends[0]) * scale),
    }  # fmt: skip


def natural(one: Stretch, place: int, reach: float) -> float:
    """What was expected of a thing, so far away as a logarithm: a count, or a rate."""
    if one.expected_trials is None:
        return float(one.expected[place] * np.exp(reach))
    share = (one.expected[place] + HALF) / (one.expected_trials[place] + 2 * HALF)
    return float(1 / (1 + (1 - share) / share * np.exp(-reach)))
