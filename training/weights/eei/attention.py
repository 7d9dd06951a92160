"""Attention of a node over its neighbours."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch_geometric.utils import softmax


class NeighbourAttention(nn.Module):
    """m_n = sum over neighbours j of alpha_nj v_j, with alpha = softmax_j of (Q x_n)·(K v_j) / sqrt(d) + bias_nj."""

    def __init__(self, dimensions: int) -> None:
        super().__init__()
        self.query = nn.Linear(dimensions, dimensions, bias=False)
        self.key = nn.Linear(dimensions, dimensions, bias=False)
        self.scale = 1.0 / math.sqrt(dimensions)

    def forward(self, nodes: Tensor, neighbours: Tensor, edges: Tensor, bias: Tensor | None = None) -> Tensor:
        """Messages [n, d] for `nodes` [n, d] from `neighbours` [m, d]; 0 for a node without any.

        `edges` [2, E] holds neighbour and node indices, `bias` [E] what is added before the softmax.
        """
        source, target = edges
        # Projected once a node and a neighbour: there are more edges than either.
        scores = (self.query(nodes)[target] * self.key(neighbours)[source]).sum(dim=1) * self.scale
        if bias is not None:
            scores = scores + bias
        alpha = softmax(scores, target, num_nodes=len(nodes))
        messages = torch.zeros_like(nodes)
        return messages.index_add(0, target, (alpha[:, None] * neighbours[source]).to(messages.dtype))
