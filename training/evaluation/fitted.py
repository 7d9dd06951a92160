"""Methods that score every item: what is common to all baselines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from training.evaluation import ranking
from training.evaluation.content import code_digest, content_digest, library_versions, modules_behind
from training.evaluation.histories import Histories, Ints
from training.evaluation.method import Answers, Report, unwatched
from training.evaluation.task import Task

_AT_ONCE = 1000  # cases scored at a time: 100 MB of scores over 12,000 items
Scorer = Callable[[Histories], NDArray[Any]]  # contexts of n cases → a fresh array of scores [n, items]


class Fitter(Protocol):
    """A recommender that scores all items: a frozen dataclass whose fields are its parameters.

    One whose answers depend on chance has a field `seed`. A field that is an array or a frame counts as data.
    """

    def fit(self, histories: Histories) -> Scorer:
        """Learns from histories; what it gives scores contexts over the same items."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fitter as a method; whoever has no history is served by popularity. `libraries` are distributions it needs."""

    name: str
    model: Fitter
    libraries: tuple[str, ...] = ()

    @property
    def version(self) -> str:
        """By code, parameters without the seed, and the versions of libraries."""
        code = code_digest(*modules_behind(self, self.model))
        return content_digest(code, self._seeded(0), library_versions(self.libraries))

    @property
    def parameters(self) -> dict[str, Any]:
        """The fitter's fields that are numbers or texts, without the seed."""
        values = {field.name: getattr(self.model, field.name) for field in self._fields() if field.name != "seed"}
        return {name: value for name, value in values.items() if isinstance(value, int | float | str)}

    @property
    def stochastic(self) -> bool:
        """Whether the fitter takes a seed."""
        return any(field.name == "seed" for field in self._fields())

    def answer(self, task: Task, seed: int, report: Report = unwatched) -> Answers:
        """Fits and scores, a part of the cases at a time; raises what the fitter raises."""
        ranks = np.empty(len(task.answers), np.int64)
        lists = np.empty((len(task.answers), task.depth), np.int32)
        done = 0
        for train, cases in task.parts():
            scorer = self._seeded(seed).fit(train)
            counts = np.bincount(train.item, minlength=train.shape[1])
            for rows in _parts(cases):
                contexts = task.contexts.take(rows)
                scores = scorer(contexts)
                scores[np.diff(contexts.starts) == 0] = counts
                ranking.masked(scores, contexts, task.candidates)
                ranks[rows] = ranking.answer_ranks(scores, task.answers[rows])
                lists[rows] = ranking.top_items(scores, task.depth)
                done += len(rows)
                report(done, len(task.answers))
        return Answers(ranks, lists)

    def _seeded(self, seed: int) -> Fitter:
        if not self.stochastic:
            return self.model
        return cast(Fitter, replace(cast(Any, self.model), seed=seed))

    def _fields(self) -> tuple[Any, ...]:
        return fields(self.model) if is_dataclass(self.model) else ()


def _parts(cases: Ints) -> Iterator[Ints]:
    return (cases[start : start + _AT_ONCE] for start in range(0, len(cases), _AT_ONCE))
