"""The training loop: seeded, early stopped, and resumable at any step with the same result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits
from torch_geometric.data import FeatureStore, GraphStore, HeteroData

from graph.reconcile import Progress, silent
from training.tracking import Tracker
from training.weights.eei import checkpoint
from training.weights.eei.anchor import logistic
from training.weights.eei.checkpoint import Checkpoint
from training.weights.eei.hyperparameters import Hyperparameters
from training.weights.eei.knowledge import Knowledge
from training.weights.eei.loader import TripleLoader
from training.weights.eei.model import Sizes, TwoViewModel
from training.weights.eei.neighbours import Neighbours
from training.weights.eei.optimizers import Optimizers
from training.weights.eei.sampler import TripleSampler
from training.weights.eei.samples import Samples
from training.weights.eei.stopping import EarlyStopping

Codes = NDArray[np.int64]
EVERY = 200  # steps between checkpoints inside an epoch


@dataclass(frozen=True, slots=True)
class Graph:
    """The stores that batches are made from; `graph` is PyG's store and the sampler's neighbours in one."""

    features: FeatureStore
    graph: GraphStore
    neighbours: Neighbours


@dataclass(frozen=True, slots=True)
class Trained:
    """The model with the best validation loss, that loss, how many epochs were trained, and after which of them the
    model was that good: 0 where no epoch made it better than it started."""

    model: TwoViewModel
    loss: float
    epochs: int
    best_epoch: int


class Training:
    """One training run."""

    def __init__(
        self, knowledge: Knowledge, samples: Samples, graph: Graph, sizes: Sizes, chosen: Hyperparameters
    ) -> None:
        self._knowledge = knowledge
        self._samples = samples
        self._graph = graph
        self._chosen = chosen
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        torch.manual_seed(chosen.seed)
        self._model = TwoViewModel(sizes, chosen).to(self._device)
        self._optimizers = Optimizers(self._model, chosen.learning_rate)
        self._learning, self._validating = parted(samples, chosen.validation, chosen.seed)
        self._model.scorer.standardise(torch.from_numpy(samples.features).to(self._device))
        if samples.block is not None:
            self._start_from_counters()

    def run(self, path: Path, tracker: Tracker, progress: Progress = silent) -> Trained:
        """Trains until the validation loss stops falling, from the checkpoint at `path` on where there is one."""
        start = checkpoint.load(path)
        stopping = EarlyStopping(self._chosen.patience)
        best = self._copied()
        epoch, step = 0, 0
        if start is None:
            loss = self.validation_loss()
            stopping = stopping.after(loss)
            tracker.scalars(0, {"validation loss": loss})
        else:
            epoch, step = start.epoch, start.step
            self._model.load_state_dict(start.model)
            self._optimizers.load_state_dict(start.optimizer)
            best, stopping = start.best, EarlyStopping(self._chosen.patience, **start.rest)
        while epoch < self._chosen.epochs and not stopping.stop:
            for done, entropy in self.epoch(epoch, step):
                tracker.scalars(epoch * self._steps + done, {"loss": entropy})
                progress(f"train: epoch {epoch + 1}", done, self._steps)
                if done % EVERY == 0 and done < self._steps:
                    self._save(path, epoch, done, best, stopping)
            loss = self.validation_loss()
            stopping = stopping.after(loss)
            tracker.scalars((epoch + 1) * self._steps, {"validation loss": loss})
            if stopping.improved:
                best = self._copied()
            epoch, step = epoch + 1, 0
            self._save(path, epoch, 0, best, stopping)
        self._model.load_state_dict(best)
        return Trained(self._model.eval(), stopping.best, epoch, epoch - stopping.since)

    def _start_from_counters(self) -> None:
        """Clicks are few: the network has to prove on the validation samples what it adds to the counters' score."""
        triples, owner = self._samples.triples_of(self._learning)
        scorer = self._model.scorer
        features = scorer.known(torch.from_numpy(self._samples.features[triples]).to(self._device)).cpu()
        label = torch.from_numpy(self._samples.label[self._learning])
        scorer.start_from(*logistic(features, torch.from_numpy(owner), label, self._chosen.sharpness))

    @property
    def validating(self) -> Codes:
        """The samples that are not learned from."""
        return self._validating

    @property
    def _steps(self) -> int:
        return -(-len(self._learning) // self._chosen.batch)

    def epoch(self, epoch: int, skipped: int = 0) -> Iterator[tuple[int, float]]:
        """The steps of an epoch after the first `skipped`: how many are done then, and the cross-entropy of each."""
        order = np.random.default_rng([self._chosen.seed, epoch]).permutation(self._learning)
        rest = order[skipped * self._chosen.batch :]
        self._model.train()
        for done, batch in enumerate(self.batches(rest), skipped + 1):
            # Dropout must not depend on how often the run was resumed.
            torch.manual_seed(hash((self._chosen.seed, epoch, done)))
            yield done, self._step(batch)

    def _step(self, batch: HeteroData) -> float:
        kin = torch.from_numpy(self._knowledge.kin_among(batch["entity"].n_id[: batch["entity"].heads].numpy()))
        batch = batch.to(self._device)
        with torch.autocast(self._device.type, torch.bfloat16, enabled=self._device.type == "cuda"):
            loss, entropy = self._model.loss(batch, kin.to(self._device))
        self._optimizers.step(loss)
        return float(entropy.detach())

    def batches(self, samples: Codes) -> TripleLoader:
        """Batches of the samples in their order."""
        sampler = TripleSampler(
            self._samples, self._graph.neighbours, self._chosen.items, self._chosen.complements, self._chosen.seed
        )
        stores = (self._graph.features, self._graph.graph)
        return TripleLoader(stores, sampler, torch.from_numpy(samples), self._chosen.batch)

    @torch.no_grad()
    def validation_loss(self) -> float:
        """Mean cross-entropy over the samples kept for validation, of all where there are none."""
        self._model.eval()
        scores, labels = self.scores(self._validating if len(self._validating) else self._learning)
        return float(binary_cross_entropy_with_logits(scores, labels))

    @torch.no_grad()
    def scores(self, samples: Codes) -> tuple[Tensor, Tensor]:
        """The scores (logits) and labels of the samples, shape [n] each."""
        scores, labels = [], []
        for batch in self.batches(samples):
            moved = batch.to(self._device)
            scores.append(self._model.scores(moved, self._model.views(moved)).float().cpu())
            labels.append(batch["sample"].label.cpu())
        return torch.cat(scores), torch.cat(labels)

    def _copied(self) -> dict[str, Tensor]:
        return {name: value.detach().cpu().clone() for name, value in self._model.state_dict().items()}

    def _save(self, path: Path, epoch: int, step: int, best: dict[str, Tensor], stopping: EarlyStopping) -> None:
        rest = {name: value for name, value in asdict(stopping).items() if name != "patience"}
        Checkpoint(epoch, step, self._copied(), best, self._optimizers.state_dict(), rest).save(path)


def parted(samples: Samples, share: float, seed: int) -> tuple[Codes, Codes]:
    """The samples to learn from and those kept for validation: the latest `share` of exposures, else of the actors.

    Exposures are kept by whole days (or folds), and actors at random where most were made on the last one.
    """
    if samples.block is not None and len(samples):
        latest = samples.block >= np.quantile(samples.block, 1 - share, method="lower")
        if latest.mean() <= 0.5:
            return np.flatnonzero(~latest), np.flatnonzero(latest)
    actors = int(samples.actor.max()) + 1 if len(samples) else 0
    kept = np.random.default_rng(seed).permutation(actors) < share * actors
    of_sample = kept[samples.actor]
    return np.flatnonzero(~of_sample), np.flatnonzero(of_sample)
