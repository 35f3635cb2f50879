"""The server, the browser, and what is watched on every page: errors, policy violations, requests to anybody else."""

import os
import shutil
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page

from data.store.publish import import_extracts
from tests.browser.estate import DAY, stories
from tests.browser.watch import Watch
from tests.homes import extracts, settings_of
from tests.served import environment, running

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


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
    folder = tmp_path_factory.mktemp("estate")
    settings = settings_of(folder, clock=date(2020, 10, 2))
    import_extracts(extracts(*stories(), day=DAY), settings)
    of_home = {"ESTATE_HOME": str(settings.home), "ESTATE_KEY_FILE": str(settings.key_file)}
    env = environment(folder, **of_home, ESTATE_CLOCK="2020-10-02")
    with running("./estate serve", env, folder) as address:
        yield address


@pytest.fixture
def watch(page: Page, base_url: str) -> Iterator[Watch]:
    """The page, watched; at its end nothing must have gone wrong that the test didn't say would."""
    watched = Watch(page, base_url)
    yield watched
    watched.check()
