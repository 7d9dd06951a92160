"""The whole run, step after step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import MappingProxyType

from services.pipeline.judge import JUDGE
from services.pipeline.load import LOAD
from services.pipeline.pair import PAIR
from services.pipeline.step import Outcome, run_step
from services.pipeline.weigh import WEIGH
from services.workspace import Workspace, single_run

STEPS = MappingProxyType({step.name: step for step in (LOAD, PAIR, JUDGE, WEIGH)})


def run_steps(workspace: Workspace, names: Sequence[str] = tuple(STEPS)) -> Iterator[Outcome]:
    """Does the named steps in order, yielding each one's outcome; one run at a time for a shop."""
    with single_run(workspace.shop):
        for name in names:
            yield run_step(STEPS[name], workspace)
