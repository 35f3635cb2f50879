"""The audit log: it only grows, names nothing in plain, and shows any edit."""

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from data import errors
from data.audit import Log
from data.store.home import Home
from tests.counts import rounds
from tests.homes import settings_of

SEED = 20_191_001


def log_of(folder: Path, entries: int) -> Log:
    log = Log(Home.open(settings_of(folder)))
    for n in range(entries):
        log.append("denied", person="analyst-dft", department="HM Treasury", number=n)
    return log


def test_entries_come_back_in_order_with_their_facts(tmp_path: Path) -> None:
    entries = list(log_of(tmp_path, 3).entries())
    assert [(one.number, one.kind, one.facts["number"]) for one in entries] == [
        (1, "denied", 0),
        (2, "denied", 1),
        (3, "denied", 2),
    ]
    assert entries[0].moment.isoformat() == "2019-10-20T12:00:00+01:00"


def test_an_empty_log_is_whole(tmp_path: Path) -> None:
    assert list(log_of(tmp_path, 0).entries()) == []


def test_a_kind_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="dance"):
        log_of(tmp_path, 0).append("dance")


def test_any_edit_is_found(tmp_path: Path) -> None:
    """A changed byte, a line removed, doubled, swapped, replaced by another's, or the end cut off."""
    entries = rounds(30, 1_000)
    log = log_of(tmp_path, entries)
    file = tmp_path / "home" / "audit" / "log"
    whole = file.read_bytes()
    luck = random.Random(SEED)  # noqa: S311 - which edit is tried, not a secret
    for _ in range(rounds(60, 1_000)):
        lines = whole.splitlines(keepends=True)
        edited = _edited(lines, luck)
        if edited == whole:
            continue
        file.write_bytes(edited)
        with pytest.raises(errors.Untrusted, match="audit log"):
            list(log.entries())
    file.write_bytes(whole)
    assert len(list(log.entries())) == entries


def _edited(lines: list[bytes], luck: random.Random) -> bytes:
    one, other = luck.randrange(len(lines)), luck.randrange(len(lines))
    match luck.randrange(5):
        case 0:
            place = luck.randrange(len(lines[one]) - 1)
            lines[one] = (
                lines[one][:place] + bytes([lines[one][place] ^ (1 << luck.randrange(7))]) + lines[one][place + 1 :]
            )
        case 1:
            del lines[one]
        case 2:
            lines.insert(other, lines[one])
        case 3:
            lines[one], lines[other] = lines[other], lines[one]
        case _:
            del lines[one:]
    return b"".join(lines)


@pytest.mark.parametrize("gone", ["log", "head"])
def test_a_removed_file_is_found(tmp_path: Path, gone: str) -> None:
    log = log_of(tmp_path, 3)
    (tmp_path / "home" / "audit" / gone).unlink()
    with pytest.raises(errors.Untrusted, match="audit log"):
        log.append("denied")
    with pytest.raises(errors.Untrusted, match="audit log"):
        list(log.entries())


def test_a_line_that_a_killed_process_left_unfinished_is_no_edit(tmp_path: Path) -> None:
    log = log_of(tmp_path, 3)
    with (tmp_path / "home" / "audit" / "log").open("ab") as file:
        file.write(b"c29tZXRoaW5n")
    assert len(list(log.entries())) == 3
    log.append("denied")
    assert [one.number for one in log.entries()] == [1, 2, 3, 4]


def test_a_head_that_lags_behind_catches_up(tmp_path: Path) -> None:
    log = log_of(tmp_path, 2)
    head = tmp_path / "home" / "audit" / "head"
    older = head.read_bytes()
    log.append("publish", version=7)
    head.write_bytes(older)
    assert log.highest() == 7
    log.append("denied")
    assert len(list(log.entries())) == 4


def test_many_threads_append_without_losing_an_entry(tmp_path: Path) -> None:
    log = log_of(tmp_path, 0)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: log.append("export", number=n), range(40)))
    assert sorted(one.facts["number"] for one in log.entries()) == list(range(40))


def test_nothing_in_it_is_plain(tmp_path: Path) -> None:
    log_of(tmp_path, 3)
    for file in (tmp_path / "home" / "audit").iterdir():
        assert b"Treasury" not in file.read_bytes()
        assert file.stat().st_mode & 0o777 == 0o600
