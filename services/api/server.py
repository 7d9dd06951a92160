"""The server process: gunicorn, embedded, with the API's parts built in each worker after the fork."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.errors import HaltServer

from graph.errors import KerecError
from services.api.app import ApiSettings, create_app
from services.api.binding import check_binding
from services.api.boot import Boot
from services.api.listener import listen, url
from services.api.logs import ServerLog, configure_logs
from services.api.metrics import SHARED_FOLDER, shared
from services.api.ports import ApiParts
from services.api.worker import ApiArbiter, ApiWorker

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

MEMORY_FOLDER = Path("/dev/shm")
DRAIN_SECONDS = 30
BOOT_SECONDS = 120
KEEPALIVE_SECONDS = 75
LONGEST_LINE = 8190  # gunicorn's own maximum; an id of 900 characters may need it
LOG = structlog.stdlib.get_logger("kerec.api")


class ApiServer(BaseApplication):
    """gunicorn's view of the API: its settings, and how a worker makes the application."""

    def __init__(self, factory: Callable[[], ApiParts], settings: ApiSettings, options: Mapping[str, Any]) -> None:
        self._factory = factory
        self._settings = settings
        self._options = {**options, "worker_exit": self._close}
        self._parts: ApiParts | None = None
        self.boot = Boot.open()
        super().__init__()

    def load_config(self) -> None:
        """Take the given settings, and nothing from files, arguments or the environment."""
        for name, value in self._options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> WSGIApplication:
        """Build the parts and the application, in the worker."""
        try:
            self._parts = self._factory()
        except KerecError as error:
            self.boot.fail(str(error))
            sys.exit(Arbiter.APP_LOAD_ERROR)
        return create_app(self._parts, self._settings)

    def _close(self, _arbiter: object, _worker: object) -> None:
        if self._parts is not None:
            self._parts.close()


def serve(
    factory: Callable[[], ApiParts],
    settings: ApiSettings,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    workers: int = 1,
    threads: int = 8,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT, then finish the requests in flight and return; main thread only.

    `factory` runs in each worker. `ready` is given the address once it accepts connections.
    Raises SettingsError where the address cannot be had or needs a key, KerecError where a worker cannot start.
    """
    check_binding(host, settings.keys)
    listener = listen(host, port)
    address = url(listener)
    configure_logs()

    def announce(_arbiter: object) -> None:
        LOG.info("listening", address=address, workers=workers, threads=threads)
        if ready is not None:
            ready(address)

    options = _options(listener, workers, threads) | {"when_ready": announce}
    with _shared_metrics(workers), _signals_kept():
        _run(ApiServer(factory, settings, options))


def _options(listener: socket.socket, workers: int, threads: int) -> dict[str, Any]:
    return {
        "bind": f"fd://{listener.detach()}",
        "workers": workers,
        "worker_class": ApiWorker,
        "threads": threads,
        "timeout": BOOT_SECONDS,
        "graceful_timeout": DRAIN_SECONDS,
        "keepalive": KEEPALIVE_SECONDS,
        "limit_request_line": LONGEST_LINE,
        "logger_class": ServerLog,
        "control_socket_disable": True,  # it would need a home that can be written to
        "worker_tmp_dir": _memory_folder(),
    }


def _run(server: ApiServer) -> None:
    parent = os.getpid()
    arbiter = ApiArbiter(server)
    try:
        arbiter.run()
    except SystemExit as end:
        if os.getpid() != parent:
            # a worker: the frames above, with their clean-up and their `finally`, belong to the parent
            _end_worker(end)
        if end.code:
            raise KerecError(server.boot.reason()) from None
    except HaltServer:  # gunicorn was halting for one worker when it found another that could not start
        arbiter.kill_workers(signal.SIGKILL)
        raise KerecError(server.boot.reason()) from None


def _end_worker(end: SystemExit) -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(end.code if isinstance(end.code, int) else 0)


def _memory_folder() -> str | None:
    return str(MEMORY_FOLDER) if os.access(MEMORY_FOLDER, os.W_OK) else None


@contextmanager
def _shared_metrics(workers: int) -> Iterator[None]:
    """Have several workers count together: any of them may be asked for the metrics of all."""
    if workers == 1 or SHARED_FOLDER in os.environ:
        yield
        return
    folder = Path(tempfile.mkdtemp(prefix="kerec-metrics-", dir=_memory_folder()))
    try:
        with shared(folder):
            yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _signals_kept() -> Iterator[None]:
    """Give the caller its signal handlers back when the server has ended."""
    before = {each: signal.getsignal(each) for each in (*Arbiter.SIGNALS, signal.SIGCHLD)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
