"""Figures that are begun when their page is asked for: the browser asks for them 0.2 seconds later, when its scripts have started.

The page's own answer never waits for them. They are handed to the one callback that follows, of the same viewer and address.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Final

from flask import Flask, g

from data.access import Viewer

AT_ONCE: Final = 4  # pages; who asks for one more waits as without this
SECONDS: Final = 10.0  # after which figures are asked for anew: nobody's callback came
Key = tuple[Viewer, str, str]  # whose, the path, and what stands behind it


class Ahead:
    """Figures in the making or made, each until it is taken."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(AT_ONCE, "ahead")
        self._begun: OrderedDict[Key, tuple[float, Future[str]]] = OrderedDict()
        self._lock = Lock()

    def begin(self, app: Flask, key: Key, figures: Callable[[], str]) -> None:
        """Begin the figures of this key, if there is room."""
        with self._lock:
            self._forget()
            if sum(not one.done() for _, one in self._begun.values()) < AT_ONCE:
                self._begun[key] = (time.monotonic(), self._pool.submit(made, app, key[0], figures))

    def take(self, key: Key) -> Future[str] | None:
        """What was begun of this key, which is nobody else's from now on."""
        with self._lock:
            self._forget()
            return self._begun.pop(key, (0.0, None))[1]

    def _forget(self) -> None:
        late = time.monotonic() - SECONDS
        while self._begun and next(iter(self._begun.values()))[0] < late:
            self._begun.popitem(last=False)


def made(app: Flask, viewer: Viewer, figures: Callable[[], str]) -> str:
    """The figures, made as this viewer sees them, outside of any request."""
    with app.app_context():
        g.viewer = viewer
        return figures()
