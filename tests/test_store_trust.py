"""Trust: what was changed, swapped or put back is refused, and nothing under the home is plain or anybody else's."""

import os
import resource
import shutil
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest

from data import errors
from data.audit import Log
from data.settings import Settings
from data.store import Estate, engine, versions
from data.store.home import Home
from data.store.pseudonyms import PseudonymKeys
from data.store.publish import import_extracts
from data.store.verify import verify
from tests.homes import extracts, settings_of, sums

ONE, TWO = "HMRC s1 (v1): /apply > /apply/name", "GDS s2: /start > /next"
CANARIES = ("zebra-crossing", "quagga", "hippogriff")
Change = Callable[[Path], None]


def flip(file: Path, place: int = -100) -> None:
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)


def swap_blocks(file: Path) -> None:
    content = file.read_bytes()
    size = 16_384
    start = len(content) - 3 * size
    file.write_bytes(
        content[:start]
        + content[start + size : start + 2 * size]
        + content[start : start + size]
        + content[start + 2 * size :]
    )


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


def segment_files(folder: Path) -> list[Path]:
    return sorted((folder / "home" / "segments").iterdir())


def two_months(folder: Path) -> None:
    import_extracts([*extracts(ONE), *extracts(TWO, day=date(2019, 11, 5))], settings_of(folder))


@pytest.mark.parametrize("change", [flip, swap_blocks, cut])
def test_a_changed_segment_is_never_served(tmp_path: Path, change: Change) -> None:
    settings = settings_of(tmp_path)
    import_extracts(extracts(ONE, TWO), settings)
    change(segment_files(tmp_path)[0])
    with pytest.raises(errors.Untrusted, match="changed"):
        Estate.open(settings)
    assert not verify(settings).right


