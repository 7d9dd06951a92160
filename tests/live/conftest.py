"""What live tests share: the process that is killed, and that what a command configures for itself is undone."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import astuple
from pathlib import Path

import pytest
import structlog

from services.workspace import Workspace

ROOT = Path(__file__).parents[2]
KILLED = -signal.SIGKILL
Work = Callable[..., int]


@pytest.fixture(scope="module")
def process() -> Iterator[subprocess.Popen[str]]:
    """`tests.live.killer`, which does what it is asked in children that die where they are told to."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.live.killer"], cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as started:
        yield started
        assert started.stdin is not None
        started.stdin.close()


@pytest.fixture
def work(process: subprocess.Popen[str], workspace: Workspace, tmp_path: Path) -> Work:
    """Publishes or rolls back in a process that dies inside or after its n-th storing call; how it ended."""

    def ask(what: str, fatal: int = 0, *, inside: bool = True) -> int:
        assert process.stdin is not None
        assert process.stdout is not None
        request = {
            "config": str(workspace.shop.folder / "kerec.toml"),
            "address": astuple(workspace.client.address),
            "fatal": fatal,
            "inside": inside,
            "log": str(tmp_path / "log"),
            "work": what,
        }
        process.stdin.write(json.dumps(request) + "\n")
        process.stdin.flush()
        return int(process.stdout.readline())

    return ask


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    yield
    structlog.reset_defaults()
