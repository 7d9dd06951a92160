"""`python -m services.measure.bad_input [--out docs/bad-input.md]`: plays all cases; exit code 1 where one fails."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from services.measure.bad_input.section import outcomes_of_all
from services.measure.bad_input.table import document


def main(arguments: Sequence[str] | None = None) -> int:
    """Plays the cases, writes the table, and says on standard error which failed or were skipped."""
    parser = argparse.ArgumentParser(prog="python -m services.measure.bad_input")
    parser.add_argument("--out", type=Path, help="where the table goes; standard output without it")
    parser.add_argument("--forked", action="store_true", help="fork each command from one process: faster")
    called = parser.parse_args(arguments)
    outcomes = outcomes_of_all(forked=called.forked)
    for outcome in outcomes:
        for fault in outcome.seen.faults:
            sys.stderr.write(f"FAILED {outcome.case.group}, {outcome.case.name}: {fault}\n")
        if outcome.seen.skipped:
            sys.stderr.write(f"SKIPPED {outcome.case.group}, {outcome.case.name}: {outcome.seen.skipped}\n")
    text = document(outcomes)
    if called.out:
        called.out.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return int(any(outcome.seen.faults for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
