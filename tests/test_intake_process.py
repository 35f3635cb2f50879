"""The low-rights process: what it can't do, what it mustn't take, and what it leaves behind."""

import io
import socket
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data import errors
from data.intake import process
from data.intake.source import CHUNK, Source
from data.settings import Settings
from tests.deliveries import SETTINGS, TIME, csv, packed, parquet, read, refusal, views

ROOT = Path(__file__).parent.parent
ATTEMPTS = f"""
import importlib.util, os, socket, sys
spec = importlib.util.spec_from_file_location("child", {str(process.CHILD)!r})
child = importlib.util.module_from_spec(spec)
spec.loader.exec_module(child)
child.limit(1 << 34, 60)
print("confined", child.confine())
child.leave_root()
def attempt(name, work):
    try:
        work()
        print(name, "done")
    except OSError:
        print(name, "refused")
attempt("read", lambda: open({str(ROOT / "README.md")!r}).read())
attempt("list", lambda: os.listdir({str(ROOT)!r}))
attempt("write", lambda: open(sys.argv[1] + "/left", "w").write("x" * 10_000))
attempt("reach", lambda: socket.socket().connect(("127.0.0.1", int(sys.argv[2]))))
attempt("run", lambda: os.execv("/bin/true", ["true"]))
print("root", os.geteuid() == 0)
"""
ANSWER = f"""
import mmap, os, sys
sys.path.insert(0, {str(ROOT)!r})
from data.intake import outlet
with mmap.mmap(1, {process.ROOM}) as shared:
    outlet.give(shared, {{"refused": [",".join(sorted(os.environ)), "", ""]}}, {{}})
"""


@pytest.fixture
def puppet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The script that runs instead of the process's own."""
    monkeypatch.setattr(process, "CHILD", tmp_path / "puppet.py")
    return tmp_path / "puppet.py"


def test_it_can_read_no_file_write_none_run_no_program_and_reach_no_network(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    with socket.create_server(("127.0.0.1", 0)) as server:
        arguments = [sys.executable, "-I", "-c", ATTEMPTS, str(tmp_path), str(server.getsockname()[1])]
        told = subprocess.run(arguments, capture_output=True, text=True, check=True).stdout.split("\n")
    # A kernel without Landlock leaves the limits alone: still nothing is written, and nothing is done as root.
    names = ("read", "list", "write", "reach", "run") if "confined True" in told else ("write",)
    assert {f"{name} refused" for name in names} | {"root False"} <= set(told)
    assert not any(file.stat().st_size for file in tmp_path.iterdir())


def test_it_reads_every_packing_with_what_it_loaded_before_it_lost_its_rights(tmp_path: Path) -> None:
    rows = csv(*views(40))
    assert read(tmp_path, rows).kept == 40
    assert read(tmp_path, packed(rows), name="2019-10-09.csv.gz").kept == 40
    assert read(tmp_path, pa.compress(rows, codec="zstd", asbytes=True), name="2019-10-09.csv.zst").kept == 40
    assert read(tmp_path, parquet(session=["s"], time=[TIME], page=["/a"]), name="2019-10-09.parquet").kept == 1


def test_moments_of_parquet_may_have_any_zone_and_a_column_no_value_at_all(tmp_path: Path) -> None:
    moment = pa.array([datetime.fromisoformat(TIME)], pa.timestamp("us", "+05:30"))
    pq.write_table(
        pa.table({"session": ["s"], "time": moment, "page": ["/a"], "title": pa.nulls(1)}), tmp_path / "a.parquet"
    )
    one = read(tmp_path, (tmp_path / "a.parquet").read_bytes(), name="2019-10-09.parquet")
    assert one.frame["time"].to_list() == [datetime.fromisoformat(TIME)]


def test_a_host_in_other_letters_is_read_with_what_was_loaded_before(tmp_path: Path) -> None:
    one = read(tmp_path, csv(*views(3), f"s9,{TIME},www.g\u043ev.uk/a,Page"))
    assert (one.kept, dict(one.quarantined)) == (3, {"host_not_of_sender": 1})


def test_what_it_refuses_is_refused_with_the_same_reason(tmp_path: Path) -> None:
    assert refusal(tmp_path, packed(csv(*views(9)))[:-8]).reason == "gzip_truncated"
    assert refusal(tmp_path, b"PAR1" + b"\x00" * 100 + b"PAR1").reason == "unreadable"


def test_a_file_that_grows_a_thousandfold_is_refused_long_before_it_is_whole(tmp_path: Path) -> None:
    bomb = packed(csv("x" * 300_000_000))
    assert refusal(tmp_path, bomb).reason == "expands_too_far"
    source = Source(io.BytesIO(bomb), "bomb.csv.gz", SETTINGS.expanded_bytes, SETTINGS.expanded_ratio)
    opened: list[int] = []
    with pytest.raises(errors.Refused, match="expands too far"):
        opened.extend(map(len, source.chunks()))
    assert CHUNK <= sum(opened) < 60_000_000


def test_a_file_that_needs_more_memory_than_allowed_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, csv(*views(9)), settings=Settings(reader_memory=100_000_000)).reason == "unreadable"


def test_reading_that_does_not_end_is_ended(tmp_path: Path, puppet: Path) -> None:
    puppet.write_text("import time; time.sleep(60)")
    assert refusal(tmp_path, csv(*views(9)), settings=Settings(reader_seconds=1)).reason == "took_too_long"


@pytest.mark.parametrize(
    "nonsense", ["", "import os; os.write(1, b'x' * 99)", "import os; os.write(1, b'0' * 16)", "exit(1)"]
)
def test_a_process_that_answers_nonsense_is_not_believed(tmp_path: Path, puppet: Path, nonsense: str) -> None:
    puppet.write_text(nonsense)
    assert refusal(tmp_path, csv(*views(9))).reason == "unreadable"


def test_it_gets_an_empty_environment_but_for_what_its_reader_needs(
    tmp_path: Path, puppet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ESTATE_KEY_COMMAND", "echo")
    puppet.write_text(ANSWER)
    told = set(refusal(tmp_path, csv(*views(9)), settings=Settings(key_command=None)).reason.split(","))
    assert told - {"LC_CTYPE", "_RJEM_MALLOC_CONF"} == {
        "POLARS_MAX_THREADS",
        "POLARS_OOC_SPILL_MIN_BYTES",
        "POLARS_OVERRIDE_TOTAL_MEMORY_MB",
        "POLARS_IGNORE_TIMEZONE_PARSE_ERROR",
    }


def test_it_leaves_no_file_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert read(tmp_path, csv(*views(3))).kept == 3
    assert [path.name for path in tmp_path.rglob("*")] == ["hits_2019-10-09.csv"]
