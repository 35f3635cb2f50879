"""The review page: its address is read, its question asked, and its layout answered."""

from typing import Final

from callbacks import figures, here
from callbacks.files import picture
from callbacks.framed import Framed
from layouts import review
from layouts.markup import Child


def figures_of(pairs: figures.Pairs) -> Child:
    """The answer of the page, from its address alone."""
    state, _ = review.read_state(pairs)
    return review.answered(state, here.asked("review", state.question()), pictures=picture.possible())


PAGE: Final = Framed("review", review.read_state, lambda _: review.TITLE, review.heading, figures_of)
