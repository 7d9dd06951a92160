"""Matrix factors by `implicit`: alternating least squares and Bayesian personalised ranking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from training.evaluation.baselines.libraries import library
from training.evaluation.fitted import Scorer
from training.evaluation.histories import Histories


@dataclass(frozen=True, slots=True)
class Als:
    """Implicit ALS (Hu, Koren and Volinsky 2008); a context's factors are solved for from what it holds."""

    factors: int = 128
    penalty: float = 0.05
    confidence: float = 10.0
    iterations: int = 15
    seed: int = 0

    def fit(self, histories: Histories) -> Scorer:
        """Raises DataError where `implicit` is not installed."""
        als = library("implicit.cpu.als")
        limits = library("threadpoolctl").threadpool_limits
        with limits(1, "blas"):
            model = als.AlternatingLeastSquares(
                factors=self.factors,
                regularization=self.penalty,
                alpha=self.confidence,
                iterations=self.iterations,
                num_threads=1,
                random_state=self.seed,
            )
            model.fit(_matrix(histories), show_progress=False)

        def scores(contexts: Histories) -> Any:
            with limits(1, "blas"):
                users = model.recalculate_user(np.arange(contexts.shape[0]), _matrix(contexts))
            return users @ model.item_factors.T

        return scores


@dataclass(frozen=True, slots=True)
class Bpr:
    """BPR matrix factors (Rendle et al. 2009); an actor who was not there when it learned has the mean of the factors
    of what it holds."""

    factors: int = 128
    rate: float = 0.05
    penalty: float = 0.01
    iterations: int = 200
    seed: int = 0

    def fit(self, histories: Histories) -> Scorer:
        """Raises DataError where `implicit` is not installed."""
        bpr = library("implicit.cpu.bpr")
        model = bpr.BayesianPersonalizedRanking(
            factors=self.factors,
            learning_rate=self.rate,
            regularization=self.penalty,
            iterations=self.iterations,
            num_threads=1,
            random_state=self.seed,
        )
        model.fit(_matrix(histories), show_progress=False)
        return embedded(histories, model.user_factors, model.item_factors)


def embedded(histories: Histories, actors: Any, items: Any) -> Scorer:
    """score = actor · item, from vectors [actors, d] and [items, d]; the mean of its items for an unknown actor."""

    def scores(contexts: Histories) -> Any:
        rows = np.array([histories.rows.get(actor, -1) for actor in contexts.actors], dtype=np.int64)
        held = contexts.owned()
        means = (held @ items) / np.maximum(np.asarray(held.sum(axis=1)), 1.0)[:, None]
        return np.where((rows >= 0)[:, None], actors[rows], means) @ items.T

    return scores


def _matrix(histories: Histories) -> Any:
    from scipy.sparse import csr_matrix

    return csr_matrix(histories.owned().astype(np.float32))
