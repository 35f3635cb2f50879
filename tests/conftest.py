"""For every test: settings come from the test alone, never from the shell that runs it."""

import os

import pytest


@pytest.fixture(autouse=True, scope="session")
def _settings_of_nobody() -> None:
    for name in [name for name in os.environ if name.startswith("ESTATE_") and name != "ESTATE_SOAK"]:
        del os.environ[name]
