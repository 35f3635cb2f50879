"""The web server: granian, one process with threads, on the loopback address and nowhere else until sign-in exists."""

import _thread
import gc
import logging
import multiprocessing
import socket
import sys
import threading
from functools import partial
from importlib import import_module
from typing import Any, Final

from granian.constants import Interfaces
from granian.server.mp import MPServer

from callbacks import precomputed
from callbacks.files import drawing
from callbacks.prefetch import Ahead
from data.settings import Settings
from data.store.home import Home

HOST: Final = "127.0.0.1"
THREADS: Final = 16  # questions wait for each other in the store's own queue; a thread more costs nothing
STOPPING_SECONDS: Final = 5  # for what is being answered; a worker that a burst of signals has left waiting is ended
LOOKS_UP_EVERY: Final = 0.5  # seconds
APPLICATION: Final = "app"  # above this stratum: named, as to any server, and not imported


class Awake(threading.Event):
    """An event whose waiter looks up now and then: a signal that the system gives to another thread doesn't wake it."""

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is set; the handlers of signals run in between."""
        if timeout is not None:
            return super().wait(timeout)
        while not super().wait(LOOKS_UP_EVERY):
            pass
        return True


class Stoppable(MPServer):
    """The server, stopped by any number of signals at once, as a process group gets them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.main_loop_interrupt = Awake()

    def signal_handler_interrupt(self, *args: Any, **kwargs: Any) -> None:
        """Stop, from a thread: a handler that takes the lock its own thread was just holding would wait for ever."""
        _thread.start_new_thread(super().signal_handler_interrupt, args, kwargs)


def serve(settings: Settings) -> None:
    """Serve until stopped. Exits with 1 and a sentence where the port is taken."""
    if taken(settings.port):
        sys.stderr.write(f"Port {settings.port} is taken. Stop what listens there, or set ESTATE_PORT to another.\n")
        raise SystemExit(1)
    Home.open(settings)  # without its key there is nothing to serve, and the reason is better said here
    multiprocessing.set_start_method("spawn", force=True)  # a forked copy of polars' threads would hang
    sys.stderr.write(
        f"Serving http://{HOST}:{settings.port} to this machine only: there is no sign-in yet. Stop with Ctrl+C.\n"
    )
    server = Stoppable(
        APPLICATION, address=HOST, port=settings.port, interface=Interfaces.WSGI, workers=1, blocking_threads=THREADS,
        websockets=False, log_enabled=False, workers_kill_timeout=STOPPING_SECONDS,
    )  # fmt: skip
    server.serve(target_loader=partial(_load, settings), wrap_loader=False)


def taken(port: int) -> bool:
    """Whether something listens on the port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def _load(settings: Settings) -> Any:
    """The application, made in the process that serves it; it follows what is published."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.WARNING)
    server = import_module(APPLICATION).create(settings).server
    estate = server.config["ESTATE"]
    estate.follow()
    _ = estate.made  # opened now, so that nobody's first page waits for it, and a database that can't be opened is said
    dashboard = server.config["DASHBOARD"]
    dashboard.ahead = Ahead()
    drawing.warm()
    precomputed.follow(estate, dashboard)
    gc.freeze()  # the modules stay for good: looking through them all for garbage takes 70 ms of somebody's answer
    return server
