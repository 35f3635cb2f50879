"""Nothing that can be asked of a funnel may hold the server: the work is counted over all days, in every mode."""

from datetime import date

import pytest

from data import errors
from queries.funnels import funnel_sums
from queries.funnels.engine import work
from tests.stories import estate
from tests.test_funnel import answered


def test_many_steps_in_any_order_are_answered_and_too_much_work_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fifty steps that any page fits, and page views that each fit half of them: nothing may hold the server."""
    walked = " > ".join(f"/p{n % 11}/{n}" for n in range(60))
    held, days = estate(*(f"HMRC s{n}: {walked}" for n in range(3))), (date(2019, 10, 1), date(2019, 10, 1))
    every = {"mode": "any_order", "steps": [{"match": "pattern", "value": "**"}] * 50}
    assert answered(held, every, days)["counts"] == [3] * 50
    mixed = [{"match": "pattern", "value": [f"/p{n % 11}/*", f"/p{n % 7}/*", f"/p{n % 5}/*"]} for n in range(50)]
    monkeypatch.setattr(funnel_sums, "MOST_WORK", 1_000)
    with pytest.raises(errors.BadRequest, match="This funnel takes too long") as refused:
        answered(held, every | {"steps": mixed, "window_seconds": 60}, days)
    assert refused.value.field == "mode"


@pytest.mark.parametrize("mode", ["ordered", "strict", "any_order", "open"])
def test_work_is_counted_over_all_days_of_a_question(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [
        f"2019-{month}-01 HMRC s{n}: {' > '.join(f'/p{k}' for k in range(30))}" for month in (10, 11) for n in range(4)
    ]
    held, asked = estate(*lines, by="month"), {"mode": mode, "steps": [{"match": "pattern", "value": "**"}] * 10}
    one, both = ((date(2019, first, 1), date(2019, 11, 1)) for first in (11, 10))
    moves: list[int] = []
    monkeypatch.setattr(work.Work, "done", lambda _, some: moves.append(some))
    answered(held, asked, one)
    monkeypatch.undo()
    monkeypatch.setattr(funnel_sums, "MOST_WORK", sum(moves))
    assert answered(held, asked, one)["counts"][0] == 4
    with pytest.raises(errors.BadRequest, match="This funnel takes too long") as refused:
        answered(held, asked, both)
    assert refused.value.field == ("mode" if mode == "any_order" else "from")


@pytest.mark.parametrize(("steps", "said"), [(11, "Choose fewer steps"), (3, "or one device")])
def test_what_would_help_is_told(steps: int, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    held, days = estate(f"HMRC s1: {' > '.join(f'/p{k}' for k in range(30))}"), (date(2019, 10, 1), date(2019, 10, 1))
    monkeypatch.setattr(funnel_sums, "MOST_WORK", 1)
    with pytest.raises(errors.BadRequest, match=said) as refused:
        answered(held, {"steps": [{"match": "pattern", "value": "**"}] * steps}, days)
    assert refused.value.field == "steps"
