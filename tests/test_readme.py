"""README's commands, run as they stand: only the folders, the port and the day are this test's own."""

import os
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
START_SECONDS = 240
VISITS = """session,time,page,device
s1,2026-10-01T09:00:00Z,www.tax.service.gov.uk/business-account,mobile
s1,2026-10-01T09:00:10Z,www.tax.service.gov.uk/business-account/payments,mobile
"""
JOURNEYS = "PageSequence,Occurrences\n/vehicle-tax>>/done/vehicle-tax,12\n/vehicle-tax,30\n"


def environment(folder: Path, **more: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ESTATE_")}
    return (
        inherited
        | {"ESTATE_PORT": str(free_port()), "ESTATE_CLOCK": "2026-11-01", "PROJECT": str(ROOT), "HERE": str(folder)}
        | more
    )


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def commands(block: str, folder: Path) -> str:
    """A block's lines with this test's folders in place of a server's."""
    return block.replace("/srv/estate", f"{folder}/estate").replace("/etc/estate/key", f"{folder}/key")


@contextmanager
def running(command: str, env: dict[str, str], folder: Path) -> Iterator[str]:
    """A command that serves, until the block ends; gives the address once it answers."""
    address = f"http://127.0.0.1:{env['ESTATE_PORT']}"
    with (
        (folder / "output").open("w") as output,
        subprocess.Popen(
            ["bash", "-c", command], cwd=ROOT, env=env, stdout=output, stderr=output, start_new_session=True
        ) as process,
    ):
        try:
            wait_for(address, process, folder / "output")
            yield address
        finally:
            stop(process)


def stop(process: "subprocess.Popen[bytes]") -> None:
    """Stop it as a terminal does, with its whole group at once; one that doesn't stop is a failure."""
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise


def wait_for(address: str, process: "subprocess.Popen[bytes]", output: Path) -> None:
    started = time.monotonic()
    while time.monotonic() - started < START_SECONDS:
        assert process.poll() is None, output.read_text()
        try:
            urllib.request.urlopen(f"{address}/journeys", timeout=5).close()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"Nothing answered: {output.read_text()}")


def test_make_run_serves_the_demonstration_and_the_programs_lines_get_answers(tmp_path: Path) -> None:
    start, _, program = BLOCKS
    assert "make run" in start
    with running(
        "make run", environment(tmp_path, ESTATE_HOME=f"{tmp_path}/home", ESTATE_CLOCK=""), tmp_path
    ) as address:
        lines = program.replace("http://127.0.0.1:8050", address).replace("curl ", "curl --fail --silent --show-error ")
        answers = subprocess.run(["bash", "-ec", lines], capture_output=True, text=True, check=True).stdout
    assert '"page_views"' in answers
    assert '"sessions"' in answers


def test_make_test_runs_this_suite() -> None:
    assert "make test" in BLOCKS[0]
    planned = subprocess.run(["make", "--dry-run", "test"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert planned.rstrip().endswith("-m pytest")


def test_real_data_comes_in_as_readme_says(tmp_path: Path) -> None:
    (tmp_path / "visits-2026-10-01.csv").write_text(VISITS)
    (tmp_path / "journeys.csv").write_text(JOURNEYS)
    *lines, serve = commands(BLOCKS[1], tmp_path).strip().splitlines()
    here = "\n".join(lines).replace("./estate", f"{ROOT}/estate")
    env = environment(tmp_path)
    done = subprocess.run(["bash", "-ec", here], cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2" in done.stdout
    assert serve == "./estate serve"
    keys = {"ESTATE_MODE": "real", "ESTATE_HOME": f"{tmp_path}/estate", "ESTATE_KEY_FILE": f"{tmp_path}/key"}
    with running(serve, env | keys, tmp_path) as address:
        assert urllib.request.urlopen(f"{address}/api/v1/", timeout=5).status == 200


def test_every_file_that_readme_names_exists() -> None:
    for name in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (ROOT / name).exists(), name
