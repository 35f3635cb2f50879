"""Drop-offs over time, after a release and side by side: the counts of plain sums, and words that say what they show."""

from datetime import date, timedelta
from typing import Any

import pytest

from data import errors
from data.access import PEOPLE
from data.store import Estate
from layouts import funnel, funnel_change
from layouts.figures import funnel_beside
from layouts.funnel_state import FunnelState
from layouts.markup import render
from queries.ask import ask
from queries.funnels import funnel_frames
from tests.stories import estate

JSON = dict[str, Any]
STEPS = "Photo: /a > Details: /b > Done: /c"
FIRST = date(2019, 5, 6)
RELEASE = date(2019, 9, 30)
LAST = RELEASE + timedelta(27)


def answered(held: Estate, question: str, **asked: Any) -> JSON:
    answer: Any = ask(held, PEOPLE["estate-analyst"], question, {"steps": STEPS, **asked})
    value: JSON = answer.value
    return value


@pytest.fixture(scope="module")
def released() -> Estate:
    """Twenty-one weeks in which 22 of 100 a day stop at the photo, then four in which 60 do, all of them on mobiles."""
    lines = []
    for n in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(n)
        lost = (60 if day >= RELEASE else 22) + n % 3
        for name, about, times, steps in (
            ("lost", "mobile", lost, "/a > /help"), ("done", "mobile", 70 - lost, "/a > /b > /c"), ("desk", "desktop", 30, "/a > /b > /c"),
        ):  # fmt: skip
            lines.append(f"{day} HMRC d{n}{name} [{about}] x{times}: {steps}")
    return estate(*lines, by="month")


def test_a_trend_says_each_day_and_week_and_what_was_expected(released: Estate) -> None:
    days = answered(released, "funnel_trend", **{"from": RELEASE, "to": LAST})["rows"]
    photo = [row for row in days if row["step"] == 1]
    assert [row["drop_offs"] for row in photo[:3]] == [60 + n % 3 for n in range(147, 150)]
    assert photo[0]["drop_off_rate"] == photo[0]["drop_offs"] / 100
    assert photo[0]["drop_off_rate_unusual"] is True
    assert photo[0]["drop_off_rate_expected_high"] < 0.5
    whole = [row for row in days if row["step"] == 0]
    assert [row["units"] for row in whole] == [100] * 28
    weeks = answered(released, "funnel_trend", by="week", **{"from": RELEASE, "to": LAST})["rows"]
    assert [row["units"] for row in weeks if row["step"] == 1] == [700] * 4
    assert sum(row["drop_offs"] for row in weeks if row["step"] == 1) == sum(row["drop_offs"] for row in photo)
    assert weeks[0]["drop_off_rate_expected_low"] < 0.23 < weeks[0]["drop_off_rate_expected_high"] < 0.3
    assert weeks[0]["drop_off_rate_unusual"] is True
    before = answered(released, "funnel_trend", by="week", **{"from": "2019-09-02", "to": "2019-09-29"})["rows"]
    assert not any(row["drop_off_rate_unusual"] for row in before)
    months = answered(released, "funnel_trend", by="month", **{"from": RELEASE, "to": LAST})["rows"]
    cut = [(row["day"], row["last_day"], row["units"]) for row in months if row["step"] == 1]
    assert cut == [("2019-09-30", "2019-09-30", 100), ("2019-10-01", "2019-10-27", 2700)]


def test_in_an_open_funnel_the_whole_is_everybody_who_entered_anywhere() -> None:
    before = ["2019-09-23 HMRC b1 [mobile]: /a > /b", "2019-09-23 HMRC b2 [desktop]: /b"]
    after = [
        "2019-09-30 HMRC s1 [mobile]: /a",
        "2019-09-30 HMRC s2 [desktop]: /c",
        "2019-09-30 HMRC s3 [tablet]: /b > /c",
    ]
    asked = {"mode": "open", "from": "2019-09-30", "to": "2019-10-06"}
    found = answered(estate(*before, *after), "funnel_release", **asked)
    whole = found["steps"][0]
    assert (whole["units"], whole["drop_offs"], whole["units_before"], whole["drop_offs_before"]) == (3, 1, 2, 2)
    parts = [row["contribution"] for row in found["why"] if row["step"] == 0]
    assert sum(parts) == pytest.approx(whole["change"])
    trend = answered(estate(*before, *after), "funnel_trend", **asked)["rows"]
    assert [(row["units"], row["drop_offs"]) for row in trend if row["step"] == 0 and row["units"]] == [(3, 1)]


