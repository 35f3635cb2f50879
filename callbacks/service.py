"""The My service page: its address is read, its questions asked, and its layout answered."""

from typing import Final

from flask import current_app, g

from callbacks import current, figures
from callbacks.files import picture
from callbacks.framed import Framed
from data import access
from data.access import Viewer
from data.register import register
from layouts import offered, service
from layouts.markup import Child
from layouts.service_state import TITLE, ServiceState


def figures_of(pairs: figures.Pairs) -> Child:
    """The answer of the page, from its address alone."""
    state, _ = ServiceState.read(pairs)
    if not state.service:
        return offered.services(by_department(g.viewer), lambda slug: ServiceState(service=slug).address())
    told, returned = current.asked("service", state.question()), current.asked("services", state.returns())
    return service.answered(state, told, returned, mine(g.viewer), pictures=picture.possible())


def mine(viewer: Viewer) -> dict[str, str]:
    """The services that the viewer may look at on one screen: names by slug, in the order of names."""
    names = {
        slug: one.name for slug, one in register.services.items() if access.may_see_services(viewer, _department(slug))
    }
    return dict(sorted(names.items(), key=lambda item: item[1]))


def by_department(viewer: Viewer) -> dict[str, dict[str, str]]:
    """The same by department, in the order of their names."""
    found: dict[str, dict[str, str]] = {}
    for slug, name in mine(viewer).items():
        found.setdefault(_department(slug), {})[slug] = name
    return dict(sorted(found.items()))


def addresses(viewer: Viewer) -> dict[str, str]:
    """Where each of them is, by name."""
    return {name: ServiceState(service=slug).address() for slug, name in mine(viewer).items()}


def _department(slug: str) -> str:
    known = register.service(slug)
    return register.department_on(known.department, known.agency, current_app.config["SETTINGS"].today())


def _require(state: ServiceState) -> None:
    if state.service:
        access.may_see_services(g.viewer, _department(state.service)).require()


PAGE: Final = Framed(
    "service",
    ServiceState.read,
    lambda state: state.name or TITLE,
    lambda state, problems: service.heading(state, problems, mine(g.viewer)),
    figures_of,
    require=_require,
)
