"""`ga4` on random events, beside a plain second reading of the same bytes; JSON, gzip and Parquet say the same."""

import random
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
from tests.ga4_rows import DAY, Event, event, lines, moment, parquet, zipped
from tests.plain import ga4 as plain

pytestmark = pytest.mark.usefixtures("without_a_process")
NAMES = ("page_view",) * 4 + ("search", "view_search_results", "navigation", "file_download", "form_submit", "scroll",
                              "session_start", "user_engagement")  # fmt: skip
PAGES = ("https://www.gov.uk/a", "https://www.gov.uk/b", "https://www.gov.uk/c/d", None)
REFERRERS = (
    None,
    None,
    "https://www.google.com/",
    "https://t.co/x",
    "https://www.gov.uk/b",
    "https://www.tax.service.gov.uk/",
)
SOURCES = (None, None, None, "google", "t.co", "(direct)")
CLICKS: tuple[Event | None, ...] = (
    None,
    None,
    None,
    {"manual_campaign": {}},
    {"manual_campaign": {"source": "google", "medium": "organic"}},
)
LENIENT = Settings(broken_share=1, broken_rows=1_000_000)
JOINED = Extract("joined", "GDS", DAY)
SEEN = ("row", "time", "order", "kind", "host", "path", "channel", "session", "value")


@st.composite
def events(draw: st.DrawFn) -> Event:
    """An event of few visitors, sessions, moments and pages."""
    name = draw(st.sampled_from(NAMES))
    said = {"navigation": draw(st.sampled_from(["true", "false", None]))}.get(name)
    link = "https://www.tax.service.gov.uk/x/y.pdf" if name in {"navigation", "file_download"} else None
    return event(
        name,
        "",
        page_location=draw(st.sampled_from(PAGES)),
        page_referrer=draw(st.sampled_from(REFERRERS)),
        source=draw(st.sampled_from(SOURCES)),
        ga_session_id=draw(st.sampled_from([1, 1, 2, "1", None])),
        user_pseudo_id=draw(st.sampled_from(["v", "v", "w", "", None])),
        event_timestamp=str(moment(DAY, draw(st.sampled_from([0, 0, 0.5, 7, 3_600])))),
        batch_event_index=draw(st.sampled_from([None, "1", "2"])),
        search_term=draw(st.sampled_from(["tax", None])) if "search" in name else None,
        ui_text=draw(st.sampled_from(["Yes", "No", "Send"])) if name == "form_submit" else None,
        outbound=said,
        link_url=link,
        session_traffic_source_last_click=draw(st.sampled_from(CLICKS)),
        privacy_info=draw(st.sampled_from([None, None, {"analytics_storage": "Yes"}, {"analytics_storage": "No"}])),
    )


FILES = st.lists(events(), max_size=14)
DAMAGE = st.sampled_from([b"", b"  ", b"{", b"[]", b'"x"', b"\xff", b'{"a":', lines([event(event_timestamp="x")]).strip(),
                          lines([event(event_timestamp="5")]).strip(), lines([event(ga_session_id="x")]).strip()])  # fmt: skip


def read(content: bytes, name: str = "events.json") -> CleanedDay | None:
    """The cleaned day, none where the file is refused."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        try:
            return read_extract(path, Extract("joined", "GDS", DAY, "ga4"), LENIENT, key)[0]
        except errors.Refused:
            return None


def seen(one: CleanedDay) -> list[tuple[object, ...]]:
    """The rows of a cleaned day in the order of their lines."""
    known = one.frame.with_columns(pl.col("time").to_physical(), pl.col("kind", "channel").cast(pl.String))
    return known.sort("row").select(SEEN).rows()


@given(FILES, st.lists(st.tuples(st.integers(0, 20), DAMAGE), max_size=4))
@settings(max_examples=rounds(30, 3_000))
def test_every_line_is_what_a_plain_reading_says(found: list[Event], damage: list[tuple[int, bytes]]) -> None:
    content = lines([event(), *found]).split(b"\n")
    for place, text in damage:
        content.insert(1 + place % len(content), text)
    one, expected = read(b"\n".join(content)), plain.read(b"\n".join(content))
    assert one is not None
    assert (one.read, one.ignored, one.quarantined) == (expected.read, expected.ignored, dict(expected.quarantined))
    assert one.read == one.kept + one.ignored + sum(one.quarantined.values())
    assert seen(one) == sorted(expected.rows)


@given(FILES)
@settings(max_examples=rounds(15, 1_000))
def test_json_gzip_and_parquet_give_the_same_cleaned_day(found: list[Event]) -> None:
    sound = [event(), *found]
    one, *others = (read(make(sound)) for make in (lines, zipped, parquet))
    assert one is not None
    for other in others:
        assert other is not None
        assert one.frame.equals(other.frame)
        assert (one.read, one.kept, one.ignored) == (other.read, other.kept, other.ignored)
        assert one.quarantined == other.quarantined


@given(FILES, st.randoms(use_true_random=False))
@settings(max_examples=rounds(15, 1_000))
def test_the_order_of_lines_changes_nothing_but_their_numbers(found: list[Event], dice: random.Random) -> None:
    sound = [{**one, "batch_event_index": str(number)} for number, one in enumerate([event(), *found])]
    shuffled = dice.sample(sound, len(sound))
    one, other = read(lines(sound)), read(lines(shuffled))
    assert one is not None
    assert other is not None
    ordered = [each.frame.drop("row").sort("time", "order") for each in (one, other)]
    assert ordered[0].equals(ordered[1])


@given(st.binary(max_size=60), st.integers(0, 400), FILES)
@settings(max_examples=rounds(25, 3_000))
def test_any_damage_is_refused_or_counted(bytes_over: bytes, place: int, found: list[Event]) -> None:
    for make in (lines, zipped):
        content = make([event(), *found])
        if one := read(content[:place] + bytes_over + content[place + len(bytes_over) :]):
            assert one.read == one.kept + one.ignored + sum(one.quarantined.values())
            assert sum(one.quarantined.values()) == len(one.quarantine)
