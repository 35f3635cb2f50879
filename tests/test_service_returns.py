"""Returns as records: the shape in which they come in, go out, and are published."""

from pathlib import Path
from typing import Any

import pytest

from data.access import PEOPLE
from data.intake import Extract
from queries.answers import Answer
from queries.ask import ask
from queries.disclosure import SUPPRESSED
from tests import homes
from tests.deliveries import read_all
from tests.returns import framed, holding, told

ANALYST = PEOPLE["estate-analyst"]


@pytest.mark.usefixtures("without_a_process")
def test_records_come_out_in_the_shape_in_which_they_come_in(tmp_path: Path) -> None:
    held = holding(
        "vat-return 2019-10: started 100, digital 70, phone 30, cost 412.5, ratings 0 0 0 10 30",
        "vat-return 2018-Q4: all 9",
    )
    asked = {"from": "2018-01-01", "to": "2019-12-31"}
    answer = ask(held, ANALYST, "service_returns", asked)
    (tmp_path / "again").mkdir()
    days = read_all(
        tmp_path / "again", table_csv(answer), Extract("joined", "HMRC", format="kpi"), name="again.csv",
        settings=homes.settings_of(tmp_path),
    )  # fmt: skip
    again = [
        told_row for one in days for told_row in one.frame.select("last", "measure", "channel", "value").iter_rows()
    ]
    sent = framed(
        [
            told("vat-return 2018-Q4: all 9"),
            told("vat-return 2019-10: started 100, digital 70, phone 30, cost 412.5, ratings 0 0 0 10 30"),
        ]
    )
    assert sorted(again) == sorted(sent.select("last", "measure", "channel", "value").iter_rows())


def table_csv(answer: Answer) -> bytes:
    return answer.table.drop(SUPPRESSED).write_csv().encode()


def test_published_records_hold_the_rounded_figures_of_the_kpis() -> None:
    held = holding(
        "vat-return 2019-10: started 1003, completed 504, all 1003, digital 504, cost 12.5, ratings 0 0 3 10 30"
    )
    asked = {"from": "2019-10-01", "to": "2019-10-31", "publication": "true"}
    value: Any = ask(held, ANALYST, "services", asked).value
    (row,) = value["rows"]
    records: Any = ask(held, ANALYST, "service_returns", asked).value
    found = {(one["dataType"], one["channel"]): one["count"] for one in records}
    assert found["transactions-by-channel", "digital"] == row["digital_transactions"]
    assert (found["started", "all"], found["cost", "all"], found["satisfaction-3", "all"]) == (
        row["started"],
        12.5,
        None,
    )
