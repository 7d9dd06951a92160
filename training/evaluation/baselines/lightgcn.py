"""LightGCN of torch-geometric: embeddings smoothed over the graph of who bought what (He et al. 2020)."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from training.evaluation.baselines.factors import embedded
from training.evaluation.baselines.libraries import library
from training.evaluation.fitted import Scorer
from training.evaluation.histories import Histories


@dataclass(frozen=True, slots=True)
class LightGcn:
    """score = actor · item after `layers` propagations, learned by BPR loss: one negative a purchase, drawn anew each
    step among all items; every step takes `batch` purchases at random."""

    size: int = 64
    layers: int = 2
    rate: float = 0.01
    penalty: float = 1e-4
    steps: int = 400
    batch: int = 16_384
    seed: int = 0

    def fit(self, histories: Histories) -> Scorer:
        """Raises DataError where torch or torch-geometric is not installed."""
        torch = library("torch", "train")
        models = library("torch_geometric.nn.models", "train")
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self.seed)
            model = models.LightGCN(sum(histories.shape), self.size, self.layers, normalize=False)
            torch.nn.init.normal_(model.embedding.weight, std=0.1)
        graph = _adjacency(torch, histories)
        self._learn(torch, model, graph, histories)
        with torch.no_grad():
            vectors = model.get_embedding(graph).numpy()
        return embedded(histories, vectors[: histories.shape[0]], vectors[histories.shape[0] :])

    def _learn(self, torch: Any, model: Any, graph: Any, histories: Histories) -> None:
        generator = np.random.default_rng(self.seed)
        optimizer = torch.optim.Adam(model.parameters(), lr=self.rate)
        actors, items = histories.shape
        for _ in range(self.steps):
            drawn = generator.integers(0, len(histories.item), min(self.batch, len(histories.item)))
            nodes = [
                torch.from_numpy(part)
                for part in (
                    histories.actor[drawn],
                    actors + histories.item[drawn],
                    actors + generator.integers(0, items, len(drawn)),
                )
            ]
            vectors = model.get_embedding(graph)
            actor, bought, other = (vectors[node] for node in nodes)
            loss = model.recommendation_loss(
                (actor * bought).sum(1), (actor * other).sum(1), torch.cat(nodes), lambda_reg=self.penalty
            )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()


def _adjacency(torch: Any, histories: Histories) -> Any:
    """The symmetric graph over actors and items with weights 1 / sqrt(degree × degree), sparse."""
    owned = histories.owned().tocoo()
    rows, columns = owned.coords[0], owned.coords[1] + histories.shape[0]
    size = sum(histories.shape)
    degree = np.bincount(rows, minlength=size) + np.bincount(columns, minlength=size)
    weight = 1.0 / np.sqrt(degree[rows] * degree[columns])
    index = (np.concatenate([rows, columns]), np.concatenate([columns, rows]))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Sparse CSR tensor support is in beta", UserWarning)
        matrix = sparse.csr_array((np.concatenate([weight, weight]), index), shape=(size, size), dtype=np.float32)
        parts = (torch.from_numpy(part) for part in (matrix.indptr, matrix.indices, matrix.data))
        return torch.sparse_csr_tensor(*parts, (size, size), check_invariants=True)
