"""The days of an open month: a new day builds itself, and those before it only where it reaches into them."""

from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st

from data.periods import whole_month
from data.store import Estate
from data.store.publish import import_extracts
from data.store.verify import verify
from tests.counts import rounds
from tests.extracts import Expected, delivered
from tests.extracts import extracts as drawn
from tests.homes import EVER, extract, extracts, settings_of, sums
from tests.stories import Extracts
from tests.test_segment_random import held, told

FIRST = date(2019, 10, 1)
NOON = "2019-10-02 12:00 HMRC s1 (v1): /b > /c"
EVENING = "2019-10-01 23:50 HMRC s2 (v2): /a > /b"
NIGHT = "2019-10-02 00:10 HMRC s2 (v2): /c"


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        ("HMRC s1 (v1): /a", "2019-10-02 HMRC s9 (v1): /b", True),  # another session of the visitor
        (EVENING, NIGHT, True),  # it was seen late, so it stands apart until the next day is in
        ("HMRC s1 (v1): /a", NOON, False),
        ("HMRC - (v1): /a", "2019-10-02 HMRC - (v1): /a", True),
        ("HMRC s1 (v1): +search tax", NOON, False),  # no page view, so it goes with the day after
    ],
)
def test_a_new_day_leaves_the_day_before_as_it_is_unless_its_sessions_go_on(
    tmp_path: Path, before: str, after: str, *, kept: bool
) -> None:
    settings, other = settings_of(tmp_path), settings_of(tmp_path).model_copy(update={"home": tmp_path / "other"})
    versions = [import_extracts(extracts(*some), settings) for some in ((before, "HMRC s8: /a"), (after,))]
    names = [{one.name for one in version.manifest.segments if one.over == FIRST} for version in versions]
    assert (names[0] == names[1]) == kept
    import_extracts(extracts(before, "HMRC s8: /a", after), other)
    assert sums(settings) == sums(other)
    assert verify(settings).right


@tried(max_examples=rounds(2, 100), deadline=None)
@given(drawn(), st.integers(0, 9), st.lists(st.integers(0, 3), min_size=12, max_size=12))
def test_extracts_one_by_one_in_any_order_and_sent_again_give_the_sessions_of_all(
    found: Extracts, seed: int, sent: list[int]
) -> None:
    frames = delivered(found, seed)
    parts = [replace(one, frame=one.frame.head(rows)) for one, rows in zip(frames, sent, strict=False) if rows]
    clock = max((one.day for one in frames), default=FIRST) + timedelta(days=9)
    with TemporaryDirectory() as folder:
        settings = settings_of(Path(folder), clock=clock)
        for frame in (*parts, *frames):
            import_extracts([extract(frame)], settings)
        with closing(Estate.open(settings)) as estate:
            with estate.pinned() as reading:
                segments = reading.segments("joined", EVER)
            for one in segments:
                month = Expected(found, whole_month(one.first_day), None)
                # A day's segment doesn't know the day after the next, by which one that lasts late into the next day goes on.
                assert _uncut(held(estate, one)) == _uncut(told(Expected(found, one.period, month.terms, one.over)))


def _uncut(found: list[Any]) -> list[Any]:
    """The sessions of `told` without whether they may go on."""
    return sorted(([*one[:6], *one[7:]] for one in found), key=repr)
