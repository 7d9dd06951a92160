"""Learned weights for the edges that there are now, those judged since among them."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from training.weights.shrinkage import HIGHEST, LOWEST

_EDGE = ["head", "tail"]


def for_edges(learned: pl.DataFrame, edges: pl.DataFrame, counted: NDArray[np.float64]) -> NDArray[np.float64]:
    """The weight of each of `edges` [n] (head, tail): the learned one, or what its counted weight is usually worth.

    `learned` has head, tail and weight; `counted` [n] are the weights of counters. An edge that the model has not seen
    gets its counted weight times the ratio of the means over the edges that it has (ours: it keeps one scale).
    """
    known = edges.select(_EDGE).join(learned, on=_EDGE, how="left", maintain_order="left")["weight"].to_numpy()
    seen = ~np.isnan(known)
    scale = known[seen].mean() / counted[seen].mean() if seen.any() else 1.0
    return np.asarray(np.where(seen, known, np.clip(counted * scale, LOWEST, HIGHEST)), dtype=np.float64)


def blended(learned: pl.DataFrame, before: pl.DataFrame | None, eta: float = 0.3) -> pl.DataFrame:
    """head, tail and weight = (1 - eta) before + eta learned for edges that the previous model knew (spec, section 7).

    An edge that it did not know has its learned weight; so has every edge where there was none before.
    """
    if before is None:
        return learned
    old = before.select(*_EDGE, old="weight")
    joined = learned.join(old, on=_EDGE, how="left", maintain_order="left")
    mixed = (1 - eta) * pl.coalesce("old", "weight") + eta * pl.col("weight")
    return joined.select(*_EDGE, weight=mixed)


def worth_releasing(auc: float, *others: float) -> bool:
    """Whether a model ranks held-out samples better than all of what it would replace; nan, for none held out, is."""
    return not any(auc <= other for other in others)
