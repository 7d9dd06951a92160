"""Several triggers of one exposure as one score."""

from __future__ import annotations

from torch import Tensor
from torch_geometric.utils import scatter


def log_sum_exp(scores: Tensor, sample: Tensor, samples: int, sharpness: float) -> Tensor:
    """(1 / omega) log sum exp(omega s) over the triples of each sample, shape [samples].

    `scores` [n] belong to `sample` [n]; every sample has at least one triple. omega is `sharpness` > 0: a soft maximum.
    """
    scaled = sharpness * scores
    greatest = scatter(scaled.detach(), sample, dim_size=samples, reduce="max")
    total = scatter((scaled - greatest[sample]).exp(), sample, dim_size=samples, reduce="sum")
    return (total.log() + greatest) / sharpness
