"""Metrics of ranked lists with one right answer each."""

from __future__ import annotations

import numpy as np

from training.evaluation.histories import Floats, Ints

CUTS = (5, 10, 20)
Metric = tuple[str, int]  # "recall" or "ndcg", and the cut
METRICS: tuple[Metric, ...] = tuple((name, cut) for name in ("recall", "ndcg") for cut in CUTS)


def gains(ranks: Ints, cuts: tuple[int, ...] = CUTS) -> dict[Metric, Floats]:
    """What each case adds to the mean, in [0, 1], shape [n], from the 0-based rank of its right answer, shape [n].

    Recall is the hit rate. With one right answer the ideal gain is 1, so NDCG@k is the mean of 1 / log2(rank + 2) over
    hits. A rank beyond every cut is a miss.
    """
    discount = 1.0 / np.log2(ranks + 2.0)
    hits = {cut: (ranks < cut).astype(np.float64) for cut in cuts}
    return {("recall", cut): hits[cut] for cut in cuts} | {("ndcg", cut): hits[cut] * discount for cut in cuts}
