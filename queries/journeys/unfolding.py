"""Journeys of every segment of a period, counted, and laid out as frames of what the viewer is shown."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import polars as pl

from data.register import register
from data.store import Segment
from queries.asking import WHOLE_ESTATE, Asking
from queries.journeys.engine import paths
from queries.journeys.engine.count import (
    HIDDEN,
    OTHER,
    SEVERAL,
    SHOWN,
    STOPPED,
    Nodes,
    Part,
    candidates,
    links,
    stopped,
    tally,
    together,
    unite,
)  # fmt: skip
from queries.journeys.engine.walk import Array, Walks
from queries.journeys.grouping import Grouping, Words, grouping
from queries.journeys.journey_parameters import Parameters
from queries.journeys.walking import days_of, parts
from queries.publication import LIMIT
from queries.source import Source, marked

ENDS: Final = ("from", "of_tail", "to", "of_head")


@dataclass(frozen=True)
class Journeys:
    """The journeys of a period: counted as nodes, with what numbers in them mean."""

    asking: Asking[Parameters]
    grouping: Grouping
    part: Part
    whole: Walks  # every step of the journeys, where paths are asked for
    nodes: Nodes
    stopped: Array  # [step, how]
    hows: list[str]
    days: Array  # of each journey, from 0 on the period's first; empty unless two sides are compared

    @property
    def sessions(self) -> int:
        """How many journeys there are."""
        return int(self.nodes.sessions[0].sum())


@dataclass(frozen=True)
class Shown:
    """What is shown of journeys: at each step these nodes, in order, and what every node is shown as there."""

    at: list[Array]
    slots: Array  # [step, node]
    names: dict[int, str]  # by node


def unfold(asking: Asking[Parameters]) -> dict[str, pl.DataFrame]:
    """Frames of nodes, links, how journeys ended, departments of hidden pages, and whole paths where asked for."""
    [journeys] = gathered(asking)
    return framed(journeys, chosen(journeys))


def framed(journeys: Journeys, shown: Shown) -> dict[str, pl.DataFrame]:
    """The frames of journeys of which this is shown."""
    return {
        "nodes": _nodes(journeys, shown),
        "links": _links(journeys, shown),
        "ended_how": _ended_how(journeys),
        "hidden_departments": _hidden_departments(journeys, shown),
        "paths": _paths(journeys),
    }


def gathered(*askings: Asking[Parameters]) -> list[Journeys]:
    """The journeys of every segment of each asking's period, counted as one; all in the same numbers of nodes and words."""
    first, hows = askings[0], Words()
    asked, several = first.parameters, len(askings) > 1
    held = [one.reading.segments(one.account, one.period) for one in askings]
    segments = list({segment.name: segment for some in held for segment in some}.values())
    groups = grouping(first, segments, asked.group.by, [(one.name, one.value) for one in asked.group.patterns])
    of_segment = {group.segment.name: group for group in groups.groups}
    found = [
        [parts(asking, of_segment[one.name], hows) for one in some] for asking, some in zip(askings, held, strict=True)
    ]
    whole = [together([part for some in each for part in some] or [_nothing(asked.steps)]) for each in found]
    counted = [replace(one, walks=one.walks.cut(asked.steps)) for one in whole]
    nodes = unite(groups.codes, *tally([step for one in counted for step in one.walks.codes], len(groups.codes.same)))
    days = [_days(*side) if several else np.zeros(0, np.int64) for side in zip(askings, held, found, strict=True)]
    return [
        Journeys(
            asking, groups, every, one.walks, replace(nodes, sessions=sessions), stopped(every, len(hows.numbers)),
            list(hows.numbers), of_days,
        )
        for asking, one, every, sessions, of_days in zip(askings, whole, counted, np.split(nodes.sessions, len(askings)), days, strict=True)
    ]  # fmt: skip


def _days(asking: Asking[Parameters], segments: Sequence[Segment], found: Sequence[Sequence[Part]]) -> Array:
    """The day of each journey of one side, segment by segment."""
    sessions = [np.concatenate([part.session for part in some]) for some in found]
    each = [days_of(Source(asking, one), session) for one, session in zip(segments, sessions, strict=True)]
    return np.concatenate([np.zeros(0, np.int64), *each])


def _nothing(steps: int) -> Part:
    """A part without a journey."""
    none = np.zeros(0, np.int64)
    return Part(Walks([none], [], []).cut(steps), none, none.astype(bool), none)


