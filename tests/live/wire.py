"""A wire to a server that can be cut: what a client sees when the server goes away and comes back."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from dataclasses import replace
from urllib.parse import urlsplit

from graph.address import GraphAddress


class Wire:
    """Forwards a port of its own to a server's; while it is cut, nothing listens there and open connections end."""

    def __init__(self, target: GraphAddress) -> None:
        place = urlsplit(target.uri)
        self._target = (str(place.hostname), int(place.port or 7687))
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._port = self._listener.getsockname()[1]
        self.address = replace(target, uri=f"bolt://127.0.0.1:{self._port}")
        self._listen()

    def cut(self) -> None:
        """The server is away."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for end in self._open:
            _end(end)
        self._open.clear()

    def mend(self) -> None:
        """The server is back, at the same address."""
        self._listener = socket.create_server(("127.0.0.1", self._port))
        self._listen()

    def _listen(self) -> None:
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            far = socket.create_connection(self._target)
            self._open += [near, far]
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=_pump, args=(source, sink), daemon=True).start()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    _end(source)
    _end(sink)


def _end(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
