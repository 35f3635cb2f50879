"""A funnel laid out as frames: steps, destinations, groups, days, and the same over the comparison period."""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import polars as pl

from data import errors
from data.register import register
from queries.asking import WHOLE_ESTATE, Asking
from queries.columns import Column
from queries.funnels.engine.views import Array
from queries.funnels.funnel_columns import EDGES, MORE, STEPS
from queries.funnels.funnel_sums import ENDED, SAME, Funnel
from queries.journeys.engine.count import SEVERAL, Nodes, candidates
from queries.journeys.grouping import Grouping
from queries.pages import page_tables
from queries.publication import LIMIT
from queries.verdicts.statistics import benjamini_hochberg, newcombe, ratio_difference, wilson

FALSE_DISCOVERIES: Final = 0.01  # as in `summary`
SURE: Final = 0.99
MOST_GROUPS: Final = 6_000  # values by steps, some 3 seconds; more than 100 values of 50 steps, as asked for by default
OTHER: Final = "(other)"
Row = dict[str, Any]


def owner(asking: Asking[Any], one: Funnel) -> str | None:
    """The department whose cells a funnel's are: none where some of its pages are of departments that aren't the viewer's."""
    names = owners(one)
    if len(names) == 1:
        return next(iter(names))
    return WHOLE_ESTATE if names and all(asking.viewer.owns(name) for name in names) else None


def owners(one: Funnel) -> set[str]:
    """The owners of the pages that fit its steps, on the days that are only kept as sums too."""
    found, asking = set[int](), one.asking
    every = [pages for part in one.parts for pages in part.pages]
    for segment, pages in zip(one.segments, every, strict=True):
        table = page_tables.table(asking.reading, segment)
        of_page = table.owner_now if asking.parameters.structure == "now" else table.owner_then
        found |= set(np.unique(of_page[pages]).tolist())
    kept = {name for told in one.kept.values() for name in told["owners"]}
    return kept | {register.department_names[number] for number in found}


def steps(one: Funnel, department: str | None) -> pl.DataFrame:
    """One row a step."""
    asked, rows = one.asking.parameters, list(_counts(one.units(), one.entered(), one))
    skipped, entered = one.skipped(), one.entered()
    for step, row in enumerate(rows):
        row |= {
            "name": asked.names[step], "department": department,
            "skipped": int(skipped[step]) if asked.steps[step].optional else None,
            "entered": int(entered[step]) if asked.mode == "open" else None,
        }  # fmt: skip
        row.update(_times(one.seconds[step]))
    return framed(rows, STEPS)


def _times(took: Array) -> Row:
    """Mean and quartiles, these with linear interpolation; nothing where nobody can be timed."""
    if not len(took):
        return {}
    names = ("lower_quartile_seconds", "median_seconds", "upper_quartile_seconds")
    quartiles = np.quantile(took, [0.25, 0.5, 0.75]).tolist()
    return {"mean_seconds": float(took.mean()), **dict(zip(names, quartiles, strict=True))}


def histogram(one: Funnel, department: str | None) -> pl.DataFrame:
    """How many units took how long to each step; steps that nobody can be timed to have no rows."""
    rows: list[Row] = []
    for step in one.steps:
        took = one.seconds[step]
        bars = np.histogram(took, [*EDGES, np.inf])[0].tolist() if len(took) else []
        ends = zip(EDGES, (*EDGES[1:], None), bars, strict=False)
        rows += [
            {"step": step + 1, "from_seconds": low, "to_seconds": high, "department": department, "units": n}
            for low, high, n in ends
        ]
    return framed(rows, MORE["histogram"])


def _counts(units: Array, entered: Array, one: Funnel) -> Iterator[Row]:
    """The units of each step, those that came from the step before and went on to the next, and their shares."""
    asked = one.asking.parameters
    required = one.asking.parameters.rule.required
    start = one.start() if asked.mode == "open" else int(units[0])
    for step, number in enumerate(units.tolist()):
        before = [other for other in required if other < step][-1:]
        after = [other for other in required if other > step][:1]
        came = number - int(entered[step])
        going_on = int(units[after[0]] - entered[after[0]]) if after else number
        row = {
            "step": step + 1, "units": number, "start": start, "came": came if before else None,
            "previous": int(units[before[0]]) if before else None, "going_on": None if asked.steps[step].optional else going_on,
        }  # fmt: skip
        row["drop_offs"] = None if row["going_on"] is None else number - going_on
        yield row | shares(row)