def test_an_older_file_in_the_place_of_a_newer_is_refused(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    import_extracts(extracts(ONE), settings)
    older = segment_files(tmp_path)[0].read_bytes()
    import_extracts(extracts(TWO), settings)
    for file in segment_files(tmp_path):
        file.write_bytes(older)
    with pytest.raises(errors.Untrusted):
        Estate.open(settings)


@pytest.mark.parametrize("place", ["pointer", "versions", "cleaned"])
def test_a_changed_byte_anywhere_is_found_by_verify(tmp_path: Path, place: str) -> None:
    settings = settings_of(tmp_path)
    import_extracts(extracts(ONE), settings)
    found = tmp_path / "home" / place
    flip(found if found.is_file() else next(found.iterdir()), 20)
    assert not verify(settings).right


def test_an_old_pointer_put_back_is_refused(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    import_extracts(extracts(ONE), settings)
    pointer = tmp_path / "home" / "pointer"
    older = pointer.read_bytes()
    import_extracts(extracts(TWO), settings)
    pointer.write_bytes(older)
    for use in (lambda: Estate.open(settings), lambda: import_extracts([], settings)):
        with pytest.raises(errors.Untrusted, match="older version"):
            use()
    assert not verify(settings).right


@pytest.mark.parametrize("gone", ["pointer", "audit"])
def test_a_home_without_its_pointer_or_its_log_is_refused(tmp_path: Path, gone: str) -> None:
    settings = settings_of(tmp_path)
    import_extracts(extracts(ONE), settings)
    found = tmp_path / "home" / gone
    found.unlink() if found.is_file() else shutil.rmtree(found)
    with pytest.raises(errors.Untrusted):
        Estate.open(settings)


def test_an_older_month_is_hashed_while_the_estate_is_served_and_withdrawn_if_it_was_changed(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    two_months(tmp_path)
    october = [one for one in versions.newest(Home.open(settings)).segments if one.last_day < date(2019, 11, 1)]  # type: ignore[union-attr]  # it was just published
    day = next(one for one in october if one.kind == "day")
    file = tmp_path / "home" / "segments" / f"{day.name}.db"
    whole, times = file.read_bytes(), file.stat()

    def changed(place: int) -> Settings:
        file.write_bytes(whole)
        flip(file, place)
        os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))  # as somebody would who knows what is looked at
        return settings

    estate = Estate.open(changed(len(whole) // 2))
    with pytest.raises(errors.Untrusted, match="joined from 2019-10-01"):
        pin_for(estate, seconds=10)
    assert [one.kind for one in Log(Home.open(settings)).entries()][-1] == "untrusted"
    estate.close()
    with pytest.raises(errors.Untrusted, match="joined from 2019-10-01"):
        pin_for(Estate.open(changed(10_000)), seconds=10)


def pin_for(estate: Estate, seconds: float) -> None:
    """Read again and again, as a server does."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with estate.pinned():
            time.sleep(0.01)


def test_a_file_that_others_may_read_is_found_by_verify(tmp_path: Path) -> None:
    import_extracts(extracts(ONE), settings_of(tmp_path))
    (tmp_path / "home" / "inbox").chmod(0o777)
    assert verify(settings_of(tmp_path)).right
    (tmp_path / "home" / "pointer").chmod(0o644)
    assert [one.name for one in verify(settings_of(tmp_path)).checks if not one.right] == ["permissions"]


def test_a_home_restored_from_a_copy_is_hashed_and_served(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    two_months(tmp_path)
    before = sums(settings)
    shutil.copytree(tmp_path / "home", tmp_path / "copy")
    shutil.rmtree(tmp_path / "home")
    shutil.copytree(tmp_path / "copy", tmp_path / "home")
    assert sums(settings) == before
    assert verify(settings).right


def test_nothing_in_the_home_is_plain_or_open_to_others(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    keys = PseudonymKeys.open(settings)
    secrets = [keys.key("joined", "2019-10"), keys.key("joined", "2019-10").hex().encode()]
    page, title, term = CANARIES
    stories = [f"HMRC s{n} (v{n}): /{page} > /{title} +search {term}" for n in range(12)]
    sent = extracts(*stories)
    secrets += [one for one in sent[0].frame["session"].to_list() if one]
    import_extracts(sent, settings)
    import_extracts([], settings_of(tmp_path, clock=date(2019, 12, 16)))
    words = [*(word.encode() for word in (*CANARIES, "HMRC", "joined", "2019", "/apply")), *secrets]
    for file in (tmp_path / "home").rglob("*"):
        assert file.stat().st_mode & 0o777 == (0o700 if file.is_dir() else 0o600), file
        text = str(file.relative_to(tmp_path)).encode() + (file.read_bytes() if file.is_file() else b"")
        assert not [word for word in words if word in text], file


def test_what_duckdb_spills_is_encrypted_and_goes_with_the_reader(tmp_path: Path) -> None:
    home = Home.open(settings_of(tmp_path, memory_limit="60MB"))
    sql = "create temp table wide as select 'zebra-crossing ' || range || repeat(' quagga', 10) as words from range(1_000_000)"
    with home.scratch() as scratch:
        connection = engine.connect(home.settings, scratch)
        engine.lock(connection, home.folder / "segments")
        connection.execute(sql)
        spilt = [file.read_bytes() for file in scratch.rglob("*") if file.is_file()]
        assert sum(map(len, spilt)) > 1_000_000
        assert not [1 for content in spilt if b"quagga" in content]
        connection.close()
    assert not [found for found in (home.folder / "tmp").iterdir() if found.is_dir()]


def test_a_segment_opens_with_its_own_key_alone(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    import_extracts(extracts(ONE), settings)
    connection = engine.connect(settings, tmp_path)
    for key in ("", "A" * 43 + "="):
        with pytest.raises(duckdb.Error):
            engine.attach(connection, segment_files(tmp_path)[0], key)


def test_a_served_connection_opens_no_other_file_and_writes_none(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    import_extracts(extracts(ONE), settings)
    estate = Estate.open(settings)
    with estate.pinned() as reading:
        one = reading.manifest.segments[0]
    for sql in (
        "select * from read_text('/etc/hostname')",
        "copy (select 1) to '/tmp/out.csv'",
        "attach '/tmp/other.db'",
        "set threads = 1",
        "insert into page (page) values (1)",
        "install spatial",
    ):
        with estate.pinned() as reading, pytest.raises(duckdb.Error):
            reading.run(one, sql)


def test_a_process_that_opens_a_home_leaves_no_image_of_its_memory(tmp_path: Path) -> None:
    Home.open(settings_of(tmp_path))
    assert resource.getrlimit(resource.RLIMIT_CORE)[0] == 0
