"""What is kept under a segment's hash says the same as what is counted anew, whoever asked before and for what."""

import itertools
import secrets
from dataclasses import replace
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from data.access import PEOPLE
from data.store import Estate
from queries.ask import ask
from tests.counts import rounds
from tests.plain import visits
from tests.plain.visits import NOW, Told

JSON = dict[str, Any]
DAYS: Final[JSON] = {"from": f"{NOW[0]}", "to": f"{NOW[-1]}"}
QUESTIONS: Final[tuple[tuple[str, JSON], ...]] = (
    ("handovers", {}), ("terms", {}), ("terms", {"sort": "rising"}), ("page", {"page": "/a"}), ("find", {"words": "x"}),
    ("explore", {"anchor": "/a", "exclude": ["/b"]}), ("explore", {"anchor": "/a", "direction": "backward", "group": "department"}),
    ("next_pages", {"page": "/a"}),
)  # fmt: skip
FILTERS: Final[tuple[JSON, ...]] = (
    {}, {"device": "mobile"}, {"channel": "social"}, {"structure": "now"}, {"document_type": "answer"}, {"to": f"{NOW[1]}"},
)  # fmt: skip
PERSONS: Final = ("estate-analyst", "analyst-dft", "service-owner-hmrc")


def forgotten(held: Estate) -> Estate:
    """The same estate under new hashes, so that nothing kept is known of it."""
    current: Any = held._current
    current.manifest = replace(
        current.manifest,
        segments=tuple(replace(one, sha256=secrets.token_hex()) for one in current.manifest.segments),
    )
    return held


@settings(max_examples=rounds(4, 60), deadline=None)
@given(visits.told(), st.permutations(list(itertools.product(range(len(QUESTIONS)), range(len(FILTERS)), PERSONS))))
def test_what_is_kept_says_what_is_counted_anew(told: list[Told], order: list[tuple[int, int, str]]) -> None:
    anew, kept = visits.built(told, "month"), visits.built(told, "month")
    for question, filters, person in order[:24]:
        name, own = QUESTIONS[question]
        if name == "find" and set(FILTERS[filters]) & {"device", "channel"}:
            continue
        asked = DAYS | own | FILTERS[filters]
        one, two = (ask(held, PEOPLE[person], name, asked) for held in (forgotten(anew), kept))
        assert one.value == two.value, (name, asked, person)
        assert one.about.suppression == two.about.suppression