def shares(row: Row) -> Row:
    """Both shares of a row with their Wilson intervals; none where there is nothing to divide by."""
    found: Row = {}
    for name, ends, hits, trials in (
        ("start", ("low", "high"), row["units"], row["start"]),
        ("previous", ("previous_low", "previous_high"), row["came"], row["previous"]),
    ):
        some = bool(trials)
        interval = wilson(np.float64(hits), np.float64(trials)) if some else (None, None)  # type: ignore[arg-type]
        found |= {f"share_of_{name}": hits / trials if some else None}
        found |= {end: None if value is None else float(value) for end, value in zip(ends, interval, strict=True)}
    return found


def went(one: Funnel, department: str | None, table: pl.DataFrame) -> pl.DataFrame:
    """Where those who dropped off after each step went: the pages most seen, the others as one, and what isn't a page."""
    pages, nodes, rest = one.went()
    hidden, own = nodes.codes.hidden, _own(one, nodes.codes.owner)
    rows: list[Row] = []
    for step, going_on in enumerate(table["going_on"].to_list()):
        units = nodes.sessions[step]
        cells = _largest(one, (pages, nodes), np.where((hidden == 0) & (own | (units >= LIMIT)), units, 0))
        folded = np.bincount(hidden, units, 1).astype(np.int64)  # of each department's pages that may not be seen
        cells += [
            (f"({register.department_names[n - 1]})", int(folded[n]))
            for n in np.flatnonzero(folded >= LIMIT).tolist()
            if n
        ]
        shown = sorted(cells, key=lambda cell: (-cell[1], cell[0]))[: one.asking.parameters.limit]
        others = int(units.sum()) - sum(n for _, n in shown)
        shown += [
            (name, n) for name, n in ((OTHER, others), (SAME, int(rest[step, 0])), (ENDED, int(rest[step, 1]))) if n
        ]
        rows += [
            {"step": step + 1, "to": name, "department": department, "cell": n, "units": n, "going_on": going_on}
            for name, n in shown
        ]
    return framed(rows, MORE["went"])


def _largest(one: Funnel, pages: tuple[Grouping, Nodes], units: Array) -> list[tuple[str, int]]:
    """The names and units of the pages that may be among those shown."""
    likely = candidates(units, one.asking.parameters.limit)
    return list(zip(pages[0].titles(pages[1], likely), units[likely].tolist(), strict=True))


def _own(one: Funnel, owners: Array) -> Array:
    """Whether cells of pages of each of these owners are exact for the viewer."""
    viewer = one.asking.viewer
    exact = [
        viewer.sees_everything or viewer.owns(register.department_names.get(number)) for number in range(SEVERAL + 1)
    ]
    found: Array = np.array(exact)[owners]
    return found


def groups(one: Funnel, department: str | None, by: str | None) -> pl.DataFrame:
    """The steps of each value of the breakdown, most units first, the rest as one; and how each differs from all others."""
    period = one.asking.period
    if by is None:
        return framed([], MORE["groups"])
    names, values = one.valued(by)
    sizes = one.by_value(values, len(names))[0].sum(axis=1)
    ranked = np.array(sorted(np.flatnonzero(sizes).tolist(), key=lambda n: (-sizes[n], names[n])), np.int64)
    shown = [names[n] for n in ranked[: one.asking.parameters.limit]]
    shown += [OTHER] if len(ranked) > len(shown) else []
    _require_few(len(shown), one)
    place = np.zeros(len(names), np.int64)
    place[ranked] = np.minimum(np.arange(len(ranked)), len(shown) - 1)
    daily = one.daily_by_value(period, [place[value] for value in values], max(len(shown), 1))
    whole = [each.sum(axis=0) for each in daily]
    rows, tests = [], []
    for name, *mine in zip(shown, *daily, strict=False):
        compared = _differences((mine[0], mine[1]), (whole[0] - mine[0], whole[1] - mine[1]), one)
        for step, row in enumerate(_of_days((mine[0], mine[1]), one)):
            rows.append(row | {"value": name, "department": department} | compared[step])
            tests.append(compared[step]["p"])
    return framed(_judged(rows, tests), MORE["groups"])


