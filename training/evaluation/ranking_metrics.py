"""Metrics of ranked lists with one right answer each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CUTS = (5, 10, 20)


@dataclass(frozen=True, slots=True)
class Line:
    """One method's figures: recall (hit rate) and NDCG in [0, 1] by cut."""

    method: str
    recall: dict[int, float]
    ndcg: dict[int, float]


def score(method: str, ranks: NDArray[np.int64]) -> Line:
    """Figures from the 0-based rank of each case's right answer, shape [n]; a rank beyond every cut is a miss.

    With one right answer the ideal gain is 1, so NDCG@k is the mean of 1 / log2(rank + 2) over hits.
    """
    recall = {cut: float(np.mean(ranks < cut)) for cut in CUTS}
    gain = 1.0 / np.log2(ranks + 2.0)
    return Line(method, recall, {cut: float(np.mean(np.where(ranks < cut, gain, 0.0))) for cut in CUTS})


def rank_in(listed: Sequence[str], answer: str) -> int:
    """The 0-based place of the answer in a list, its length and more where it is not there."""
    try:
        return listed.index(answer)
    except ValueError:
        return 1_000_000
