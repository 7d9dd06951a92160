"""What a node is before it looks at its neighbours."""

from __future__ import annotations

import torch
from torch import Tensor, nn

PRICE_BUCKETS = 11  # 0 for no price, then deciles


class NodeInput(nn.Module):
    """x = id + W_t text + a term of its bucket: an item's price, an entity's segment and kind. In training the id of a
    node is dropped with a probability, whole.

    What is left then is what a new node has, so that new nodes are served by text and neighbours.
    """

    def __init__(self, nodes: int, text: int, dimensions: int, id_dropout: float, buckets: int = 0) -> None:
        super().__init__()
        # Sparse gradients: a step touches few of many nodes.
        self.id = nn.Embedding(nodes, dimensions, sparse=True)
        nn.init.normal_(self.id.weight, std=0.05)
        self.text = nn.Linear(text, dimensions)
        self.bucket = nn.Embedding(buckets, dimensions) if buckets else None
        if self.bucket is not None:
            nn.init.zeros_(self.bucket.weight)  # nothing until it is learned: where all are of one bucket it is noise
        self.id_dropout = id_dropout

    def forward(self, nodes: Tensor, text: Tensor, bucket: Tensor | None = None) -> Tensor:
        """x [n, d] of node codes [n] with text vectors [n, t] and buckets [n]; code -1 is a node without id."""
        own = self.id(nodes.clamp(min=0)) * (nodes >= 0).unsqueeze(1)
        if self.training and self.id_dropout > 0:
            own = own * (torch.rand(len(nodes), 1, device=own.device) >= self.id_dropout)
        x = own + self.text(text)
        return x if self.bucket is None or bucket is None else x + self.bucket(bucket)
