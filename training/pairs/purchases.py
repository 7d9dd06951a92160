"""Purchases as arrays, and which items are bought together or one after the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from training.pairs.lookup import Sparse
from training.weights.copurchase import DISTANCE

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Purchases:
    """Purchases in timeline order, actor after actor: codes and moments, each of shape [m]; `items` is n."""

    actor: Ints
    item: Ints
    when: Ints
    items: int

    @property
    def actors(self) -> int:
        """How many actors bought anything."""
        return len(np.unique(self.actor))

    def of(self, actors: Ints) -> Purchases:
        """The purchases of these actors only."""
        kept = np.isin(self.actor, actors)
        return Purchases(self.actor[kept], self.item[kept], self.when[kept], self.items)

    def popularity(self) -> NDArray[np.float64]:
        """Purchases of each item, shape [n]."""
        return np.bincount(self.item, minlength=self.items).astype(np.float64)

    def owned(self) -> Sparse:
        """1 where an actor has bought an item, shape [actors, n]; at least one row."""
        names, rows = np.unique(self.actor, return_inverse=True)
        shape = (max(len(names), 1), self.items)
        matrix = Sparse((np.ones(len(rows), np.float32), (rows, self.item)), shape=shape)
        matrix.data[:] = 1.0
        return matrix


def purchases(timelines: pl.DataFrame, codes: dict[str, int]) -> Purchases:
    """Timelines [training.weights.timelines] as arrays; items without a code are left out."""
    known = timelines.filter(pl.col("item").is_in(pl.Series(list(codes), dtype=pl.String).implode()))
    actor = known["actor"].rank("dense").cast(pl.Int64).to_numpy() - 1
    item = known["item"].replace_strict(codes, return_dtype=pl.Int64).to_numpy()
    when = known["when"].fill_null(0).cast(pl.Int64).to_numpy()
    return Purchases(actor, item, when, len(codes))


@dataclass(frozen=True, slots=True)
class Successions:
    """Pairs of purchases at most DISTANCE apart: the item before, the item after, and 1 / distance; shape [p].

    Purchases at one moment have no order: their pair stands in both directions.
    """

    before: Ints
    after: Ints
    part: NDArray[np.float64]

    def matrix(self, items: int) -> Sparse:
        """Sums of the parts, shape [n, n], no diagonal."""
        return Sparse(sparse.coo_array((self.part.astype(np.float32), (self.before, self.after)), shape=(items, items)))


def successions(bought: Purchases) -> Successions:
    """All pairs of different items in the purchases."""
    parts = [_at_distance(bought, distance) for distance in range(1, min(DISTANCE, len(bought.item)) + 1)]
    before, after, part = ([each[column] for each in parts] for column in range(3))
    if not parts:
        return Successions(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    return Successions(np.concatenate(before), np.concatenate(after), np.concatenate(part))


def together(bought: Purchases) -> Sparse:
    """How many actors bought both items, shape [n, n], no diagonal."""
    owned = bought.owned()
    counts = Sparse(owned.T @ owned)
    counts.setdiag(0)
    counts.eliminate_zeros()
    return counts


def _at_distance(bought: Purchases, distance: int) -> tuple[Ints, Ints, NDArray[np.float64]]:
    one, other = slice(None, -distance), slice(distance, None)
    pair = (bought.actor[one] == bought.actor[other]) & (bought.item[one] != bought.item[other])
    before, after = bought.item[one][pair], bought.item[other][pair]
    tied = bought.when[one][pair] == bought.when[other][pair]
    before, after = np.concatenate([before, after[tied]]), np.concatenate([after, before[tied]])
    return before, after, np.full(len(before), 1.0 / distance)
