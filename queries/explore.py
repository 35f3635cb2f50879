"""Journeys from an anchor, step by step: what came next, or before, how many stopped, and how."""

from typing import Any, Final

from queries import journey_columns
from queries.asking import Asking, Frames, Value
from queries.disclosure import rows
from queries.journey_columns import fitted
from queries.journey_parameters import Parameters
from queries.publishing_journeys import published
from queries.unfolding import unfold

DEFINITION: Final = (
    "A journey is the steps of one session from the anchor on: its immediate repeats count as one step, and a session takes"
    " part once. Ended means that nothing more was seen, not that GOV.UK was left."
)

PARAMETERS: Final = Parameters
COLUMNS: Final = journey_columns.NODES
MORE_COLUMNS: Final = journey_columns.MORE
SPECIAL: Final = {"(other)": "other", "(ended)": "ended", "(reached end)": "reached_end", "(hidden)": "hidden"}


def answer(asking: Asking[Parameters]) -> Frames:
    """The nodes of each step, with one row each for what is not shown by name; links, endings and paths beside them."""
    if asking.parameters.publication:
        return published(asking)
    found = unfold(asking)
    return fitted(found.pop("nodes"), found)


def present(frames: Frames, asking: Asking[Parameters]) -> Value:
    """The answer as the API gives it."""
    nodes, how, hidden = (
        rows(frame) for frame in (frames.main, frames.others["ended_how"], frames.others["hidden_departments"])
    )
    steps = [
        {
            "step": k,
            "nodes": [
                _without(row, "step", "department", "journeys")
                for row in nodes
                if row["step"] == k and row["page"] not in SPECIAL
            ],
            **{
                name: sum(row["sessions"] for row in nodes if row["step"] == k and row["page"] == page)
                for page, name in SPECIAL.items()
            },
            "ended_how": {row["how"]: row["sessions"] for row in how if row["step"] == k},
            "hidden_departments": {row["page"]: row["sessions"] for row in hidden if row["step"] == k},
        }
        for k in range(asking.parameters.steps + 1)
    ]
    sessions = sum(row["sessions"] for row in nodes if row["step"] == 0)
    links = rows(frames.others["links"].drop("department"))
    value: dict[str, Any] = {"sessions": sessions, "steps": steps, "links": links}
    if asking.parameters.paths:
        paths = rows(frames.others["paths"].drop("department", "journeys"))
        value |= {"paths": paths, "paths_other": sessions - sum(path["sessions"] for path in paths)}
    return value


def _without(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}
