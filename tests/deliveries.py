"""Files as senders deliver them: small ones, and reading them without a process of their own (a third of a second each)."""

import gzip
import io
import mmap
import os
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from data import errors
from data.intake import CleanedDay, Extract, handing, process, read_extract
from data.settings import Settings

HEADER = "session,time,page,title"
DAY = date(2019, 10, 9)
TIME = f"{DAY}T10:00:00Z"
NAME = f"hits_{DAY}.csv"
GDS = Extract("gds", "GDS")
SETTINGS = Settings()


def key(account: str, month: str) -> bytes:
    """A key of pseudonyms, another one for each account and month."""
    return f"{account} {month}".encode().ljust(32, b".")


def csv(*rows: str, header: str = HEADER) -> bytes:
    """A file of these rows."""
    return "\n".join((header, *rows, "")).encode()


def views(count: int, *, start: int = 0) -> list[str]:
    """Rows of sound page views."""
    return [f"s{n},{TIME},/page-{n},Page" for n in range(start, start + count)]


def parquet(**columns: list[object] | pl.Series) -> bytes:
    """A Parquet file of these columns."""
    file = io.BytesIO()
    pl.DataFrame(columns).write_parquet(file)
    return file.getvalue()


def packed(content: bytes) -> bytes:
    """The content, gzipped."""
    return gzip.compress(content, mtime=0)


def read_all(
    folder: Path, content: bytes, extract: Extract = GDS, *, name: str = NAME, settings: Settings = SETTINGS
) -> list[CleanedDay]:
    """The cleaned days of a file of this content, sent by GDS unless said otherwise."""
    (folder / name).write_bytes(content)
    return read_extract(folder / name, extract, settings, key)


def read(
    folder: Path, content: bytes, extract: Extract = GDS, *, name: str = NAME, settings: Settings = SETTINGS
) -> CleanedDay:
    """The one cleaned day of a file of this content."""
    (one,) = read_all(folder, content, extract, name=name, settings=settings)
    return one


def refusal(
    folder: Path, content: bytes, extract: Extract = GDS, *, name: str = NAME, settings: Settings = SETTINGS
) -> errors.Refused:
    """Why a file of this content is refused."""
    (folder / name).write_bytes(content)
    return refusal_of(folder / name, extract, settings)


def refusal_of(path: Path, extract: Extract = GDS, settings: Settings = SETTINGS) -> errors.Refused:
    """Why what lies there is refused."""
    with pytest.raises(errors.Refused) as refused:
        read_extract(path, extract, settings, key)
    return refused.value


@pytest.fixture(scope="module")
def without_a_process() -> Iterator[None]:
    """Read extracts in this process; everything else, what is handed over included, stays as it is."""

    def run(task: Mapping[str, object], shared: int, file: int, _: Settings) -> None:
        with mmap.mmap(shared, process.ROOM) as outlet:
            handing.prepare({**task, "file": os.dup(file)}, outlet)()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(process, "_run", run)
        yield
