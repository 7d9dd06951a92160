"""The two-view model on a sampled part of the graph."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits
from torch_geometric.data import HeteroData

from training.weights.eei.bag import log_sum_exp
from training.weights.eei.contrast import Contrast
from training.weights.eei.hyperparameters import Hyperparameters
from training.weights.eei.inputs import PRICE_BUCKETS, NodeInput
from training.weights.eei.relations import COMPLETES, HEAD_OF, IS_A, PART_OF, TAIL_OF
from training.weights.eei.scorer import TripleScorer
from training.weights.eei.views import FirstOrder, SecondOrder


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many nodes, text dimensions, features of a triple and standings of entities a model is made for."""

    entities: int
    items: int
    text: int
    features: int
    standings: int


@dataclass(frozen=True, slots=True)
class Views:
    """z1 of all entities of a batch and z2 of its first ones, those that are heads; shape [n, d]."""

    first: Tensor
    second: Tensor
    items: Tensor


class TwoViewModel(nn.Module):
    """Two views of each entity, a contrast between them, and the strength of triples (spec, section 7)."""

    def __init__(self, sizes: Sizes, chosen: Hyperparameters) -> None:
        super().__init__()
        d = chosen.dimensions
        self.chosen = chosen
        self.entity = NodeInput(sizes.entities, sizes.text, d, chosen.id_dropout, sizes.standings)
        self.item = NodeInput(sizes.items, sizes.text, d, chosen.id_dropout, PRICE_BUCKETS)
        self.first = FirstOrder(d)
        self.second = SecondOrder(d)
        self.contrast = Contrast(d, chosen.temperature)
        self.scorer = TripleScorer(d, sizes.features, chosen.hidden)

    def views(self, batch: HeteroData) -> Views:
        """The views of the batch's entities, and x of its items."""
        entities, items = batch["entity"], batch["item"]
        x = self.entity(entities.n_id, entities.text, entities.standing)
        x_items = self.item(items.n_id, items.text, items.price)
        z1 = self.first(x, x_items, batch[IS_A].edge_index)
        heads = x[: entities.heads]
        z2 = self.second(heads, z1, batch[COMPLETES].edge_index, batch[COMPLETES].log_prior)
        return Views(z1, z2, x_items)

    def triples(self, batch: HeteroData, views: Views) -> Tensor:
        """s(e, f, i) of the batch's triples, shape [n]."""
        heads, tails = batch[HEAD_OF].edge_index[0], batch[TAIL_OF].edge_index[0]
        items = batch["sample"].shown[batch[PART_OF].edge_index[1]]
        head = (views.second if self.chosen.second_view else views.first)[heads]
        return self.scorer(head, views.first[tails], views.items[items], batch["triple"].features)

    def scores(self, batch: HeteroData, views: Views) -> Tensor:
        """The score of each sample, a soft maximum over its triples, shape [samples]."""
        samples = batch["sample"].num_nodes
        return log_sum_exp(self.triples(batch, views), batch[PART_OF].edge_index[1], samples, self.chosen.sharpness)

    def loss(self, batch: HeteroData, kin: Tensor) -> tuple[Tensor, Tensor]:
        """Cross-entropy + lambda contrast + mu L2 of what the batch touches, and the cross-entropy alone; scalars.

        `kin` [heads, heads] marks aliases and parents, which are no negatives of the contrast.
        """
        views = self.views(batch)
        entropy = binary_cross_entropy_with_logits(self.scores(batch, views), batch["sample"].label)
        total = entropy + self.chosen.decay * self._squares(views)
        if self.chosen.contrast > 0:
            heads = len(views.second)
            total = total + self.chosen.contrast * self.contrast(views.first[:heads], views.second, kin)
        return total, entropy

    def _squares(self, views: Views) -> Tensor:
        return views.items.square().mean() + torch.stack([p.square().mean() for p in self.scorer.parameters()]).sum()