def _require_few(values: int, one: Funnel) -> None:
    """Raise `BadRequest` for more values than can be told apart step by step while somebody waits."""
    most = MOST_GROUPS // len(one.steps)
    if values > most:
        raise errors.BadRequest(
            "So many values can't be held against each other", f"Ask for at most {most - 1}", "limit"
        )


def compared(now: Funnel, before: Funnel | None, department: str | None, *, paired: bool) -> pl.DataFrame:
    """The steps of the comparison period, and how the shares of the step before changed; `paired` where days have pairs."""
    if before is None:
        return framed([], MORE["compared"])
    mine, theirs = now.daily(now.asking.period), before.daily(before.asking.period)
    changes = _differences(mine, theirs, now) if paired else [{}] * len(now.steps)
    rows = []
    for step, row in enumerate(_of_days(theirs, before)):
        told = {
            "units_now": int(mine[0][:, step].sum()),
            "previous_now": row["previous"] and int(mine[0].sum(axis=0)[_before(now, step)]),
        }
        change = {name.replace("difference", "change"): value for name, value in changes[step].items()}
        rows.append(row | told | change | {"department": department})
    return framed(_judged(rows, [one.get("p", np.nan) for one in changes]), MORE["compared"])


def _before(one: Funnel, step: int) -> int:
    """The required step before a step; the step itself for the first."""
    return max((other for other in one.asking.parameters.rule.required if other < step), default=step)


def _of_days(daily: tuple[Array, Array], one: Funnel) -> Iterator[Row]:
    """The rows of steps from the sums of days."""
    units, came = daily[0].sum(axis=0), daily[1].sum(axis=0)
    return _counts(units, units - came, one)


def _differences(now: tuple[Array, Array], before: tuple[Array, Array], one: Funnel) -> list[Row]:
    """How each share of the step before differs, day n against day n: the difference, its interval, its p-value."""
    found: list[Row] = []
    for step in one.steps:
        last = _before(one, step)
        if last == step or not (now[0][:, last].sum() and before[0][:, last].sum()):
            found.append({"p": np.nan})
            continue
        pairs = [(came[:, step].astype(float), units[:, last].astype(float)) for units, came in (now, before)]
        known = (pairs[0][1] > 0) | (pairs[1][1] > 0)
        told = ratio_difference(*((hits[known], trials[known]) for hits, trials in pairs))
        mine, theirs = ((hits.sum(), trials.sum()) for hits, trials in pairs)
        ends = told.interval().widened(newcombe(mine, theirs))
        sure = told.interval(SURE).widened(newcombe(mine, theirs, SURE))
        found.append(
            {
                "difference": float(told.change), "difference_low": float(ends.low), "difference_high": float(ends.high),
                "p": float(told.p_values()), "sure": bool(sure.leaves_zero()),
            }
        )  # fmt: skip
    return found


def _judged(rows: list[Row], p_values: list[float]) -> list[Row]:
    """The rows with `unusual`: sure by itself, and kept when so many are looked at together."""
    adjusted = benjamini_hochberg(np.array(p_values, float))
    return [
        row | {"unusual": None if np.isnan(p) else bool(p <= FALSE_DISCOVERIES and row["sure"])}
        for row, p in zip(rows, adjusted.tolist(), strict=True)
    ]


def voided(one: Funnel, department: str | None) -> pl.DataFrame:
    """How many units exclusions hold back."""
    return framed([{"department": department, "voided": one.voided()}], MORE["voided"])


def days(one: Funnel, department: str | None, with_data: frozenset[Any]) -> pl.DataFrame:
    """The units of each step on each day that has data."""
    units, _ = one.daily(one.asking.period)
    rows = [
        {"day": day, "step": step + 1, "department": department, "units": int(units[n, step])}
        for n, day in enumerate(one.asking.period)
        if day in with_data
        for step in one.steps
    ]
    return framed(rows, MORE["days"])


def framed(rows: list[Row], columns: tuple[Column, ...]) -> pl.DataFrame:
    """A frame of these columns; what a row doesn't tell is null."""
    types = {column.name: column.type for column in columns}
    return pl.DataFrame([{name: row.get(name) for name in types} for row in rows], schema=types, orient="row")
