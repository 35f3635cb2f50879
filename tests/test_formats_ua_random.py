"""`ua` on random sessions, beside a plain second reading of the same bytes."""

import gzip
import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import errors
from data.intake import CleanedDay, Extract, read_extract
from data.settings import Settings
from tests.counts import rounds
from tests.deliveries import key
from tests.ga4_rows import DAY, Event, lines, shown, told, ua
from tests.plain import ua as plain

pytestmark = pytest.mark.usefixtures("without_a_process")
LENIENT = Settings(broken_share=1, broken_rows=1_000_000)
PAGES = st.builds(
    shown,
    st.sampled_from(["/a", "/b", "/c/d"]),
    dimensions=st.sampled_from([None, {15: "404"}, {15: "200", 9: "<D25>"}]),
    searchKeyword=st.sampled_from([None, None, "tax", "vat"]),
)
EVENTS = st.builds(
    told,
    st.sampled_from([*plain.KINDS, "scrollTo"]),
    st.sampled_from(["https://www.nhs.uk/x", "https://www.gov.uk/y.pdf", "https://a.gov.uk/ffYesClick"]),
    path=st.sampled_from(["/a", "/a", ""]),
) | st.builds(told, st.just("yesNoFeedbackForm"), st.sampled_from(["ffYesClick", "ffNoClick", "ffFormOpen"]))
OTHERS: st.SearchStrategy[Event] = st.sampled_from(
    [{"type": "SOCIAL"}, {"type": "TIMING", "page": {}}, {"type": "PAGE", "page": {}}]
)
HITS = st.lists(st.tuples(PAGES | EVENTS | PAGES | OTHERS, st.sampled_from(["0", "500", "500", "90000"])), max_size=6)


@st.composite
def sessions(draw: st.DrawFn) -> Event:
    """A session of a few hits, some at equal times."""
    hits = [{**hit, "time": at} for hit, at in draw(HITS)]
    custom = draw(st.sampled_from([None, [{"index": "15", "value": "500"}], []]))
    return ua(*hits, fullVisitorId=draw(st.sampled_from(["v", "w"])), customDimensions=custom)


def read(content: bytes) -> CleanedDay | None:
    """The cleaned day, none where the file is refused."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sessions.json"
        path.write_bytes(content)
        try:
            return read_extract(path, Extract("gds", "GDS", DAY, "ua"), LENIENT, key)[0]
        except errors.Refused:
            return None


@given(st.lists(sessions(), max_size=8), st.lists(st.sampled_from([b"", b"{", b"[1,", b" "]), max_size=2))
@settings(max_examples=rounds(30, 3_000))
def test_every_hit_is_what_a_plain_reading_says(found: list[Event], damage: list[bytes]) -> None:
    content = lines([ua(shown("/a"))]) + b"\n".join([*damage, lines(found)])
    one, (read_lines, ignored, quarantined, rows) = read(content), plain.read(content)
    assert one is not None
    assert (one.read, one.ignored, one.quarantined) == (read_lines, ignored, dict(quarantined))
    known = one.frame.with_columns(pl.col("time").to_physical(), pl.col("kind").cast(pl.String))
    seen = known.sort("row", "time", "order").select("row", "time", "kind", "path", "value", "status").rows()
    assert seen == rows


@given(st.lists(sessions(), max_size=4), st.integers(0, 900), st.binary(min_size=1, max_size=4), st.booleans())
@settings(max_examples=rounds(25, 3_000))
def test_any_damage_is_refused_or_counted(found: list[Event], place: int, over: bytes, zipped: bool) -> None:  # noqa: FBT001 - drawn
    content = lines([ua(shown("/a")), *found])
    content = gzip.compress(content, mtime=0) if zipped else content
    if one := read(content[:place] + over + content[place + len(over) :]):
        assert one.read == one.kept + one.ignored + sum(one.quarantined.values())
        assert sum(one.quarantined.values()) == len(one.quarantine)
