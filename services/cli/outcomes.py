"""What the steps of a run did, a line each as it is done, or all as one JSON document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from services.cli.output import print_json, print_line
from services.pipeline.step import Outcome


def print_outcomes(outcomes: Iterable[Outcome], json: bool) -> None:
    """Prints the outcomes as they come."""
    if json:
        print_json([asdict(outcome) for outcome in outcomes])
        return
    for outcome in outcomes:
        print_line(told(outcome))


def told(outcome: Outcome) -> str:
    """An outcome as a line."""
    what = ", ".join(
        f"{name} {value:,}" if isinstance(value, int) else f"{name} {value}" for name, value in outcome.summary.items()
    )
    done = "unchanged: last time" if outcome.unchanged else f"{outcome.seconds:.1f} s:"
    return f"{outcome.step}: {done} {what}"
