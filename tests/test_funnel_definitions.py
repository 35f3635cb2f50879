"""Definitions of funnels that can't be used are told at their field; rights and small numbers hold for those that can."""

from typing import Any

import pytest

from data import errors
from data.access import PEOPLE
from queries.ask import ask
from tests.stories import estate
from tests.test_funnel import JSON, counts, pages

EMPTY = estate("HMRC s1: /a")


BAD: list[tuple[JSON, str]] = [
    ({"steps": pages("/a")}, "steps"),
    ({"steps": pages(*["/a"] * 51)}, "steps"),
    ({"steps": "no"}, "steps"),
    ({"steps": [*pages("/a"), {"match": "exact", "value": ""}]}, "steps[1].value"),
    ({"steps": [*pages("/a"), {"match": "exact"}]}, "steps[1].value"),
    ({"steps": [*pages("/a"), {"any": []}]}, "steps[1].any"),
    ({"steps": [*pages("/a"), {"match": "regex", "value": "("}]}, "steps[1].value"),
    ({"steps": [*pages("/a"), {"match": "service_start", "value": "no-such"}]}, "steps[1].value"),
    ({"steps": [*pages("/a"), {"match": "topic", "value": "no-such"}]}, "topic"),
    ({"steps": [*pages("/a"), {"any": [{"match": "exact", "value": ""}]}]}, "steps[1].any[0].value"),
    ({"steps": [*pages("/a"), {"match": "any"}]}, "steps[1].any"),
    ({"steps": [*pages("/a"), {"match": "sequence", "value": ["/a", "/b"]}]}, "steps[1].any"),
    ({"steps": [*pages("/a"), {"match": "exact", "value": "/b", "any": pages("/c")}]}, "steps[1].any"),
    ({"steps": [*pages("/a"), {"match": "department", "value": "XYZ"}]}, "steps[1].value"),
    ({"steps": pages("/a", "/b", optional=True)}, "steps[0].optional"),
    ({"steps": [*pages("/a"), *pages("/b", optional=True)]}, "steps[1].optional"),
    ({"mode": "open", "steps": [*pages("/a"), *pages("/b", optional=True), *pages("/c")]}, "steps[1].optional"),
    ({"mode": "sideways", "steps": pages("/a", "/b")}, "mode"),
    ({"unit": "person", "steps": pages("/a", "/b")}, "unit"),
    ({"window_seconds": -1, "steps": pages("/a", "/b")}, "window_seconds"),
    ({"mode": "any_order", "step_window_seconds": 9, "steps": pages("/a", "/b")}, "step_window_seconds"),
    ({"breakdown": "moon", "steps": pages("/a", "/b")}, "breakdown"),
    ({"mode": "open", "steps": pages("/a", "/b"), "exclusions": pages("/h")}, "exclusions[0]"),
    ({"steps": pages("/a", "/b"), "exclusions": pages("/h", from_step=2, to_step=2)}, "exclusions[0].from_step"),
    ({"steps": pages("/a", "/b"), "exclusions": pages("/h", from_step=1, to_step=3)}, "exclusions[0].to_step"),
    ({"steps": pages("/a", "/b"), "exclusions": pages("/h", from_step=0)}, "exclusions[0].from_step"),
    ({"mode": "any_order", "steps": pages("/a", "/b", "/c"), "exclusions": pages("/h", to_step=2)}, "exclusions[0].from_step"),
    (
        {"steps": [*pages("/a"), *pages("/b", optional=True), *pages("/c")], "exclusions": pages("/h", from_step=2)},
        "exclusions[0].from_step",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "field"), BAD)
def test_a_definition_that_cannot_be_used_is_told_at_its_field(asked: JSON, field: str) -> None:
    with pytest.raises(errors.BadRequest) as wrong:
        ask(EMPTY, PEOPLE["estate-analyst"], "funnel", asked)
    assert wrong.value.field == field
    assert len(wrong.value.detail.split()) > 2


def test_a_pattern_that_hangs_others_is_answered() -> None:
    """Regular expressions take time in proportion to the page, whatever they are."""
    deep = [{"match": "regex", "value": "^(/a*)*$"}, {"match": "regex", "value": "(a|a)*(a|aa)+$"}]
    assert counts(["HMRC s1: /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/b > /aa"], deep) == [1, 0]


def test_a_step_that_no_page_fits_is_counted_as_none_and_told() -> None:
    days = {"from": "2019-10-01", "to": "2019-10-01", "compare": "none"}
    found = ask(EMPTY, PEOPLE["estate-analyst"], "funnel", days | {"steps": pages("/a", "/nowhere")})
    assert found.about.notes == ("No page of these days fits step 2, /nowhere.",)


def test_cells_of_another_departments_service_are_hidden_below_ten_and_its_pages_folded() -> None:
    lines = [f"HMRC s{n}: /a > www.passport.service.gov.uk/p/q" for n in range(12)] + ["HMRC t1: /a > /b"]
    asked = {"steps": pages("/a", "/b"), "from": "2019-10-01", "to": "2019-10-01", "compare": "none"}
    found: Any = ask(estate(*lines), PEOPLE["service-owner-hmrc"], "funnel", asked)
    assert found.value["counts"] == [13, 1]
    assert found.value["steps"][0]["went"] == [{"to": "(Home Office)", "units": 12}]
    foreign: Any = ask(estate(*lines), PEOPLE["analyst-dft"], "funnel", asked)
    assert foreign.value["counts"] == [13, None]
    assert foreign.value["steps"][0]["drop_offs"] is None
    assert foreign.value["steps"][0]["went"] == [{"to": "(Home Office)", "units": None}]
    assert {"$.counts[1]", "$.steps[1].units", "$.steps[0].drop_offs"} <= set(foreign.about.suppression)
