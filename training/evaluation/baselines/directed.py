"""Directed co-purchase: what was bought soon after what the user owns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from training.evaluation.baselines.cosine import cosine
from training.evaluation.fitted import Scorer
from training.evaluation.histories import Floats, Histories, Ints

DISTANCE, SMOOTHING = 5, 3.0


@dataclass(frozen=True, slots=True)
class Directed:
    """score = sum of exp(-age / tau) A over the history, age 0 for the latest moment.

    A[a, b] = sum of 1/d over b at distance d = 1..5 after a, divided by (row sum + 3). Two purchases of one moment
    have no order: they count both ways.
    """

    tau: float = 1.0

    def fit(self, histories: Histories) -> Scorer:
        """Counts what followed what."""
        weights = followed(histories)
        return lambda contexts: (contexts.recency(self.tau) @ weights).toarray()


@dataclass(frozen=True, slots=True)
class DirectedCosine:
    """score = sum of exp(-age / tau) (A + share × C) over the history, C the cosine of two items' buyers."""

    tau: float = 2.0
    share: float = 0.5

    def fit(self, histories: Histories) -> Scorer:
        """Counts what followed what, and who bought both."""
        weights = sparse.csr_array(followed(histories) + self.share * cosine(histories))
        return lambda contexts: (contexts.recency(self.tau) @ weights).toarray()


def followed(histories: Histories) -> sparse.csr_array:
    """A, shape [items, items]."""
    after = counted(histories)
    rows = sparse.diags_array(1.0 / (np.asarray(after.sum(axis=1)).ravel() + SMOOTHING))
    return sparse.csr_array(rows @ after)


def counted(histories: Histories) -> sparse.csr_array:
    """A before it is divided by its row sums, shape [items, items]."""
    size = histories.shape[1]
    after = sparse.csr_array((size, size), dtype=np.float64)
    for parts, first, second in _pairs(histories):
        after = after + sparse.csr_array((parts, (first, second)), shape=after.shape)
    return after


def _pairs(histories: Histories) -> Iterator[tuple[Floats, Ints, Ints]]:
    actor, item, moment = histories.actor, histories.item, histories.moment
    for distance in range(1, DISTANCE + 1):
        same = actor[:-distance] == actor[distance:]
        first, second = item[:-distance][same], item[distance:][same]
        tied = (moment[:-distance] == moment[distance:])[same]
        yield np.full(len(first), 1.0 / distance), first, second
        yield np.full(int(tied.sum()), 1.0 / distance), second[tied], first[tied]
