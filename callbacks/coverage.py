"""The Coverage page: its address is read, its question asked, and its layout answered."""

from typing import Final

from callbacks import current, figures
from callbacks.files import picture
from callbacks.framed import Framed
from layouts import coverage
from layouts.markup import Child


def figures_of(pairs: figures.Pairs) -> Child:
    """The answer of the page, from its address alone."""
    state, _ = coverage.Covered.read(pairs)
    return coverage.answered(state, current.asked("coverage", state.question()), pictures=picture.possible())


PAGE: Final = Framed("coverage", coverage.Covered.read, lambda _: coverage.TITLE, coverage.heading, figures_of)
