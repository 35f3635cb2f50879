"""Commands that serve the dashboard, started as anybody would start them, and stopped when a test is done with them."""

import os
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
START_SECONDS = 420  # the whole demonstration is made, on whatever machine this is


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


@contextmanager
def running(command: str, env: dict[str, str], folder: Path) -> Iterator[str]:
    """A command that serves, until the block ends or these tests do, however; gives the address once it answers."""
    address = f"http://127.0.0.1:{env['ESTATE_PORT']}"
    with (
        (folder / "output").open("w") as output,
        subprocess.Popen(
            ["bash", "-c", command], cwd=ROOT, env=env, stdout=output, stderr=output, start_new_session=True
        ) as process,
        stopped_with_the_tests(process.pid),
    ):
        try:
            wait_for(address, process, folder / "output")
            yield address
        finally:
            stop(process)


def stopped_with_the_tests(group: int) -> "subprocess.Popen[bytes]":
    """A process that stops a group of others once this one is gone: its input ends however that came."""
    command = ["sh", "-c", 'read -r _; kill -- "-$0" 2> /dev/null', str(group)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)


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
