"""Returns of services as a list, whose columns say the days of their totals."""

import json
from datetime import date
from pathlib import Path

import pytest

from data import errors
from tests.test_formats_kpi import GDS, figures, returned, table


def test_a_list_of_services_has_their_names_and_their_totals_of_a_year(tmp_path: Path) -> None:
    header = "service_slug,service,department,department_abbr,agency,url,total_oct16_sep17_published,digital_oct16_sep17_published,total_sum_4q"
    rows = (
        "ago-fees,Witness expenses,Attorney General's Office,AGO,CPS,http://a,40243.0,0.0,40243.0",
        "hmt-bonds,Bonds,HMT,HM Treasury,,,,,",
    )
    (year,) = returned(tmp_path, table(*rows, header=header), GDS)
    assert (year.kind, year.frame["first"][0], year.frame["last"][0]) == (
        "KPI year",
        date(2016, 10, 1),
        date(2017, 9, 30),
    )
    assert figures(year) == [
        ("transactions", "all", 40_243),
        ("transactions", "digital", 0),
        ("transactions", "all", None),
    ]
    assert year.frame["title"].unique(maintain_order=True).to_list() == ["Witness expenses", "Bonds"]
    assert (year.frame["agency"][0], year.frame["department"].to_list()) == ("CPS", ["AGO", "AGO", "HM Treasury"])
    names = ("service_slug", "department_abbr", "total_oct16_sep17_published")
    sent = json.dumps([dict(zip(names, ("ago-fees", "AGO", 40_243), strict=True))]).encode()
    assert figures(*returned(tmp_path, sent, GDS, name="services.json")) == [("transactions", "all", 40_243)]


@pytest.mark.parametrize(
    "name", ["total_oct16_nov16_published", "total_xxx16_sep17_published", "total_sep17_oct16_published"]
)
def test_a_column_of_days_that_make_no_year_is_none_of_figures(tmp_path: Path, name: str) -> None:
    with pytest.raises(errors.Refused, match="there is no column period"):
        returned(tmp_path, table("ago-fees,1", header=f"service_slug,{name}"), GDS)