def chosen(*sides: Journeys) -> Shown:
    """The most frequent nodes of each step, of any side, that may be shown, ties in the order of their names."""
    nodes, top = sides[0].nodes, sides[0].asking.parameters.top
    small = np.logical_or.reduce([_small(side) for side in sides])
    large = [np.where((nodes.codes.hidden == 0) & ~small, side.nodes.sessions, 0) for side in sides]
    wanted = np.unique(np.concatenate([candidates(step, top) for side in large for step in side]))
    names = dict(zip(wanted.tolist(), sides[0].grouping.titles(nodes, wanted), strict=True))
    by_name = np.array(sorted(names, key=names.__getitem__), np.int64)
    at = [_most(by_name, steps, top) for steps in zip(*large, strict=True)]
    slots = np.where((nodes.codes.hidden > 0) & ~small, HIDDEN, OTHER)
    for k, some in enumerate(at):
        slots[k, some] = SHOWN + np.arange(len(some))
    return Shown(at, slots, names)


def _most(by_name: Array, steps: Sequence[Array], top: int | None) -> Array:
    """The nodes with most sessions on any side, in the order of the first side, then of the others, then of names."""
    each = [by_name[np.argsort(-step[by_name], kind="stable")] for step in steps]
    if len(steps) == 1:
        return each[0][steps[0][each[0]] > 0][:top]
    wanted = np.concatenate([some[step[some] > 0][:top] for some, step in zip(each, steps, strict=True)])
    ordered = by_name[np.lexsort([-step[by_name] for step in reversed(steps)])]
    return ordered[np.isin(ordered, wanted)]


def _small(journeys: Journeys) -> Array:
    """Whether each node's sessions at each step are too few to be shown to the viewer, by node or by hidden department."""
    nodes, hidden = journeys.nodes, journeys.nodes.codes.hidden
    if journeys.asking.viewer.sees_everything and not journeys.asking.parameters.publication:
        return np.zeros(nodes.sessions.shape, bool)
    of_hidden = np.stack([np.bincount(hidden, step, minlength=1)[hidden] for step in nodes.sessions])
    return (np.where(hidden > 0, of_hidden, nodes.sessions) < LIMIT) & ~_own(journeys.asking, nodes)


def _own(asking: Asking[Parameters], nodes: Nodes) -> Array:
    """Whether each node's cells are exact for the viewer; nobody's are in what is published."""
    viewer, codes = asking.viewer, nodes.codes
    if asking.parameters.publication:
        return np.zeros(len(codes.owner), bool)
    own = np.array([viewer.owns(_department(number)) for number in range(SEVERAL + 1)])
    exact: Array = own[codes.owner] & ((codes.hidden == 0) | viewer.sees_everything)
    return exact


def _department(number: int) -> str | None:
    return register.department_names.get(number)


def _nodes(journeys: Journeys, shown: Shown) -> pl.DataFrame:
    rows: list[tuple[int, int, str, str | None, int]] = []
    to_end = journeys.asking.parameters.end is not None
    for k, nodes in enumerate(shown.at):
        sessions = journeys.nodes.sessions[k]
        owners = journeys.nodes.codes.owner[nodes].tolist()
        rows += [
            (k, face, shown.names[n], _department(o), int(sessions[n]))
            for face, (n, o) in enumerate(zip(nodes.tolist(), owners, strict=True), SHOWN)
        ]
        stopped = int(journeys.stopped[k].sum())
        rest = {
            (OTHER, "(other)"): int(sessions[shown.slots[k] == OTHER].sum()),
            (HIDDEN, "(hidden)"): int(sessions[shown.slots[k] == HIDDEN].sum()),
            (STOPPED, "(reached end)" if to_end else "(ended)"): stopped,
        }
        rows += [(k, *face, WHOLE_ESTATE, number) for face, number in rest.items() if number]
    schema = {"step": pl.Int64, "face": pl.Int64, "page": pl.String, "department": pl.String, "sessions": pl.Int64}
    frame = pl.DataFrame(rows, schema, orient="row")
    return _shares(frame, journeys)


def _shares(frame: pl.DataFrame, journeys: Journeys) -> pl.DataFrame:
    # In numpy: polars multiplies by the reciprocal of a number that is the same in every row, which is off by a last digit.
    share = pl.Series(frame["sessions"].to_numpy() / max(journeys.sessions, 1), dtype=pl.Float64)
    return frame.with_columns(journeys=pl.lit(journeys.sessions, pl.Int64), share=share)


