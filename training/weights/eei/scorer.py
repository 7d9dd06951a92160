"""How strong an edge is for one item."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class TripleScorer(nn.Module):
    """s(e, f, i) = MLP[z2_e, z1_f, x_i, z2_e * z1_f, z1_f * x_i, z2_e * x_i, features] + a linear term of the features.

    The linear term is ours: counters act from the first step on, and the network learns what they miss. Started from
    coefficients, the score is that of the linear term until the network has learned something.
    """

    mean: Tensor
    spread: Tensor

    def __init__(self, dimensions: int, features: int, hidden: int) -> None:
        super().__init__()
        self.network = nn.Sequential(
            nn.Linear(6 * dimensions + features, hidden), nn.GELU(), nn.Linear(hidden, hidden), nn.GELU()
        )
        self.out = nn.Linear(hidden, 1)
        self.linear = nn.Linear(features, 1, bias=False)
        self.register_buffer("mean", torch.zeros(features))
        self.register_buffer("spread", torch.ones(features))

    def standardise(self, features: Tensor) -> None:
        """Has features [n, k] read as multiples of their spread in these."""
        if len(features):
            self.mean = features.mean(dim=0)
            self.spread = features.std(dim=0, correction=0).clamp(min=1e-6)

    def known(self, features: Tensor) -> Tensor:
        """Features [n, k] as multiples of their spread."""
        return (features - self.mean) / self.spread

    @torch.no_grad()
    def start_from(self, coefficients: Tensor, intercept: Tensor) -> None:
        """Has the score be the linear one, with coefficients [k] of `known` features."""
        self.linear.weight.copy_(coefficients.unsqueeze(0))
        self.out.weight.zero_()
        self.out.bias.copy_(intercept.unsqueeze(0))

    def forward(self, head: Tensor, tail: Tensor, item: Tensor, features: Tensor) -> Tensor:
        """s [n] of z2 of heads, z1 of tails and x of items, each [n, d], and features [n, k]; w = sigmoid(s)."""
        known = self.known(features)
        together = torch.cat([head, tail, item, head * tail, tail * item, head * item, known], dim=1)
        return (self.out(self.network(together)) + self.linear(known)).squeeze(1)
