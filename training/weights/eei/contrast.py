"""What ties the two views of an entity together."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, normalize


class Contrast(nn.Module):
    """Symmetric InfoNCE (van den Oord et al. 2018) of g1(z1_e) and g2(z2_e), by cosine, with in-batch negatives."""

    def __init__(self, dimensions: int, temperature: float) -> None:
        super().__init__()
        self.first = nn.Linear(dimensions, dimensions)
        self.second = nn.Linear(dimensions, dimensions)
        self.temperature = temperature

    def forward(self, z1: Tensor, z2: Tensor, kin: Tensor) -> Tensor:
        """The loss, a scalar, of n entities' views [n, d]; pairs marked in `kin` [n, n] (bool) are no negatives."""
        one, two = normalize(self.first(z1), dim=1), normalize(self.second(z2), dim=1)
        own = torch.arange(len(z1), device=z1.device)
        never = kin.clone()
        never[own, own] = False
        similarity = (one @ two.T / self.temperature).masked_fill(never, -torch.inf)
        return (cross_entropy(similarity, own) + cross_entropy(similarity.T, own)) / 2
