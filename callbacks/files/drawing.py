"""One Chromium for the life of the process, on a thread of its own: 0.2 s a picture instead of 5.

Whatever happens to the browser, who asked for a picture gets one or a sentence, and the next one gets a new browser.
"""

import asyncio
import atexit
import contextlib
import logging
import os
import shutil
import threading
from base64 import b64decode
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, Final

import plotly
from kaleido import Kaleido

from data import errors

SCRIPT: Final = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SECONDS: Final = 30  # for one picture, the start of the browser included
CLOSING_SECONDS: Final = 3
SMALLEST: Final[dict[str, Any]] = {"data": [], "layout": {}}
DECODED: Final = "Promise.all([...document.images].map((image) => image.decode()))"
PRINTING: Final = {  # Chrome DevTools Protocol, Page.printToPDF
    "generateTaggedPDF": True, "generateDocumentOutline": True, "printBackground": True, "preferCSSPageSize": True,
}  # fmt: skip
log: Final = logging.getLogger("estate.web")


def browser() -> str | None:
    """The path of a Chromium: BROWSER_PATH, else one on PATH; none if there is none, and then no picture is offered."""
    named = os.environ.get("BROWSER_PATH")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, BROWSERS)), None)


def draw(figure: dict[str, Any], options: dict[str, Any]) -> bytes:
    """The figure as a picture. Raises `NotFound` where there is no browser, `TookTooLong` where it doesn't draw."""
    return _by_browser(lambda artist: artist.draw(figure, options))


def printed(html: str) -> bytes:
    """A document that needs nothing but itself, as a tagged PDF with an outline. Raises as `draw` does."""
    return _by_browser(lambda artist: artist.print(html))


def _by_browser(work: Callable[["_Artist"], bytes]) -> bytes:
    path = browser()
    if not path:
        raise errors.NotFound("Pictures can't be made here", "Install Chromium, or set BROWSER_PATH to one")
    try:
        return work(_artist(path))
    except Exception as problem:
        _forget(path)
        raise errors.TookTooLong(
            "The picture wasn't drawn", "Try again in a minute; the tables hold the same numbers"
        ) from problem


def warm() -> None:
    """Start the browser now, beside everything else, so that the first picture needn't wait for it."""
    if browser():
        threading.Thread(target=_try, name="first picture", daemon=True).start()


def _try() -> None:
    try:
        draw(SMALLEST, {"format": "svg"})
    except errors.EstateError as problem:
        log.warning("Pictures may fail: %s", problem, exc_info=problem.__cause__)


class _Artist:
    """A browser and the loop that talks to it. Pictures asked for at once are drawn one after another."""

    def __init__(self, path: str) -> None:
        self._kaleido = Kaleido(n=1, timeout=SECONDS, plotlyjs=str(SCRIPT), mathjax=False, path=path)
        self._runner = asyncio.Runner()
        self._loop = self._runner.get_loop()
        self._thread = threading.Thread(target=self._live, name="pictures", daemon=True)
        self._thread.start()
        try:
            self._wait(self._kaleido.open(), SECONDS)
        except BaseException:
            self.close()
            raise
        atexit.register(self.close)  # only now, so that it comes before the end of what opening has made

    def draw(self, figure: dict[str, Any], options: dict[str, Any]) -> bytes:
        """Each caller waits for the result of its own figure."""
        return bytes(self._wait(self._kaleido.calc_fig(figure, options), SECONDS))

    def print(self, html: str) -> bytes:
        """The document as PDF, from a tab of its own."""
        return bytes(self._wait(self._printed(html), SECONDS))

    async def _printed(self, html: str) -> bytes:
        tab = await self._kaleido.create_tab("about:blank")
        try:
            frame = (await tab.send_command("Page.getFrameTree"))["result"]["frameTree"]["frame"]["id"]
            await tab.send_command("Page.setDocumentContent", {"frameId": frame, "html": html})
            await tab.send_command("Runtime.evaluate", {"expression": DECODED, "awaitPromise": True})
            answer = await tab.send_command("Page.printToPDF", PRINTING)
            return b64decode(answer["result"]["data"])
        finally:
            await self._kaleido.close_tab(tab)

    def close(self) -> None:
        """Stop the browser; one that is gone already is no problem."""
        atexit.unregister(self.close)
        with contextlib.suppress(Exception):
            self._wait(self._kaleido.close(), CLOSING_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(CLOSING_SECONDS)

    def _live(self) -> None:
        """Runs the loop until it is stopped, then ends what still waits in it."""
        with self._runner:
            self._loop.run_forever()

    def _wait(self, work: Coroutine[Any, Any, Any], seconds: float) -> Any:
        waiting = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return waiting.result(seconds)
        finally:
            waiting.cancel()


_working: Final[dict[str, _Artist]] = {}  # by the browser's path: one, or none yet
_changing: Final = threading.Lock()


def _artist(path: str) -> _Artist:
    with _changing:
        if path not in _working:
            _working[path] = _Artist(path)
        return _working[path]


def _forget(path: str) -> None:
    """Close a browser that failed, so that the next picture starts another."""
    with _changing:
        failed = _working.pop(path, None)
    if failed:
        failed.close()
