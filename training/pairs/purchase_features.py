"""What purchases say of a pair: bought together, in this order, by the same kind of people."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import svds

from training.pairs.features import Columns, Ints
from training.pairs.lookup import Sparse, at, paths, scaled_columns, scaled_rows
from training.pairs.purchases import Purchases, successions, together
from training.pairs.shelf import ENTITY, Shelf

LATENT = 48
NEIGHBOURS = 200
_ENOUGH = 200  # actors: fewer span no space worth the name


class PopularityFeatures:
    """log(1 + purchases) of both items."""

    def __init__(self, bought: Purchases) -> None:
        self._log = np.log1p(bought.popularity()).astype(np.float32)

    def columns(self, src: Ints, dst: Ints) -> Columns:
        """Features of the pairs."""
        return {"popularity": self._log[dst], "popularity of the source": self._log[src]}


class ConceptPopularity:
    """Of both items' concepts: log(1 + purchases), log(1 + items), and whether the two are the same (1, 0)."""

    def __init__(self, shelf: Shelf, bought: Purchases) -> None:
        self._concept, size = shelf.groups[ENTITY], shelf.sizes[ENTITY]
        counts = np.bincount(self._concept[bought.item], minlength=size)
        self._purchases = np.log1p(counts).astype(np.float32)
        self._items = np.log1p(np.bincount(self._concept, minlength=size)).astype(np.float32)

    def columns(self, src: Ints, dst: Ints) -> Columns:
        """Features of the pairs."""
        e, f = self._concept[src], self._concept[dst]
        return {
            "concept popularity": self._purchases[f],
            "concept popularity of the source": self._purchases[e],
            "concept items": self._items[f],
            "concept items of the source": self._items[e],
            "same concept": (e == f).astype(np.float32),
        }


class PurchaseFeatures:
    """Counts of two items' purchases by the same actors, and closeness in a latent space of what is bought together.

    PMI: log((N_ab + 1/2) / (N_a N_b / N + 1/2)) over actors. The latent space is the truncated SVD of the co-purchase
    counts divided by the root of both popularities. "Bought with the same" sums over a third item the product of its
    cosines with both, divided by log(2 + its degree), among each item's NEIGHBOURS nearest.
    """

    def __init__(self, bought: Purchases, seed: int = 0) -> None:
        self._popular, self._actors = bought.popularity(), max(bought.actors, 1)
        self._after = successions(bought).matrix(bought.items)
        self._both = together(bought)
        self._near = _nearest(self._both, self._popular)
        self._weighed = scaled_columns(self._near, 1.0 / np.log(2.0 + np.diff(self._both.indptr)))
        self._latent = _latent(self._both, self._popular, self._actors, seed)

    def columns(self, src: Ints, dst: Ints) -> Columns:
        """Features of the pairs."""
        both = at(self._both, src, dst)
        expected = self._popular[src] * self._popular[dst]
        pmi = np.log((both + 0.5) / (expected / self._actors + 0.5))
        cosine = both / np.sqrt(np.maximum(expected, 1.0))
        near = np.einsum("ij,ij->i", self._latent[src], self._latent[dst])
        length = np.linalg.norm(self._latent, axis=1) + 1e-6
        return {
            "bought after": at(self._after, src, dst),
            "bought before": at(self._after, dst, src),
            "bought together": both,
            "bought together pmi": pmi.astype(np.float32),
            "bought together cosine": cosine.astype(np.float32),
            "bought with the same": paths(self._weighed, self._near, src, dst),
            "latent product": near.astype(np.float32),
            "latent cosine": (near / length[src] / length[dst]).astype(np.float32),
        }


def _nearest(both: Sparse, popular: NDArray[np.float64]) -> Sparse:
    """The NEIGHBOURS highest cosines of each row, equal ones by item."""
    scale = 1.0 / np.sqrt(np.maximum(popular, 1.0))
    cosine = scaled_rows(scaled_columns(both, scale), scale)
    rows = np.repeat(np.arange(len(popular)), np.diff(cosine.indptr))
    order = np.lexsort((cosine.indices, -cosine.data, rows))
    kept = order[np.arange(len(order)) - cosine.indptr[rows[order]] < NEIGHBOURS]
    return Sparse((cosine.data[kept].astype(np.float32), (rows[kept], cosine.indices[kept])), shape=cosine.shape)


def _latent(both: Sparse, popular: NDArray[np.float64], actors: int, seed: int) -> NDArray[np.float32]:
    """Coordinates [n, LATENT] whose products come near the scaled counts; all 0 where there are too few actors."""
    items = len(popular)
    if actors < _ENOUGH or items <= LATENT + 1:
        return np.zeros((items, 1), np.float32)
    scale = sparse.diags_array(1.0 / np.sqrt(np.maximum(popular, 1.0)))
    scaled = Sparse(scale @ (both + sparse.diags_array(popular)) @ scale).astype(np.float32)
    start = np.random.default_rng(seed).standard_normal(items).astype(np.float32)
    vectors, values, _ = svds(scaled, k=LATENT, v0=start)
    return np.asarray(vectors * np.sqrt(values), dtype=np.float32)
