"""Known item-item relations as arrays, labelled, and in folds of unordered pairs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from training.pairs.lookup import Sparse

Ints = NDArray[np.int64]

COMPLEMENT, SUBSTITUTE, BOTH = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Relations:
    """Directed relations src[i] → dst[i] between items 0 to n - 1 with a label each, all of shape [r].

    COMPLEMENT: also bought or bought together, not also viewed; SUBSTITUTE: also viewed only; BOTH: bought and viewed.
    """

    src: Ints
    dst: Ints
    label: Ints
    items: int

    def where(self, kept: NDArray[np.bool_] | Ints) -> Relations:
        """The relations that a mask marks, or those of these numbers in their order."""
        return Relations(self.src[kept], self.dst[kept], self.label[kept], self.items)

    def keys(self) -> Ints:
        """One number for each unordered pair, shape [r]."""
        return pair_keys(self.src, self.dst, self.items)

    def matrix(self, *labels: int, directed: bool = True) -> Sparse:
        """1 where a relation of one of the labels stands, or with `directed` false its reverse; shape [n, n]."""
        chosen = np.isin(self.label, labels)
        ones = np.ones(int(chosen.sum()), np.float32)
        matrix = Sparse((ones, (self.src[chosen], self.dst[chosen])), shape=(self.items, self.items))
        return Sparse((matrix if directed else matrix + matrix.T).sign())


def relations(frame: pl.DataFrame, codes: dict[str, int]) -> Relations:
    """Relations from a frame of src, dst and ranks; unknown items, pairs of one item and rows without rank go."""
    bought = pl.col("also_bought").is_not_null() | pl.col("bought_together").is_not_null()
    viewed = pl.col("also_viewed").is_not_null()
    label = pl.when(bought & viewed).then(BOTH).when(bought).then(COMPLEMENT).when(viewed).then(SUBSTITUTE)
    known = pl.Series(list(codes), dtype=pl.String).implode()
    kept = frame.with_columns(label=label).filter(
        pl.col("src").is_in(known) & pl.col("dst").is_in(known) & (pl.col("src") != pl.col("dst")),
        pl.col("label").is_not_null(),
    )
    src, dst = (kept[name].replace_strict(codes, return_dtype=pl.Int64).to_numpy() for name in ("src", "dst"))
    return Relations(src, dst, kept["label"].cast(pl.Int64).to_numpy(), len(codes))


def pair_keys(src: Ints, dst: Ints, items: int) -> Ints:
    """One number for each unordered pair of items 0 to n - 1, shape [r]."""
    return np.asarray(np.minimum(src, dst) * items + np.maximum(src, dst), dtype=np.int64)


def folds(keys: Ints, number: int, seed: int = 0) -> Ints:
    """The fold 0 to `number` - 1 of each pair key: a hash, so that a pair has its fold whatever else there is."""
    mixed = (keys.astype(np.uint64) + np.uint64(seed + 1)) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    return np.asarray((mixed >> np.uint64(33)) % np.uint64(number), dtype=np.int64)
