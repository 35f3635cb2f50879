"""The page of totals that departments report: its address is read, its question asked, and its layout answered."""

from typing import Final

from callbacks import current, figures
from callbacks.files import picture
from callbacks.framed import Framed
from layouts import reported
from layouts.markup import Child


def figures_of(pairs: figures.Pairs) -> Child:
    """The answer of the page, from its address alone."""
    state, _ = reported.Totals.read(pairs)
    return reported.answered(state, current.asked("reported", state.question()), pictures=picture.possible())


PAGE: Final = Framed("reported", reported.Totals.read, lambda _: reported.TITLE, reported.heading, figures_of)
