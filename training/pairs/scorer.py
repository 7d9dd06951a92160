"""Scoring pairs of items: how likely they complement each other, and how likely one replaces the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.pairs.draws import Known
from training.pairs.evidence import Evidence, Recipe, recipe_blocks
from training.pairs.features import matrix
from training.pairs.model import Boosting, PairModel, Watch, learn, unwatched
from training.pairs.purchase_samples import FULL, purchase_samples
from training.pairs.relation_samples import FoldedRelations, relation_samples
from training.pairs.samples import COMPLEMENT, SUBSTITUTE, Samples
from training.pairs.verdict_features import VerdictFeatures

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

SIZE = 30_000
_PAIRS_AT_ONCE = 50_000
_EVERY = -1


@dataclass(frozen=True, slots=True)
class PairScores:
    """Probabilities in [0, 1], shape [n]: that dst complements src, and that it replaces it."""

    complement: Floats
    substitute: Floats


def learn_pairs(
    evidence: Evidence, size: int = SIZE, seed: int = 0, boosting: Boosting | None = None, watch: Watch = unwatched
) -> PairModel:
    """Learns from relations where there are any, else from purchases and verdicts.

    Raises ValueError where there is nothing to learn from: no relation, no purchases one after the other, no verdict.
    """
    samples = training_samples(evidence, size, seed)
    if not (samples.label == COMPLEMENT).any():
        raise ValueError("no relations, no purchases one after the other and no complementary verdicts")
    return learn(samples, boosting, watch)


def training_samples(evidence: Evidence, size: int = SIZE, seed: int = 0) -> Samples:
    """The samples that `learn_pairs` learns from."""
    if evidence.relations is not None:
        return relation_samples(evidence, size, seed)
    return purchase_samples(evidence.shelf, evidence.bought, size, seed)


class PairScorer:
    """Scores pairs by a model and the evidence that its features come from; `recipe` is that of the model's samples.

    A pair that stands among the relations itself is scored from the relations of the other folds, so that what is
    known of it never counts as evidence for it.
    """

    def __init__(self, evidence: Evidence, model: PairModel, recipe: Recipe = FULL) -> None:
        self._model = model
        self._lasting = recipe_blocks(recipe, evidence.shelf, evidence.bought, VerdictFeatures(evidence.shelf))
        known = evidence.relations
        self._folded = None if known is None else FoldedRelations(evidence.shelf, known)
        self._known = None if known is None else Known(known.src, known.dst, known.items)

    def score(self, src: Ints, dst: Ints) -> PairScores:
        """Scores of the pairs src[i] → dst[i] of item codes, shape [n]."""
        parts = [
            self._part(src[start : start + _PAIRS_AT_ONCE], dst[start : start + _PAIRS_AT_ONCE])
            for start in range(0, len(src), _PAIRS_AT_ONCE)
        ]
        found = np.concatenate(parts) if parts else np.empty((0, 3))
        return PairScores(found[:, COMPLEMENT], found[:, SUBSTITUTE])

    def _part(self, src: Ints, dst: Ints) -> Floats:
        if self._folded is None or self._known is None:
            return self._model.predict(matrix(self._lasting, src, dst))
        fold = np.where(self._known(src, dst), self._folded.fold(src, dst), _EVERY)
        found = np.empty((len(src), 3))
        for number in np.unique(fold).tolist():
            rows = fold == number
            blocks = [*self._lasting, *self._folded.blocks(number)]
            found[rows] = self._model.predict(matrix(blocks, src[rows], dst[rows]))
        return found
