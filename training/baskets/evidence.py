"""What speaks for an item in a basket: baskets like it, what goes together, words, groups and complementary edges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from training.cold.content import Content, members, words
from training.cold.needs import needs
from training.evaluation.baselines.cosine import cosine
from training.evaluation.baselines.directed import followed
from training.evaluation.baselines.ease import Ease
from training.evaluation.fitted import Scorer
from training.evaluation.histories import Histories, Ints

Block = NDArray[np.float32]

RECENT = 5.0  # lines after which an item in a basket counts 1/e
_GROUPS = ("category", "entity")
_PLAIN = ("EASE, as it is", "popularity", "late", "words, newest", *(f"{group}, again" for group in _GROUPS))
_LOGARITHMIC = ("EASE", "EASE, recent", "cosine", "cosine, recent", "next", "soon", "lift", "like baskets", "words")
_NEEDS = ("needs", "edges", "need of the newest")
NAMES = (*_PLAIN, *_LOGARITHMIC, *_GROUPS, *_NEEDS)
LOGARITHMS = tuple(name in (*_LOGARITHMIC, *_GROUPS, "needs") for name in NAMES)
_BASKETS = 100  # that are most like one
_SMOOTHING = 5.0


@dataclass(frozen=True, eq=False)
class BasketEvidence:
    """Evidence from some baskets; `ease` is the setting of the linear model among it."""

    baskets: Histories
    content: Content
    ease: Ease

    def features(self, contexts: Histories) -> Iterator[Block]:
        """One block [contexts, items] for each of NAMES, in their order."""
        held, recent = _sums(contexts, np.inf), _sums(contexts, RECENT)
        newest = _sums(contexts, 0.1)
        linear = np.asarray(self._linear(contexts), dtype=np.float32)
        yield linear
        yield from (np.broadcast_to(values, contexts.shape) for values in (self._demand, self._late))
        yield _dense(newest @ self._words @ self._words.T)
        yield from (_dense(held @ self._groups[name] @ self._groups[name].T) for name in _GROUPS)
        yield linear
        yield np.asarray(self._linear_recent(contexts), dtype=np.float32)
        yield _dense(held @ self._cosine)
        yield _dense(recent @ self._cosine)
        yield _dense(newest @ self._followed)
        yield _dense(recent @ self._followed)
        yield _dense(held @ self._lift)
        yield self._like(held)
        yield _dense(held @ self._words @ self._words.T)
        yield from (_dense(held @ self._groups[name] @ self._together[name]) for name in _GROUPS)
        yield from needs(contexts, self.content, np.arange(contexts.shape[1]))

    def _like(self, held: sparse.csr_array) -> Block:
        """What the baskets most like each hold: cosine of lines weighted by rarity, squared."""
        lines = self._lines
        rare = sparse.csr_array(held @ sparse.diags_array(self._rarity))
        alike = _dense(rare @ lines.T) / np.maximum(self._length, 1e-6)
        most = min(_BASKETS, alike.shape[1])
        found = np.argpartition(-alike, most - 1, axis=1)[:, :most]
        rows = np.repeat(np.arange(len(found)), most)
        weights = np.take_along_axis(alike, found, axis=1).ravel() ** 2
        near = sparse.csr_array((weights, (rows, found.ravel())), shape=alike.shape)
        return np.asarray(_dense(near @ lines) / np.maximum(np.asarray(rare.sum(axis=1)), 1e-6).reshape(-1, 1))

    @cached_property
    def _linear(self) -> Scorer:
        return self.ease.fit(self.baskets)

    @cached_property
    def _linear_recent(self) -> Scorer:
        return Ease(self.ease.penalty, RECENT, self.ease.most).fit(self.baskets)

    @cached_property
    def _lines(self) -> sparse.csr_array:
        return sparse.csr_array(self.baskets.owned().astype(np.float32))

    @cached_property
    def _bought(self) -> NDArray[np.float32]:
        return np.asarray(self._lines.sum(axis=0), dtype=np.float32).ravel()

    @cached_property
    def _demand(self) -> NDArray[np.float32]:
        return np.log1p(self._bought)

    @cached_property
    def _late(self) -> NDArray[np.float32]:
        """The smoothed share of an item's lines that are their basket's last."""
        ends = self.baskets.item[self.baskets.starts[1:][np.diff(self.baskets.starts) > 0] - 1]
        last = np.bincount(ends, minlength=self.baskets.shape[1])
        usual = last.sum() / max(float(self._bought.sum()), 1.0)
        return np.asarray((last + 2 * _SMOOTHING * usual) / (self._bought + 2 * _SMOOTHING), dtype=np.float32)

    @cached_property
    def _rarity(self) -> NDArray[np.float32]:
        return np.log(len(self.baskets.actors) / (self._bought + 1)).astype(np.float32).clip(0.0) ** 2

    @cached_property
    def _length(self) -> NDArray[np.float32]:
        return np.sqrt(np.asarray(self._lines @ self._rarity, dtype=np.float32))

    @cached_property
    def _cosine(self) -> sparse.csr_array:
        return sparse.csr_array(cosine(self.baskets).astype(np.float32))

    @cached_property
    def _followed(self) -> sparse.csr_array:
        return sparse.csr_array(followed(self.baskets).astype(np.float32))

    @cached_property
    def _lift(self) -> sparse.csr_array:
        """log of how much more often two items share a basket than by chance, smoothed, where it is positive."""
        pairs = sparse.coo_array(self._cosine)
        both = pairs.data * np.sqrt(self._bought[pairs.row] * self._bought[pairs.col])
        chance = (self._bought[pairs.row] + _SMOOTHING) * (self._bought[pairs.col] + _SMOOTHING)
        lift = np.log(both * len(self.baskets.actors) / chance)
        kept = lift > 0
        return sparse.csr_array((lift[kept].astype(np.float32), (pairs.row[kept], pairs.col[kept])), shape=pairs.shape)

    @cached_property
    def _words(self) -> sparse.csr_array:
        return words(self.content.titles)

    @cached_property
    def _groups(self) -> dict[str, sparse.csr_array]:
        return {name: members(self.content.groups[name]) for name in _GROUPS}

    @cached_property
    def _together(self) -> dict[str, sparse.csr_array]:
        """By group a matrix [groups, items]: the share of baskets with a group that hold an item's group too."""
        found = {}
        for name, group in self._groups.items():
            held = sparse.csr_array(self._lines @ group)
            held.data[:] = 1.0
            both = (held.T @ held).toarray()
            share = both / (np.diag(both)[:, None] + _SMOOTHING)
            np.fill_diagonal(share, 0.0)
            found[name] = sparse.csr_array(sparse.csr_array(share.astype(np.float32)) @ group.T)
        return found


def _sums(contexts: Histories, tau: float) -> sparse.csr_array:
    return sparse.csr_array(contexts.recency(tau).astype(np.float32))


def _dense(values: sparse.csr_array) -> Block:
    return np.asarray(values.toarray(), dtype=np.float32)
