"""The edge-weight model (E-E-I) on the simulator's log: trained on what came before, it scores held-out exposures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import torch
from numpy.typing import NDArray

from graph.reconcile import Progress, silent
from training.simulator.learned import Learned
from training.simulator.samples import feedback
from training.tracking import JsonLines
from training.weights.eei.bag import log_sum_exp
from training.weights.eei.dataset import build
from training.weights.eei.evidence import Evidence, Triples, features
from training.weights.eei.fit import TooFewError, fit
from training.weights.eei.hyperparameters import Hyperparameters
from training.weights.eei.knowledge import Knowledge
from training.weights.eei.model import TwoViewModel
from training.weights.eei.release import all_views
from training.weights.eei.stores import in_memory
from training.weights.learned import worth_releasing

Floats = NDArray[np.float64]
_ONCE = 1.0  # in the simulation a concept is bought once


@dataclass(frozen=True, slots=True)
class EdgeModel:
    """Trains with these hyperparameters, keeping its checkpoint and log in a folder, which must be of this log only."""

    knowledge: Knowledge
    chosen: Hyperparameters
    folder: Path
    progress: Progress = silent

    def __call__(self, train: pl.DataFrame, test: pl.DataFrame) -> Learned | None:
        """What is learned from events [EVENT_SCHEMA], to be tested on exposures after them
        [training.simulator.samples.SAMPLE_SCHEMA]: neither the model nor its counters see what is tested. None where
        too few clicks or purchases follow an edge.
        """
        events = feedback(train)
        dataset = build(self.knowledge, events, seed=self.chosen.seed)
        graph = in_memory(self.knowledge, dataset.samples)
        self.folder.mkdir(parents=True, exist_ok=True)
        tracker = JsonLines(self.folder / "log.jsonl")
        try:
            fitted = fit(
                self.knowledge,
                events,
                dataset,
                graph,
                self.chosen,
                self.folder / "checkpoint.pt",
                tracker,
                self.progress,
            )
        except TooFewError:
            return None
        finally:
            tracker.close()
        scores = exposure_scores(fitted.trained.model.cpu(), self.knowledge, dataset.evidence, test)
        checked = fitted.validation
        worth = worth_releasing(checked.auc, checked.prior_auc, checked.counters_auc)
        return Learned(fitted.weights, scores, worth)


@torch.no_grad()
def exposure_scores(model: TwoViewModel, knowledge: Knowledge, evidence: Evidence, samples: pl.DataFrame) -> Floats:
    """The bag of s(e, f, i) over the triggers of each exposure, in the order of samples; all counters are seen."""
    ordered = samples.sort("sample", maintain_order=True).join(
        knowledge.edges, on=["head", "tail"], how="left", maintain_order="left"
    )
    triples = Triples(
        # torch indexes with arrays only where it might write to them
        knowledge.entities.codes(ordered["head"]).copy(),
        knowledge.entities.codes(ordered["tail"]).copy(),
        knowledge.items.codes(ordered["item"]).copy(),
        np.log(ordered["probability"].to_numpy()),
        ordered["age"].to_numpy(),
        np.full(ordered.height, _ONCE),
        None,
    )
    views = all_views(model, knowledge)
    scores = model.scorer(
        (views.second if model.chosen.second_view else views.first)[triples.head],
        views.first[triples.tail],
        views.items[triples.item],
        torch.from_numpy(features(evidence, triples)),
    )
    owner = torch.from_numpy(ordered["sample"].rank("dense").to_numpy().astype(np.int64) - 1)
    bagged = log_sum_exp(scores, owner, int(owner.max()) + 1, model.chosen.sharpness)
    return np.asarray(bagged.numpy(), dtype=np.float64)
