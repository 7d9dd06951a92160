"""Running `kerec` as a user does: as a process of its own, with its time and the memory of all that it starts."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

_SAMPLE_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Run:
    """A finished command: seconds, peak resident memory in GiB (server processes included) and what it printed."""

    seconds: float
    gibibytes: float
    output: str


def kerec(arguments: Sequence[str], env: Mapping[str, str], servers: Sequence[str] = ()) -> Run:
    """Runs `kerec ARGUMENTS`; `servers` are texts that mark the command lines of server processes to count in.

    Raises SystemExit with the command's error where it fails.
    """
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "services.cli", *arguments],
        env=dict(env),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    peak = _Peak(process.pid, servers)
    output, _ = process.communicate()
    seconds = time.monotonic() - started
    gibibytes = peak.stop()
    if process.returncode:
        raise SystemExit(f"kerec {' '.join(arguments)} ended with {process.returncode}: {output}")
    return Run(seconds, gibibytes, output)


def shop_copy(example: Path, folder: Path) -> Path:
    """The toml of an example, copied to a folder of its own; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "kerec.toml"
    config.write_text(example.read_text())
    return config


class _Peak:
    """Samples the memory of a process, its children and the marked servers until it is stopped."""

    def __init__(self, pid: int, servers: Sequence[str]) -> None:
        self._pid = pid
        self._servers = servers
        self._most = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> float:
        self._done.set()
        self._thread.join()
        return self._most / 2**30

    def _watch(self) -> None:
        while not self._done.wait(_SAMPLE_SECONDS):
            self._most = max(self._most, sum(map(_resident, self._processes())))

    def _processes(self) -> list[psutil.Process]:
        found = {self._pid: psutil.Process(self._pid)} if psutil.pid_exists(self._pid) else {}
        for process in psutil.process_iter():
            if self._marked(process):
                found[process.pid] = process
        return list(found.values())

    def _marked(self, process: psutil.Process) -> bool:
        try:
            line = " ".join(process.cmdline())
        except psutil.Error:
            return False
        return any(mark in line for mark in self._servers)


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0
