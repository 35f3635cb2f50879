"""For every test: settings come from the test alone, and how long an example takes says nothing on a busy machine.

Random examples are the same in every run of the same code, so that what passed here passes elsewhere; `make soak` draws
new ones, many more, each time.
"""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.served import environment, running

pytest_plugins = ("tests.deliveries",)  # has a fixture

settings.register_profile("estate", deadline=None, print_blob=True, derandomize="ESTATE_SOAK" not in os.environ)
settings.load_profile("estate")


@pytest.hookimpl(tryfirst=True)  # before the names of groups are read
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep tests that share a server in one process, and start with the slowest to start; other files stay whole."""
    shared = {name: place for place, name in enumerate(("demonstration", "base_url"))}
    for item in items:
        servers = [name for name in shared if name in getattr(item, "fixturenames", ())]
        item.add_marker(pytest.mark.xdist_group(servers[0] if servers else item.path.stem))
    items.sort(key=lambda item: min((shared[n] for n in shared if n in getattr(item, "fixturenames", ())), default=2))


@pytest.fixture(autouse=True, scope="session")
def _settings_of_nobody() -> None:
    for name in [name for name in os.environ if name.startswith("ESTATE_") and name != "ESTATE_SOAK"]:
        del os.environ[name]


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the whole demonstration, made and served by `make run`."""
    folder = tmp_path_factory.mktemp("demonstration")
    with running("make run", environment(folder, ESTATE_HOME=f"{folder}/home", ESTATE_CLOCK=""), folder) as address:
        yield address
