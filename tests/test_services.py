"""The four KPIs of services: formulas, roll-ups worked by hand, what is missing or odd, rights and publication."""

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.access import PEOPLE
from data.contract import RATINGS
from data.periods import Period
from data.store import Estate
from queries.ask import ask
from queries.services import kpis
from tests.counts import rounds
from tests.plain import services as plain
from tests.returns import Return, estate_of, holding, told

JSON = dict[str, Any]
ANALYST = PEOPLE["estate-analyst"]


def rows(estate: Estate, person: str = "estate-analyst", **asked: Any) -> list[JSON]:
    value: Any = ask(estate, PEOPLE[person], "services", {"from": "2019-10-01", "to": "2019-10-31", **asked}).value
    found: list[JSON] = value["rows"]
    return found


def only(estate: Estate, **asked: Any) -> JSON:
    (row,) = rows(estate, **asked)
    return row


def valued(formula: pl.Expr, **columns: float | None) -> float | None:
    found: float | None = pl.DataFrame({name: [value] for name, value in columns.items()}).select(formula).item()
    return found


@pytest.mark.parametrize(
    ("formula", "names"),
    [
        (kpis.completion_rate(), kpis.COMPLETION),
        (kpis.digital_take_up(), kpis.TAKE_UP),
        (kpis.cost_per_transaction(), kpis.COST),
    ],
)
def test_a_ratio_has_no_value_without_both_its_sides_or_over_nothing(formula: pl.Expr, names: tuple[str, str]) -> None:
    for sides, value in (((30, 40), 0.75), ((0, 40), 0), ((0, 0), None), ((None, 40), None), ((30, None), None)):
        typed = pl.DataFrame(
            {name: [side] for name, side in zip(names, sides, strict=True)}, dict.fromkeys(names, pl.Float64)
        )
        assert typed.select(formula).item() == value


@pytest.mark.parametrize(
    ("scores", "a", "b"),
    [
        ((1, 2, 3, 4, 10), (0 * 1 + 1 * 2 + 2 * 3 + 3 * 4 + 4 * 10) / 20 / 4, 14 / 20),
        ((5, 0, 0, 0, 0), 0, 0),
        ((0, 0, 0, 0, 5), 1, 1),
        ((0, 0, 0, 0, 0), None, None),
    ],
)
def test_satisfaction_by_both_formulas(scores: tuple[int, ...], a: float | None, b: float | None) -> None:
    columns = dict(zip(RATINGS, scores, strict=True)) | {"responses": sum(scores)}
    assert valued(kpis.satisfaction_a(), **columns) == (pytest.approx(a) if a is not None else None)
    assert valued(kpis.satisfaction_b(), **columns) == (pytest.approx(b) if b is not None else None)


def test_a_service_and_month_by_hand() -> None:
    row = only(
        holding("vat-return 2019-10: started 100, completed 80, digital 60, phone 20, cost 400, ratings 1 1 2 6 10")
    )
    assert (row["completion_rate"], row["digital_take_up"], row["cost_per_transaction"]) == (0.8, 0.75, 5)
    assert (row["responses"], row["satisfaction"], row["satisfaction_formula"]) == (20, row["satisfaction_a"], "A")
    assert (row["name"], row["department"], row["period"]) == ("Send a VAT Return", "HMRC", "2019-10")
    assert row["flags"] == ["fewer than 12 months of costs"]


def test_more_completed_than_started_is_no_rate_and_never_cut_to_one() -> None:
    row = only(holding("vat-return 2019-10: started 100, completed 101"))
    assert (row["started"], row["completed"], row["completion_rate"]) == (100, 101, None)
    assert (row["completion_reason"], row["flags"]) == (kpis.OVER, ["completed above started"])


def test_digital_above_the_total_is_flagged_and_not_hidden() -> None:
    row = only(holding("vat-return 2019-10: all 40, digital 50"))
    assert (row["transactions"], row["digital_transactions"], row["digital_take_up"]) == (40, 50, 1.25)
    assert row["flags"] == ["digital above total"]


def test_digital_alone_is_no_total_and_a_missing_figure_is_no_zero() -> None:
    row = only(holding("vat-return 2019-10: digital 50"))
    assert (row["transactions"], row["digital_transactions"], row["digital_take_up"]) == (None, 50, None)
    silent = only(holding("vat-return 2019-10: nothing"))
    assert (silent["status"], silent["transactions"]) == ("not published", None)


