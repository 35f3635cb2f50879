"""The way in of an extract: which files are refused, which rows are quarantined, and what is left of the others."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from data.contract import CLEANED
from data.intake import Extract
from data.settings import Settings
from tests.deliveries import (
    DAY,
    NAME,
    TIME,
    csv,
    packed,
    parquet,
    read,
    refusal,
    refusal_of,
    views,
)

pytestmark = pytest.mark.usefixtures("without_a_process")


def test_a_row_keeps_the_contract(tmp_path: Path) -> None:
    header = "device,session,title,visitor,page,time,country,channel"
    row = "iPad,s1,Tax your vehicle,v1,https://www.gov.uk/vehicle-tax/?token=x,2019-10-09T10:00:00+01:00,France,Organic"
    one = read(tmp_path, csv(row, header=header))
    assert one.frame.schema == CLEANED
    kept = one.frame.row(0, named=True)
    assert (kept["host"], kept["path"], kept["title"]) == ("www.gov.uk", "/vehicle-tax", "Tax your vehicle")
    assert kept["time"] == datetime(2019, 10, 9, 9, tzinfo=UTC)
    assert (kept["device"], kept["channel"], kept["country"]) == ("tablet", "search engine", "France")
    assert (kept["row"], kept["order"], kept["occurrences"], kept["kind"]) == (2, 0, 1, "page_view")
    assert (one.account, one.sender, one.day, one.kind, one.format) == ("gds", "GDS", DAY, "events", "hits")


@pytest.mark.parametrize(
    ("reason", "content"),
    [
        ("empty", b""),
        ("no_header", packed(b"")),
        ("no_header", b"\n\r\n\n"),
        ("no_header", b"\xef\xbb\xbf"),
        ("gzip_truncated", packed(csv(*views(50)))[:-8]),
        ("gzip_truncated", packed(csv(*views(50)))[:-1]),
        ("gzip_damaged", packed(csv(*views(50)))[:-6] + b"xx" + packed(csv(*views(50)))[-4:]),
        ("gzip_damaged", packed(csv(*views(50))) + b"more"),
        ("expands_too_far", packed(csv("x" * 40_000_000))),
        ("archive", b"PK\x03\x04 and so on"),
        ("archive", packed(packed(csv(*views(3))))),
        ("archive", b"hits.csv".ljust(257, b"\0") + b"ustar\x0000"),
        ("unreadable", b"PAR1 but no more of it PAR1"),
        ("schema", csv("s1,2019-10-09T10:00:00Z", header="session,time")),
        ("schema", csv("s1,/a", header="session,page")),
        ("schema", csv("2019-10-09T10:00:00Z,/a", header="time,page")),
        ("schema", csv("s1,2019-10-09T10:00:00Z,/a,/b", header="session,time,page,Page")),
        ("schema", b'session,"time,page\n'),
        ("schema", "session,time,page\n".encode("utf-16")),
        ("schema", parquet(session=["a"], time=["2019-10-09T10:00:00Z"], page=[["/a"]])),
        ("schema", parquet(session=[1.5], time=["2019-10-09T10:00:00Z"], page=["/a"])),
        ("identity_column", csv("s1,2019-10-09T10:00:00Z,/a,", header="session,time,page,user_id")),
        ("identity_column", csv("s1,2019-10-09T10:00:00Z,/a,", header="session,time,page,E-Mail")),
        ("identity_column", csv("s1,2019-10-09T10:00:00Z,/a,", header="session,time,page,customerEmailHash")),
        ("identity_column", csv("s1,2019-10-09T10:00:00Z,/a,", header="session,time,page,NINO")),
        ("identity_column", csv("s1,2019-10-09T10:00:00Z,/a,", header="session,time,page, Date of birth ")),
        ("day_mismatch", csv("s1,2019-10-10T10:00:00Z,/a,A")),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused_with_its_reason(tmp_path: Path, reason: str, content: bytes) -> None:
    assert refusal(tmp_path, content).reason == reason


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    assert "no column page" in refusal(tmp_path, csv("s,t", header="session,time")).detail


def test_a_link_a_folder_and_a_missing_file_are_no_extracts(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.csv").write_bytes(csv(*views(1)))
    link = tmp_path / "link.csv"
    link.symlink_to(tmp_path / "elsewhere.csv")
    reasons = [refusal_of(tmp_path / name).reason for name in ("link.csv", "", "missing.csv")]
    assert reasons == ["symlink", "not_a_file", "not_a_file"]


@pytest.mark.parametrize(
    ("rule", "row"),
    [
        ("control_character", f"s,{TIME},/a\x00b,T"),
        ("control_character", f"s\x7f,{TIME},/a,T"),
        ("control_character", f"s,{TIME},/a,T\x07"),
        ("too_few_fields", f"s,{TIME},/a"),
        ("too_many_fields", f"s,{TIME},/a,b,c"),
        ("null_key", ",,,"),
        ("null_key", f",{TIME},/a,T"),
        ("null_key", f"s,{TIME},,T"),
        ("null_key", "s,,/a,T"),
        ("bad_time", "s,yesterday,/a,T"),
        ("bad_time", "s,2019-02-30T10:00:00Z,/a,T"),
        ("bad_time", "s,2019-10-09T25:00:00Z,/a,T"),
        ("bad_time", "s,1570615200,/a,T"),
        ("bad_time", "s,1960-01-01T00:00:00Z,/a,T"),  # years of slips of a pen or a clock
        ("bad_time", "s,0001-01-01T00:00:00Z,/a,T"),
        ("bad_time", "s,+12019-10-09T10:00:00Z,/a,T"),
        ("bad_time", "s,9999-12-31T23:59:59Z,/a,T"),
        ("too_far_from_day", "s,2019-10-07T10:00:00Z,/a,T"),
        ("too_far_from_day", "s,2019-10-11T10:00:00Z,/a,T"),
        ("host_not_of_sender", f"s,{TIME},https://www.tax.service.gov.uk/a,T"),
        ("host_not_of_sender", f"s,{TIME},https://www.gоv.uk/a,T"),
        ("host_not_of_sender", f"s,{TIME},evil.example/a,T"),
        ("long_path", f"s,{TIME},/{'a' * 2_048},T"),
        ("long_line", f"s,{TIME},/a,{'T' * 65_536}"),
        ("long_identifier", f"{'s' * 257},{TIME},/a,T"),
        ("bad_quotes", f'"s"x,{TIME},/a,T'),
        ("bad_quotes", f's,{TIME},/a,"T'),
    ],
)
def test_a_row_that_breaks_a_rule_is_quarantined_alone(tmp_path: Path, rule: str, row: str) -> None:
    one = read(tmp_path, csv(*views(2), row, *views(2, start=2)))
    assert (one.read, one.kept, one.quarantined) == (5, 4, {rule: 1})
    assert [(broken.line, broken.rule) for broken in one.quarantine] == [(4, rule)]
    assert one.frame["row"].to_list() == [2, 3, 5, 6]


def test_bytes_that_are_not_utf_8_break_their_row_alone(tmp_path: Path) -> None:
    one = read(tmp_path, csv(*views(1)) + f"s,{TIME},/a,T\xe9\n".encode("latin-1") + views(1)[0].encode())
    assert (one.kept, one.quarantined) == (2, {"not_utf8": 1})


def test_a_quarantined_row_leaves_a_keyed_hash_and_no_text(tmp_path: Path) -> None:
    said = "jo.bloggs@example.com"
    one = read(tmp_path, csv(*views(1), f"{said},{TIME},{said},a,b", f"{said},then,/a,T"))
    again = read(tmp_path, csv(*views(7), f"{said},then,/a,T"))
    other_month = read(tmp_path, csv(*views(7), f"{said},then,/a,T"), Extract("joined", "GDS"))
    assert said not in repr(one)
    assert [len(row.hash) for row in one.quarantine] == [32, 32]
    assert one.quarantine[1].hash == again.quarantine[0].hash
    assert again.quarantine[0].hash != other_month.quarantine[0].hash


def test_more_broken_rows_than_the_settings_allow_refuse_the_file(tmp_path: Path) -> None:
    broken = ["s,then,/a,T"] * 21
    refused = refusal(tmp_path, csv(*views(100), *broken))
    assert refused.reason == "too_many_broken"
    assert "bad_time 21" in refused.detail
    assert read(tmp_path, csv(*views(100), *broken[1:])).quarantined == {"bad_time": 20}
    assert read(tmp_path, csv(*views(2_079), *broken)).quarantined == {"bad_time": 21}
    assert (
        refusal(tmp_path, csv(*views(2), "s,then,/a,T"), settings=Settings(broken_rows=0)).reason == "too_many_broken"
    )


def test_columns_that_nobody_knows_are_ignored_and_named(tmp_path: Path) -> None:
    header = "session,time,page,browser,jo.bloggs@example.com,07700900123"
    one = read(tmp_path, csv(f"s,{TIME},/a,Firefox,x,y", header=header))
    assert one.ignored_columns == ("browser", "column 5", "column 6")
    assert one.kept == 1


def test_line_ends_byte_order_marks_blank_lines_and_quotes_are_read_as_meant(tmp_path: Path) -> None:
    lines = [
        "\ufeffsession,time,page,title\r",
        f's1,{TIME},/a,"One, ""two"""\r',
        "",
        f'"s2",{TIME},/b,"Over',
        'lines"',
        "",
    ]
    one = read(tmp_path, "\n".join(lines).encode())
    assert (one.kept, one.quarantined) == (2, {})
    assert sorted(one.frame["title"]) == ['One, "two"', "Over lines"]
    assert sorted(one.frame["row"]) == [2, 4]


