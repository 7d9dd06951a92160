"""The ranker of what is missing in a basket: its weights come from baskets that its evidence does not know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.baskets.evidence import LOGARITHMS, NAMES, BasketEvidence
from training.baskets.hiding import Incomplete, hide_line
from training.choice import Block, ConditionalLogit, fit_choices, unlearned
from training.cold.content import Content
from training.evaluation.baselines.ease import Ease
from training.evaluation.fitted import Scorer
from training.evaluation.histories import Histories, Ints

_ROWS = 100  # baskets scored at a time


@dataclass(frozen=True, slots=True)
class BasketRanker:
    """Scores any item by the evidence of other baskets.

    To learn, a line is hidden in `cases` baskets drawn from a `share` of all, and the evidence comes from the others.
    The item hidden is told from `best` items with the best EASE score and from as many random ones, each of which
    stands for many.
    """

    content: Content
    penalty: float = 200.0
    most: int = 20_000
    share: float = 0.2
    cases: int = 4000
    best: int = 100
    seed: int = 0

    def fit(self, histories: Histories) -> Scorer:
        """Learns the weights, then takes the evidence from all baskets."""
        ease = Ease(self.penalty, None, self.most)
        model = self._model(histories, ease)
        evidence = BasketEvidence(histories, self.content, ease)

        def scores(contexts: Histories) -> Block:
            parts = (contexts.take(rows) for rows in _parts(len(contexts.actors)))
            found = [model.score(evidence.features(part)) for part in parts]
            return np.concatenate([np.zeros((0, contexts.shape[1]), np.float32), *found])

        return scores

    def _model(self, histories: Histories, ease: Ease) -> ConditionalLogit:
        generator = np.random.default_rng(self.seed)
        order = generator.permutation(len(histories.actors))
        cut = int(len(order) * self.share)
        cases = self._cases(histories, order[:cut], generator)
        if not len(cases.answers) or cut == len(order):
            return unlearned(len(NAMES))
        evidence = BasketEvidence(histories.take(np.sort(order[cut:])), self.content, ease)
        samples = [self._sample(evidence, cases, rows, generator) for rows in _parts(len(cases.answers))]
        features, places, weights = zip(*samples, strict=True)
        blocks = [np.concatenate(parts) for parts in zip(*features, strict=True)]
        return fit_choices(blocks, np.concatenate(places), LOGARITHMS, np.concatenate(weights))

    def _cases(self, histories: Histories, rows: Ints, generator: np.random.Generator) -> Incomplete:
        """Lines hidden in these baskets, in one after another until there are enough."""
        return hide_line(histories, np.resize(rows, min(self.cases, 4 * len(rows))), generator)

    def _sample(
        self, evidence: BasketEvidence, cases: Incomplete, rows: Ints, generator: np.random.Generator
    ) -> tuple[list[Block], Ints, NDArray[np.float32]]:
        """The features [cases, options], which option was hidden (always the first), and what each stands for."""
        contexts, answers = cases.contexts.take(rows), cases.answers[rows]
        options, weights = None, None
        blocks: list[Block] = []
        for values in evidence.features(contexts):
            if options is None or weights is None:
                options, weights = self._options(values, contexts, answers, generator)
            blocks.append(np.take_along_axis(values, options, axis=1))
        assert weights is not None
        return blocks, np.zeros(len(rows), dtype=np.int64), weights

    def _options(
        self, scores: Block, contexts: Histories, answers: Ints, generator: np.random.Generator
    ) -> tuple[Ints, NDArray[np.float32]]:
        """Codes [cases, 1 + best + best] of the answer, the best others by score and random ones, and their weights.

        What is repeated, in the basket, or the answer again has no weight to speak of.
        """
        cases, items = scores.shape
        ranked = scores.copy()
        ranked[contexts.actor, contexts.item] = -np.inf
        ranked[np.arange(cases), answers] = -np.inf
        best = min(self.best, items)
        top = np.argpartition(-ranked, best - 1, axis=1)[:, :best]
        rest = generator.integers(0, items, (cases, best))
        bound = np.take_along_axis(ranked, top, axis=1).min(axis=1, keepdims=True)
        value = np.take_along_axis(ranked, rest, axis=1)
        outside = (value <= bound) & np.isfinite(value) & ~(rest[:, :, None] == top[:, None, :]).any(axis=2)
        listed = np.isfinite(np.take_along_axis(ranked, top, axis=1))
        weights = np.concatenate(
            [np.ones((cases, 1)), np.where(listed, 1.0, 1e-9), np.where(outside, items / best, 1e-9)], axis=1
        )
        return np.concatenate([answers[:, None], top, rest], axis=1), weights.astype(np.float32)


def _parts(length: int) -> Iterator[Ints]:
    return (np.arange(start, min(start + _ROWS, length)) for start in range(0, length, _ROWS))
