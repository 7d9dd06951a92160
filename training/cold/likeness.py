"""Which items are alike by content, and matrices that carry what is known of items over to those like them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from training.cold.content import Content, words
from training.evaluation.histories import Ints

KINDS = ("meaning", "words", "mixed")
KEPT = 100  # of which those that were bought carry
_SAME = 0.15  # added to the mixed likeness for the same brand, and for the same category
_POWER = 4  # of a likeness: how much more the nearest count
_ROWS = 256


@dataclass(frozen=True, slots=True, eq=False)
class Likeness:
    """The items most like each item, by kind: their codes [n, k], nearest first, and how alike they are."""

    nearest: dict[str, Ints]
    values: dict[str, NDArray[np.float32]]

    @classmethod
    def of(cls, content: Content) -> Likeness:
        """Compares all items with all: by their vectors, by their words, and by the mean of both, brand and category."""
        kept = min(KEPT, len(content.titles) - 1)
        parts = [
            {kind: _top(scores, rows, kept) for kind, scores in kinds.items()} for rows, kinds in _compared(content)
        ]
        nearest = {kind: np.concatenate([part[kind][0] for part in parts]) for kind in KINDS}
        return cls(nearest, {kind: np.concatenate([part[kind][1] for part in parts]) for kind in KINDS})

    def carrier(self, kind: str, bought: NDArray[np.bool_], most: int) -> sparse.csr_array:
        """Shape [n, n]: weights of an item's `most` nearest bought ones, each row's sum 1, or 0 without any.

        A weight goes with the fourth power of the likeness. No item carries itself.
        """
        nearest, values = self.nearest[kind], self.values[kind]
        bears = bought[nearest]
        rows, places = np.nonzero(bears & (np.cumsum(bears, axis=1) <= most))
        weights = np.maximum(values[rows, places], 1e-3) ** _POWER
        shape = (len(nearest), len(nearest))
        found = sparse.csr_array((weights.astype(np.float32), (rows, nearest[rows, places])), shape=shape)
        sums = np.maximum(np.asarray(found.sum(axis=1)).ravel(), 1e-12)
        return sparse.csr_array(sparse.diags_array((1.0 / sums).astype(np.float32)) @ found)


@lru_cache(maxsize=1)
def likeness_of(content: Content) -> Likeness:
    """Likeness.of, computed once for the content asked for last."""
    return Likeness.of(content)


def _compared(content: Content) -> Iterator[tuple[Ints, dict[str, NDArray[np.float32]]]]:
    counts = words(content.titles)
    across = sparse.csr_array(counts.T)
    for start in range(0, len(content.titles), _ROWS):
        rows = np.arange(start, min(start + _ROWS, len(content.titles)))
        meaning = content.vectors[rows] @ content.vectors.T
        shared = (counts[rows] @ across).toarray()
        mixed = 0.5 * (meaning + shared)
        for name in ("brand", "category"):
            codes = content.groups[name]
            mixed += _SAME * ((codes[rows, None] == codes) & (codes >= 0))
        yield rows, {"meaning": meaning, "words": shared, "mixed": mixed}


def _top(scores: NDArray[np.float32], rows: Ints, kept: int) -> tuple[Ints, NDArray[np.float32]]:
    scores[np.arange(len(rows)), rows] = -np.inf
    found = np.sort(np.argpartition(-scores, kept - 1, axis=1)[:, :kept], axis=1)
    order = np.argsort(-np.take_along_axis(scores, found, axis=1), axis=1, kind="stable")
    found = np.take_along_axis(found, order, axis=1)
    return found, np.take_along_axis(scores, found, axis=1)
