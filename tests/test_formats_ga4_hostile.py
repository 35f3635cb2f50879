"""`ga4`: whatever a file holds, a line is kept, ignored or quarantined alone, or the file is refused with a reason."""

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.intake import Extract
from tests.deliveries import packed, read, refusal
from tests.ga4_rows import DAY, TABLE, counts, event, lines, moment, parquet, value, zipped

pytestmark = pytest.mark.usefixtures("without_a_process")
NAME = f"events_{DAY:%Y%m%d}.json"
JOINED = Extract("joined", "GDS")


@pytest.mark.parametrize(
    ("rule", "broken"),
    [
        ("bad_json", b'{"event_name": "page_view",'),
        ("bad_json", b"[" * 100_000),
        ("bad_json", b'{"a": ' * 5_000 + b"1" + b"}" * 5_000),
        ("bad_json", b'{"event_name": "\\ud800"}'),
        ("not_utf8", b'{"event_name": "\xff"}'),
        ("wrong_type", b"[]"),
        ("wrong_type", b"null"),
        ("wrong_type", lines([event() | {"event_params": 5}])),
        ("wrong_type", lines([event() | {"event_params": [5]}])),
        ("wrong_type", lines([event() | {"event_params": [{"value": {}}]}])),
        ("wrong_type", lines([event() | {"event_params": [{"key": ["x"]}]}])),
        ("wrong_type", lines([event() | {"event_params": {"page_location": "/a"}}])),
        ("wrong_type", lines([event() | {"device": "mobile"}])),
        ("wrong_type", lines([event() | {"geo": {"country": ["x"]}}])),
        ("wrong_type", lines([event() | {"user_pseudo_id": {}}])),
        ("wrong_type", lines([event() | {"event_timestamp": True}])),
        ("not_integer", lines([event(event_timestamp="soon")])),
        ("not_integer", lines([event() | {"event_timestamp": 1.5}])),
        ("not_integer", lines([event(ga_session_id="x")])),
        ("not_integer", lines([event(status_code="4.04")])),
        ("range", lines([event(event_timestamp="9" * 5_000)])),
        ("range", lines([event(event_timestamp="1570608000")])),
        ("range", lines([event(event_timestamp="-1570608000000000")])),
        ("range", lines([event(batch_event_index=str(1 << 32))])),
        ("range", lines([event(status_code="999")])),
        ("bad_time", lines([event(event_date="20191301")])),
        ("bad_time", lines([event(event_date="2019-W4-3")])),
        ("null_key", lines([event() | {"event_timestamp": None}])),
        ("null_key", lines([event() | {"event_name": None}])),
        ("null_key", lines([event() | {"event_params": []}])),
        ("null_key", lines([event() | {"event_params": [{"key": "ga_session_id", "value": {"int_value": "1"}}]}])),
        ("control_character", lines([event(page="https://www.gov.uk/a\x00b")])),
        ("long_identifier", lines([event(user_pseudo_id="v" * 257)])),
        ("host_not_of_sender", lines([event(page="https://evil.example/")])),
        ("too_far_from_day", lines([event(event_timestamp=str(moment(date(2019, 10, 11))))])),
        ("long_line", lines([event(page_title="x" * (1 << 24))])),
    ],
)
def test_a_line_that_breaks_a_rule_is_quarantined_alone(tmp_path: Path, rule: str, broken: bytes) -> None:
    content = lines([event()]) + b"\n" + broken.rstrip(b"\n") + b"\r\n" + lines([event("scroll"), event()]).rstrip()
    one = read(tmp_path, content, JOINED, name=NAME)
    assert counts(one) == (4, 2, 1, {rule: 1})
    assert [row.line for row in one.quarantine] == [3]
    assert one.frame.filter(pl.col("kind") != "not_shared")["row"].to_list() == [1, 5]


