"""Samples from known relations: what was also bought, what was only also viewed, and what is not related.

The features of a pair come from the relations of other folds only, so that no pair sees itself in either direction. A
part of the samples has its source (or target) hidden from the relations altogether, so that the scorer learns what to
say of items that no relation names.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from training.pairs.draws import Known, as_popular, at_random
from training.pairs.evidence import Evidence, lasting_blocks, purchase_blocks
from training.pairs.features import FeatureBlock, matrix, names
from training.pairs.relation_features import relation_blocks
from training.pairs.relations import COMPLEMENT as BOUGHT
from training.pairs.relations import SUBSTITUTE as VIEWED
from training.pairs.relations import Relations, folds, pair_keys
from training.pairs.samples import COMPLEMENT, NEITHER, SUBSTITUTE, Pairs, Samples, joined, labelled, stacked
from training.pairs.shelf import Shelf

Ints = NDArray[np.int64]

FOLDS = 5
_HIDDEN_ITEMS = 0.2
_COLD_SHARE = 0.15


@dataclass(slots=True)
class FoldedRelations:
    """The blocks of each fold's complement, made when first asked for; fold -1 uses all relations."""

    shelf: Shelf
    relations: Relations
    seed: int = 0
    _made: dict[int, list[FeatureBlock]] = field(default_factory=dict)

    def fold(self, src: Ints, dst: Ints) -> Ints:
        """The fold of each pair, known or not, shape [n]."""
        return folds(pair_keys(src, dst, self.relations.items), FOLDS, self.seed)

    def blocks(self, fold: int) -> list[FeatureBlock]:
        """Blocks from the relations outside the fold."""
        if fold not in self._made:
            own = self.fold(self.relations.src, self.relations.dst)
            self._made[fold] = relation_blocks(self.shelf, self.relations.where(own != fold))
        return self._made[fold]

    def drop(self, fold: int) -> None:
        """Forgets the blocks of a fold, for their memory."""
        self._made.pop(fold, None)


def relation_samples(evidence: Evidence, size: int, seed: int = 0) -> Samples:
    """About 3.5 `size` samples: `size` complements, half as many substitutes, and as many unrelated pairs as
    complements at random and of equal popularity each; fewer where there are fewer.

    Pairs that are both bought and viewed are no sample, and are never drawn as unrelated.
    """
    known = evidence.relations
    if known is None:
        raise ValueError("relation_samples needs relations")
    rng = np.random.default_rng(seed)
    pairs = _pairs(evidence, known, size, rng)
    lasting = [*lasting_blocks(evidence.shelf), *purchase_blocks(evidence.shelf, evidence.bought)]
    return stacked(_featured(part, lasting, blocks) for part, blocks in _parts(evidence, known, pairs, rng, seed))


def _pairs(evidence: Evidence, known: Relations, size: int, rng: np.random.Generator) -> Pairs:
    complements = _drawn(known, BOUGHT, size, rng)
    substitutes = _drawn(known, VIEWED, size // 2, rng)
    related = Known(known.src, known.dst, known.items)
    chance = at_random(complements.src, related, known.items, rng)
    popular = as_popular(complements.src, complements.dst, evidence.bought.popularity(), related, rng)
    return joined(
        [
            labelled(complements.src, complements.dst, COMPLEMENT),
            labelled(substitutes.src, substitutes.dst, SUBSTITUTE),
            labelled(complements.src, chance, NEITHER),
            labelled(complements.src, popular, NEITHER),
        ]
    )


def _drawn(known: Relations, label: int, size: int, rng: np.random.Generator) -> Relations:
    rows = np.flatnonzero(known.label == label)
    kept = np.zeros(len(known.label), bool)
    kept[rng.choice(rows, min(size, len(rows)), replace=False)] = True
    return known.where(kept)


def _parts(
    evidence: Evidence, known: Relations, pairs: Pairs, rng: np.random.Generator, seed: int
) -> list[tuple[Pairs, list[FeatureBlock]]]:
    folded = FoldedRelations(evidence.shelf, known, seed)
    hidden = rng.random(known.items) < _HIDDEN_ITEMS
    cold = (hidden[pairs.src] | hidden[pairs.dst]) & (rng.random(len(pairs.src)) < _COLD_SHARE / _HIDDEN_ITEMS / 2)
    fold = folded.fold(pairs.src, pairs.dst)
    parts = [(pairs.where(~cold & (fold == number)), folded.blocks(number)) for number in range(FOLDS)]
    unseen = relation_blocks(evidence.shelf, known.where(~(hidden[known.src] | hidden[known.dst])))
    return [*parts, (pairs.where(cold), unseen)]


def _featured(pairs: Pairs, lasting: list[FeatureBlock], blocks: list[FeatureBlock]) -> Samples:
    every = [*lasting, *blocks]
    return Samples(matrix(every, pairs.src, pairs.dst), pairs.label, tuple(names(every)))
