"""The visitors of an open month: days come in any order, are sent again and go, and what was counted before stands beside them."""

from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import Phase, given
from hypothesis import settings as tried
from hypothesis import strategies as st

from data import errors
from data.access import PEOPLE
from data.settings import Settings
from data.store import Estate
from data.store.publish import import_extracts
from data.store.verify import verify
from queries.ask import ask
from queries.funnels.funnel_sums import VISITORS_OF_MONTH
from tests.counts import rounds
from tests.homes import EVER, extracts, settings_of
from tests.stories import estate
from tests.test_segment_sums import NUMBER

FIRST, NEVER = date(2019, 10, 1), date(1970, 1, 1)
CLOCKS = ("09:00", "12:00", "23:45")  # the last of these is over by the next day
SERVICE = "www.vehicletax.service.gov.uk"
COUNTED = f"select slice, {NUMBER} as label, day, previous_day, visitors from visitor_days where slice <> 'department'"
CLOCKED = "select path, visitor, visitor_seconds from session join page on page = landing"
Visit = tuple[int, int, bool]  # who, at which of `CLOCKS`, whether in the service
Days = dict[date, frozenset[Visit]]

visits = st.frozensets(st.tuples(st.integers(0, 3), st.integers(0, 2), st.booleans()), max_size=4)
imports = st.tuples(st.sampled_from([0, 0, 0, 1]), st.dictionaries(st.integers(0, 5), visits, min_size=1, max_size=2))


@tried(max_examples=rounds(2, 200), deadline=None, phases=(Phase.reuse, Phase.generate))
@given(st.lists(imports, min_size=3, max_size=7))
def test_visitors_are_exact_after_every_import_and_keep_number_and_clock(
    steps: list[tuple[int, dict[int, frozenset[Visit]]]],
) -> None:
    """A step lets the clock go on, so that days may go, and brings days: new, earlier or sent again."""
    there: Days = {}
    with TemporaryDirectory() as folder:
        gone = 0
        for forward, brought in steps:
            gone += forward
            settings = settings_of(Path(folder), clock=date(2019, 11, 1) + timedelta(gone), journey_months=1)
            new = {FIRST + timedelta(gone + number): some for number, some in brought.items()}
            there = {day: some for day, some in there.items() if day >= FIRST + timedelta(gone)} | new
            import_extracts([one for day, some in new.items() for one in extracts(*_lines(day, some))], settings)
            _same(settings, there)
        assert verify(settings).right


def _lines(day: date, some: frozenset[Visit]) -> list[str]:
    """The day's stories, one page view each, whose path tells which; somebody without a visitor is always there."""
    told = [
        f"{day} {CLOCKS[at]} HMRC s{day.day}x{who}x{at}x{served} (v{who}): {SERVICE * served}/{day.day}/{who}/{at}/{served:d} @0"
        for who, at, served in sorted(some)
    ]
    return [f"{day} HMRC s{day.day}: /{day.day}/none", *told]


def _same(settings: Settings, there: Days) -> None:
    with closing(Estate.open(settings)) as found, found.pinned() as reading:
        held = [reading.run(one, COUNTED) for one in reading.months("joined", EVER)]
        known = [row for one in reading.segments("joined", EVER) for row in reading.run(one, CLOCKED).rows()]
    assert {row[:4]: row[4] for one in held for row in one.rows()} == _counted(there)
    assert sum(one.height for one in held) == len(_counted(there)), "no row is there twice"
    clocks = {_clock(path, visitor, seconds) for path, visitor, seconds in known if not path.endswith("none")}
    who = {who for some in there.values() for who, _, _ in some}
    assert len(clocks) == len({name for name, _, _ in clocks}) == len({number for _, number, _ in clocks}) == len(who)
    assert {visitor for path, visitor, _ in known if path.endswith("none")} == ({0} if there else set())


def _clock(path: str, visitor: int, seconds: int) -> tuple[str, int, datetime]:
    """Who it was, the number, and the moment that the visitor's seconds count from."""
    day, who, at, _ = path.strip("/").split("/")
    hours, minutes = map(int, CLOCKS[int(at)].split(":"))
    return who, visitor, datetime(2019, 10, int(day), hours, minutes, tzinfo=UTC) - timedelta(seconds=seconds)


def _counted(there: Days) -> Counter[tuple[str, str, date, date]]:
    """Visitors by slice, label, day and the day before it that they were seen there."""
    found: Counter[tuple[str, str, date, date]] = Counter()
    for name, label, among in (("estate", "0", {False, True}), ("service", "vehicle-tax", {True})):
        for who in range(4):
            days = sorted(day for day, some in there.items() if any(one == who and s in among for one, _, s in some))
            found.update((name, label, day, before) for before, day in pairwise([NEVER, *days]))
    return found


@pytest.mark.parametrize(("by", "counts"), [("month", [1, 1]), ("day", None)])
def test_of_the_schema_before_only_closed_months_tell_visitors(
    monkeypatch: pytest.MonkeyPatch, by: str, counts: list[int] | None
) -> None:
    in_memory = Estate.in_memory

    def of_before(parts: Any, **more: Any) -> Estate:
        return in_memory([(replace(one, schema=VISITORS_OF_MONTH - 1), fill) for one, fill in parts], **more)

    monkeypatch.setattr(Estate, "in_memory", staticmethod(of_before))
    lines = (f"2019-10-0{day} HMRC s{day} (v1): /a > /b" for day in (1, 2))
    asked = {"steps": [{"match": "exact", "value": value} for value in ("/a", "/b")], "from": FIRST, "compare": "none"}
    with closing(estate(*lines, by=by)) as held:

        def told(**more: object) -> Any:
            return ask(held, PEOPLE["estate-analyst"], "funnel", asked | {"to": date(2019, 10, 2)} | more).value

        assert told()["counts"] == [2, 2]
        if counts:
            assert told(unit="visitor")["counts"] == counts
        else:
            with pytest.raises(errors.BadRequest, match="Import any day of the month again"):
                told(unit="visitor")
