"""A fresh clone in an empty folder, by the README's own commands: `python -m services.measure.fresh`."""

from __future__ import annotations

import re
import subprocess
import tempfile
import time
from pathlib import Path

from services.measure.report import Section

_COMMANDS = (["make", "setup"], ["make", "demo", "ARGS=--exit"], ["make", "test"])


def main() -> None:
    """Prints the section."""
    print(section().markdown())  # noqa: T201 - what the command is for


def section() -> Section:
    """Seconds of each command in a clone of the committed state; raises SystemExit where one fails."""
    with tempfile.TemporaryDirectory(prefix="kerec-fresh-") as place:
        clone = Path(place) / "kerec"
        subprocess.run(["git", "clone", "--quiet", str(Path.cwd()), str(clone)], check=True)
        rows = [_timed(command, clone) for command in _COMMANDS]
    return Section(
        "A fresh clone",
        "`make demo ARGS=--exit` and `make test` pass; set-up aside, the demo in under 3 minutes, the tests in under 8",
        "python -m services.measure.fresh",
        ("command", "seconds", "what it said"),
        rows,
        ["The set-up's packages were in uv's cache."],
    )


def _timed(command: list[str], folder: Path) -> tuple[object, ...]:
    started = time.monotonic()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    seconds = time.monotonic() - started
    if done.returncode:
        raise SystemExit(
            f"{' '.join(command)} ended with {done.returncode}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
        )
    passed = re.search(r"\d+ passed.*?(?= in )", done.stdout)
    return (f"`{' '.join(command)}`", seconds, passed[0] if passed else "")


if __name__ == "__main__":
    main()
