"""What is said again and again is understood once; a file that says too many different things comes out the same."""

from pathlib import Path

import pytest

from data.intake import CleanedDay, Extract, known
from data.intake.known import NONE, Known
from tests.deliveries import read
from tests.ga4_rows import DAY, lines, shown, story, ua

pytestmark = pytest.mark.usefixtures("without_a_process")
EVENTS = story(
    "v.1: /a @1 > /b @9 +search tax > /c @20 +useful maybe", "w.1: /a @2 > /c @4 +scroll 9", "x.7: /d @0 > /b @30"
)
BEGAN_LATE = [
    one | {"session_traffic_source_last_click": {"manual_campaign": {"source": "t.co"}}} for one in EVENTS[-1:]
]
SESSIONS = [ua(shown("/a"), shown("/b"), fullVisitorId=f"{n}", customDimensions=[{"index": n}]) for n in range(6)]


def of(folder: Path, content: bytes, name: str) -> CleanedDay:
    """The cleaned day of these lines."""
    return read(folder, content, Extract("joined", "GDS"), name=f"{name}_{DAY:%Y%m%d}.json")


@pytest.mark.parametrize(
    ("name", "content"),
    [("events", lines([*EVENTS[::-1], *BEGAN_LATE, *EVENTS])), ("ga_sessions", lines(SESSIONS * 2))],
)
def test_a_file_of_more_than_can_be_remembered_comes_out_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes
) -> None:
    expected = of(tmp_path, content, name)
    monkeypatch.setattr(known, "MOST", 2)
    found = of(tmp_path, content, name)
    assert found.frame.equals(expected.frame)
    assert (found.read, found.kept, found.ignored) == (expected.read, expected.kept, expected.ignored)
    assert found.frame["channel"].null_count() == 0


def test_a_thing_is_understood_once_and_what_is_of_no_use_has_no_row() -> None:
    understood: list[str] = []

    def understand(said: str) -> tuple[str] | None:
        understood.append(said)
        return (said.upper(),) if said else None

    pages = Known(("page",), understand)
    assert [pages[said] for said in ("a", "", "b", "a", "")] == [0, NONE, 1, 0, NONE]
    assert understood == ["a", "", "b"]
    assert (pages.add(("c",)), pages.table["page"].to_list()) == (2, ["A", "B", "c"])
