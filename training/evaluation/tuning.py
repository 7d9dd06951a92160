"""Choosing parameters: each member of a small declared grid once on a validation task, none on what is tested."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from training.evaluation.board import Progress, run_method
from training.evaluation.fitted import Fitted, Fitter
from training.evaluation.ranking_metrics import gains
from training.evaluation.results import ResultStore
from training.evaluation.task import Task

CUT = 10  # parameters are chosen by NDCG at this cut


@dataclass(frozen=True, slots=True)
class Family:
    """Fitters that differ in their parameters alone; `libraries` as in Fitted."""

    name: str
    grid: tuple[Fitter, ...]
    libraries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tuned:
    """The best member, with the validation NDCG@10 of every member tried; none where there was no choice."""

    method: Fitted
    trials: tuple[Mapping[str, Any], ...] = ()


def tune(family: Family, validation: Task, store: ResultStore, progress: Progress) -> Tuned:
    """The member with the best validation NDCG@10, of equal ones the first; without choice or cases nothing is run."""
    members = [Fitted(family.name, model, family.libraries) for model in family.grid]
    if len(members) == 1 or not len(validation.answers):
        return Tuned(members[0])
    figures = []
    for done, member in enumerate(members):
        progress(f"{family.name}: tuning", done, len(members))
        outcome = run_method(validation, member, (0,), store, progress)
        figures.append(float(gains(outcome.results[0].answers.ranks)["ndcg", CUT].mean()))
    progress(f"{family.name}: tuning", len(members), len(members))
    trials = tuple(
        MappingProxyType({**member.parameters, "ndcg@10": figure})
        for member, figure in zip(members, figures, strict=True)
    )
    return Tuned(members[figures.index(max(figures))], trials)
