"""The two views of an entity (spec, section 7)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu

from training.weights.eei.attention import NeighbourAttention


class _View(nn.Module):
    """z = LN(x + act(W [x ; m])), where m is what the neighbours say."""

    def __init__(self, dimensions: int) -> None:
        super().__init__()
        self.attention = NeighbourAttention(dimensions)
        self.mix = nn.Linear(2 * dimensions, dimensions)
        self.norm = nn.LayerNorm(dimensions)

    def joined(self, x: Tensor, message: Tensor) -> Tensor:
        return self.norm(x + gelu(self.mix(torch.cat([x, message], dim=1))))


class FirstOrder(_View):
    """z1, the substitutable view: an entity by its own items."""

    def forward(self, x_entities: Tensor, x_items: Tensor, is_a: Tensor) -> Tensor:
        """z1 [n, d] from x [n, d] of entities, x [m, d] of items and `is_a` [2, E] of item and entity indices."""
        return self.joined(x_entities, self.attention(x_entities, x_items, is_a))


class SecondOrder(_View):
    """z2, the complementary view: an entity by the first views of the entities that complement it."""

    def __init__(self, dimensions: int) -> None:
        super().__init__(dimensions)
        self.kappa = nn.Parameter(torch.ones(()))

    def forward(self, x_entities: Tensor, z1: Tensor, completes: Tensor, log_prior: Tensor) -> Tensor:
        """z2 [n, d] of the entities x [n, d], from z1 [m, d], `completes` [2, E] and log p(e→f) [E].

        `completes` holds indices of complements, in z1, and of entities, in x.
        """
        return self.joined(x_entities, self.attention(x_entities, z1, completes, self.kappa * log_prior))
