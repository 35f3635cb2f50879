"""The review page: its address is read, its questions asked, and its layout answered."""

from dataclasses import replace
from typing import Final

from callbacks import figures, here
from callbacks.files import picture
from callbacks.framed import Framed
from layouts import act, review
from layouts.markup import Child, div


def figures_of(pairs: figures.Pairs) -> Child:
    """The answer of the page, from its address alone."""
    state, _ = review.read_state(pairs)
    changed, pictures = here.asked("review", state.question()), picture.possible()
    days = changed.about.period
    dated = replace(state, first=days.first, last=days.last)
    return div(
        review.answered(state, changed, pictures=pictures),
        act.shown(dated, here.asked("act", dated.question()), pictures=pictures),
    )


PAGE: Final = Framed("review", review.read_state, lambda _: review.TITLE, review.heading, figures_of)
