"""What the API's description says of an answer is what answers are: of every question, every part and every type."""

from collections.abc import Iterator
from typing import Any, Final

import pytest

from data import errors
from data.access import PEOPLE
from queries import publication
from queries.ask import ask, questions
from tests.examples import LEAST, PUBLISHED
from tests.stories import estate

JSON = dict[str, Any]
KINDS: Final[dict[str, tuple[type, ...]]] = {
    "object": (dict,), "array": (list,), "string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,), "null": (type(None),),
}  # fmt: skip
HELD: Final = estate(
    *(f"2019-10-{1 + n % 28:02} HMRC s{n} (v{n}) [mobile]: /a +search tax > /b +useful_yes > /a > /b > www.tax.service.gov.uk/x" for n in range(70)),
    *(f"2019-10-{1 + n % 28:02} DfT t{n} [social]: /a > /b > /b > /c !404 +download form > (not shared)" for n in range(40)),
    *(f"2019-09-{1 + n % 28:02} HMRC u{n} (w{n}): /a > /c +out www.example.gov.uk" for n in range(50)),
    by="month",
)  # fmt: skip
DAYS: Final = {"from": "2019-10-01", "to": "2019-10-28"}
MORE: Final[dict[str, list[JSON]]] = {
    "explore": [
        {"paths": 3},
        {"compare": "previous"},
        {"group": "department"},
        {"end": "/b"},
        {"direction": "backward"},
    ],
    "funnel": [{"breakdown": "device"}, {"unit": "visitor"}, {"mode": "open"}, {"compare": "none"}],
    "funnel_trend": [{"by": "week"}],
    "departments": [{"by": "device"}, {"by": "week"}, {"measure": "exit_rate"}],
    "drivers": [{"measure": "exit_rate"}, {"by": "service"}],
    "services": [{"each": "year"}, {"by": "estate"}],
    "terms": [{"sort": "rising"}],
    "trend": [{"by": "week"}, {"page": "/a"}],
}
ASKED: Final = [(name, more) for name in questions() for more in ({}, *MORE.get(name, ()))]


def unfit(value: Any, shape: JSON, path: str = "$") -> Iterator[str]:
    """Where a value isn't what a schema says; a part that it doesn't name is unfit as well."""
    kinds = [shape["type"]] if isinstance(shape["type"], str) else shape["type"]
    if not isinstance(value, tuple(kind for name in kinds for kind in KINDS[name])) or (
        isinstance(value, bool) and "boolean" not in kinds
    ):
        yield f"{path} is {type(value).__name__}, not {kinds}"
    elif isinstance(value, dict):
        others = shape.get("additionalProperties", True)
        for name, part in value.items():
            known = shape.get("properties", {}).get(name, others)
            if not isinstance(known, dict):
                yield f"{path}.{name} isn't described"
            else:
                yield from unfit(part, known, f"{path}.{name}")
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from unfit(part, shape["items"], f"{path}[{place}]")


@pytest.mark.parametrize(("name", "more"), ASKED, ids=[f"{name} {more}" for name, more in ASKED])
def test_answers_are_as_described(name: str, more: JSON) -> None:
    given = LEAST.get(name, {}) | DAYS | more
    for person in ("estate-analyst", "service-owner-hmrc"):
        assert not list(unfit(ask(HELD, PEOPLE[person], name, given).value, dict(questions()[name].SHAPE)))
    if name not in publication.UNPUBLISHED and not more:
        month = PUBLISHED.get(name, {}) | {"from": "2019-10-01", "to": "2019-10-31", "publication": True}
        assert not list(unfit(ask(HELD, PEOPLE["leadership"], name, month).value, dict(questions()[name].SHAPE)))


def test_what_is_not_described_is_found() -> None:
    shape: JSON = {
        "type": "object",
        "properties": {"rows": {"type": "array", "items": {"type": ["integer", "null"]}}},
        "additionalProperties": False,
    }
    assert not list(unfit({"rows": [1, None]}, shape))
    assert list(unfit({"rows": ["1", True], "more": 1}, shape)) == [
        "$.rows[0] is str, not ['integer', 'null']", "$.rows[1] is bool, not ['integer', 'null']", "$.more isn't described",
    ]  # fmt: skip


def test_every_question_says_what_its_answer_holds() -> None:
    for name, question in questions().items():
        assert question.SHAPE["type"] in ("array", ["object", "null"]), name
    with pytest.raises(errors.NotFound):
        ask(HELD, PEOPLE["leadership"], "nothing", {})
