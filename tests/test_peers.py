"""What other products' own published tests expect of journeys and drop-offs, asked of ours."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from typing import Any

import pytest

from data import errors
from data.intake import Extract, read_extract
from data.store import Estate
from data.store.publish import import_extracts
from tests.deliveries import SETTINGS, key
from tests.homes import settings_of
from tests.peers import Case, answered, cases, rows

pytestmark = pytest.mark.usefixtures("without_a_process")


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    """Every scenario, imported as one file."""
    folder = tmp_path_factory.mktemp("peers")
    (folder / "hits.csv").write_bytes(rows())
    days = read_extract(folder / "hits.csv", Extract("joined", "GDS", split_days=True), SETTINGS, key)
    assert not any(day.quarantined for day in days)
    settings = settings_of(folder, clock=date(2019, 11, 1))
    import_extracts(days, settings)
    with closing(Estate.open(settings)) as opened:
        yield opened


@pytest.mark.parametrize("case", list(cases()), ids=str)
def test_a_published_case_of_a_peer(estate: Estate, case: Case) -> None:
    """Our answer is the peer's; or it is ours, differs from the peer's, and the case says why."""
    expected: dict[str, Any] = case.ours or case.expect
    if "refused" in expected:
        with pytest.raises(errors.BadRequest) as refused:
            answered(estate, case)
        assert refused.value.field == expected["refused"]
        return
    found = answered(estate, case)
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize("case", [one for one in cases() if one.ours], ids=str)
def test_a_difference_of_definition_has_a_reason(case: Case) -> None:
    assert case.why
    assert case.ours != case.expect
