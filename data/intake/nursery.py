"""Many extracts in a row: one low-rights process loads the libraries once, and a process of its own is forked for each file.

A file still meets a process that has seen no other: what it does to it, it does to itself, and a crash is one refusal.
Loading takes nine tenths of the time that a small file needs.
"""

import json
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

LONGEST_REPLY = 64  # bytes
DONE = b"0"


@dataclass(frozen=True)
class Start:
    """How the low-rights process is started, and the seconds that one file may take."""

    command: tuple[str, ...]
    environment: Mapping[str, str]
    seconds: int


class Nursery:
    """The process that forks; started when first needed, and anew after it was stopped or for other limits."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None
        self._started: Start | None = None

    def read(self, task: Mapping[str, object], files: tuple[int, int], start: Start) -> bool:
        """Whether a forked process did the task with `files`: the extract, and where it puts what it found.

        Raises `TimeoutError`.
        """
        try:
            line = self._line_of(task, start)
            line.settimeout(start.seconds)
            socket.send_fds(line, [json.dumps(task).encode()], files)
            reply = line.recv(LONGEST_REPLY)
        except TimeoutError:
            self.stop()
            raise
        except OSError:
            reply = b""
        if not reply:
            self.stop()
        return reply == DONE

    def stop(self) -> None:
        """End the process, and what it forked with it."""
        if self._line:
            self._line.close()
        if self.process:
            self.process.kill()
            self.process.wait()
        self.process = self._line = self._started = None

    def _line_of(self, task: Mapping[str, object], start: Start) -> socket.socket:
        """The line to a process of these limits."""
        if self._line and self._started == start:
            return self._line
        self.stop()
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603  # our own script, under this very Python
                (*start.command, "many"),
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=start.environment,
                cwd="/",
            )
        self._started = start
        self._line.send(json.dumps(task).encode())
        return self._line


_CURRENT: ContextVar[Nursery | None] = ContextVar("nursery", default=None)


def current() -> Nursery | None:
    """The nursery of this thread's work, if it reads many files."""
    return _CURRENT.get()


@contextmanager
def together() -> Iterator[None]:
    """Within it, extracts that this thread reads come from one nursery."""
    nursery = Nursery()
    before = _CURRENT.set(nursery)
    try:
        yield
    finally:
        _CURRENT.reset(before)
        nursery.stop()
