"""The API of the good shop as a real `kerec serve`, with a proxy between it and its graph."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.demo.visitor import free_port
from services.measure.bad_input.command import KEREC
from services.measure.bad_input.ground import Ground
from services.measure.bad_input.rooms import Room
from services.measure.bad_input.sockets import HOST, Proxy

KEY = "the-key"
START_SECONDS = 90.0
ANSWER_SECONDS = 40.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back over HTTP; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def document(self) -> dict[str, Any]:
        """The body as a JSON object, empty where it is none."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


@dataclass(frozen=True, slots=True)
class Api:
    """A served shop: its port, its folder, and the proxy to its graph."""

    port: int
    folder: Path
    proxy: Proxy

    def send(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
        """One request with the key, and its answer; a header of an empty value is not sent."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=ANSWER_SECONDS)
        typed = {"Content-Type": "application/json"} if body is not None else {}
        given = {"Authorization": f"Bearer {KEY}", **typed, **(headers or {})}
        try:
            connection.request(method, path, body, {name: value for name, value in given.items() if value})
            return _answer(connection.getresponse())
        finally:
            connection.close()

    def send_raw(self, sent: bytes) -> Answer:
        """Bytes as they are, and the answer to them."""
        with socket.create_connection((HOST, self.port), timeout=ANSWER_SECONDS) as connection:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            response = http.client.HTTPResponse(connection)
            response.begin()
            return _answer(response)


def _answer(response: http.client.HTTPResponse) -> Answer:
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, headers, response.read())


@contextmanager
def api(ground: Ground, room: Room | None = None, folder: Path | None = None) -> Iterator[Api]:
    """A copy of the good shop, served (the one in `folder` where that is given, in `room`)."""
    place = folder or ground.copy()
    proxy = Proxy(int(ground.address.uri.rpartition(":")[2]))
    environ = {"KEREC_GRAPH_URI": f"bolt://{HOST}:{proxy.port}", "KEREC_API_KEYS": KEY}
    try:
        with serving(ground, place, environ, room) as port:
            yield Api(port, place, proxy)
    finally:
        proxy.close()


@contextmanager
def serving(ground: Ground, folder: Path, environ: dict[str, str], room: Room | None = None) -> Iterator[int]:
    """The port of a `kerec serve` that is alive; its log is `api.log` in the folder above the shop's."""
    port = free_port(0)
    enter = room.entry(folder) if room else ()
    with (folder.parent / "api.log").open("wb") as log:
        process = subprocess.Popen(
            [*enter, *KEREC, "serve", "--port", str(port)],
            cwd=folder,
            env=ground.environ(**environ),
            stdin=subprocess.DEVNULL,
            stderr=log,
        )
    try:
        _await(process, port, folder.parent / "api.log")
        yield port
    finally:
        process.terminate()
        process.wait()


def _await(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        connection = http.client.HTTPConnection(HOST, port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise RuntimeError(f"the API did not start: {log.read_text()}")
