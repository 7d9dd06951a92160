"""Item-kNN: items bought by the same people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from training.evaluation.fitted import Scorer
from training.evaluation.histories import Histories


@dataclass(frozen=True, slots=True)
class ItemKnn:
    """score = sum of exp(-age / tau) C over the history; without tau every item counts alike.

    C is the cosine of the sets of two items' buyers, 0 on the diagonal (Sarwar et al. 2001).
    """

    tau: float | None = None

    def fit(self, histories: Histories) -> Scorer:
        """Counts who bought both of two items."""
        weights = cosine(histories)
        return lambda contexts: (contexts.recency(self.tau) @ weights).toarray()


def cosine(histories: Histories) -> sparse.csr_array:
    """C, shape [items, items]."""
    owned = histories.owned()
    together = sparse.csr_array(owned.T @ owned)
    together.setdiag(0)
    together.eliminate_zeros()
    norm = sparse.diags_array(1.0 / np.sqrt(np.maximum(np.asarray(owned.sum(axis=0)).ravel(), 1.0)))
    return sparse.csr_array(norm @ together @ norm)
