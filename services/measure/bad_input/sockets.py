"""Ports where something is wrong: closed ones, silent ones, and a proxy in front of the graph that can be cut."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOST = "127.0.0.1"
_CHUNK = 65536


class Mode(Enum):
    """What becomes of bytes: all pass; connections are refused and cut; what is open or new stays silent."""

    PASSING = "passing"
    CUT = "cut"
    SILENT = "silent"


def closed_port() -> int:
    """A port where nothing listens."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def listening() -> Iterator[int]:
    """The port of a server that accepts connections and never says a word."""
    with socket.create_server((HOST, 0)) as server:
        yield int(server.getsockname()[1])


class _Quiet(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def web_server() -> Iterator[int]:
    """The port of a server that speaks HTTP only."""
    with ThreadingHTTPServer((HOST, 0), _Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield int(server.server_address[1])
        server.shutdown()


class Proxy:
    """Stands between clients and a server; what passes is decided by `mode`, at any time.

    `budget` cuts everything, once, after so many bytes of the server's answers; None never does.
    """

    def __init__(self, target: int) -> None:
        self._target = target
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._server = socket.create_server((HOST, 0), backlog=128)
        self.port = int(self._server.getsockname()[1])
        self.mode = Mode.PASSING
        self.budget: int | None = None
        self._speaking = threading.Event()
        self._speaking.set()
        threading.Thread(target=self._accept, daemon=True).start()

    def turn(self, mode: Mode) -> None:
        """Change what passes from now on."""
        self.mode = mode
        if mode is Mode.SILENT:
            self._speaking.clear()
        else:
            self._speaking.set()
        if mode is Mode.CUT:
            self._cut()

    def close(self) -> None:
        """Cut everything for good."""
        self.turn(Mode.CUT)
        self._server.close()

    def _cut(self) -> None:
        pairs, self._pairs = self._pairs, []
        for ends in pairs:
            for end in ends:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
                end.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._server.accept()
                server = None if self.mode is Mode.CUT else self._connected()
                if server is None:
                    client.close()
                    continue
                self._pairs.append((client, server))
                threading.Thread(target=self._pass, args=(client, server, False), daemon=True).start()
                threading.Thread(target=self._pass, args=(server, client, True), daemon=True).start()

    def _connected(self) -> socket.socket | None:
        try:
            return socket.create_connection((HOST, self._target))
        except OSError:
            return None

    def _pass(self, source: socket.socket, target: socket.socket, answers: bool) -> None:
        with suppress(OSError):
            while data := source.recv(_CHUNK):
                self._speaking.wait()
                target.sendall(data)
                if answers:
                    self._spend(len(data))
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _spend(self, count: int) -> None:
        if self.budget is None:
            return
        self.budget -= count
        if self.budget < 0:
            self.budget = None
            self.turn(Mode.CUT)
