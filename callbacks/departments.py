"""The Departments page: its address is read, its questions asked, and its layout answered."""

from dataclasses import replace
from typing import Final

from callbacks import current, figures
from callbacks.files import picture
from callbacks.framed import Framed
from layouts import departments
from layouts.comparison import Comparison, title
from layouts.markup import Child


def figures_of(pairs: figures.Pairs) -> Child:
    """The answer of the page, from its address alone: the chart's question, and where that goes over time the table's."""
    state, _ = Comparison.read(pairs)
    drawn = current.asked("departments", state.question())
    whole = drawn if not state.part else current.asked("departments", replace(state, view="past").question())
    return departments.answered(state, drawn, whole, pictures=picture.possible())


PAGE: Final = Framed(
    "departments",
    Comparison.read,
    title,
    lambda state, problems: departments.heading(state, problems, current.offered()),
    figures_of,
)
