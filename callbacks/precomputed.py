"""Pages as they open, saved funnels and alerts are worked out for each version as it comes, so that they open at once."""

import logging
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final

from callbacks import prefetch
from callbacks.figures import Dashboard
from data import access, errors
from data.access import Viewer
from data.store import Estate
from layouts import funnels
from queries.ask import ask
from queries.funnels import saved_funnels

log: Final = logging.getLogger("estate.web")
EVERY: Final = 1.0  # seconds between looks for a new version


def follow(estate: Estate, dashboard: Dashboard, every: float = EVERY) -> None:
    """Prepare each version in the background, from the one that is there on."""
    threading.Thread(target=_follow, args=(estate, dashboard, every), name="ready", daemon=True).start()


def open_pages(dashboard: Dashboard, viewers: Iterable[Viewer]) -> None:
    """Make the figures of each page as its link opens it, as each viewer who may: what they ask is kept as any answer is."""
    for viewer in viewers:
        for path in dashboard.pages:
            with _going_on(path):
                prefetch.made(dashboard.server, viewer, partial(dashboard.figures, path, ""))


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
    with _going_on(question):
        ask(estate, viewer, question, asked)


@contextmanager
def _going_on(what: str) -> Iterator[None]:
    """Leave what fails to where its page is opened, which tells why; the log has what nobody foresaw."""
    try:
        yield
    except errors.EstateError:
        return
    except Exception:
        log.exception("%s could not be prepared", what)


def _follow(estate: Estate, dashboard: Dashboard, every: float) -> None:
    prepared = 0
    while True:
        time.sleep(every)
        if estate.version != prepared:
            prepared = estate.version
            open_pages(dashboard, (access.person(access.DEFAULT_PERSON), *access.PEOPLE.values()))
            prepare(estate, access.PEOPLE.values())
