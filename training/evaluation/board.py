"""Running methods on a task: every result once, kept at once, so that a killed board goes on where it was."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from training.evaluation.method import Method
from training.evaluation.results import Result, ResultStore
from training.evaluation.task import Task

Progress = Callable[[str, int, int], None]  # what, how much is done, how much there is


@dataclass(frozen=True, slots=True)
class Outcome:
    """A method's results on a task, one for each seed; a method without chance has one."""

    method: Method
    seeds: tuple[int, ...]
    results: tuple[Result, ...]

    @property
    def seconds(self) -> float:
        """What one of the results took to compute, on average."""
        return sum(result.seconds for result in self.results) / len(self.results)


def run_methods(
    task: Task, methods: Sequence[Method], seeds: Sequence[int], store: ResultStore, progress: Progress
) -> tuple[Outcome, ...]:
    """Every method's outcome, in their order; raises what a method raises, with what was done before it kept."""
    outcomes = []
    for done, method in enumerate(methods):
        progress(f"{task.name}: methods", done, len(methods))
        outcomes.append(run_method(task, method, seeds, store, progress))
    progress(f"{task.name}: methods", len(methods), len(methods))
    return tuple(outcomes)


def run_method(task: Task, method: Method, seeds: Sequence[int], store: ResultStore, progress: Progress) -> Outcome:
    """One method's outcome: with all seeds where its answers depend on chance, else with the first alone."""
    used = tuple(seeds) if method.stochastic else tuple(seeds[:1])
    return Outcome(method, used, tuple(_result(task, method, seed, store, progress) for seed in used))


def _result(task: Task, method: Method, seed: int, store: ResultStore, progress: Progress) -> Result:
    path = store.path(task, method, seed)
    kept = store.read(path)
    if kept is not None:
        return kept
    started = time.monotonic()
    answers = method.answer(task, seed, lambda done, total: progress(method.name, done, total))
    result = Result(answers, time.monotonic() - started)
    store.write(path, result)
    return result