def test_gzip_of_several_members_is_read_to_the_end(tmp_path: Path) -> None:
    parts = packed(csv(*views(5))) + packed("\n".join(views(5, start=5)).encode())
    assert read(tmp_path, parts, name=f"{NAME}.gz").kept == 10


def test_parquet_is_read_by_the_names_of_its_columns(tmp_path: Path) -> None:
    content = parquet(
        page=["/a", "/b"],
        session=[7, 8],
        time=[datetime(2019, 10, 9, 10, tzinfo=UTC), None],
        title=["A", "B"],
        extra=[1.5, 2.5],
    )
    one = read(tmp_path, content, name=f"{DAY}.parquet")
    assert (one.kept, one.quarantined, one.ignored_columns) == (1, {"null_key": 1}, ("extra",))
    assert one.frame["path"].to_list() == ["/a"]


def test_moments_of_parquet_beyond_the_calendar_break_their_rows_alone(tmp_path: Path) -> None:
    moments = pl.Series([TIME[:19], None, None], dtype=pl.String).str.to_datetime(time_unit="us", time_zone="UTC")
    moments = moments.to_physical().scatter([1, 2], [2**63 - 1, -(2**63) + 1]).cast(moments.dtype)
    one = read(tmp_path, parquet(page=["/a"] * 3, session=[1, 2, 3], time=moments), name=f"{DAY}.parquet")
    assert (one.kept, one.quarantined) == (1, {"bad_time": 2})
