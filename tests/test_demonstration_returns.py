"""What the demonstration's services return: the same every time, by those who share, with the oddities of real returns."""

from datetime import date
from pathlib import Path

import pytest

from data.demonstration import CLOCK, PERIOD, write_reports, write_returns
from data.demonstration.returns import PHOTO, returns
from data.intake import read_extract
from data.intake.extract import Extract
from data.periods import Period
from data.register import PLATFORM_SENDER, register
from tests.deliveries import key
from tests.homes import settings_of


def test_the_same_seed_returns_the_same_by_departments_that_share_and_by_gds() -> None:
    found = returns(PERIOD, CLOCK)
    assert found == returns(PERIOD, CLOCK)
    assert set(found) - {PLATFORM_SENDER} <= register.sharing(CLOCK)
    assert {kind for _, _, _, kind, _ in found[PLATFORM_SENDER]} == {"transactions"}


@pytest.mark.usefixtures("without_a_process")
def test_every_file_comes_in_whole(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, CLOCK)
    for one in write_returns(tmp_path, PERIOD):
        days = read_extract(one.path, Extract(one.account, one.sender, format=one.format), settings, key)
        assert not any(day.quarantined for day in days), one.sender
        assert max(day.day for day in days) in {date(2020, 9, 30), date(2020, 10, 31)}


def test_fewer_passports_were_completed_when_the_photo_check_failed() -> None:
    slug, when, _ = PHOTO
    rates: dict[str, dict[str, float]] = {}
    for service, _, count, kind, period in returns(PERIOD, CLOCK)["Home Office"]:
        if service == slug and kind in {"started", "completed"}:
            rates.setdefault(period, {})[kind] = float(count)
    shares = {period: one["completed"] / one["started"] for period, one in rates.items()}
    assert min(shares, key=lambda period: shares[period]) == f"{when.first:%Y-%m}"


def test_one_department_reports_totals_until_it_is_no_more_as_tools_save_them(tmp_path: Path) -> None:
    """Read by the process that reads hostile files, which has no library but those it took along."""
    settings, found = settings_of(tmp_path, CLOCK), []
    for one in write_reports(tmp_path, PERIOD):
        taken = read_extract(one.path, Extract(one.account, one.sender, format=one.format), settings, key)
        assert not any(day.quarantined for day in taken)
        assert {day.sender for day in taken} == {"DExEU"}
        assert (taken[0].day, taken[-1].day) == (PERIOD.first, date(2020, 1, 31))
        views = [day.frame.filter(measure="page_views")["value"].sum() for day in taken]
        found.append(views)
    assert found[0] == found[1], (
        "days are what their pages add up to, those that the tool doesn't tell apart among them"
    )
    assert not [*write_reports(tmp_path, Period(date(2020, 2, 1), date(2020, 3, 1)))]
