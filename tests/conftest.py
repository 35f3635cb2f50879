"""For every test: settings come from the test alone, and how long an example takes says nothing on a busy machine.

Random examples are the same in every run of the same code, so that what passed here passes elsewhere; `make soak` draws
new ones, many more, each time.
"""

import os

import pytest
from hypothesis import settings

settings.register_profile("estate", deadline=None, print_blob=True, derandomize="ESTATE_SOAK" not in os.environ)
settings.load_profile("estate")


@pytest.fixture(autouse=True, scope="session")
def _settings_of_nobody() -> None:
    for name in [name for name in os.environ if name.startswith("ESTATE_") and name != "ESTATE_SOAK"]:
        del os.environ[name]
