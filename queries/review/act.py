"""Where to act: steps of services at which clearly more stop than at the same kind of step of similar services."""

from typing import Annotated, Any, Final

import numpy as np
import polars as pl
from pydantic import Field

from data.register import register
from queries import shapes
from queries.asking import Asking, Frames, Value
from queries.columns import Column, count, derived, label
from queries.disclosure import rows
from queries.metrics import ratio
from queries.parameters import Common, Whole
from queries.publication import LIMIT
from queries.review import similar
from queries.review.act_steps import Steps, found
from queries.verdicts.statistics import FEWEST, Floats, Interval, benjamini_hochberg, newcombe, ratio_difference
from queries.verdicts.verdicts import FALSE_DISCOVERIES

FILTERS: Final[frozenset[str]] = frozenset()
LEAST: Final = 30  # sessions at a step, below which nothing can be told of it
ALIKE: Final = 5  # similar services that a step is held against
APART: Final = 0.05  # by which its rate lies above theirs at the least: less isn't worth acting on
MOST_OF: Final = 0.75  # of them that a step has to lose more than
_PARTS: Final = ("reached", "stopped")
COLUMNS: Final[tuple[Column, ...]] = (
    label("service"), label("name"), label("department"), label("step", "step", pl.Int64), label("step_name"), label("to"), label("kind"),
    count("reached", "sessions"), count("stopped", "sessions"),
    derived("stopped_rate", "share", ratio("stopped", "reached"), denominators=("reached",)),
    derived("similar_rate", "share", _PARTS), label("similar", "services", pl.Int64), label("worse_than", "services", pl.Int64),
    *(derived(name, "share", _PARTS) for name in ("difference_low", "difference_high")),
    derived("helped", "sessions", _PARTS, dtype=pl.Int64),
)  # fmt: skip
MORE_COLUMNS: Final[dict[str, tuple[Column, ...]]] = {
    "looked_at": (label("services", "services", pl.Int64), label("steps", "steps", pl.Int64)),
}
DEFINITION: Final = (
    "A step of a service's ready-made funnel is held against the same kind of step (from the start page, inside the service, to the end) "
    "of five similar services of other departments: those that start with the same word, the nearest in size first, else the "
    "nearest of any. It is named if more stop there than at three quarters of them, and at least 5 points more than at all of them together, "
    "by more than days differ (pairs of days, with Newcombe's interval at the least); at most 1 in 20 that are named is a false find "
    "(Benjamini-Hochberg). Helped are the sessions that stopped beyond those that would have at the similar services' rate. "
    "A person who finishes in a later visit has stopped in this one."
)


class Parameters(Common):
    """How many of the steps are given."""

    limit: Annotated[Whole, Field(ge=1, le=1_000)] = 50


PARAMETERS: Final = Parameters
SHAPE: Final = shapes.whole(act=shapes.rows(COLUMNS), looked_at=shapes.row(MORE_COLUMNS["looked_at"]))


def answer(asking: Asking[Parameters]) -> Frames:
    """A row for each step to act on that belongs to a department of the viewer's, those that would help most first."""
    steps = _told(found(asking, asking.period))
    mine = [
        n for n, one in enumerate(steps.steps) if asking.viewer.owns(similar.owner(one.service, asking.period.last))
    ]
    held = [(n, others) for n in mine if len(others := _similar(steps, n, asking)) >= FEWEST]
    acted = _judged(steps, held, asking)
    acted.sort(key=lambda row: (-row["helped"], row["service"], row["step"]))
    looked = {"services": len({steps.steps[n].service for n, _ in held}), "steps": len(held)}
    schema = {column.name: column.type for column in MORE_COLUMNS["looked_at"]}
    main = pl.DataFrame(acted[: asking.parameters.limit], {column.name: column.type for column in COLUMNS})
    return Frames(main, {"looked_at": pl.DataFrame([looked], schema)})


def present(frames: Frames, asking: Asking[Parameters]) -> Value:  # noqa: ARG001 - a question's present is given both
    """The steps to act on, and how many could be held against similar services."""
    return {"act": rows(frames.main), "looked_at": frames.others["looked_at"].row(0, named=True)}


