"""Processes of their own for tests of what several processes, forks and kills do to a journal."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start() -> Start:
    """Start a Python script with arguments in a process that imports the packages under test."""

    def start_script(script: str, *arguments: object) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", script, *map(str, arguments)],
            cwd=ROOT,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    return start_script


@pytest.fixture
def output(start: Start) -> Callable[..., str]:
    """Run a script to its end and give what it printed; it must end well and in silence."""

    def run_script(script: str, *arguments: object) -> str:
        process = start(script, *arguments)
        printed, complaints = process.communicate(timeout=120)
        assert process.returncode == 0, complaints
        return printed

    return run_script
