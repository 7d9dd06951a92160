"""Single rules for items that nobody bought: what the learned ranker is compared with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from training.cold.content import Content, members
from training.cold.likeness import Likeness
from training.cold.needs import needs
from training.evaluation.baselines.directed import SMOOTHING, counted, followed
from training.evaluation.fitted import Scorer
from training.evaluation.histories import Histories
from training.evaluation.tuning import Family

Block = NDArray[np.float32]
_NEWEST = 0.1  # purchases after which a bought item counts 1/e, where only the newest shall


@dataclass(frozen=True, slots=True)
class NearestPurchases:
    """Directed co-purchase with the `most` bought items whose titles are nearest, by their cosine to the 4th."""

    content: Content
    likeness: Likeness
    most: int = 20
    tau: float = 1.0

    def fit(self, histories: Histories) -> Scorer:
        """Counts what followed what."""
        bought = np.bincount(histories.item, minlength=histories.shape[1]) > 0
        carried = followed(histories) @ self.likeness.carrier("meaning", bought, self.most).T
        return lambda contexts: _dense(contexts.recency(self.tau) @ carried)


@dataclass(frozen=True, slots=True)
class ShelfTransition:
    """Directed co-purchase between categories of brands: the share of what followed an item's shelf."""

    content: Content
    tau: float = 1.0

    def fit(self, histories: Histories) -> Scorer:
        """Counts what followed what."""
        shelf = members(self.content.groups["shelf"]).astype(np.float64)
        counts = sparse.csr_array(shelf.T @ counted(histories) @ shelf)
        shares = sparse.diags_array(1.0 / (np.asarray(counts.sum(axis=1)).ravel() + SMOOTHING)) @ counts
        return lambda contexts: _dense(contexts.recency(self.tau) @ shelf @ shares @ shelf.T)


@dataclass(frozen=True, slots=True)
class NearestTitle:
    """The cosine of titles with what was bought, the newest counting most."""

    content: Content
    tau: float = _NEWEST

    def fit(self, histories: Histories) -> Scorer:
        """Learns nothing."""
        vectors = self.content.vectors
        return lambda contexts: np.asarray((contexts.recency(self.tau).astype(np.float32) @ vectors) @ vectors.T)


@dataclass(frozen=True, slots=True)
class VerdictsAlone:
    """R = 1 - prod (1 - a p) over complementary edges from the entities bought, before anything is learned."""

    content: Content

    def fit(self, histories: Histories) -> Scorer:
        """Learns nothing."""
        every = np.arange(histories.shape[1])
        return lambda contexts: next(iter(needs(contexts, self.content, every)))


def rules(content: Content, likeness: Likeness) -> tuple[Family, ...]:
    """Each rule with the parameters that are worth trying."""
    taus = (1.0, 4.0)
    nearest = tuple(NearestPurchases(content, likeness, most, tau) for most in (10, 20, 40) for tau in taus)
    return (
        Family("nearest titles' purchases", nearest),
        Family("category × brand transition", tuple(ShelfTransition(content, tau) for tau in taus)),
        Family("nearest title", tuple(NearestTitle(content, tau) for tau in (_NEWEST, *taus))),
        Family("verdicts alone", (VerdictsAlone(content),)),
    )


def _dense(values: sparse.csr_array) -> Block:
    return np.asarray(values.toarray(), dtype=np.float32)
