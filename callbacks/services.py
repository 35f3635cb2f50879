"""The Services page: its address is read, its questions asked, and its layout answered."""

from typing import Final

from callbacks import current, figures
from callbacks.files import picture
from callbacks.framed import Framed
from layouts import services
from layouts.markup import Child
from layouts.services_state import ServicesState


def figures_of(pairs: figures.Pairs) -> Child:
    """The answer of the page, from its address alone."""
    state, _ = ServicesState.read(pairs)
    months = current.asked("services", state.months()) if state.service else None
    return services.answered(state, current.asked("services", state.question()), months, pictures=picture.possible())


PAGE: Final = Framed(
    "services",
    ServicesState.read,
    lambda _: services.TITLE,
    lambda state, problems: services.heading(state, problems, current.alive()),
    figures_of,
)
