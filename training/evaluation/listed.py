"""Methods that give lists and no scores: the service's own recommenders, passed in from above."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from training.evaluation.histories import Histories
from training.evaluation.method import Answers, Report, unwatched
from training.evaluation.ranking import MISS
from training.evaluation.task import Task


class Lister(Protocol):
    """Ranked item ids, at most k, best first, for each context in turn; `contexts.actors` says whose it is."""

    def __call__(self, contexts: Histories, k: int, seed: int) -> Iterable[Sequence[str]]:
        """The lists, which may come one after another while they are read."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A lister as a method. `version` must name all that its lists depend on beyond the task's data."""

    name: str
    version: str
    lister: Lister
    stochastic: bool = False
    parameters: dict[str, Any] = field(default_factory=dict)

    def answer(self, task: Task, seed: int, report: Report = unwatched) -> Answers:
        """The lists, and where the right answers stand in them."""
        total = len(task.answers)
        lists = np.full((total, task.depth), -1, dtype=np.int32)
        codes = task.train.codes
        for row, listed in enumerate(self.lister(task.contexts, task.depth, seed)):
            coded = _coded(listed, codes)[: task.depth]
            lists[row, : len(coded)] = coded
            report(row + 1, total)
        hit = lists == task.answers[:, None]
        return Answers(np.where(hit.any(axis=1), hit.argmax(axis=1), MISS).astype(np.int64), lists)


def _coded(listed: Sequence[str], codes: Mapping[str, int]) -> list[int]:
    return [codes[item] for item in listed]
