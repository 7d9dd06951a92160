"""A first visitor of the API: starts `kerec serve` for a shop, asks it one question and reports the answer."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from graph.errors import KerecError

_READY_SECONDS = 60.0


@contextmanager
def served(
    config: Path, log: Path, port: int, env: Mapping[str, str] | None = None, patience: float = _READY_SECONDS
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The address of a `kerec serve` child for the shop of `config`, ready to answer; it ends with the block.

    Its log goes to `log`. Raises KerecError where it does not get ready within `patience` seconds.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "services.cli", "serve", "--config", str(config.absolute()), "--port", str(port)]
    with log.open("ab") as errors:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stderr=errors, env=None if env is None else dict(env)
        )
    try:
        _await(address, process, log, patience)
        yield address, process
    finally:
        process.terminate()
        process.wait()


def ask(address: str, path: str) -> dict[str, Any]:
    """The JSON answer to GET `path`."""
    with urllib.request.urlopen(f"{address}{path}", timeout=10) as answer:
        return dict(json.load(answer))


def user_path(user: str, k: int) -> str:
    """Where a user's recommendations are."""
    return f"/v1/users/{quote(user, safe='')}/recommendations?k={k}"


def complements_path(item: str, k: int) -> str:
    """Where what goes with an item is."""
    return f"/v1/items/{quote(item, safe='')}/complements?k={k}"


def free_port(wanted: int) -> int:
    """The wanted port where it is free, else another."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise KerecError("no port of this machine is free")


def _await(address: str, process: subprocess.Popen[bytes], log: Path, patience: float) -> None:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and process.poll() is None:
        try:
            ask(address, "/readyz")
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    raise KerecError(f"the API did not get ready at {address}: see {log}")
