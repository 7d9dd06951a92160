"""Running `kerec` as a user does: a process of its own, with its exit code and what it says."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from services.measure.bad_input.rooms import Room

KEREC = (sys.executable, "-m", "services.cli")
SECONDS = 120.0
_FOREIGN = ("KEREC_", "ANTHROPIC_")


@dataclass(frozen=True, slots=True)
class Call:
    """A command to run in a folder, inside `room` where one is given."""

    arguments: tuple[str, ...]
    folder: Path
    environ: dict[str, str] = field(default_factory=dict)
    room: Room | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended."""

    code: int
    out: str
    err: str


class Runner(Protocol):
    """Runs a command to its end."""

    def run(self, call: Call) -> Said:
        """What it said; raises TimeoutError where it does not end."""


def clean_environ(**more: str) -> dict[str, str]:
    """This process's environment without kerec's own variables, and `more`."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
    return inherited | more


class Executed:
    """Each command as `kerec` itself, from the start."""

    def run(self, call: Call) -> Said:
        command = [*(call.room.entry(call.folder) if call.room else ()), *KEREC, *call.arguments]
        try:
            done = subprocess.run(
                command, cwd=call.folder, env=call.environ, capture_output=True, text=True, timeout=SECONDS, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise TimeoutError(f"kerec {' '.join(call.arguments)} did not end in {SECONDS:.0f} s") from error
        return Said(done.returncode, done.stdout, done.stderr)


class Forked:
    """Each command as a fork of one process that has loaded kerec (see `zygote`)."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="kerec-zygote-")
        self._socket = Path(self._folder.name) / "socket"
        command = [sys.executable, "-m", "services.measure.bad_input.zygote", str(self._socket)]
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL)

    def __enter__(self) -> Self:
        deadline = time.monotonic() + SECONDS
        while not self._socket.exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the process that forks the commands did not start")
            time.sleep(0.05)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait()
        self._folder.cleanup()

    def run(self, call: Call) -> Said:
        with tempfile.TemporaryDirectory(dir=self._folder.name) as said, socket.socket(socket.AF_UNIX) as connection:
            out, err = Path(said) / "out", Path(said) / "err"
            connection.settimeout(SECONDS)
            connection.connect(str(self._socket))
            connection.sendall(_request(call, out, err))
            code = connection.makefile().readline()
            return Said(int(code), out.read_text(), err.read_text())


def _request(call: Call, out: Path, err: Path) -> bytes:
    return (
        json.dumps(
            {
                "arguments": list(call.arguments),
                "folder": str(call.folder),
                "environ": call.environ,
                "namespaces": list(call.room.namespaces if call.room else ()),
                "out": str(out),
                "err": str(err),
            }
        ).encode()
        + b"\n"
    )
