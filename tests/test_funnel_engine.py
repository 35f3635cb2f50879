"""The engine of drop-offs finds what trying every attempt finds, and what a machine that reads one view at a time reaches."""

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.funnels.engine.views import NONE, Reached, Rule, Views
from queries.funnels.engine.work import Work
from queries.funnels.reaching import ENGINES
from tests.counts import rounds
from tests.plain import funnel as plain
from tests.plain.funnel import Funnel, Seen

MODES = ("ordered", "ordered", "strict", "any_order", "open")
WINDOWS = st.sampled_from([None, None, 0, 5, 20, 60])
UNITS = st.lists(
    st.lists(
        st.tuples(
            st.frozensets(st.integers(0, 4), max_size=3), st.frozensets(st.integers(0, 1), max_size=1),
            st.sampled_from([0, 0, 1, 5, 15, 40]),
        ),
        max_size=8,
    ),
    max_size=5,
)  # fmt: skip


@st.composite
def funnels(draw: st.DrawFn) -> Funnel:
    mode = draw(st.sampled_from(MODES))
    steps = draw(st.integers(2, 5))
    chain = mode in {"ordered", "strict"}
    middle = draw(st.lists(st.booleans(), min_size=steps - 2, max_size=steps - 2)) if chain else [False] * (steps - 2)
    optional = (False, *middle, False)
    required = [step for step, skip in enumerate(optional) if not skip]
    spans = [(low, high) for low in required for high in required if low < high] if chain else [(0, steps - 1)]
    exclusions = draw(st.lists(st.sampled_from(spans), max_size=2)) if mode != "open" else []
    step_window = draw(WINDOWS) if mode != "any_order" else None
    return Funnel(mode, optional, draw(WINDOWS), step_window, tuple(exclusions))


def lists(raw: list[Any], funnel: Funnel) -> list[list[Seen]]:
    """Units as the oracle has them; a view may match steps that the funnel doesn't have, and then matches nothing."""
    units = []
    for number, rows in enumerate(raw):
        clock, unit = 0, []
        for steps, excluded, gap in rows:
            clock += gap
            known = frozenset(step for step in steps if step < len(funnel.optional))
            met = frozenset(one for one in excluded if one < len(funnel.exclusions))
            unit.append(Seen(str(number), "", clock, known, met))
        units.append(unit)
    return units


def views(units: list[list[Seen]], *, every: bool) -> Views:
    """The same as the engine has them: rows that match nothing are there, or are only missed."""
    rows = []
    for number, unit in enumerate(units):
        apart = True
        for seen in unit:
            if every or seen.steps or seen.excluded:
                rows.append((number, seen.seconds, _bits(seen.steps), _bits(seen.excluded), apart))
                apart = False
            else:
                apart = True
    columns = zip(*rows, strict=True) if rows else [()] * 5
    types = (np.int64, np.int64, np.uint64, np.uint64, bool)
    return Views(*(np.array(column, kind) for column, kind in zip(columns, types, strict=True)))


def _bits(some: frozenset[int]) -> int:
    return sum(1 << one for one in some)


def reached(found: Views, funnel: Funnel) -> Reached:
    place = {step: n for n, step in enumerate(funnel.required)}
    between = tuple((place[low], place[high]) for low, high in funnel.exclusions)
    mode: Any = funnel.mode
    rule = Rule(mode, funnel.optional, funnel.window, funnel.step_window, between)
    return ENGINES[mode](found, rule, Work(10**9))


def flat(units: list[list[Seen]], *, every: bool) -> list[tuple[int, int]]:
    """The unit and place of each of the engine's rows."""
    return [
        (number, place)
        for number, unit in enumerate(units)
        for place, seen in enumerate(unit)
        if every or seen.steps or seen.excluded
    ]


@settings(max_examples=rounds(250, 6_000), deadline=None)
@given(raw=UNITS, funnel=funnels(), every=st.booleans())
def test_every_step_is_reached_by_the_view_that_counts(*, raw: list[Any], funnel: Funnel, every: bool) -> None:
    units = lists(raw, funnel)
    found, places = reached(views(units, every=every), funnel), flat(units, every=every)
    expected = {number: one for number, unit in enumerate(units) if (one := plain.told(unit, funnel))}
    counted = {number: one for number, one in expected.items() if one.at}
    for step, stage in enumerate(found.stages):
        rows = [(places[row], None if back == NONE else places[back][1], places[first][1])
                for row, back, first in zip(stage.rows.tolist(), stage.before.tolist(), stage.first.tolist(), strict=True)]  # fmt: skip
        assert rows == [
            ((number, at), one.before[step], one.first)
            for number, one in counted.items()
            if (at := one.at[step]) is not None
        ]
        stopped = [places[row] for row in stage.stopped.tolist()]
        assert stopped == [(number, one.stopped[step]) for number, one in counted.items() if step in one.stopped]
        skipped = sum(step in one.skipped for one in counted.values())
        assert stage.skipped == (skipped if funnel.optional[step] else None)
        entered = sum(step in one.entered for one in counted.values())
        assert stage.entered == (entered if funnel.mode == "open" else None)
    assert found.voided == sum(one.voided for one in expected.values())
    assert found.anywhere == len(counted)


@settings(max_examples=rounds(100, 2_000), deadline=None)
@given(UNITS, funnels())
def test_the_machine_reaches_what_the_best_attempt_reaches(raw: list[Any], funnel: Funnel) -> None:
    if funnel.mode in {"ordered", "strict"}:
        for unit in lists(raw, funnel):
            assert plain.level(unit, funnel) == len(plain.counting(unit, funnel))


@settings(max_examples=rounds(40, 500), deadline=None)
@given(st.data(), funnels())
def test_long_units_reach_what_the_machine_reaches(data: st.DataObject, funnel: Funnel) -> None:
    """Too long to try every attempt: more than 64 page views."""
    seed, size = data.draw(st.integers(0, 10**6)), data.draw(st.integers(65, 200))
    random = np.random.default_rng(seed)
    raw = [
        (frozenset(np.flatnonzero(random.random(5) < 0.25).tolist()), frozenset({0} if random.random() < 0.1 else ()), int(gap))
        for gap in random.integers(0, 12, size)
    ]  # fmt: skip
    (unit,) = lists([raw], funnel)
    found = reached(views([unit], every=False), funnel)
    counts = [len(stage.rows) for stage, optional in zip(found.stages, funnel.optional, strict=True) if not optional]
    if funnel.mode in {"ordered", "strict"}:
        assert sum(counts) == plain.level(unit, funnel)
