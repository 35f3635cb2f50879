"""Funnels for publication: a service's own, rounded once for everybody, balanced from step to step and to where people went."""

from typing import Any

import pytest

from data import errors
from data.access import PEOPLE
from data.store import Estate
from queries.ask import ask
from queries.funnels import funnel_text
from tests.stories import estate

MONTHS = {"from": "2019-10-01", "to": "2019-11-30", "publication": True}
STEPS = funnel_text.of_service("vehicle-tax")
PAGES = [step["value"][0] for step in STEPS]
ANALYST, OWNER, OTHER = (PEOPLE[name] for name in ("estate-analyst", "analyst-dft", "service-owner-hmrc"))


@pytest.fixture(scope="module")
def held() -> Estate:
    """Two months in which people stop at every step and go to one of two pages."""
    return estate(*(_line(number) for number in range(711)), by="month")


def _line(number: int) -> str:
    walked = [*PAGES[: 1 + number % (len(PAGES) + 1)], "/other" if number % 3 else "/help"]
    return f"2019-{10 + number % 2}-{1 + number % 30:02d} HMRC s{number}: {' > '.join(walked)}"


def told(held: Estate, person: Any = ANALYST, question: str = "funnel", **more: Any) -> Any:
    return ask(held, person, question, ({"steps": STEPS} if question == "funnel" else {}) | MONTHS | more).value


def test_a_published_funnel_balances_is_the_same_for_everybody_and_near_the_truth(held: Estate) -> None:
    found, truth = told(held), told(held, publication=False)
    assert found["counts"] != truth["counts"]
    assert all(
        n % 10 == 0 and abs(n - exact) < 20 for n, exact in zip(found["counts"], truth["counts"], strict=True)
    )  # two months
    for step, after in zip(found["steps"], found["counts"][1:], strict=False):
        assert step["drop_offs"] == step["units"] - after == sum(one["units"] for one in step["went"])
        assert step["share_of_start"] == step["units"] / found["counts"][0]
        assert step["median_seconds"] is step["low"] is None
    assert told(held, OWNER) == found
    journeys = told(held, question="explore", anchor={"match": "exact", "value": "/vehicle-tax"})
    assert journeys["sessions"] == found["counts"][0]


def test_small_counts_are_hidden_with_what_follows_from_them() -> None:
    found = told(estate(*(_line(number) for number in range(30)), by="month"))
    assert found["counts"][0] in {20, 30, 40}
    hidden = found["counts"].index(None)
    assert found["steps"][hidden - 1]["drop_offs"] is None
    assert all(step["share_of_start"] is None for step in found["steps"])  # over fewer than 50


@pytest.mark.parametrize(("asked", "field"), [
    ({"steps": ["/a", "/b"]}, "steps"), ({"mode": "open"}, "mode"), ({"window_seconds": 60}, "window_seconds"), ({"breakdown": "device"}, "breakdown"),
    ({"to": "2019-11-29"}, "from"), ({"device": ["mobile"]}, "device"),
])  # fmt: skip
def test_what_others_would_not_publish_is_refused_at_its_field(held: Estate, asked: dict[str, Any], field: str) -> None:
    with pytest.raises(errors.BadRequest) as refused:
        told(held, **asked)
    assert refused.value.field == field


def test_a_funnel_is_its_own_department_s_to_publish(held: Estate) -> None:
    with pytest.raises(errors.BadRequest, match="It is DfT's to publish"):
        told(held, OTHER)
