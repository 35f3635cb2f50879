"""The Drop-offs page: its address is read, its questions asked, and its layout answered."""

from collections.abc import Sequence
from typing import Any, Final

from callbacks import figures, here
from callbacks.files import picture
from callbacks.framed import Framed
from data import errors
from layouts import funnel, funnel_change, funnel_panel, funnels
from layouts.address import Problem
from layouts.funnel_state import FunnelState, problem_of
from layouts.markup import Child
from queries import parameters
from queries.funnels.funnel_definition import Parameters


def figures_of(pairs: figures.Pairs) -> Child:
    """The answer of the page, from its address alone."""
    state, problems = _state(pairs)
    if not state.chosen or any(problem.field in {"steps", "service"} for problem in problems):
        return funnel_panel.offered(here.own_departments())
    pictures = picture.possible()
    trend = here.asked("funnel_trend", state.trend())
    told: Any = trend.value
    parts = [
        funnel_change.over_time(state, trend, pictures=pictures),
        funnel_change.beside(state, here.asked("funnel_groups", state.groups()), pictures=pictures) if state.by else None,
        funnel_change.choose_release(state, told["annotations"]),
        funnel_change.release(state, here.asked("funnel_release", state.released()), pictures=pictures) if state.release else None,
    ]  # fmt: skip
    return funnel.answered(state, here.asked("funnel", state.shown()), parts, pictures=pictures)


def _state(pairs: Any) -> tuple[FunnelState, tuple[Problem, ...]]:
    """The state of an address; what the question can't use is a problem of the page too, at its field."""
    state, problems = FunnelState.read(pairs)
    if state.chosen:
        try:
            parameters.read(Parameters, state.question())
        except errors.BadRequest as wrong:
            return state, (*problems, problem_of(wrong))
    return state, problems


def _heading(state: FunnelState, problems: Sequence[Problem]) -> Child:
    return [funnel.heading(state, problems, here.alive()), funnels.ways(state)]


PAGE: Final = Framed("funnel", _state, funnel.title, _heading, figures_of)
