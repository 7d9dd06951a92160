"""What a batch of samples needs of the graph, behind PyG's sampler."""

from __future__ import annotations

from typing import NoReturn

import numpy as np
import torch
from torch import Tensor
from torch_geometric.sampler import (
    BaseSampler,
    EdgeSamplerInput,
    HeteroSamplerOutput,
    NegativeSampling,
    NodeSamplerInput,
)

from training.weights.eei.neighbours import Codes, Found, Neighbours, choose
from training.weights.eei.relations import COMPLETES, HEAD_OF, IS_A, PART_OF, TAIL_OF, Relation
from training.weights.eei.samples import Samples


class TripleSampler(BaseSampler):
    """From samples to their triples, the heads' complements, and the items of every entity among these.

    Which neighbours are taken depends on the seed and the samples of the batch alone, so that equal neighbours in
    equal order, from memory or from a database, give equal batches, and a resumed epoch goes on as it was.
    """

    def __init__(self, samples: Samples, graph: Neighbours, items: int, complements: int, seed: int) -> None:
        self._samples = samples
        self._graph = graph
        self._fanout = {IS_A: items, COMPLETES: complements}
        self._seed = seed

    def sample_from_nodes(self, index: NodeSamplerInput) -> HeteroSamplerOutput:
        """The part of the graph for samples `index.node`; the entities that are heads come first.

        metadata: input ids, None, log p(e→f) of the COMPLETES edges, the number of heads, the items shown [samples].
        """
        samples = index.node.numpy()
        rng = np.random.default_rng([self._seed, len(samples), *samples[:2]])
        triples, owner = self._samples.triples_of(samples)
        heads, head = np.unique(self._samples.head[triples], return_inverse=True)
        entities, tail = appended(heads, self._samples.tail[triples])
        completing = self._neighbours(COMPLETES, heads, rng)
        entities, complement = appended(entities, completing.neighbour)
        offering = self._neighbours(IS_A, entities, rng)
        items, member = np.unique(offering.neighbour, return_inverse=True)
        items, shown = appended(items, self._samples.item[samples])
        places = np.arange(len(triples))
        edges = {
            IS_A: (member, offering.owner),
            COMPLETES: (complement, completing.owner),
            PART_OF: (places, owner),
            HEAD_OF: (head, places),
            TAIL_OF: (tail, places),
        }
        return HeteroSamplerOutput(
            node=_tensors({"sample": samples, "triple": triples, "entity": entities, "item": items}),
            row={name: torch.from_numpy(source) for name, (source, _) in edges.items()},
            col={name: torch.from_numpy(target) for name, (_, target) in edges.items()},
            edge=dict.fromkeys(edges),
            metadata=(
                index.input_id,
                index.time,
                torch.from_numpy(completing.log_prior),
                len(heads),
                torch.from_numpy(shown),
            ),
        )

    def sample_from_edges(self, index: EdgeSamplerInput, neg_sampling: NegativeSampling | None = None) -> NoReturn:
        """Raises NotImplementedError: batches are made of samples alone."""
        raise NotImplementedError("a batch is made of samples, not of edges")

    def _neighbours(self, relation: Relation, entities: Codes, rng: np.random.Generator) -> Found:
        chosen = choose(self._graph.degrees(relation, entities), self._fanout[relation], rng)
        return self._graph.at(relation, entities, *chosen)


def appended(nodes: Codes, more: Codes) -> tuple[Codes, Codes]:
    """`nodes` followed by what is new in `more`, ascending, and the place of every one of `more` in that."""
    new = np.setdiff1d(more, nodes)
    joined = np.concatenate([nodes, new])
    order = np.argsort(joined, kind="stable")
    return joined, order[np.searchsorted(joined, more, sorter=order)]


def _tensors(arrays: dict[str, Codes]) -> dict[str, Tensor]:
    return {name: torch.from_numpy(array) for name, array in arrays.items()}
