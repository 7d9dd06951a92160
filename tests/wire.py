"""A wire between client and server that can be cut: a server that goes away, and comes back at the same address."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from dataclasses import replace
from types import TracebackType
from typing import Self

from graph.address import GraphAddress


class Wire:
    """Forwards connections to the server of `target`; `address` is where clients connect to it."""

    def __init__(self, target: GraphAddress) -> None:
        host, port = target.uri.removeprefix("bolt://").split(":")
        self._server = (host, int(port))
        self._ends: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listener = self._listen(0)
        self.address = replace(target, uri=f"bolt://127.0.0.1:{self._port}")

    def cut(self) -> None:
        """Breaks every connection and refuses new ones."""
        for end in [self._listener, *self._ends]:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        for thread in self._threads:
            thread.join()
        self._ends, self._threads = [], []

    def mend(self) -> None:
        """Takes connections again."""
        self._listener = self._listen(self._port)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cut()

    def _listen(self, port: int) -> socket.socket:
        listener = socket.create_server(("127.0.0.1", port))
        self._port: int = listener.getsockname()[1]
        self._run(self._accept, listener)
        return listener

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _peer = listener.accept()
                far = socket.create_connection(self._server)
                self._ends += [near, far]
                self._run(_pour, near, far)
                self._run(_pour, far, near)

    def _run(self, work: object, *ends: socket.socket) -> None:
        thread = threading.Thread(target=work, args=ends, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()


def _pour(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_RDWR)
