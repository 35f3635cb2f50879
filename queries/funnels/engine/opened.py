"""Open funnels: units may enter at any step, and each step is held against the next alone."""

from itertools import pairwise
from typing import Final

import numpy as np

from queries.funnels.engine.views import NONE, Array, Reached, Rule, Stage, Views, firsts
from queries.funnels.engine.work import Work

A_MOVE: Final = 9  # views held against a step in the time of one move


def reached(views: Views, rule: Rule, work: Work) -> Reached:
    """Of each step the units with a match of it: those who came from the step before, and those who entered here."""
    work.done(len(views.unit) * len(rule.optional) // A_MOVE)
    matched = [views.of(step) for step in range(len(rule.optional))]
    first = firsts(np.flatnonzero(views.steps), views.unit)
    none = np.zeros(0, np.int64)
    ways = [(none, none), *(_ways(views, rule, *both) for both in pairwise(matched))]
    stages = []
    for step, rows in enumerate(matched):
        heads = firsts(rows, views.unit)
        came, before = ways[step]
        units = views.unit[heads]
        row, since = heads.copy(), np.full(len(heads), NONE)
        place = np.searchsorted(units, views.unit[came])
        row[place], since[place] = came, before
        start = first[np.searchsorted(views.unit[first], units)]
        last = step + 1 == len(matched)
        stopped = none if last else heads[~_among(units, views.unit[ways[step + 1][0]])]
        stages.append(Stage(row, since, start, stopped, entered=len(heads) - len(came)))
    return Reached(stages, 0, len(first))


def _ways(views: Views, rule: Rule, before: Array, after: Array) -> tuple[Array, Array]:
    """The first view of each unit that follows a match of the step before in time, and the latest such match."""
    latest = np.searchsorted(before, after) - 1
    fits = latest >= 0
    fits[fits] = before[latest[fits]] >= views.start[after[fits]]
    for window in (rule.window, rule.step_window):
        if window is not None:
            took = views.seconds[after[fits]] - views.seconds[before[latest[fits]]]
            fits[fits] = took <= window
    rows, since = after[fits], before[latest[fits]]
    heads = np.flatnonzero(np.diff(views.unit[rows], prepend=-1))
    return rows[heads], since[heads]


def _among(values: Array, known: Array) -> Array:
    """Whether each value, both in order, is known."""
    return np.isin(values, known, assume_unique=True)
