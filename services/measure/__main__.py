"""Every figure of docs/measurements.md: `python -m services.measure --data FOLDER`, which is `make measure`."""

from __future__ import annotations

import argparse
import platform
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil

from services.measure import (
    beauty,
    boards,
    exactly_once,
    fresh,
    kills,
    learned_ranker,
    linking,
    training_kills,
    training_speed,
)
from services.measure.bad_input import section as bad_input
from services.measure.boards import Printed
from services.measure.document import Part, document, parts
from services.measure.report import Section

OUT = Path("docs/measurements.md")
_HEAD = """# Measurements

What kerec is asked to do, and what it does: every figure with the command that gives it. `make measure DATA=FOLDER`
makes them all again (the folder holds the research data sets, see `examples/README.md`) and writes this file;
`python -m services.measure --data FOLDER --only NAME` makes one of them again.

Measured on {cores} cores, {memory:.0f} GiB, {system}, Python {python}. Times on such a machine vary from run to run by
some tens of per cent: figures that are compared come from one run.
"""


def main() -> None:
    """Measures everything and writes the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of the research data sets")
    parser.add_argument("--only", action="append", choices=list(_MEASUREMENTS), help="these alone; the others stay")
    parser.add_argument("--shops", type=Path, help="where evaluated shops stay, with their results; else temporary")
    arguments = parser.parse_args()
    _kept()  # a file that cannot be read is refused before hours of measuring
    for name in arguments.only or _MEASUREMENTS:
        made = "\n".join(section.markdown() for section in _MEASUREMENTS[name](arguments.data, arguments.shops))
        # After each, so that what was measured is kept if a later one fails.
        kept = _kept()
        notes = kept[name].notes if name in kept else ""
        OUT.write_text(document(_head(), {**kept, name: Part(made.strip(), notes)}, _MEASUREMENTS))


def _kept() -> dict[str, Part]:
    return parts(OUT.read_text()) if OUT.exists() else {}


def _head() -> str:
    memory = psutil.virtual_memory().total / 2**30
    system = f"{platform.system()} {platform.machine()}"
    return _HEAD.format(cores=psutil.cpu_count(), memory=memory, system=system, python=platform.python_version())


_MEASUREMENTS: dict[str, Callable[[Path, Path | None], Sequence[Section | Printed]]] = {
    "fresh": lambda _data, _shops: [fresh.section()],
    "linking": lambda data, _shops: [linking.section(data)],
    "beauty": lambda data, _shops: beauty.sections(data),
    "next-purchase": boards.next_purchase,
    "kills": lambda data, _shops: kills.sections(data),
    "exactly-once": lambda _data, _shops: exactly_once.sections(servers=("embedded",)),
    "bad-input": lambda _data, _shops: bad_input.sections(),
    "training-speed": lambda _data, _shops: [training_speed.section()],
    "learned-ranker": lambda data, _shops: learned_ranker.sections(data),
    "training-kills": lambda _data, _shops: [training_kills.section()],
    "ablations": boards.ablations,
    "complement-pairs": boards.complement_pairs,
    "knowledge-worth": boards.knowledge_worth,
    "cold-items": boards.cold_items,
    "basket-completion": boards.basket_completion,
    "simulation": boards.simulation,
}

if __name__ == "__main__":
    main()
