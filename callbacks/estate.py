"""The Estate page: its address is read, its questions asked, and its layout answered."""

from dataclasses import replace
from typing import Final

from flask import g

from callbacks import alerts, current, figures
from callbacks.files import picture
from callbacks.framed import Framed
from data.register import register
from layouts import estate, overview, pack, why
from layouts.markup import Child
from queries.trends.trend_bands import BANDED


def figures_of(pairs: figures.Pairs) -> Child:
    """The answer of the page, from its address alone."""
    state, _ = overview.Overview.read(pairs)
    trend = current.asked("trend", state.question())
    if state.publication:  # where no days are named, those of a published trend aren't those of other questions
        state = replace(state, first=trend.about.period.first, last=trend.about.period.last)
    summary = current.asked("summary", state.summary())
    known = {department.short for department in register.departments}
    names = [name for name in summary.table["department"].to_list() if name in known]
    judged = {"bands": state.measure} if state.measure in BANDED else {}
    every = names if not state.publication else []  # what is published has no verdict
    departments = current.asked("trend", state.question(department=",".join(every), **judged)) if every else None
    closed = frozenset(name for name in {*names, state.department} - {""} if not g.viewer.owns(name))
    split = why.possible(state) and state.why and state.department not in closed
    drivers = current.asked("drivers", state.drivers(why.SHOWN)) if split else None
    return estate.answered(
        state, estate.Found(trend, summary, departments, drivers, closed, alerts.raised()), pictures=picture.possible()
    )


PAGE: Final = Framed(
    "trend",
    overview.Overview.read,
    overview.title,
    lambda state, problems: estate.heading(state, problems, current.offered()),
    figures_of,
    scripts=(pack.SCRIPT,),
)
