"""Every format there is, and every one that will be: what its file must have, and that a file is all it takes."""

import io
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest

from data import errors, formats
from data.intake.batches import RAW, TEXTS
from data.intake.coded import coded
from data.intake.columns import plain
from data.intake.source import Source
from tests.deliveries import TIME, csv, packed, parquet, read
from tests.ga4_rows import event, lines, shown, ua

FILES = sorted(module.name for module in pkgutil.iter_modules(formats.__path__))
KINDS = {"events", "page totals", "KPI"}
SOUND = {
    "ga4": lines([event()]),
    "ga_report": b"# 20191009-20191009\nPage,Pageviews,Users\n/a,3,2\n",
    "hits": csv(f"s1,{TIME},/a,A"),
    "kpi": b"service,channel,count,dataType,period\nvat-return,digital,3,transactions,2019-10\n",
    "sequences": b"PageSequence,Occurrences\n/a>>/b,3\n",
    "ua": lines([ua(shown("/a"))]),
}
NEW_FORMAT = '''
"""Paths, one a line."""

import polars as pl

from data.intake.batches import BROKEN, Batch, Batches

NAME, KIND, SUFFIXES, COLUMNS, TIMED = "paths", "events", (".paths",), frozenset({"path"}), False


def read(source):
    paths = b"".join(source.chunks()).decode().split()
    rows = pl.DataFrame({"page": paths, "session": "s"}).with_row_index("line", 1)
    return Batches((), iter([Batch(rows, pl.DataFrame(schema=BROKEN))]))
'''


def source(content: bytes, name: str = "day") -> Source:
    """An open file of this content."""
    return Source(io.BytesIO(content), name, 1_000_000_000, 100)


@pytest.fixture
def with_a_new_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "formats").mkdir()
    (tmp_path / "formats" / "paths.py").write_text(NEW_FORMAT)
    monkeypatch.setattr(formats, "__path__", [*formats.__path__, str(tmp_path / "formats")])
    formats.formats.cache_clear()
    yield
    formats.formats.cache_clear()


@pytest.mark.parametrize("name", FILES)
def test_a_format_says_its_name_kind_suffixes_and_columns(name: str) -> None:
    found = formats.named(name)
    assert name == found.NAME
    assert found.KIND in KINDS
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in found.SUFFIXES)
    assert {plain(column) for column in found.COLUMNS} == found.COLUMNS
    assert found.read.__doc__


@pytest.mark.parametrize("name", FILES)
def test_a_format_gives_columns_of_the_shared_shape(name: str) -> None:
    opened = formats.named(name).read(source(SOUND[name]))
    figures = formats.FIGURES.get(formats.named(name).KIND)
    texts = () if figures else TEXTS
    shape, needed = (figures, "first") if figures else (RAW, "page")
    whole = opened.completed(coded((batch.rows for batch in opened.batches), texts))
    coded_as = {column: pl.UInt32() if column in texts else shape[column] for column in whole.rows.columns}
    assert coded_as == dict(whole.rows.schema)
    assert {"line", needed} <= set(whole.rows.columns)
    assert whole.values.keys() == set(texts) & set(whole.rows.columns)
    assert whole.rows.height


@pytest.mark.parametrize("name", FILES)
def test_a_format_is_found_out_by_the_columns_of_a_file(name: str) -> None:
    assert name == formats.fitting(source(SOUND[name])).NAME


@pytest.mark.parametrize("pack", [bytes, packed])
def test_parquet_is_found_out_and_read_packed_too(pack: Callable[[bytes], bytes]) -> None:
    sent = source(pack(parquet(session=["s"], time=[TIME], page=["/a"])), "x.parquet.gz")
    assert formats.fitting(sent).NAME == "hits"
    assert [batch.rows.height for batch in formats.named("hits").read(sent).batches] == [1]


def test_an_unknown_format_is_named_with_those_there_are() -> None:
    with pytest.raises(errors.BadRequest, match="Type one of ga4, ga_report, hits, kpi, sequences, ua"):
        formats.named("avro")


@pytest.mark.usefixtures("with_a_new_format", "without_a_process")
def test_a_new_format_is_one_new_file(tmp_path: Path) -> None:
    one = read(tmp_path, b"/b /a/c", name="2019-10-09.paths")
    assert (one.format, one.frame["path"].to_list()) == ("paths", ["/b", "/a/c"])
