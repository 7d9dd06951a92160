"""What speaks for an item in a context without a purchase of the item itself.

Directed co-purchase A leads from what was bought (or from items like it, or from its group) to items that were bought
afterwards; from there a carrier leads on to the items like those, or of the same group. An item's own purchases never
speak for it, so that a bought item and one that nobody bought yet are measured alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from training.cold.content import GROUPS, Content, members, words
from training.cold.likeness import Likeness
from training.cold.needs import needs
from training.evaluation.baselines.cosine import cosine
from training.evaluation.baselines.directed import SMOOTHING, counted
from training.evaluation.histories import Histories, Ints

Block = NDArray[np.float32]

_CARRIERS = {
    "few": ("mixed", 5),
    "near": ("mixed", 20),
    "wide": ("mixed", 60),
    "worded": ("words", 20),
    "meant": ("meaning", 40),
}
# source and the purchases after which a bought item counts 1/e → what carries it on
_PATHS = {
    ("item", 1.0): ("wide", "worded", "brand"),
    ("item", 8.0): ("near", "wide", "meant", "entity", "shelf"),
    ("like", 1.0): ("wide",),
    ("like", 8.0): ("few", "near", "worded"),
    ("before", 8.0): ("near",),
    ("together", 8.0): ("near", "meant"),
    ("category", 1.0): ("category", "near"),
    ("entity", 8.0): ("entity", "near"),
    ("shelf", 8.0): ("shelf",),
    ("brand", 1.0): ("brand", "near"),
}
PATHS = tuple(f"{source} {tau:g} > {carrier}" for (source, tau), carriers in _PATHS.items() for carrier in carriers)
TEXTS = ("meaning, recent", "meaning, best", "words, recent", "words, best")
NEEDS = ("needs", "edges", "need of the newest")
NAMES = (*PATHS, *TEXTS, *NEEDS)
_OWN_SHARE = 0.3  # of an item itself among the items like it


@dataclass(frozen=True, eq=False)
class Evidence:
    """Evidence from some histories; what is computed of them is kept."""

    histories: Histories
    content: Content
    likeness: Likeness

    def features(self, contexts: Histories, columns: Ints) -> Iterator[Block]:
        """One block [contexts, columns] for each of NAMES, in their order, for the items of these codes."""
        yield from self._paths(contexts, columns)
        yield from self._texts(contexts, columns)
        yield from needs(contexts, self.content, columns)

    def _paths(self, contexts: Histories, columns: Ints) -> Iterator[Block]:
        for (source, tau), carriers in _PATHS.items():
            reached = sparse.csr_array(contexts.recency(tau).astype(np.float32) @ self._source(source))
            yield from (self._carried(reached, carrier, columns) for carrier in carriers)

    def _source(self, name: str) -> sparse.csr_array:
        return self._sources[name] if name in self._sources else self._groups[name] @ self._sources[f"of {name}"]

    def _carried(self, reached: sparse.csr_array, carrier: str, columns: Ints) -> Block:
        if carrier in self._carriers:
            return np.asarray((reached @ self._carriers[carrier][columns].T).toarray())
        group = self._groups[carrier]
        whole = (reached @ group @ group[columns].T).toarray()
        own = reached[:, columns].toarray() * (self.content.groups[carrier][columns] >= 0)
        return np.asarray(np.maximum(whole - own, 0.0))

    def _texts(self, contexts: Histories, columns: Ints) -> Iterator[Block]:
        recent = contexts.recency(8.0).astype(np.float32)
        for rows in (self.content.vectors, self._words):
            yield _dense((recent @ rows) @ rows[columns].T)
            yield _best(contexts, rows, columns)

    @cached_property
    def _words(self) -> sparse.csr_array:
        return words(self.content.titles)

    @cached_property
    def _groups(self) -> dict[str, sparse.csr_array]:
        return {name: members(self.content.groups[name]) for name in GROUPS}

    @cached_property
    def _carriers(self) -> dict[str, sparse.csr_array]:
        bought = np.bincount(self.histories.item, minlength=self.histories.shape[1]) > 0
        return {name: self.likeness.carrier(kind, bought, most) for name, (kind, most) in _CARRIERS.items()}

    @cached_property
    def _sources(self) -> dict[str, sparse.csr_array]:
        """By name a matrix [items or groups, items]: to what it leads."""
        counts = sparse.csr_array(counted(self.histories).astype(np.float32))
        after = _shares(counts)
        own = sparse.eye_array(after.shape[0], dtype=np.float32)
        like = (1 - _OWN_SHARE) * self._carriers["near"] + _OWN_SHARE * own
        return {
            "item": after,
            "like": sparse.csr_array(like @ after),
            "before": _shares(sparse.csr_array(counts.T)),
            "together": sparse.csr_array(cosine(self.histories).astype(np.float32)),
            **{f"of {name}": _shares(sparse.csr_array(group.T @ counts)) for name, group in self._groups.items()},
        }


def _shares(counts: sparse.csr_array) -> sparse.csr_array:
    sums = np.asarray(counts.sum(axis=1)).ravel() + SMOOTHING
    return sparse.csr_array(sparse.diags_array((1.0 / sums).astype(np.float32)) @ counts)


def _best(contexts: Histories, rows: NDArray[np.float32] | sparse.csr_array, columns: Ints) -> Block:
    """The greatest cosine with something bought, 0 at least."""
    across = rows[columns].T
    found = np.zeros((len(contexts.actors), len(columns)), dtype=np.float32)
    for case, (start, end) in enumerate(zip(contexts.starts[:-1], contexts.starts[1:], strict=True)):
        if end > start:
            found[case] = _dense(rows[contexts.item[start:end]] @ across).max(axis=0)
    return np.maximum(found, 0.0)


def _dense(values: NDArray[np.float32] | sparse.csr_array) -> Block:
    return np.asarray(values if isinstance(values, np.ndarray) else values.toarray(), dtype=np.float32)
