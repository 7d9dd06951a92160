"""What methods are compared on: something to learn from, and cases with one right answer each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from training.evaluation.content import content_digest
from training.evaluation.histories import Histories, Ints


@dataclass(frozen=True, eq=False)
class Task:
    """n cases over histories of the same items as `train`, which alone may be learned from.

    `contexts` [n]: what is known in each case. `answers` [n]: code of the item to find. `candidates` [items]: which
    items may be listed; what the case's context holds never is. `depth`: how long the lists are that are kept.
    `clusters` [n]: equal for cases that were drawn together, which intervals must know. `trains` and `fold` [n]: the
    cases with `fold` k may be answered from trains[k], which holds more than `train`; without them `train` serves all.
    """

    name: str
    train: Histories
    contexts: Histories
    answers: Ints
    candidates: NDArray[np.bool_]
    depth: int = 20
    clusters: Ints | None = None
    trains: tuple[Histories, ...] = ()
    fold: Ints | None = None

    @cached_property
    def digest(self) -> str:
        """Equal for tasks with equal data."""
        data = (self.train, self.contexts, *self.trains)
        known = [(part.items, part.actors, part.starts, part.item, part.moment) for part in data]
        folds = () if self.fold is None else (self.fold,)
        return content_digest(known, self.answers, self.candidates, self.depth, *folds)

    def parts(self) -> Iterator[tuple[Histories, Ints]]:
        """What may be learned from to answer which of the cases (rows); every case once."""
        if self.fold is None:
            yield self.train, np.arange(len(self.answers))
            return
        yield from ((train, np.flatnonzero(self.fold == number)) for number, train in enumerate(self.trains))

    def drawn(self, cases: int, seed: int) -> Task:
        """The task with at most so many of its cases, drawn at random."""
        if cases >= len(self.answers):
            return self
        rows = np.sort(np.random.default_rng(seed).choice(len(self.answers), cases, replace=False))
        clusters = None if self.clusters is None else self.clusters[rows]
        fold = None if self.fold is None else self.fold[rows]
        contexts, answers = self.contexts.take(rows), self.answers[rows]
        return replace(self, contexts=contexts, answers=answers, clusters=clusters, fold=fold)
