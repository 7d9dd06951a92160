"""Drawing pairs that are not known to belong together: by chance, of equal popularity, and of the same kind."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.pairs.lookup import Sparse
from training.pairs.shelf import ENTITY, Shelf

Ints = NDArray[np.int64]

WINDOW = 100  # places in the order of popularity, up and down
NEAREST = 50
_TRIES = 50
_ROWS_AT_ONCE = 500


class Known:
    """Pairs that must not be drawn: an item with itself, and known ones in either direction."""

    def __init__(self, src: Ints, dst: Ints, items: int) -> None:
        self._items = items
        self._keys = np.unique(np.minimum(src, dst) * items + np.maximum(src, dst))

    def __call__(self, src: Ints, dst: Ints) -> NDArray[np.bool_]:
        """Which of the pairs are known, shape [n]."""
        keys = np.minimum(src, dst) * self._items + np.maximum(src, dst)
        places = np.minimum(np.searchsorted(self._keys, keys), max(len(self._keys) - 1, 0))
        listed = self._keys[places] == keys if len(self._keys) else np.zeros(len(keys), bool)
        return np.asarray(listed | (src == dst))


def at_random(src: Ints, known: Known, items: int, rng: np.random.Generator) -> Ints:
    """For each source an item that it is not known to relate to, all items alike."""
    drawn = rng.integers(0, items, len(src))
    for _ in range(_TRIES):
        bad = known(src, drawn)
        if not bad.any():
            break
        drawn[bad] = rng.integers(0, items, int(bad.sum()))
    return drawn


def as_popular(src: Ints, dst: Ints, popularity: NDArray[np.float64], known: Known, rng: np.random.Generator) -> Ints:
    """For each pair an item about as popular as dst: within WINDOW places of it in the order of popularity."""
    order = np.argsort(popularity, kind="stable")
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    window = min(WINDOW, max(len(order) // 4, 1))
    drawn = dst.copy()
    bad = np.ones(len(src), bool)
    for _ in range(_TRIES):
        shifted = place[dst[bad]] + rng.integers(-window, window + 1, int(bad.sum()))
        drawn[bad] = order[np.clip(shifted, 0, len(order) - 1)]
        bad = known(src, drawn)
        if not bad.any():
            break
    return drawn


class Alikes:
    """Items of the same kind: of the same concept, of a substitute concept, or with a near title.

    Half the draws are of the first kind, 15 % of the second, the rest of the third; where one gives nothing, the third
    does. Within a kind an item is drawn by the root of its popularity + 1.
    """

    SHARES = (0.5, 0.15, 0.35)

    def __init__(self, shelf: Shelf, popularity: NDArray[np.float64]) -> None:
        self._shelf = shelf
        self._weights = np.sqrt(popularity + 1.0)
        self._entity = shelf.groups[ENTITY]
        self._members = WeightedMembers(self._entity, self._weights, shelf.sizes[ENTITY])
        self._substitutes = Sparse((shelf.substitute + shelf.substitute.T).sign())

    def draw(self, src: Ints, rng: np.random.Generator) -> Ints:
        """An item of the same kind for each source; it may be the source itself."""
        kind = rng.choice(3, len(src), p=self.SHARES)
        entity = self._entity[src].copy()
        swapped = kind == 1
        entity[swapped] = self._substitute_of(entity[swapped], rng)
        drawn = self._members.draw(entity, rng)
        near = (kind == 2) | (drawn < 0) | ~self._shelf.known(ENTITY)[src]
        drawn[near] = self._near(src[near], rng)
        return drawn

    def _substitute_of(self, entities: Ints, rng: np.random.Generator) -> Ints:
        """A substitute of each entity, -1 where there is none."""
        starts, ends = self._substitutes.indptr[entities], self._substitutes.indptr[entities + 1]
        picks = starts + (rng.random(len(entities)) * (ends - starts)).astype(np.int64)
        columns = np.append(self._substitutes.indices, -1).astype(np.int64)
        return np.where(ends > starts, columns[np.where(ends > starts, picks, -1)], -1)

    def _near(self, src: Ints, rng: np.random.Generator) -> Ints:
        text, drawn = self._shelf.text, np.empty(len(src), np.int64)
        keep = min(NEAREST, len(text) - 1)
        for start in range(0, len(src), _ROWS_AT_ONCE):
            rows = src[start : start + _ROWS_AT_ONCE]
            cosine = text[rows] @ text.T
            cosine[np.arange(len(rows)), rows] = -np.inf
            nearest = np.argpartition(-cosine, keep - 1, axis=1)[:, :keep]
            weights = np.cumsum(self._weights[nearest], axis=1)
            picks = (weights < rng.random((len(rows), 1)) * weights[:, -1:]).sum(axis=1)
            drawn[start : start + len(rows)] = nearest[np.arange(len(rows)), picks]
        return drawn


class WeightedMembers:
    """Items by group, drawn by weight."""

    def __init__(self, codes: Ints, weights: NDArray[np.float64], groups: int) -> None:
        self._order = np.argsort(codes, kind="stable")
        self._sums = np.concatenate([[0.0], np.cumsum(weights[self._order])])
        self._starts = np.searchsorted(codes[self._order], np.arange(groups + 1))

    def draw(self, groups: Ints, rng: np.random.Generator) -> Ints:
        """A member of each group, -1 for a group without any, and for the group -1."""
        low, high = self._starts[groups], self._starts[np.maximum(groups, 0) + 1]
        some = (groups >= 0) & (high > low)
        low, high = np.where(some, low, 0), np.where(some, high, 1)
        height = self._sums[low] + rng.random(len(groups)) * (self._sums[high] - self._sums[low])
        place = np.clip(np.searchsorted(self._sums, height, side="right") - 1, low, high - 1)
        return np.where(some, self._order[place], -1)
