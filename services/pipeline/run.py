"""The whole run, step after step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import MappingProxyType

from services.pipeline.embed import EMBED
from services.pipeline.judge import JUDGE
from services.pipeline.load import LOAD
from services.pipeline.pair import PAIR
from services.pipeline.step import Outcome, Step, run_step
from services.pipeline.weigh import WEIGH
from services.workspace import Workspace, single_run

STEPS = MappingProxyType({step.name: step for step in (LOAD, EMBED, PAIR, JUDGE, WEIGH)})


def run_steps(
    workspace: Workspace, steps: Sequence[Step] = tuple(STEPS.values()), *, force: bool = False
) -> Iterator[Outcome]:
    """Does the steps in order, yielding each one's outcome; one run at a time for a shop.

    What is done already is done again only by `force`.
    """
    with single_run(workspace.shop):
        if force:
            workspace.client.run("load/step/delete", rows=[{"id": step.name} for step in steps])
        for step in steps:
            yield run_step(step, workspace)
