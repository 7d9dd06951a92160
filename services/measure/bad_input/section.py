"""All cases played, and how many of each group show what they must."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from services.measure.bad_input.bench import bench
from services.measure.bad_input.case import Outcome
from services.measure.bad_input.cases import CASES
from services.measure.bad_input.command import Executed, Forked
from services.measure.bad_input.playing import play_all
from services.measure.bad_input.table import COMMAND, document
from services.measure.report import Section

_TABLE = Path("docs/bad-input.md")


def outcomes_of_all(*, forked: bool) -> list[Outcome]:
    """Every case, played with commands that are started each, or forked from one process (faster)."""
    if forked:
        with Forked() as runner, bench(runner) as ready:
            return play_all(ready, CASES)
    with bench(Executed()) as ready:
        return play_all(ready, CASES)


def sections() -> list[Section]:
    """Counts by group; the table of all cases is written to docs/bad-input.md."""
    outcomes = outcomes_of_all(forked=False)
    _TABLE.write_text(document(outcomes), encoding="utf-8")
    cases = Counter(outcome.case.group for outcome in outcomes)
    failed = Counter(outcome.case.group for outcome in outcomes if outcome.seen.faults)
    skipped = Counter(outcome.case.group for outcome in outcomes if outcome.seen.skipped)
    return [
        Section(
            "Bad input",
            "at least 40 cases; every one a clear line or a problem+json, no traceback, nothing lost",
            COMMAND,
            ("group", "cases", "failed", "could not be tried"),
            [(group, count, failed[group], skipped[group]) for group, count in cases.items()],
            ["Every case with what the user saw: [bad-input.md](bad-input.md)."],
        )
    ]
