"""The page that says why a measure moved: its address is read, its question asked, and its layout answered."""

from typing import Any, Final

from flask import g

from callbacks import current, figures
from callbacks.files import picture
from callbacks.framed import Framed
from data import access
from layouts import moved
from layouts.markup import Child


def figures_of(pairs: figures.Pairs) -> Child:
    """The answer of the page, from its address alone."""
    state, _ = moved.Moved.read(pairs)
    return moved.answered(state, current.asked("drivers", state.question()), pictures=picture.possible())


def _require(state: Any) -> None:
    """Raise `Forbidden` for the pages of a department that the viewer isn't named for."""
    if state.department:
        access.may_see_services(g.viewer, state.department).require()


PAGE: Final = Framed("drivers", moved.Moved.read, moved.title, moved.heading, figures_of, require=_require)
