"""EASE: the item-item weights of a linear autoencoder, in closed form (Steck 2019)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack

from graph.errors import DataError
from training.evaluation.fitted import Scorer
from training.evaluation.histories import Histories, Ints

Weights = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Ease:
    """score = sum of exp(-age / tau) B over the history; without tau every item counts alike.

    B minimises |X - XB|² + penalty |B|² with a zero diagonal, X 1 where an actor bought an item. Only the `most` most
    bought items have weights: memory grows with their square, time with their cube.
    """

    penalty: float = 200.0
    tau: float | None = None
    most: int = 20_000

    def fit(self, histories: Histories) -> Scorer:
        """Inverts the Gram matrix."""
        kept, weights = _weights(histories, self.penalty, self.most)

        def scores(contexts: Histories) -> Weights:
            found = np.zeros(contexts.shape, dtype=np.float32)
            found[:, kept] = contexts.recency(self.tau)[:, kept].astype(np.float32) @ weights
            return found

        return scores


@lru_cache(maxsize=1)  # a grid's next member often differs in tau alone
def _weights(histories: Histories, penalty: float, most: int) -> tuple[Ints, Weights]:
    """Codes of the items with weights, ascending, and B, shape [kept, kept]."""
    counts = np.bincount(histories.item, minlength=histories.shape[1])
    kept = np.sort(np.argsort(-counts, kind="stable")[: min(most, int((counts > 0).sum()))])
    owned = histories.owned()[:, kept].astype(np.float32)
    gram = np.asarray((owned.T @ owned).toarray(), order="F")
    gram[np.diag_indices(len(kept))] += penalty
    weights = _inverse(gram)
    weights /= -np.diag(weights).copy()
    weights[np.diag_indices(len(kept))] = 0.0
    return kept, weights


def _inverse(gram: Weights) -> Weights:
    """The inverse of a symmetric positive matrix, in its own memory."""
    factor, failed = lapack.spotrf(gram, overwrite_a=True, clean=False)
    if failed:
        raise DataError("EASE: the items' Gram matrix cannot be inverted: take a greater penalty")
    inverse, _ = lapack.spotri(factor, overwrite_c=True)
    # Only the upper triangle is written.
    for row in range(len(inverse)):
        inverse[row + 1 :, row] = inverse[row, row + 1 :]
    return np.asarray(inverse, dtype=np.float32)
