"""For every test: settings come from the test alone, and how long an example takes says nothing on a busy machine."""

import os

import pytest
from hypothesis import settings

settings.register_profile("estate", deadline=None, print_blob=True)
settings.load_profile("estate")


@pytest.fixture(autouse=True, scope="session")
def _settings_of_nobody() -> None:
    for name in [name for name in os.environ if name.startswith("ESTATE_") and name != "ESTATE_SOAK"]:
        del os.environ[name]
