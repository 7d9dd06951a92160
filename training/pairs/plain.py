"""Plain PMI of purchases, the baseline that learned scores are measured beside."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from training.pairs.lookup import Sparse, at, sums
from training.pairs.purchases import Purchases, successions
from training.pairs.shelf import ENTITY, Shelf

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def pmi(shelf: Shelf, bought: Purchases, *, concepts: bool) -> Callable[[Ints, Ints], Floats]:
    """log(N_ab N / (N_a N_b)) of purchases at most five apart, in either order; 0 where the two never met.

    a and b are the items, or with `concepts` their main concepts; each pair counts 1 / distance.
    """
    met = successions(bought).matrix(bought.items)
    if concepts:
        members = shelf.members(ENTITY)
        met = Sparse(members.T @ met @ members)
    both = Sparse(met + met.T)
    one, total = sums(both, 1), float(both.sum())
    codes = shelf.groups[ENTITY] if concepts else np.arange(shelf.items)

    def score(src: Ints, dst: Ints) -> Floats:
        a, b = codes[src], codes[dst]
        count = at(both, a, b).astype(np.float64)
        chance = one[a] * one[b]
        with np.errstate(divide="ignore", invalid="ignore"):
            found = np.log(count * total / chance)
        return np.where(count > 0, found, 0.0)

    return score
