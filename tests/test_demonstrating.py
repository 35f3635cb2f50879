"""The demonstration is made by one command, whole or month by month, and never twice in one home."""

from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from callbacks import demonstrating
from data import demonstration, errors
from data.periods import Period
from data.settings import Settings
from data.store import Estate
from tests.homes import EVER, SUMS

QUIET = Console(quiet=True)
DAYS = Period(date(2020, 1, 30), date(2020, 2, 2))
SIZE = 200_000


@pytest.fixture(autouse=True)
def _four_days(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demonstration, "PERIOD", DAYS)


def settings(folder: Path) -> Settings:
    return demonstrating.demonstrated(Settings(home=folder / "home", mode="demonstration"))


def held(made: Settings) -> list[tuple[str, str, dict[str, int]]]:
    """What every segment holds."""
    estate = Estate.open(made)
    with estate.pinned() as reading:
        segments = [one for account in ("gds", "joined") for one in reading.segments(account, EVER)]
        found = [(one.account, str(one.period), reading.run(one, SUMS).row(0, named=True)) for one in segments]
    estate.close()
    return found


def test_a_large_one_is_made_month_by_month_and_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    demonstrating.make(settings(tmp_path / "whole"), SIZE, QUIET)
    monkeypatch.setattr(demonstrating, "LARGEST_AT_ONCE", 0)
    demonstrating.make(settings(tmp_path / "months"), SIZE, QUIET)
    whole, months = (held(settings(tmp_path / name)) for name in ("whole", "months"))
    assert whole == months
    assert len(whole) == 4
    assert sum(sums["page_views"] for _, _, sums in whole) > 1_000


@pytest.mark.parametrize("size", [-1, 0, 19_999, 100_000_001])
def test_a_size_that_cannot_be_made_is_a_wrong_call(tmp_path: Path, size: int) -> None:
    with pytest.raises(errors.WrongCall, match="20,000 to 100,000,000"):
        demonstrating.make(settings(tmp_path), size, QUIET)
    assert not (tmp_path / "home").exists()


def test_what_is_there_is_never_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demonstration, "PERIOD", Period(DAYS.first, DAYS.first))
    demonstrating.make(settings(tmp_path), SIZE, QUIET)
    with pytest.raises(errors.WrongCall, match="already"):
        demonstrating.make(settings(tmp_path), SIZE, QUIET)