def test_the_formula_changes_in_april_2026_with_a_break_in_the_days_that_cross_it() -> None:
    held = holding("vat-return 2026-03: ratings 0 0 10 0 30", "vat-return 2026-04: ratings 0 0 10 0 30")
    value: Any = ask(held, ANALYST, "services", {"from": "2026-03-01", "to": "2026-04-30"}).value
    told_ = [(row["satisfaction_formula"], row["satisfaction"]) for row in value["rows"]]
    assert told_ == [("A", pytest.approx((10 * 2 + 30 * 4) / 40 / 4)), ("B", 0.75)]
    assert [one["day"] for one in value["breaks"]] == ["2026-04-01"]
    year = only(held, to="2026-04-30", each="year", **{"from": "2026-04-01"})
    assert (year["satisfaction"], year["satisfaction_b"]) == (None, 0.75)


def test_cost_is_that_of_the_twelve_months_up_to_the_row() -> None:
    lines = [f"vat-return 2018-{month:02}: all 10, cost 100" for month in range(9, 13)]
    lines += [f"vat-return 2019-{month:02}: all 10, cost 10" for month in range(1, 11)]
    row = only(holding(*lines))  # November and December 2018, ten months of 2019
    assert (row["cost_per_transaction"], row["cost"], row["flags"]) == ((2 * 100 + 10 * 10) / 120, 10, [])
    assert row["year_transactions"] == 120


def test_a_roll_up_is_weighted_by_transactions_and_says_what_is_missing() -> None:
    """HMRC: 90 of 100 and 10 of 100 completed are 100 of 200; tax credits returned no digital figure, one no cost."""
    held = holding(
        "vat-return 2019-10: started 100, completed 90, digital 80, phone 20, cost 100",
        "tax-credits 2019-10: started 100, completed 10, all 1000",
        "vehicle-tax 2019-10: started 50, completed 25, digital 5, post 5",
    )
    hmrc, dft = sorted(rows(held, by="department"), key=lambda row: row["department"], reverse=True)
    assert (hmrc["services"], hmrc["completion_rate"], hmrc["digital_take_up"]) == (2, 0.5, 0.8)
    assert hmrc["transactions"] == 1100
    assert hmrc["flags"] == [
        "1 of 2 services returned no transactions by channel", "1 of 2 services returned no cost",
    ]  # fmt: skip
    assert (dft["services"], dft["completion_rate"]) == (1, 0.5)
    whole = only(held, by="estate")
    assert (whole["department"], whole["completion_rate"], whole["digital_take_up"]) == ("Whole estate", 0.5, 85 / 110)
    agencies = {row["agency"]: row["completion_rate"] for row in rows(held, by="agency")}
    assert agencies == {None: 0.5, "DVLA": 0.5}


def test_a_year_is_the_sum_of_its_quarters_and_nothing_where_one_is_missing() -> None:
    quarters = [f"DfT:whole 20{quarter}: all {n}" for n, quarter in enumerate(("18-Q4", "19-Q1", "19-Q2", "19-Q3"), 1)]
    held = holding(
        *quarters,
        "DfT:part 2019-Q2: all 7",
        "DfT:part 2019-Q3: all 8",
        "FCO:old 2015-Q1: all 9",
        "MoD:none 2019-Q3: nothing",
    )
    asked = {"from": "2018-10-01", "to": "2019-09-30", "each": "year"}
    year = {row["service"]: row for row in rows(held, **asked)}
    assert {name: row["year_transactions"] for name, row in year.items()} == {
        "whole": 10,
        "part": None,
        "old": None,
        "none": None,
    }
    assert {name: row["status"] for name, row in year.items()} == {
        "whole": "published", "part": "not published", "old": "not published", "none": "not published",
    }  # fmt: skip
    departments = {
        row["department"]: (row["status"], row["year_transactions"]) for row in rows(held, **asked, by="department")
    }
    assert departments == {
        "DfT": ("published in part", 10), "FCO": ("not published", None), "MoD": ("not published", None),
    }  # fmt: skip


def test_a_departments_own_figure_counts_before_the_one_that_gds_sent() -> None:
    held = holding("vat-return 2019-10: all 12", by_gds=["vat-return 2019-10: all 99, cost 24"])
    row = only(held)
    assert (row["transactions"], row["cost_per_transaction"]) == (12, 2)


def test_a_department_then_and_now() -> None:
    held = holding("FCO:passports-abroad 2019-10: all 12")
    assert (only(held)["department"], only(held, structure="now")["department"]) == ("FCO", "FCDO")


def test_targets_stand_beside_the_figures() -> None:
    row = only(holding("vat-return 2019-10: started 10, completed 8, target_completion_rate 0.9"))
    assert (row["completion_rate"], row["target_completion_rate"]) == (0.8, 0.9)