def _told(steps: Steps) -> Steps:
    """Steps with enough sessions; where nobody at all goes on, the next step isn't seen rather than lost."""
    reached, stopped = steps.reached.sum(axis=0), steps.stopped.sum(axis=0)
    kept = np.flatnonzero((reached >= LEAST) & (stopped < reached))
    return Steps(tuple(steps.steps[n] for n in kept), steps.reached[:, kept], steps.stopped[:, kept])


def _similar(steps: Steps, place: int, asking: Asking[Any]) -> list[list[int]]:
    """The places of the same kind of step in each of the similar services that have one."""
    one = steps.steps[place]
    alike: dict[str, list[int]] = {}
    for n, other in enumerate(steps.steps):
        if other.kind == one.kind:
            alike.setdefault(other.service, []).append(n)
    total = steps.reached.sum(axis=0)
    sizes = {slug: int(total[some].max()) for slug, some in alike.items()}
    return [alike[slug] for slug in similar.ranked(sizes, one.service, asking.period.last)[:ALIKE]]


def _judged(steps: Steps, held: list[tuple[int, list[list[int]]]], asking: Asking[Any]) -> list[dict[str, Any]]:
    """The rows of those steps that clearly more stop at than at the similar ones, all judged together."""
    if not held:
        return []
    places = [n for n, _ in held]
    own = steps.stopped[:, places], steps.reached[:, places]
    alike = _pooled(steps.stopped, held), _pooled(steps.reached, held)
    told = ratio_difference(own, alike)
    sums = [(stopped.sum(axis=0), reached.sum(axis=0)) for stopped, reached in (own, alike)]
    interval = newcombe(sums[0], sums[1]).widened(told.interval())
    real = (
        (benjamini_hochberg(told.p_values()) <= FALSE_DISCOVERIES)
        & (interval.low > 0)
        & _tellable(sums[1], asking)
        & (told.change >= APART)
    )
    rates = steps.stopped.sum(axis=0) / steps.reached.sum(axis=0)
    found_ = []
    for row in np.flatnonzero(real).tolist():
        place, others = held[row]
        worse = sum(_rate(steps, some) < rates[place] for some in others)
        if worse >= MOST_OF * len(others):
            of = {"similar_rate": float(sums[1][0][row] / sums[1][1][row]), "similar": len(others), "worse_than": worse}
            found_.append(_row(steps, place, asking) | of | _reach(interval, row))
    return [one | {"helped": round(one["stopped"] - one["similar_rate"] * one["reached"])} for one in found_]


def _pooled(counts: Floats, held: list[tuple[int, list[list[int]]]]) -> Floats:
    """The sum over the similar services of each: days first."""
    return np.stack([counts[:, [n for some in others for n in some]].sum(axis=1) for _, others in held], axis=1)


def _tellable(sums: tuple[Floats, Floats], asking: Asking[Any]) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Whether the similar services' rate gives no small number of other departments away to the viewer."""
    fewest = np.minimum(sums[0], sums[1] - sums[0])
    return np.asarray((fewest >= LIMIT) | asking.viewer.sees_everything)


def _rate(steps: Steps, places: list[int]) -> float:
    return float(steps.stopped[:, places].sum() / steps.reached[:, places].sum())


def _reach(interval: Interval, row: int) -> dict[str, float]:
    return {"difference_low": float(interval.low[row]), "difference_high": float(interval.high[row])}


def _row(steps: Steps, place: int, asking: Asking[Any]) -> dict[str, Any]:
    one, reached, stopped = steps.steps[place], int(steps.reached[:, place].sum()), int(steps.stopped[:, place].sum())
    return {
        "service": one.service, "name": register.services[one.service].name, "department": similar.owner(one.service, asking.period.last),
        "step": one.place, "step_name": one.name, "to": one.to, "kind": one.kind,
        "reached": reached, "stopped": stopped, "stopped_rate": stopped / reached,
    }  # fmt: skip
