"""The Journeys page: its shell, and the parts with the answer in them that the script swaps in."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from flask import Response, current_app, g, request

from callbacks import current, shell
from callbacks.files import picture
from callbacks.framed import COPY
from data import access, errors
from layouts import journey_nodes, journey_panel, journey_state, journeys, page_top
from layouts.address import Problem
from layouts.journey_state import Journey
from layouts.markup import Child, render
from layouts.shell import Page
from queries.answers import Answer

SCRIPTS: Final = ("vendor/page.js", "journeys.js", COPY)
STEPS_OF: Final = "Estate-Steps-Of"  # the version whose numbers stand on the page, where only opened pages differ
PAGES_INSIDE: Final = 500  # a step; an opened node tells of rarer ones together
Problems = tuple[Problem, ...]


def page() -> Response:
    """The page before any figure: its shell, heading and filters are of the address alone."""
    state, problems = _state()
    main: Child = [*_above(state, problems), journeys.waiting(), page_top.standing_by()]
    shown = Page(journeys.title(state), main, state.address(), scripts=SCRIPTS, wrong=bool(problems))
    return shell.page(shown, status=400 if problems else 200)


def answer() -> Response:
    """The parts of the page with the answer in them, for the script to swap in; without those that it says it has."""
    state, problems = _state()
    state, found, problems = _found(state, problems)
    alone = request.headers.get(STEPS_OF) == str(found.about.version) and not problems
    shown = journeys.answered(state, found, _inside(state), replace(_offers(), steps_alone=alone))
    head = [journeys.heading(state, problems)] if alone else _above(state, problems)
    return Response(render(*head, shown), 400 if problems else 200, mimetype="text/html")


def _above(state: Journey, problems: Sequence[Problem]) -> list[Child]:
    """What stands above the answer."""
    return [
        journeys.heading(state, problems),
        page_top.ready(
            journey_panel.panel(state, current.offered()),
            problems,
            current.days(state, "explore"),
            current.quick(state, "explore"),
        ),
    ]


def _state() -> tuple[Journey, Problems]:
    """The state in the address. Raises `Forbidden` before anything is counted."""
    state, problems = Journey.read(request.args.items(multi=True))
    access.may_ask(g.viewer, "explore").require()
    return current.settled(state, "explore"), problems


def _found(state: Journey, problems: Problems) -> tuple[Journey, Answer, Problems]:
    """The answer to the state; where a value can't be asked, it is named as a problem and the rest is asked."""
    while True:
        try:
            return state, current.asked("explore", state.question()), problems
        except errors.BadRequest as wrong:
            left, problem = journey_state.mended(state, wrong)
            if left == state:
                raise
            state, problems = left, (*problems, problem)


def _inside(state: Journey) -> journey_nodes.Moves:
    """What the opened nodes hold, from the same journey with many more pages a step: one question whatever is opened."""
    if not state.open:
        return {}
    return journey_nodes.moves(
        state, current.asked("explore", state.question(top=PAGES_INSIDE, steps=_deeper(state), paths=0))
    )


def _deeper(state: Journey) -> int:
    """One step more than is shown, so that opened nodes of the last column tell where they went."""
    return min(journey_state.MOST_STEPS, state.steps + 1)


def _offers() -> journeys.Offers:
    """What else of the service is there to go to."""
    routes = {str(rule) for rule in current_app.url_map.iter_rules()}
    return journeys.Offers(picture.possible(), profile="/page" in routes)