def test_small_counts_of_another_department_are_hidden_with_what_was_made_of_them() -> None:
    held = holding("vat-return 2019-10: started 100, completed 9", "vehicle-tax 2019-10: started 100, completed 9")
    seen = {row["service"]: (row["completed"], row["completion_rate"]) for row in rows(held, "service-owner-hmrc")}
    assert seen == {"vat-return": (9, 0.09), "vehicle-tax": (None, None)}


@st.composite
def returns(draw: st.DrawFn) -> list[Return]:
    """Returns of some months of a few services, each with some of the figures."""
    lines = []
    for service in ("vat-return", "tax-credits", "vehicle-tax", "Home Office:visas"):
        for month in draw(
            st.sets(st.sampled_from(["2018-10", "2018-11", "2019-01", "2019-09", "2019-10"]), max_size=5)
        ):
            figures = {
                name: draw(st.integers(0, 30))
                for name in ("started", "completed", "all", "digital", "phone", "cost")
                if draw(st.booleans())
            }
            parts = [f"{name} {value}" for name, value in figures.items()]
            if draw(st.booleans()):
                parts.append("ratings " + " ".join(str(draw(st.integers(0, 9))) for _ in RATINGS))
            lines.append(f"{service} {month}: {', '.join(parts) or 'nothing'}")
    return [told(line) for line in lines]


@settings(max_examples=rounds(20, 300), deadline=None)
@given(told_=returns(), by=st.sampled_from(["service", "department", "estate"]))
def test_the_fast_answer_is_the_slow_one(told_: list[Return], by: str) -> None:
    asked = Period(date(2019, 9, 1), date(2019, 10, 31))
    found = rows(estate_of(told_), by=by, **{"from": "2019-09-01"})
    told_by = {"service": "service", "department": "department", "estate": "name"}[by]
    expected = plain.monthly(told_, asked, by)
    assert {(row[told_by], date.fromisoformat(row["last"])) for row in found} == set(expected)
    for row in found:
        slow = expected[row[told_by], date.fromisoformat(row["last"])]
        assert {name: row[name] for name in slow} == {
            name: pytest.approx(value, rel=1e-12) if value is not None else None for name, value in slow.items()
        }, row


@settings(max_examples=rounds(10, 100), deadline=None)
@given(told_=returns())
def test_published_figures_are_tens_that_add_up_or_are_hidden(told_: list[Return]) -> None:
    asked: JSON = {"publication": "true", "from": "2019-09-01", "to": "2019-10-31"}
    for row in rows(estate_of(told_), **asked):
        for name in kpis.COUNTS:
            assert row[name] is None or (row[name] >= 10 and row[name] % 10 == 0)
        assert row["visit_starts"] is None


def test_published_rates_are_made_of_rounded_counts() -> None:
    held = holding("vat-return 2019-10: started 1003, completed 504, all 1003, digital 504")
    row = only(held, publication="true")
    assert row["completion_rate"] == row["completed"] / row["started"]
    assert row["digital_take_up"] == row["digital_transactions"] / row["transactions"]
    assert abs(row["started"] - 1003) < 10


STORIES = (
    "HMRC s1: /send-vat-return > www.tax.service.gov.uk/vat-file > www.tax.service.gov.uk/vat-file/submission-confirmation",
    "HMRC s2: /send-vat-return > /a",
    "HMRC s3: www.tax.service.gov.uk/vat-file/submission-confirmation > /send-vat-return",  # the end came before
    "HMRC s4: /a > www.tax.service.gov.uk/vat-file/submission-confirmation",  # the start wasn't seen
    "2019-10-31 HMRC s5: /send-vat-return > /send-vat-return > www.tax.service.gov.uk/vat-file/submission-confirmation",
)


def test_completion_in_the_same_visit_is_that_of_the_services_funnel() -> None:
    held = holding(
        "vat-return 2019-10: started 100, completed 90", "vat-return 2019-11: started 1, completed 1", stories=STORIES
    )
    row = only(held)
    funnel: Any = ask(held, ANALYST, "funnel", {
        "steps": [{"match": "exact", "value": "/send-vat-return"},
            {"match": "exact", "value": "www.tax.service.gov.uk/vat-file/submission-confirmation"}],
        "from": "2019-10-01", "to": "2019-10-31",
    }).value  # fmt: skip
    assert [row["visit_starts"], row["visit_completions"]] == funnel["counts"] == [4, 2]
    assert (row["completion_rate"], row["same_visit_rate"]) == (0.9, 0.5)
    assert rows(held, **{"from": "2019-11-01", "to": "2019-11-30"})[0]["visit_starts"] is None
