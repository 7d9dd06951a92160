"""Every figure of docs/measurements.md: `python -m services.measure --data FOLDER`, which is `make measure`."""

from __future__ import annotations

import argparse
import platform
from collections.abc import Callable
from pathlib import Path

import psutil

from services.measure import beauty, exactly_once, fresh, kills, linking, next_purchase
from services.measure.bad_input import section as bad_input
from services.measure.report import Section

OUT = Path("docs/measurements.md")
_HEAD = """# Measurements

What kerec is asked to do, and what it does: every figure with the command that gives it. `make measure DATA=FOLDER`
makes them all again (the folder holds the research data sets, see `examples/README.md`) and writes this file.

Measured on {cores} cores, {memory:.0f} GiB, {system}, Python {python}. Times on such a machine vary from run to run by
some tens of per cent: figures that are compared come from one run.
"""


def main() -> None:
    """Measures everything and writes the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of the research data sets")
    parser.add_argument("--only", action="append", choices=list(_MEASUREMENTS), help="these alone, printed")
    arguments = parser.parse_args()
    parts = [_head()]
    for name in arguments.only or _MEASUREMENTS:
        made = [section.markdown() for section in _MEASUREMENTS[name](arguments.data)]
        parts += made
        if arguments.only:
            print("\n".join(made))  # noqa: T201 - what the command is for
        else:
            # After each, so that what was measured is kept if a later one fails.
            OUT.write_text("\n".join(parts))


def _head() -> str:
    memory = psutil.virtual_memory().total / 2**30
    system = f"{platform.system()} {platform.machine()}"
    return _HEAD.format(cores=psutil.cpu_count(), memory=memory, system=system, python=platform.python_version())


_MEASUREMENTS: dict[str, Callable[[Path], list[Section]]] = {
    "fresh": lambda _data: [fresh.section()],
    "linking": lambda data: [linking.section(data)],
    "beauty": beauty.sections,
    "next-purchase": lambda data: [next_purchase.section(data)],
    "kills": kills.sections,
    "exactly-once": lambda _data: exactly_once.sections(servers=("embedded",)),
    "bad-input": lambda _data: bad_input.sections(),
}

if __name__ == "__main__":
    main()