@pytest.mark.parametrize(
    ("reason", "content"),
    [
        ("empty", b""),
        ("no_header", packed(b"")),
        ("no_header", packed(b"\n\n")),
        ("schema", b"session,time,page\n"),
        ("schema", b"{}\n"),
        ("schema", json.dumps([event(), event()]).encode()),
        ("schema", json.dumps(event(), indent=1).encode()),
        ("schema", lines([{"event_name": "page_view"}])),
        ("schema", lines([event()]).decode().encode("utf-16")),
        ("schema", parquet([event()], pl.Schema({"event_name": pl.String}))),
        ("too_many_broken", lines([event()] + [[]] * 21)),
        ("gzip_truncated", zipped([event()])[:-8]),
        ("gzip_damaged", zipped([event()])[:-6] + b"\0\0" + zipped([event()])[-4:]),
        ("expands_too_far", packed(lines([event(page_title="x" * 40_000_000)]))),
        ("archive", packed(zipped([event()]))),
        ("unreadable", parquet([event()])[:-20] + b"PAR1"),
        ("identity_column", lines([event(), event(user_id="jo")])),
        ("identity_column", lines([event("scroll", user_id="jo")])),
        ("identity_column", parquet([event(), event(user_id="jo")])),
        ("identity_column", lines([event(), event() | {"nino": "AB123456C"}])),
        ("identity_column", lines([event(), event() | {"E-Mail": None}])),
        ("identity_column", lines([event() | {"event_params": [{"key": "user_id", "value": value("jo")}]}])),
        ("identity_column", lines([event(customer_email="jo@example.com")])),
        ("identity_column", lines([event() | {"user_properties": [{"key": "hashed_pid", "value": value("x")}]}])),
        ("day_mismatch", lines([event(event_date="20191008", event_timestamp=str(moment(date(2019, 10, 8))))])),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_trusted_is_refused_with_its_reason(tmp_path: Path, reason: str, content: bytes) -> None:
    extract = Extract("joined", "GDS", format="ga4")
    assert refusal(tmp_path, content, extract, name=f"events_{DAY:%Y%m%d}").reason == reason


def test_an_empty_identity_is_none(tmp_path: Path) -> None:
    sent = event(user_id="") | {"event_params": [*event()["event_params"], {"key": "user_id", "value": {}}]}
    assert counts(read(tmp_path, lines([sent, event() | {"user_id": None}]), JOINED, name=NAME)) == (2, 2, 0, {})


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("event_name", pa.array([b"page_view"])),
        ("event_timestamp", pa.array([0], pa.timestamp("us", "Europe/London"))),
        ("event_params", pa.array([[{"key": b"page_location", "value": None}]])),
    ],
)
def test_a_column_of_parquet_that_holds_no_single_values_is_named(tmp_path: Path, name: str, column: pa.Array) -> None:
    table = pa.table({"event_name": ["page_view"], "event_timestamp": [1], "event_params": [None]} | {name: column})
    pq.write_table(table, packed := io.BytesIO())
    refused = refusal(
        tmp_path, packed.getvalue(), Extract("joined", "GDS", format="ga4"), name="events_20191009.parquet"
    )
    assert (refused.reason, f"the column {name} holds neither" in refused.detail) == ("schema", True)


def test_columns_of_parquet_with_other_types_are_counted_or_refused_never_guessed(tmp_path: Path) -> None:
    changes: dict[str, Any] = {
        "event_params": lambda _: pl.String,
        "event_timestamp": lambda _: pl.Float64,
        "device": lambda _: pl.List(pl.String),
    }
    for name, change in changes.items():
        schema = pl.Schema({**TABLE, name: change(TABLE)})
        sent = {"event_params": "x", "event_timestamp": 1.5e15 + 0.5, "device": ["x"]}
        found = read(tmp_path, parquet([event() | {name: sent[name]}], schema), JOINED, name="events_20191009.parquet")
        assert sum(found.quarantined.values()) == found.read == 1
