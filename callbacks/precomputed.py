"""Saved funnels and alerts are worked out for each version as it comes, so that they open at once."""

import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from data import access, errors
from data.access import Viewer
from data.store import Estate
from layouts import funnels
from queries.ask import ask
from queries.funnels import saved_funnels

EVERY: Final = 1.0  # seconds between looks for a new version


def follow(estate: Estate, every: float = EVERY) -> None:
    """Prepare each version in the background, from the one that is there on."""
    threading.Thread(target=_follow, args=(estate, every), name="ready", daemon=True).start()


def prepare(estate: Estate, viewers: Iterable[Viewer]) -> None:
    """Ask what the pages of saved funnels and of alerts will ask, as each viewer who may; the answers are kept as any are."""
    for viewer in viewers:
        if not access.may_make(viewer):
            continue
        _ask(estate, viewer, "alerts", {})
        for made in saved_funnels.readable(estate, viewer):
            state = funnels.state_of(made.definition)
            _ask(estate, viewer, "funnel_trend", state.trend())
            _ask(estate, viewer, "funnel", state.shown())


def _ask(estate: Estate, viewer: Viewer, question: str, asked: dict[str, object]) -> None:
    with suppress(errors.EstateError):  # it is told where the page is opened
        ask(estate, viewer, question, asked)


def _follow(estate: Estate, every: float) -> None:
    prepared = 0
    while True:
        time.sleep(every)
        if estate.version != prepared:
            prepared = estate.version
            prepare(estate, access.PEOPLE.values())