def test_days_without_data_have_no_value() -> None:
    held = estate("2019-10-01 HMRC s1: /a > /b", "2019-10-03 HMRC s2: /a")
    rows = answered(held, "funnel_trend", **{"from": "2019-10-01", "to": "2019-10-03"})["rows"]
    assert [row["drop_off_rate"] for row in rows if row["step"] == 1] == [0.0, None, 1.0]


def test_a_release_has_a_plain_verdict_and_contributions_that_add_up(released: Estate) -> None:
    found = answered(released, "funnel_release", **{"from": RELEASE, "to": LAST})
    assert found["before"] == {"from": "2019-09-02", "to": "2019-09-29"}
    photo = next(row for row in found["steps"] if row["step"] == 1)
    assert photo["change"] == pytest.approx(photo["drop_off_rate"] - photo["drop_off_rate_before"])
    assert photo["change_low"] < photo["change"] < photo["change_high"]
    assert photo["verdict"] == "likely real"
    why = [row for row in found["why"] if row["step"] == 1]
    assert sum(row["contribution"] for row in why) == pytest.approx(photo["change"])
    assert max(why, key=lambda row: row["contribution"])["value"] == "mobile"
    one, rest = (
        row
        for row in answered(released, "funnel_release", limit=1, **{"from": RELEASE, "to": LAST})["why"]
        if row["step"] == 1
    )
    assert (one["value"], rest["value"]) == ("mobile", "(other)")
    assert one["contribution"] + rest["contribution"] == pytest.approx(photo["change"])
    said = funnel_change.release_sentence(FunnelState(release=RELEASE), found)
    assert said == "More people stopped at Photo: 23% to 61%, likely real."
    drawn = funnel_beside.release(found)
    assert drawn["data"][0]["x"][1] == photo["drop_off_rate_before"]


def test_nothing_is_computed_between_other_weekdays_or_without_a_comparison(released: Estate) -> None:
    for compare in ("none", "2019-09-03..2019-09-30"):
        found = answered(released, "funnel_release", **{"from": RELEASE, "to": LAST, "compare": compare})
        assert [row["change"] for row in found["steps"]] == [None] * 3
        assert funnel_change.release_sentence(FunnelState(), found) == "No change is computed between these days."


def test_values_beside_each_other_add_up_and_differ_as_they_do(released: Estate) -> None:
    found = answered(released, "funnel_groups", **{"from": RELEASE, "to": LAST})
    whole = answered(released, "funnel", **{"from": RELEASE, "to": LAST, "compare": "none"})
    for step, units in enumerate(whole["counts"], 1):
        assert sum(row["units"] for row in found["rows"] if row["step"] == step) == units
    mobile, desktop = (
        next(row for row in found["rows"] if row["value"] == value and row["step"] == 2)
        for value in ("mobile", "desktop")
    )
    assert mobile["difference"] == pytest.approx(mobile["share_of_previous"] - desktop["share_of_previous"])
    assert mobile["unusual"] is True
    said = funnel_change.beside_sentence(FunnelState(by="device"), found)
    assert said.startswith("100% of desktop went on to Details, and 13% of mobile; unusual beside all others: ")
    assert funnel_beside.groups(found, 2)["data"][0]["x"] == [1.0, pytest.approx(mobile["share_of_previous"])]


def test_only_so_many_values_stand_beside_each_other(released: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {"from": RELEASE, "to": LAST}
    both = answered(released, "funnel_groups", limit=1, **asked)["rows"]
    assert [row["value"] for row in both] == ["desktop"] * 3 + ["(other)"] * 3
    monkeypatch.setattr(funnel_frames, "MOST_GROUPS", 5)
    with pytest.raises(errors.BadRequest, match="held against each other") as wrong:
        answered(released, "funnel_groups", limit=2, **asked)
    assert wrong.value.field == "limit"


def test_an_interval_without_0_that_could_be_chance_is_explained() -> None:
    rows: list[JSON] = [
        {"change_low": 0.01, "change_high": 0.04, "unusual": False},
        {"change_low": None, "change_high": None, "unusual": None},
    ]
    shown = funnel.doubted(rows, lambda row: row["unusual"] is False, funnel.TOGETHER)
    assert shown is not None
    assert "can still be chance" in render(shown)
    rows[0]["change_low"] = -0.01
    assert funnel.doubted(rows, lambda row: row["unusual"] is False, "") is None


@pytest.mark.parametrize("question", ["funnel_groups", "funnel_release"])
def test_what_is_made_of_single_days_or_small_parts_to_define_is_not_published(question: str, released: Estate) -> None:
    with pytest.raises(errors.BadRequest) as wrong:
        answered(released, question, publication=True, **{"from": "2019-09-01", "to": "2019-09-30"})
    assert wrong.value.field == "publication"
