"""Item2vec: skip-gram over histories, each a sentence of items (Barkan and Koenigstein 2016), by gensim."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from training.evaluation.baselines.libraries import library
from training.evaluation.fitted import Scorer
from training.evaluation.histories import Histories


@dataclass(frozen=True, slots=True)
class Item2Vec:
    """score = (sum of exp(-age / tau) of the input vectors of the history, scaled to unit length) · vector of the item.

    `scores`: "in-in" compares with input vectors of unit length (what is bought in like company: substitutes), "in-out"
    with output vectors (what is bought beside it: complements).
    """

    scores: Literal["in-in", "in-out"] = "in-in"
    tau: float = 2.0
    window: int = 5
    epochs: int = 100
    exponent: float = 0.75  # of the popularity by which negatives are drawn (Caselles-Dupré et al. 2018)
    size: int = 64
    seed: int = 0

    def fit(self, histories: Histories) -> Scorer:
        """Raises DataError where gensim is not installed."""
        inputs, outputs = self._vectors(histories)
        unit = inputs / np.maximum(np.linalg.norm(inputs, axis=1, keepdims=True), 1e-12)
        unseen = ~inputs.any(axis=1)
        target = unit if self.scores == "in-in" else outputs

        def scores(contexts: Histories) -> Any:
            held = contexts.recency(self.tau).astype(np.float32) @ (unit if self.scores == "in-in" else inputs)
            found = held / np.maximum(np.linalg.norm(held, axis=1, keepdims=True), 1e-12) @ target.T
            found[:, unseen] = np.finfo(np.float32).min  # else their 0 stands above what is seldom bought together
            return found

        return scores

    def _vectors(self, histories: Histories) -> tuple[Any, Any]:
        """Input and output vectors [items, size], 0 for what nobody bought."""
        sentences = [part.tolist() for part in np.split(histories.item, histories.starts[1:-1])]
        model = library("gensim.models").Word2Vec(
            sentences,
            sg=1,
            negative=5,
            hs=0,
            min_count=1,
            sample=0,
            vector_size=self.size,
            window=self.window,
            epochs=self.epochs,
            ns_exponent=self.exponent,
            seed=self.seed + 1,
            workers=1,
        )
        inputs = np.zeros((histories.shape[1], self.size), dtype=np.float32)
        outputs = np.zeros_like(inputs)
        codes = np.array(model.wv.index_to_key, dtype=np.int64)
        inputs[codes], outputs[codes] = model.wv.vectors, model.syn1neg
        return inputs, outputs
