"""What a board says: each method's figures with intervals, what its lists are made of, and how methods compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.evaluation.board import Outcome
from training.evaluation.bootstrap import Interval, interval, resampled_means
from training.evaluation.concepts import Concepts
from training.evaluation.histories import Floats
from training.evaluation.ranking_metrics import CUTS, gains
from training.evaluation.task import Task


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures in [0, 1] of one method over some cases, each metric by cut; `deviation` is that over seeds."""

    recall: dict[int, float]
    ndcg: dict[int, float]
    recall_interval: dict[int, Interval]
    ndcg_interval: dict[int, Interval]
    deviation: dict[str, float]


@dataclass(frozen=True, slots=True)
class Line:
    """One method: its figures over all cases, and over slices of them by name.

    `served`: the share of cases with a list. `leak`: the share of a list whose main entity was bought already, and
    `diversity`: the different main entities in a list, on average; None where no entities are known.
    """

    method: str
    parameters: dict[str, Any]
    seeds: int
    seconds: float
    figures: Figures
    slices: dict[str, Figures] = field(default_factory=dict)
    served: float = 0.0
    leak: float | None = None
    diversity: float | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One method's figure beside another's on the same cases: difference and ratio with paired intervals.

    `part` names the slice of the cases, None: all of them. The ratio is None where the other's figure is 0, also if
    only in some resampling.
    """

    method: str
    against: str
    metric: str
    difference: float
    difference_interval: Interval
    ratio: float | None
    ratio_interval: Interval | None
    part: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A task's lines and comparisons. `slices`: how many cases each slice has."""

    task: str
    cases: int
    slices: dict[str, int]
    lines: tuple[Line, ...]
    comparisons: tuple[Comparison, ...]


def table(
    task: Task,
    outcomes: Sequence[Outcome],
    concepts: Concepts | None = None,
    slices: Mapping[str, NDArray[np.bool_]] | None = None,
    compare: Sequence[tuple[str, str]] = (),
    cuts: tuple[int, ...] = CUTS,
) -> Table:
    """The outcomes of one task as a table, in their order, with intervals from 1,000 paired resamplings of its cases.

    `slices` are masks over the cases; `compare` are pairs of methods by name.
    """
    slices = slices or {}
    whole = _Sample.of(task, outcomes, cuts, np.ones(len(task.answers), np.bool_))
    parts = {name: _Sample.of(task, outcomes, cuts, mask) for name, mask in slices.items() if mask.any()}
    lines = tuple(
        Line(
            outcome.method.name,
            outcome.method.parameters,
            len(outcome.seeds),
            outcome.seconds,
            whole.figures(place),
            {name: part.figures(place) for name, part in parts.items()},
            **_made_of(task, outcome, concepts),
        )
        for place, outcome in enumerate(outcomes)
    )
    places = {line.method: place for place, line in enumerate(lines)}
    pairs = [pair for pair in compare if set(pair) <= set(places)]
    samples = ((None, whole), *parts.items())
    comparisons = [sample.comparisons(places, *pair, part) for part, sample in samples for pair in pairs]
    return Table(
        task.name,
        len(task.answers),
        {name: int(mask.sum()) for name, mask in slices.items()},
        lines,
        tuple(each for group in comparisons for each in group),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Sample:
    """`gains` [methods, metrics, seeds (a list), cases] as means and their resamplings [samples, methods, metrics]."""

    metrics: tuple[tuple[str, int], ...]
    by_seed: list[Floats]  # a method's [seeds, metrics]
    resampled: Floats

    @classmethod
    def of(cls, task: Task, outcomes: Sequence[Outcome], cuts: tuple[int, ...], mask: NDArray[np.bool_]) -> _Sample:
        metrics = tuple(product(("recall", "ndcg"), cuts))
        values = [_gains(outcome, cuts, mask) for outcome in outcomes]  # [seeds, metrics, cases]
        columns = np.concatenate([each.mean(axis=0) for each in values]).T
        clusters = None if task.clusters is None else task.clusters[mask]
        resampled = resampled_means(columns, clusters=clusters).reshape(-1, len(outcomes), len(metrics))
        return cls(metrics, [each.mean(axis=2) for each in values], resampled)

    def figures(self, place: int) -> Figures:
        means, deviations = self.by_seed[place].mean(axis=0), _deviation(self.by_seed[place])
        value = {metric: float(means[at]) for at, metric in enumerate(self.metrics)}
        spans = {metric: interval(self.resampled[:, place, at]) for at, metric in enumerate(self.metrics)}
        spread = {f"{name}@{cut}": float(deviations[at]) for at, (name, cut) in enumerate(self.metrics)}
        return Figures(*_split(value), *_split(spans), spread)

    def comparisons(self, places: Mapping[str, int], method: str, against: str, part: str | None) -> list[Comparison]:
        ours, theirs = places[method], places[against]
        found = []
        for at, (name, cut) in enumerate(self.metrics):
            left, right = self.by_seed[ours].mean(axis=0)[at], self.by_seed[theirs].mean(axis=0)[at]
            lefts, rights = self.resampled[:, ours, at], self.resampled[:, theirs, at]
            known = rights.min() > 0
            ratio = float(left / right) if known else None
            difference = (float(left - right), interval(lefts - rights))
            spread = interval(lefts / rights) if known else None
            found.append(Comparison(method, against, f"{name}@{cut}", *difference, ratio, spread, part))
        return found


def _gains(outcome: Outcome, cuts: tuple[int, ...], mask: NDArray[np.bool_]) -> Floats:
    return np.stack([np.stack(list(gains(result.answers.ranks[mask], cuts).values())) for result in outcome.results])


def _deviation(by_seed: Floats) -> Floats:
    return np.asarray(by_seed.std(axis=0, ddof=1) if len(by_seed) > 1 else np.zeros(by_seed.shape[1]))


def _split(values: dict[tuple[str, int], Any]) -> tuple[dict[int, Any], dict[int, Any]]:
    return (
        {cut: value for (name, cut), value in values.items() if name == "recall"},
        {cut: value for (name, cut), value in values.items() if name == "ndcg"},
    )


def _made_of(task: Task, outcome: Outcome, concepts: Concepts | None) -> dict[str, Any]:
    lists = [result.answers.lists for result in outcome.results]
    served = float(np.mean([(each >= 0).any(axis=1).mean() for each in lists])) if task.depth else 0.0
    if concepts is None or not served:
        return {"served": served}
    return {
        "served": served,
        "leak": float(np.mean([np.nanmean(concepts.leak(each, task.contexts)) for each in lists])),
        "diversity": float(np.mean([np.nanmean(concepts.diversity(each)) for each in lists])),
    }