def _links(journeys: Journeys, shown: Shown) -> pl.DataFrame:
    """The links between what is shown, with names.

    A link belongs to the department at its end, or to that at its start where the end is the viewer's own.
    """
    found = links(journeys.part, journeys.nodes, shown.slots)
    faces = [_faces(journeys, shown, k) for k in range(len(shown.at))]
    tails = [names[one.tail] for one, names in zip(found, faces, strict=False)]
    heads = [names[one.head] for one, names in zip(found, faces[1:], strict=True)]
    rows = np.concatenate([np.column_stack(ends) for ends in zip(tails, heads, strict=True)])
    frame = pl.DataFrame(
        {
            "step": np.repeat(np.arange(len(found)), [len(one.tail) for one in found]),
            "tail": np.concatenate([one.tail for one in found]).astype(np.int64),
            "head": np.concatenate([one.head for one in found]).astype(np.int64),
            **{name: pl.Series(column.tolist(), dtype=pl.String) for name, column in zip(ENDS, rows.T, strict=True)},
            "sessions": np.concatenate([one.sessions for one in found]),
            "median_seconds": pl.Series(np.concatenate([one.median for one in found]), nan_to_null=True),
            "mean_seconds": pl.Series(np.concatenate([one.mean for one in found]), nan_to_null=True),
        }
    )
    own = pl.col("of_head").is_in([*journeys.asking.viewer.own, WHOLE_ESTATE])
    department = pl.when(own).then("of_tail").otherwise("of_head")
    return frame.with_columns(department=department).sort("step", pl.col("sessions") * -1, "from", "to")


def _faces(journeys: Journeys, shown: Shown, k: int) -> Array:
    """The name and the department of everything that a step may be shown as."""
    asked, nodes = journeys.asking.parameters, shown.at[k].tolist()
    stopped = "(reached end)" if asked.end else "(ended)" if asked.direction == "forward" else "(began)"
    owners = journeys.nodes.codes.owner[shown.at[k]].tolist()
    rest = [(stopped, WHOLE_ESTATE), ("(other)", WHOLE_ESTATE), ("(hidden)", None)]
    named = [(shown.names[node], _department(owner)) for node, owner in zip(nodes, owners, strict=True)]
    return np.array(rest + named, object)


def _ended_how(journeys: Journeys) -> pl.DataFrame:
    stopped = journeys.stopped if journeys.asking.parameters.end is None else journeys.stopped * 0
    step, number = np.nonzero(stopped)
    how = pl.Series([journeys.hows[n] for n in number.tolist()], dtype=pl.String)
    found = pl.DataFrame({"step": step, "number": number, "how": how, "sessions": stopped[step, number]})
    return found.sort("step", "how")


def _hidden_departments(journeys: Journeys, shown: Shown) -> pl.DataFrame:
    hidden = journeys.nodes.codes.hidden
    rows = []
    for k, sessions in enumerate(journeys.nodes.sessions if hidden.any() else ()):
        of_department = np.bincount(hidden, np.where(shown.slots[k] == HIDDEN, sessions, 0))
        for number in np.flatnonzero(of_department).tolist():
            short = register.department_names[number - 1]
            rows.append((k, f"({short})", short, int(of_department[number])))
    return pl.DataFrame(
        rows, {"step": pl.Int64, "page": pl.String, "department": pl.String, "sessions": pl.Int64}, orient="row"
    )


def _paths(journeys: Journeys) -> pl.DataFrame:
    """Whole journeys, most first; one that passes a page of another department and that too few took isn't named."""
    most = journeys.asking.parameters.paths
    rows = _whole(journeys, most) if most else []
    schema: dict[str, pl.DataType | type[pl.DataType]] = {"pages": pl.List(pl.String), "sessions": pl.Int64}
    frame = pl.DataFrame(rows, schema, orient="row").with_columns(department=pl.lit(WHOLE_ESTATE))
    return _shares(frame, journeys)


def _whole(journeys: Journeys, most: int) -> list[tuple[list[str], int]]:
    codes = journeys.grouping.codes
    seen = np.flatnonzero(marked(len(codes.same), *journeys.whole.codes)[1:]) + 1
    nodes = unite(codes, seen, ())
    hidden, same = nodes.codes.hidden, np.arange(len(nodes.codes.hidden))
    _, first, of_hidden = np.unique(hidden, return_index=True, return_inverse=True)
    same = np.where(hidden > 0, first[of_hidden], same)  # the hidden pages of a department are one
    found = paths.frequent(
        journeys.whole, np.append(0, same)[nodes.of_code], ~_own(journeys.asking, nodes), most=most, least=LIMIT
    )
    wanted = np.unique(np.array([node for path, _ in found for node in path], np.int64))
    names = dict(zip(wanted.tolist(), journeys.grouping.titles(nodes, wanted), strict=True))
    named = (([names[node] for node in path], sessions) for path, sessions in found)
    return sorted(named, key=lambda path: (-path[1], path[0]))[:most]
