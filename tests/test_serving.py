"""The server as a terminal and an operating system stop it: with a whole group of signals at once."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.served import ROOT, environment

START_SECONDS, STOP_SECONDS = 90, 20
TERMINAL, SYSTEM = signal.SIGINT, signal.SIGTERM


@pytest.mark.parametrize("burst", [(SYSTEM,) * 8, (TERMINAL,) * 8, (SYSTEM, TERMINAL) * 4], ids=["term", "int", "both"])
def test_a_server_stops_however_many_signals_come_at_once(tmp_path: Path, burst: tuple[signal.Signals, ...]) -> None:
    env = environment(tmp_path, ESTATE_HOME=str(tmp_path / "home"), ESTATE_CLOCK="2020-10-02")
    command = [sys.executable, "-m", "callbacks.commands", "serve"]
    with subprocess.Popen(command, env=env, cwd=ROOT, start_new_session=True, stderr=subprocess.DEVNULL) as server:
        try:
            _wait(server, int(env["ESTATE_PORT"]))
            for one in burst:
                os.killpg(server.pid, one)
            server.wait(STOP_SECONDS)
            assert _gone(server.pid), "A process of the server is left"
        finally:
            if not _gone(server.pid):
                os.killpg(server.pid, signal.SIGKILL)


def _wait(server: "subprocess.Popen[bytes]", port: int) -> None:
    late = time.monotonic() + START_SECONDS
    while time.monotonic() < late:
        assert server.poll() is None, "The server stopped before it was asked to"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"The server didn't answer within {START_SECONDS} seconds")


def _gone(group: int) -> bool:
    """Whether no process of the group is left, a moment after its leader."""
    late = time.monotonic() + STOP_SECONDS
    while time.monotonic() < late:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False
