"""Batches of the training graph, by PyG's loader."""

from __future__ import annotations

from typing import Any

from torch import Tensor
from torch_geometric.data import FeatureStore, GraphStore, HeteroData
from torch_geometric.loader import NodeLoader
from torch_geometric.sampler import HeteroSamplerOutput

from training.weights.eei.relations import COMPLETES
from training.weights.eei.sampler import TripleSampler


class TripleLoader(NodeLoader):
    """A NodeLoader over samples, whose batches also carry what PyG's own filter leaves out: edge attributes."""

    def __init__(self, stores: tuple[FeatureStore, GraphStore], sampler: TripleSampler, samples: Tensor, batch: int):
        super().__init__(
            stores, sampler, input_nodes=("sample", samples), batch_size=batch, shuffle=False, filter_per_worker=False
        )

    def filter_fn(self, out: HeteroSamplerOutput) -> HeteroData:
        """The batch: log_prior [E] of COMPLETES, the number of heads, and of each sample the place of its item."""
        batch: Any = super().filter_fn(out)
        _, _, log_prior, heads, shown = out.metadata
        batch[COMPLETES].log_prior = log_prior
        batch["entity"].heads = heads
        batch["sample"].shown = shown
        batch["sample"].num_nodes = len(shown)
        return batch
