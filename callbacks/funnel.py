"""The Drop-offs page: its address is read, its questions asked, and its layout answered."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from flask import g

from callbacks import current, figures
from callbacks.files import picture
from callbacks.framed import Framed
from callbacks.service import by_department
from data import access, errors
from layouts import funnel, funnel_change, funnels, offered
from layouts.address import Problem
from layouts.funnel_state import FunnelState, problem_of
from layouts.markup import Child
from queries import parameters, publication
from queries.funnels import publishing_funnels, saved_funnels
from queries.funnels.funnel_definition import Parameters
from queries.periods import require_fixed


def figures_of(pairs: figures.Pairs) -> Child:
    """The answer of the page, from its address alone."""
    state, problems = FunnelState.read(pairs)
    state = current.settled(state, "funnel")
    wrong = _wrong(state)
    if not state.chosen or wrong or any(problem.field in {"steps", "service"} for problem in problems):
        kept = (
            FunnelState() if state.chosen else state
        )  # what is asked of any service, where nothing was wrong with one
        return offered.services(by_department(g.viewer), lambda slug: kept.address(service=slug))
    pictures = picture.possible()
    answer = current.asked("funnel", state.shown())
    return funnel.answered(state, answer, _parts(state, pictures, said=answer.about.notes), pictures=pictures)


def _parts(state: FunnelState, pictures: bool, *, said: Sequence[str]) -> list[Child]:  # noqa: FBT001 - whether any can be drawn here
    """What stands below the funnel, of which this is `said` already: over time, side by side, before and after a release."""
    trend = current.asked("funnel_trend", state.trend())
    trend = replace(
        trend, about=replace(trend.about, notes=tuple(note for note in trend.about.notes if note not in said))
    )
    told: Any = trend.value
    over_time = funnel_change.over_time(state, trend, pictures=pictures)
    if state.publication:
        return [over_time]
    return [
        over_time,
        funnel_change.beside(state, current.asked("funnel_groups", state.groups()), pictures=pictures) if state.by else None,
        funnel_change.choose_release(state, told["annotations"]),
        funnel_change.release(state, current.asked("funnel_release", state.released()), pictures=pictures) if state.release else None,
    ]  # fmt: skip


def _state(pairs: Any) -> tuple[FunnelState, tuple[Problem, ...]]:
    """The state of an address; what the question can't use is a problem of the page too, at its field."""
    state, problems = FunnelState.read(pairs)
    state = current.settled(state, "funnel")
    wrong = _wrong(state)
    return state, (*problems, *([_problem(state, wrong)] if wrong else []))


def _problem(state: FunnelState, wrong: errors.BadRequest) -> Problem:
    """At its field; steps that nobody typed are those of the service that is chosen."""
    problem = problem_of(wrong)
    return replace(problem, field="service") if problem.field == "steps" and not state.steps else problem


def _wrong(state: FunnelState) -> errors.BadRequest | None:
    """What the question can't use, or can't be published, of a funnel that is chosen."""
    if not state.chosen:
        return None
    try:
        wanted = parameters.read(Parameters, state.shown())
        if wanted.publication:
            publication.require_publishable("funnel", wanted)
            publishing_funnels.require(wanted, g.viewer)
            require_fixed(current.period(state, "funnel"), "from", current.estate().settings.today())
    except errors.BadRequest as wrong:
        return wrong
    return None


def _heading(state: FunnelState, problems: Sequence[Problem]) -> Child:
    saved = saved_funnels.readable(current.estate(), g.viewer) if state.steps and access.may_make(g.viewer) else []
    return [funnel.heading(state, problems, current.alive()), funnels.ways(state, funnels.same(saved, state), g.viewer)]


PAGE: Final = Framed("funnel", _state, funnel.title, _heading, figures_of)
