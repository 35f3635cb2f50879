"""The start of the low-rights process: it gives up its rights first, then loads what it needs, then reads.

Run as a script with an isolated Python: standard input holds the task (JSON), standard output is the memory shared with
the parent, and descriptor `task["file"]` is the extract; or, for `many`, standard input is a line along which all this comes. From `confine` on it can open no file but the libraries, write
none, start no program and reach no network (Landlock, where the kernel has it; resource limits everywhere), and when
reading starts it isn't root. An error other than a refusal ends it, and the parent says that the file can't be read.
"""

import ctypes
import gc
import importlib.util
import json
import mmap
import os
import resource
import signal
import socket
import struct
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
NICENESS: Final = 10
NOBODY: Final = 65534
MOST_FILES: Final = 64
MOST_TOLD: Final = 1 << 16  # bytes of a task

# Landlock (kernel documentation, userspace-api/landlock): the same numbers on every architecture.
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
ASK_VERSION, BENEATH_PATH = 1, 1
READ_FILE, READ_FOLDER = 1 << 2, 1 << 3
FILE_RIGHTS: Final = {1: 13, 2: 14, 3: 15, 4: 15}  # how many rights over files a version knows; 16 later on
NETWORK_SINCE, SCOPES_SINCE = 4, 6
SET_PARENT_DEATH_SIGNAL, SET_DUMPABLE, SET_NO_NEW_PRIVILEGES = 1, 4, 38
LIBRARIES: Final = (
    "/usr/lib",
    "/usr/lib64",
    "/lib",
    "/lib64",
    "/etc/ld.so.cache",
    "/usr/share/zoneinfo",
    "/dev/urandom",
)

libc: Final = ctypes.CDLL(None, use_errno=True)


def limit(memory: int, seconds: int) -> None:
    """No file may be written, none dumped, few opened; `memory` bytes beyond what is mapped, `seconds` of CPU."""
    for kind, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, MOST_FILES),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory),
    ):
        resource.setrlimit(kind, (most, most))
    os.nice(NICENESS)
    os.umask(0o077)


def confine() -> bool:
    """Let this thread, and those it starts, open libraries for reading and nothing else. False where the kernel can't."""
    libc.prctl(SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    version = libc.syscall(CREATE_RULESET, None, 0, ASK_VERSION)
    if version < 1:
        return False
    rights = (1 << FILE_RIGHTS.get(version, 16)) - 1
    network, scopes = 3 * (version >= NETWORK_SINCE), 3 * (version >= SCOPES_SINCE)
    known = struct.pack("<QQQ", rights, network, scopes)
    rules = libc.syscall(CREATE_RULESET, known, len(known), 0)
    for place in {*LIBRARIES, sys.prefix, sys.base_prefix, str(ROOT / "data")}:
        _allow_reading(rules, place)
    confined = bool(libc.syscall(RESTRICT_SELF, rules, 0) == 0)
    os.close(rules)
    return confined


def _allow_reading(rules: int, place: str) -> None:
    try:
        beneath = os.open(place, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    rights = READ_FILE | (READ_FOLDER if Path(place).is_dir() else 0)
    libc.syscall(ADD_RULE, rules, BENEATH_PATH, struct.pack("<Qi", rights, beneath), 0)
    os.close(beneath)


def leave_root() -> None:
    """Become nobody, where this is root; and die with the parent, which becoming somebody else undoes."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    libc.prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)


def make_importable(package: str) -> None:
    """Let a package of this project be imported without its folder on the path: that folder may not even be listed."""
    folder = ROOT / package
    spec = importlib.util.spec_from_file_location(
        package, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec and spec.loader:
        sys.modules[package] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[package])


def main() -> None:
    """Read the extract of the task into the shared memory; called with `many`, one after the other until told no more."""
    if len(sys.argv) > 1:
        many(socket.socket(fileno=os.dup(sys.stdin.fileno())))
    else:
        task: dict[str, Any] = json.load(sys.stdin)
        limit(task["memory"] + task["room"], task["seconds"])
        one(task, sys.stdout.fileno())
        os._exit(0)  # tidying away the millions of things that a large file leaves takes a twentieth of the time


def one(task: dict[str, Any], shared: int) -> None:
    """Read one extract and hand back what it holds, without the rights that this process still has."""
    gc.disable()  # there are no circles to be found, and looking for some takes a tenth of the time
    outlet = mmap.mmap(shared, task["room"])
    confine()
    if "data" not in sys.modules:
        make_importable("data")
    from data.intake import handing  # loaded only now, when there is nothing left to misuse

    work = handing.prepare(task, outlet)
    leave_root()
    # TRICKY: how far the first thread's stack reaches stands in /proc, which can't be read here; polars, not knowing, would
    # make a stack for each call. That of another thread is known.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(work).result()


def many(line: socket.socket) -> None:
    """Load what every extract needs, then fork for each task that comes along the line with its two files.

    Each forked process is confined once more, so that it can't reach this one, and knows nothing of the others.
    """
    libc.prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    libc.prctl(SET_DUMPABLE, 0, 0, 0, 0)
    task = json.loads(line.recv(MOST_TOLD))
    limit(task["memory"] + task["room"], task["seconds"])
    confine()
    make_importable("data")
    from data.intake import handing

    handing.load()
    while True:
        told, files, _, _ = socket.recv_fds(line, MOST_TOLD, 2)
        if not told:
            break
        if not (forked := os.fork()):
            forked_for(json.loads(told), files, line)
        for file in files:
            os.close(file)
        line.send(b"0" if os.waitpid(forked, 0)[1] == 0 else b"1")


def forked_for(task: dict[str, Any], files: list[int], line: socket.socket) -> None:
    """The whole life of a forked process."""
    code = 1
    try:
        line.close()
        os.close(sys.stdin.fileno())
        one(task | {"file": files[0]}, files[1])
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
