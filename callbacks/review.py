"""The review page: its address is read, its questions asked, and its layout answered."""

from dataclasses import replace
from typing import Final

from flask import g

from callbacks import alerts, current, figures
from callbacks.files import picture
from callbacks.framed import Framed
from data import access
from data.register import register
from layouts import act, review, review_context
from layouts.markup import Child, div


def figures_of(pairs: figures.Pairs) -> Child:
    """The answer of the page, from its address alone."""
    state, _ = review.Reviewed.read(pairs)
    changed, pictures = current.asked("review", state.question()), picture.possible()
    days = changed.about.period
    dated = replace(state, first=days.first, last=days.last)
    return div(
        review.answered(state, changed, _closed(), pictures=pictures),
        act.shown(dated, current.asked("act", dated.question()), pictures=pictures),
        alerts.raised(),
        review_context.noted(current.asked("annotations", dated.question())),
        review_context.fresh(dated, current.asked("coverage", dated.question())),
    )


def _closed() -> frozenset[str]:
    """The departments whose pages the viewer isn't named for."""
    every = (one.short for one in register.departments)
    return frozenset(short for short in every if not access.may_see_services(g.viewer, short))


PAGE: Final = Framed("review", review.Reviewed.read, lambda _: review.TITLE, review.heading, figures_of)
