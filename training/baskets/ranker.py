"""The ranker of what is missing in a basket: boosted trees over the best items of several channels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import lightgbm
import numpy as np
from numpy.typing import NDArray

from training.baskets.evidence import CHANNELS, NAMES, BasketEvidence, Block
from training.baskets.hiding import Incomplete, hide_line
from training.cold.content import Content
from training.evaluation.baselines.ease import Ease
from training.evaluation.fitted import Scorer
from training.evaluation.histories import Histories, Ints

_ROWS = 100  # baskets scored at a time
_ABOVE = 1e3  # what trees have scored stands above everything else
_PARAMETERS = {
    "objective": "binary",
    "learning_rate": 0.05,
    "num_leaves": 31,
    "min_data_in_leaf": 50,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "num_threads": 1,
    "deterministic": True,
    "verbose": -1,
}


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """The best items of each channel: codes [cases, k] in ascending order; `there`: first places of what is listed and
    not in the basket; `features` [cases, k, NAMES]; `base` [cases, items]: the score of what is no candidate."""

    items: Ints
    there: NDArray[np.bool_]
    features: Block
    base: Block


@dataclass(frozen=True, slots=True)
class BasketRanker:
    """Scores any item: candidates by boosted trees, the others, below all of them, by EASE.

    To learn, a line is hidden in `cases` baskets among the last `share` of all, and the evidence comes from the others.
    `others`: how many of a case's candidates that were not hidden are learned from.
    """

    content: Content
    customers: Mapping[str, str] = field(default_factory=dict)
    penalty: float = 200.0
    most: int = 20_000
    share: float = 0.2
    cases: int = 12_000
    others: int = 60
    rounds: int = 250
    seed: int = 0

    def fit(self, histories: Histories) -> Scorer:
        """Learns from the last baskets, then takes the evidence from all."""
        trees = self._trees(histories)
        evidence = self._evidence(histories)

        def scores(contexts: Histories) -> Block:
            parts = (contexts.take(rows) for rows in _parts(len(contexts.actors)))
            found = [_scored(trees, candidates(evidence, part)) for part in parts]
            return np.concatenate([np.zeros((0, contexts.shape[1]), np.float32), *found])

        return scores

    def _evidence(self, histories: Histories) -> BasketEvidence:
        return BasketEvidence(histories, self.content, Ease(self.penalty, None, self.most), self.customers)

    def _trees(self, histories: Histories) -> lightgbm.Booster | None:
        generator = np.random.default_rng(self.seed)
        cut = int(len(histories.actors) * (1 - self.share))
        last = np.arange(cut, len(histories.actors))
        cases = hide_line(histories, generator.permutation(np.resize(last, 4 * len(last)))[: self.cases], generator)
        if not cut or not len(cases.answers):
            return None
        evidence = self._evidence(histories.take(np.arange(cut)))
        samples = [self._sample(evidence, cases, rows, generator) for rows in _parts(len(cases.answers))]
        features, hidden = (np.concatenate(parts) for parts in zip(*samples, strict=True))
        if not hidden.any():
            return None
        data = lightgbm.Dataset(features, hidden, feature_name=[f"f{place}" for place in range(len(NAMES))])
        return lightgbm.train({**_PARAMETERS, "seed": self.seed}, data, self.rounds)

    def _sample(
        self, evidence: BasketEvidence, cases: Incomplete, rows: Ints, generator: np.random.Generator
    ) -> tuple[Block, NDArray[np.float32]]:
        """Features [n, NAMES] of candidates of the cases whose hidden item is one, and which was hidden."""
        found = candidates(evidence, cases.contexts.take(rows))
        hidden = found.there & (found.items == cases.answers[rows][:, None])
        chance = self.others / np.maximum(found.there.sum(axis=1, keepdims=True), 1)
        drawn = found.there & (generator.random(found.there.shape) < chance)
        kept = (hidden | drawn) & hidden.any(axis=1, keepdims=True)
        return found.features[kept], hidden[kept].astype(np.float32)


def candidates(evidence: BasketEvidence, contexts: Histories) -> Candidates:
    """The candidates of some baskets."""
    blocks = dict(evidence.features(contexts))
    best = [_best(blocks[name], contexts, most) for name, most in CHANNELS.items()]
    items = np.sort(np.concatenate(best, axis=1), axis=1)
    there = np.diff(items, axis=1, prepend=-1) > 0
    owned = np.zeros(contexts.shape, dtype=np.bool_)
    owned[contexts.actor, contexts.item] = True
    there &= ~np.take_along_axis(owned, items, axis=1)
    features = np.stack([np.take_along_axis(blocks[name], items, axis=1) for name in NAMES], axis=2)
    return Candidates(items, there, features, blocks["EASE"])


def _best(block: Block, contexts: Histories, most: int) -> Ints:
    scores = np.array(block)
    scores[contexts.actor, contexts.item] = -np.inf
    kept = min(most, scores.shape[1])
    return np.argpartition(-scores, kept - 1, axis=1)[:, :kept]


def _scored(trees: lightgbm.Booster | None, found: Candidates) -> Block:
    scores = found.base.copy()
    if trees is not None:
        rows, places = np.nonzero(found.there)
        values = np.asarray(trees.predict(found.features[rows, places], raw_score=True), dtype=np.float32)
        scores[rows, found.items[rows, places]] = values + np.float32(_ABOVE)
    return scores


def _parts(length: int) -> Iterator[Ints]:
    return (np.arange(start, min(start + _ROWS, length)) for start in range(0, length, _ROWS))
