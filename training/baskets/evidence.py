"""What speaks for an item in a basket: baskets like it, what goes together, words, groups and complementary edges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from training.cold.content import Content, members, words
from training.cold.needs import needs
from training.evaluation.baselines.cosine import cosine
from training.evaluation.baselines.directed import followed
from training.evaluation.baselines.ease import Ease
from training.evaluation.fitted import Scorer
from training.evaluation.histories import Histories

Block = NDArray[np.float32]

RECENT = 5.0  # lines after which an item in a basket counts 1/e
_GROUPS = ("category", "entity")
CHANNELS = {
    "EASE": 100,
    "EASE, recent": 50,
    "cosine": 50,
    "next": 30,
    "like baskets": 50,
    "bought before": 20,
    "demand": 10,
}
_PAIRS = ("EASE", "EASE, recent", "cosine", "cosine, recent", "next", "soon", "lift", "lift, best", "like baskets")
_WORDS = ("words", "words, newest", "words, best")
_ITEMS = ("demand", "recent demand", "late")
_NEEDS = ("needs", "edges", "need of the newest")
_SHAPE = ("bought before", "lines", "EASE, share")
NAMES = (
    *_PAIRS,
    *_WORDS,
    *(f"{group}, {kind}" for group in _GROUPS for kind in ("with", "again")),
    *_NEEDS,
    *_ITEMS,
    *_SHAPE,
)
_BASKETS = 100  # that are most like one
_SMOOTHING = 5.0
_NEWEST = 0.2  # the share of baskets, the last ones, whose purchases are the recent demand


@dataclass(frozen=True, eq=False)
class BasketEvidence:
    """Evidence from some baskets, the oldest first where they have a time; `ease` is the linear model's setting.

    `customers`: whose a basket is, by actor, where that is known.
    """

    baskets: Histories
    content: Content
    ease: Ease
    customers: Mapping[str, str]

    def features(self, contexts: Histories) -> Iterator[tuple[str, Block]]:
        """One block [contexts, items] for each of NAMES."""
        held, recent, newest = _sums(contexts, np.inf), _sums(contexts, RECENT), _sums(contexts, 0.1)
        linear = _float(self._linear(contexts))
        yield "EASE", linear
        yield "EASE, share", linear / np.maximum(linear.max(axis=1, keepdims=True), 1e-6)
        yield "EASE, recent", _float(self._linear_recent(contexts))
        yield "cosine", _dense(held @ self._cosine)
        yield "cosine, recent", _dense(recent @ self._cosine)
        yield "next", _dense(newest @ self._followed)
        yield "soon", _dense(recent @ self._followed)
        yield "lift", _dense(held @ self._lift)
        yield "lift, best", _best(contexts, self._lift)
        yield "like baskets", self._like(held)
        yield "words", _dense(held @ self._words @ self._across)
        yield "words, newest", _dense(newest @ self._words @ self._across)
        yield "words, best", _best(contexts, self._words, self._across)
        for name in _GROUPS:
            yield f"{name}, with", _dense(held @ self._groups[name] @ self._together[name])
            yield f"{name}, again", _dense(held @ self._groups[name] @ self._groups[name].T)
        yield from zip(_NEEDS, needs(contexts, self.content, np.arange(contexts.shape[1])), strict=True)
        for name, values in zip(_ITEMS, (self._demand, self._recent_demand, self._late), strict=True):
            yield name, np.broadcast_to(values, contexts.shape)
        yield "bought before", self._before(contexts)
        yield "lines", np.broadcast_to(np.diff(contexts.starts)[:, None].astype(np.float32), contexts.shape)

    def _before(self, contexts: Histories) -> Block:
        """In how many of the customer's known baskets each item is."""
        rows = [self._rows.get(self.customers.get(actor, ""), len(self._rows)) for actor in contexts.actors]
        return _dense(self._customer_lines[rows])

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
    def _recent_demand(self) -> NDArray[np.float32]:
        first = self.baskets.starts[int(len(self.baskets.actors) * (1 - _NEWEST))]
        bought = np.bincount(self.baskets.item[first:], minlength=self.baskets.shape[1])
        return np.log1p(bought).astype(np.float32)

    @cached_property
    def _rows(self) -> dict[str, int]:
        known = (self.customers.get(actor) for actor in self.baskets.actors)
        return {name: row for row, name in enumerate(sorted({name for name in known if name is not None}))}

    @cached_property
    def _customer_lines(self) -> sparse.csr_array:
        """How many baskets of each customer hold each item; the last row is nobody's."""
        rows = [self._rows.get(self.customers.get(actor, ""), len(self._rows)) for actor in self.baskets.actors]
        kept = np.flatnonzero(np.array(rows, dtype=np.int64) < len(self._rows))
        ones = np.ones(len(kept), dtype=np.float32)
        shape = (len(self._rows) + 1, len(rows))
        return sparse.csr_array(sparse.csr_array((ones, (np.array(rows)[kept], kept)), shape=shape) @ self._lines)

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
    def _across(self) -> sparse.csr_array:
        return sparse.csr_array(self._words.T)

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


def _best(contexts: Histories, rows: sparse.csr_array, across: sparse.csr_array | None = None) -> Block:
    """The greatest value over what is in the basket of `rows`, or of rows @ across; 0 at least."""
    found = np.zeros(contexts.shape, dtype=np.float32)
    for case, (start, end) in enumerate(zip(contexts.starts[:-1], contexts.starts[1:], strict=True)):
        held = rows[contexts.item[start:end]]
        values = held if across is None else held @ across
        if values.nnz:
            np.maximum.at(found[case], values.indices, values.data)
    return found


def _dense(values: sparse.csr_array) -> Block:
    return _float(values.toarray())


def _float(values: NDArray[Any]) -> Block:
    return np.asarray(values, dtype=np.float32)
