"""Journeys from an anchor, step by step: what came next, or before, how many stopped, and how."""

from collections import defaultdict
from dataclasses import replace
from typing import Any, Final

from queries.asking import Asking, Frames, Value
from queries.disclosure import SUPPRESSED, rows
from queries.journeys import journey_columns
from queries.journeys.beside import notes, other_side, unfold_both
from queries.journeys.journey_columns import fitted
from queries.journeys.journey_parameters import Parameters
from queries.journeys.publishing_journeys import published
from queries.journeys.unfolding import unfold

DEFINITION: Final = (
    "A journey is the steps of one session from the anchor on: its immediate repeats count as one step, and a session takes"
    " part once. Ended means that nothing more was seen, not that GOV.UK was left."
)

PARAMETERS: Final = Parameters
COLUMNS: Final = journey_columns.NODES
MORE_COLUMNS: Final = journey_columns.MORE
OTHER_SIDE: Final = {
    "compared_sessions": "sessions", "compared_share": "share", "difference": "difference", "difference_low": "low",
    "difference_high": "high", "difference_unusual": "unusual", "compared_median_seconds": "median_seconds",
}  # fmt: skip
HELPING: Final = frozenset({"journeys", "compared_journeys", *OTHER_SIDE})  # columns that a row leaves out
OF_NODE: Final = HELPING | {"step", "department"}
SPECIAL: Final = {"(other)": "other", "(ended)": "ended", "(reached end)": "reached_end", "(hidden)": "hidden"}
SHAPE: Final = journey_columns.SHAPE


def answer(asking: Asking[Parameters]) -> Frames:
    """The nodes of each step, with one row each for what is not shown by name; links, endings and paths beside them."""
    other = other_side(asking)
    if asking.parameters.publication:
        return published(asking, other)
    found = unfold_both(asking, other) if other else unfold(asking)
    frames = fitted(found.pop("nodes"), found)
    return replace(frames, notes=tuple(notes(asking, other))) if other else frames


def present(frames: Frames, asking: Asking[Parameters]) -> Value:
    """The answer as the API gives it."""
    nodes = rows(frames.main)
    compares = "compared_sessions" in frames.main.columns
    sessions = _at_first(nodes, "sessions")
    of_step = _by_step(nodes, *(rows(frames.others[name]) for name in ("ended_how", "hidden_departments")))
    other = _at_first(nodes, "compared_sessions") if compares else None
    steps = [_step(k, of_step[k], sessions, other) for k in range(asking.parameters.steps + 1)]
    links = [_row(row) for row in rows(frames.others["links"].drop("department"))]
    value: dict[str, Any] = {"sessions": sessions, "steps": steps, "links": links}
    if other is not None:
        value["compared"] = {"sessions": other}
    if asking.parameters.paths:
        paths = rows(frames.others["paths"].drop("department", "journeys"))
        value |= {"paths": paths, "paths_other": sessions - sum(path["sessions"] for path in paths)}
    return value


Rows = list[dict[str, Any]]


def _at_first(nodes: Rows, name: str) -> int:
    """The sessions at step 0; one of its pages may be hidden in what is published, and is among the other pages then."""
    return sum(row[name] or 0 for row in nodes if row["step"] == 0)


def _by_step(*tables: Rows) -> defaultdict[int, tuple[Rows, ...]]:
    """The rows of each step, in as many lists as there are tables."""
    found: defaultdict[int, tuple[Rows, ...]] = defaultdict(lambda: tuple([] for _ in tables))
    for place, table in enumerate(tables):
        for row in table:
            found[row["step"]][place].append(row)
    return found


def _step(k: int, tables: tuple[Rows, ...], sessions: int, other: int | None) -> dict[str, Any]:
    nodes, how, hidden = tables
    rest = {name: [row for row in nodes if row["page"] == page] for page, name in SPECIAL.items()}
    step = {
        "step": k,
        "nodes": [_row(row, OF_NODE) for row in nodes if row["page"] not in SPECIAL],
        **{name: sum(row["sessions"] for row in found) for name, found in rest.items()},
        "ended_how": {row["how"]: row["sessions"] for row in how if row["sessions"] != 0},
        "hidden_departments": {row["page"]: row["sessions"] for row in hidden},
    }
    if other is not None:
        ends = {row["how"]: row["compared_sessions"] for row in how if row["compared_sessions"] != 0}
        compared = {name: _compared(found[0]) if found else _never(sessions, other) for name, found in rest.items()}
        step["compared"] = {**compared, "ended_how": ends}
    return step


def _never(sessions: int, other: int) -> dict[str, Any]:
    """The other side of what neither side has."""
    share, difference = 0.0 if other else None, 0.0 if sessions and other else None
    return {"sessions": 0, "share": share, "difference": difference, "low": None, "high": None, "unusual": None}


def _row(row: dict[str, Any], left_out: frozenset[str] = HELPING) -> dict[str, Any]:
    """A row without the columns that serve the rules alone, its other side as one object."""
    own = {name: value for name, value in row.items() if name not in left_out}
    return {**own, "compared": _compared(row)} if "compared_sessions" in row else own


def _compared(row: dict[str, Any]) -> dict[str, Any]:
    """The other side of a row, with the names of what is hidden in it."""
    found = {said: row[name] for name, said in OTHER_SIDE.items() if name in row}
    return {**found, SUPPRESSED: [OTHER_SIDE[name] for name in row.get(SUPPRESSED) or () if name in OTHER_SIDE]}
