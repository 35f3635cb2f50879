"""The small parts of the way in, each against a plain second answer."""

import gzip
import hmac
import io
import zlib
from collections.abc import Callable
from datetime import date
from functools import partial

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.intake import casts, columns, lines, opening, pseudonyms, source
from data.intake.coded import coded
from data.intake.delimited import batches, header
from data.intake.source import Source
from tests.counts import rounds
from tests.deliveries import key


def of(content: bytes) -> Source:
    """An open file of this content."""
    return Source(io.BytesIO(content), "day.csv", 1_000_000_000, 100)


@given(st.binary(min_size=32, max_size=80), st.lists(st.binary(max_size=40), max_size=5))
@settings(max_examples=rounds(30, 1_000), deadline=None)
def test_a_pseudonym_is_the_first_half_of_an_hmac(secret: bytes, texts: list[bytes]) -> None:
    assert pseudonyms.hashes(secret, texts) == [hmac.digest(secret, text, "sha256")[:16] for text in texts]


def test_rows_near_a_months_start_are_known_under_both_months_and_others_under_their_own() -> None:
    days = pl.Series([date(2019, 9, 30), date(2019, 10, 1), date(2019, 10, 2), date(2019, 10, 3), date(2019, 10, 2)])
    codes = pl.Series([0, 0, 1, 1, None], dtype=pl.UInt32)
    found, before = pseudonyms.of(codes, pl.Series(["a", "b"]), days, lambda month: key("joined", month))

    def one(month: str, text: bytes) -> bytes:
        return hmac.digest(key("joined", month), text, "sha256")[:16]

    assert found.to_list() == [
        one("2019-09", b"a"),
        one("2019-10", b"a"),
        one("2019-10", b"b"),
        one("2019-10", b"b"),
        None,
    ]
    assert before.to_list() == [None, one("2019-09", b"a"), one("2019-09", b"b"), None, None]


@given(st.lists(st.lists(st.none() | st.text(max_size=3), max_size=6), min_size=1, max_size=4))
@settings(max_examples=rounds(40, 1_000), deadline=None)
def test_coded_text_reads_as_it_was_sent(parts: list[list[str | None]]) -> None:
    frames = [pl.DataFrame({"title": pl.Series(part, dtype=pl.String)}) for part in parts]
    found = coded(iter(frames), ("title", "page"))
    assert found.texts("title").to_list() == [text for part in parts for text in part]
    assert found.values["title"].n_unique() == found.values["title"].len()


FIELD = st.text(st.characters(codec="utf-8", exclude_characters="\r\x00\ufffd"), max_size=8)


@given(st.lists(st.tuples(FIELD, FIELD), max_size=8), st.sampled_from([3, 7, 40]), st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=rounds(60, 3_000), deadline=None)
def test_quoted_text_is_read_whole_wherever_its_blocks_are_cut(
    rows: list[tuple[str, str]], size: int, end: str
) -> None:
    quoted = ['"{}","{}"'.format(*(field.replace('"', '""') for field in row)) for row in rows]
    content = end.join(["a,b", *quoted, ""]).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(source, "CHUNK", size)
        found = list(batches(of(content), header(of(content)), {"a": "first", "b": "second"}))
    read = pl.concat(batch.rows for batch in found).sort("line").select(pl.col("first", "second").fill_null("")).rows()
    assert read == rows
    assert not sum(batch.broken.height for batch in found)


def test_an_open_quotation_mark_swallows_nothing() -> None:
    content = b'a,b\n1,"2\n3,4\n' + b"5,6\n" * 500
    found = list(batches(of(content), header(of(content)), {"a": "a"}))
    assert [row for batch in found for row in batch.broken.select("line", "rule").rows()] == [(2, "bad_quotes")]
    assert sum(batch.rows.height for batch in found) == 501


def test_of_a_line_without_an_end_only_the_beginning_is_held() -> None:
    longest = max(map(len, lines.blocks(of(b"x" * 50_000_000))))
    assert longest == lines.LONGEST_LINE + 1


@pytest.mark.parametrize(
    "text", ["5", "0005", "5.5", "5.0", "1e3", "+5", " 5", "", "٥", "0x5", "-5", "11", "9" * 30, None]
)
def test_a_whole_number_is_digits_between_its_bounds(text: str | None) -> None:
    number, rule = casts.whole_numbers(pl.Series([text], dtype=pl.String), 1, 10)
    said = {"5": (5, None), "0005": (5, None), None: (None, None)}
    beyond = text in {"-5", "11", "9" * 30}
    assert (number[0], rule[0]) == said.get(text, (None, "range" if beyond else "not_integer"))


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("hits_2019-10-27.csv.gz", date(2019, 10, 27)),
        ("20191027.parquet", date(2019, 10, 27)),
        ("2019-10-27_20191027.csv", date(2019, 10, 27)),
        ("2019-10-27_2019-10-28.csv", None),
        ("2019-13-27.csv", None),
        ("120191027.csv", None),
        ("2019-1027.csv", None),
        ("hits.csv", None),
    ],
)
def test_a_files_name_may_say_its_day(name: str, day: date | None) -> None:
    assert opening.day_in_name(name) == day


@pytest.mark.parametrize(
    "name",
    [
        "user_id",
        "USER-ID",
        "verify_pid",
        "sub",
        "hashed_pid",
        "nino",
        "NINO",
        "name",
        "Name",
        "email",
        "e-mail",
        "hashedEmail",
        "userEmailAddress",
        "phone",
        "address",
        "dob",
        "date_of_birth",
        "first_name",
        "Surname",
        "postcode",
        "passport_no",
        "ip_address",
        "nhs-number",
        "customer_nino",
    ],
)
def test_names_of_identity_refuse_a_file(name: str) -> None:
    with pytest.raises(Exception, match="column of identity"):
        columns.chosen(["session", name], {})


@pytest.mark.parametrize(
    "name",
    [
        "event_name",
        "user_pseudo_id",
        "hostname",
        "page_title",
        "subject_area",
        "content_id",
        "device_name",
        "browser",
        "phonebook",
    ],
)
def test_names_that_only_sound_like_identity_do_not(name: str) -> None:
    assert columns.chosen(["session", name], {"session": "session"}) == {"session": "session"}


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, partial(pa.compress, codec="zstd", asbytes=True)])
def test_packed_bytes_inside_a_file_stay_as_they_are(pack: Callable[[bytes], bytes]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(source, "CHUNK", 4)
        content = b"a,b\n" + pack(b"1,2\n" * 1_000)
        found = list(batches(of(content), header(of(content)), {"a": "a"}))
    assert sum(batch.rows.height for batch in found) == 0
