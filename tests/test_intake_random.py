"""Whatever a file holds, it is refused with a reason or counted to the last row, and no text of it stays but cleaned."""

import gzip
import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import errors
from data.contract import CLEANED
from data.intake import CleanedDay, Extract, read_extract
from data.settings import Settings
from tests.counts import rounds
from tests.deliveries import DAY, TIME, key

pytestmark = pytest.mark.usefixtures("without_a_process")
CREDIT = "https://www.universal-credit.service.gov.uk/x"
LENIENT = Settings(broken_share=1)
SESSIONS = st.sampled_from(["s1", "s2", "s3", "", "s\x00", '"s4"', '"', "é"])
TIMES = st.sampled_from(
    [TIME, f"{DAY}T11:00:00+01:00", f"{DAY} 09:30:00", "", "soon", "2019-10-01T00:00:00Z", "2019-10-08T23:30:00Z"]
)
PAGES = st.sampled_from(
    ["/a", "/b?email=jo@example.com", CREDIT, "evil.example/x", "", "https://", '"/c,d"', "/" + "x" * 3_000, "\ufeff/z"]
)
EVENTS = st.sampled_from(["", "page_view", "search", "scroll", "outbound"])
ROWS = st.one_of(
    st.tuples(SESSIONS, TIMES, PAGES, EVENTS).map(",".join),
    st.text(max_size=40),
    st.sampled_from(["", ",,,", "a,b", '"open', 'x"y"z,,,', ",,,,,,"]),
)
FILES = st.lists(ROWS, max_size=30).map(lambda rows: "\n".join(["session,time,page,event", *rows]).encode())
DAMAGE = st.lists(st.tuples(st.integers(0, 2_000), st.binary(min_size=1, max_size=3)), max_size=3)
EXTRACTS = st.builds(
    Extract,
    st.just("joined"),
    st.sampled_from(["GDS", "HMRC"]),
    st.sampled_from([None, DAY]),
    st.none() | st.sampled_from(["hits", "sequences"]),
    st.booleans(),
)


def damaged(content: bytes, changes: list[tuple[int, bytes]]) -> bytes:
    """The content with bytes written over it here and there."""
    for place, change in changes:
        content = content[: place % (len(content) + 1)] + change + content[place % (len(content) + 1) + len(change) :]
    return content


def tried(content: bytes, extract: Extract) -> list[CleanedDay]:
    """The cleaned days, none where the file is refused with a reason."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "extract"
        path.write_bytes(content)
        try:
            return read_extract(path, extract, LENIENT, key)
        except errors.Refused as error:
            refused = error
    assert refused.reason.replace("_", "").isalpha()
    assert "jo@example" not in str(refused)
    return []


def check(one: CleanedDay) -> None:
    """Every row of a cleaned day is counted once, and what is kept keeps the contract."""
    assert one.read == one.kept + one.ignored + sum(one.quarantined.values())
    assert sum(one.quarantined.values()) == len(one.quarantine) == len({row.line for row in one.quarantine})
    assert one.frame.schema == CLEANED
    seen = one.frame.filter(pl.col("kind") != "not_shared")
    assert seen["row"].n_unique() == one.kept
    assert seen["host"].is_in(["www.gov.uk", "www.tax.service.gov.uk", "www.signin.service.gov.uk"]).all()
    assert not {row.line for row in one.quarantine} & set(one.frame["row"])
    assert "@example" not in str(one.frame["path"].to_list())
    assert one.frame.select(pl.col("host", "path", "kind", "row").null_count()).row(0) == (0, 0, 0, 0)


@given(FILES, EXTRACTS)
@settings(max_examples=rounds(100, 5_000), deadline=None)
def test_every_row_of_a_hostile_file_is_kept_ignored_or_quarantined(content: bytes, extract: Extract) -> None:
    for one in tried(content, extract):
        check(one)


@given(content=FILES, damage=DAMAGE, zipped=st.booleans(), extract=EXTRACTS)
@settings(max_examples=rounds(100, 5_000), deadline=None)
def test_a_damaged_file_is_refused_or_counted(
    *, content: bytes, damage: list[tuple[int, bytes]], zipped: bool, extract: Extract
) -> None:
    sent = gzip.compress(content, mtime=0) if zipped else content
    changed = damaged(sent, damage)
    for one in tried(changed, extract):
        assert not zipped or changed[10:] == sent[10:]  # the header's time, name and system aren't under its checksum
        check(one)


@given(st.binary(max_size=300))
@settings(max_examples=rounds(40, 3_000), deadline=None)
def test_any_bytes_at_all_are_refused_or_counted(content: bytes) -> None:
    for head in (
        b"",
        b"PAR1",
        b"\x1f\x8b",
        b"\x28\xb5\x2f\xfd",
        b"session,time,page\n",
        b"PageSequence\tOccurrences\n",
    ):
        for one in tried(head + content, Extract("gds", "GDS", DAY)):
            check(one)


@given(FILES, st.randoms())
@settings(max_examples=rounds(40, 1_000), deadline=None)
def test_the_order_of_rows_changes_no_count(content: bytes, random: object) -> None:
    header, *rows = content.decode().split("\n")
    if any('"' in row for row in rows):  # a row of several lines can't be shuffled line by line
        return
    random.shuffle(rows)  # type: ignore[attr-defined]  # Hypothesis's own Random
    extract = Extract("joined", "GDS", DAY)
    counts = [
        [(one.read, one.kept, one.ignored, one.quarantined, one.dropped_unshared) for one in tried(file, extract)]
        for file in (content, "\n".join([header, *rows]).encode())
    ]
    assert counts[0] == counts[1]
