"""The server, the browser, and what is watched on every page: errors, policy violations, requests to anybody else."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from data.store.publish import import_extracts
from tests.browser.estate import DAY, stories
from tests.browser.watch import Watch
from tests.homes import extracts, settings_of

ROOT = Path(__file__).parent.parent.parent
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
SECONDS_TO_START = 60


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    path = os.environ.get("BROWSER_PATH") or next(filter(None, map(shutil.which, NAMES)), None)
    assert path, "No Chromium found. Type: sudo apt-get install chromium (or set BROWSER_PATH)"
    return {"executable_path": path, "args": list(FLAGS)}


@pytest.fixture(scope="session")
def browser_context_args(base_url: str) -> dict[str, Any]:
    return {"base_url": base_url, "viewport": {"width": 1366, "height": 900}, "locale": "en-GB"}


@pytest.fixture(scope="session")
def base_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the server that operators start, on an estate of its own; stopped when the tests are done."""
    settings = settings_of(tmp_path_factory.mktemp("estate"), clock=date(2020, 10, 2))
    import_extracts(extracts(*stories(), day=DAY), settings)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    given = {
        "ESTATE_HOME": str(settings.home),
        "ESTATE_KEY_FILE": str(settings.key_file),
        "ESTATE_CLOCK": "2020-10-02",
        "ESTATE_PORT": str(port),
    }
    command = [sys.executable, "-m", "callbacks.commands", "serve"]
    server = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **given, "PYTHONPATH": str(ROOT)}, start_new_session=True
    )
    try:
        _wait(server, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(20)


def _wait(server: "subprocess.Popen[bytes]", port: int) -> None:
    late = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < late:
        assert server.poll() is None, "The server stopped at once; its reason stands above"
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(f"The server didn't answer within {SECONDS_TO_START} seconds")


@pytest.fixture
def watch(page: Page, base_url: str) -> Iterator[Watch]:
    """The page, watched; at its end nothing must have gone wrong that the test didn't say would."""
    watched = Watch(page, base_url)
    yield watched
    watched.check()
