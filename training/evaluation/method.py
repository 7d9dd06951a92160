"""What a board compares: methods that answer a task's cases, each with a rank of the right answer and a list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from training.evaluation.histories import Ints
from training.evaluation.task import Task

Report = Callable[[int, int], None]  # cases done, cases in all


def unwatched(_done: int, _total: int) -> None:
    """A report that nobody reads."""


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """`ranks` [n]: 0-based place of the right answer, beyond every cut where it is missed. `lists` [n, depth]: codes of
    the items listed, best first, -1 where a list is shorter."""

    ranks: Ints
    lists: NDArray[np.int32]


class Method(Protocol):
    """Something that answers cases."""

    @property
    def name(self) -> str:
        """As in tables."""

    @property
    def version(self) -> str:
        """Equal for methods that answer equally: their code, parameters, and data beyond the task's."""

    @property
    def parameters(self) -> dict[str, Any]:
        """What is worth saying of it, as JSON values."""

    @property
    def stochastic(self) -> bool:
        """Whether another seed may give other answers."""

    def answer(self, task: Task, seed: int, report: Report = unwatched) -> Answers:
        """Learns from the task's training histories and answers its cases."""
