"""The conditional logit: which of many options is chosen, by what speaks for each (McFadden 1974)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Block = NDArray[np.float32]  # one feature [cases, options]
_LOW = 0.3  # the quantile of its positive values that is added to a feature before its logarithm
_SAMPLE = 200_000


@dataclass(frozen=True, slots=True)
class Scale:
    """How a feature is read: log(x + floor), or x itself without a floor, minus `mean`, divided by `deviation`."""

    floor: float | None
    mean: float
    deviation: float

    @classmethod
    def of(cls, values: Block, *, logarithm: bool) -> Scale:
        """From the values that it has in the cases to learn from."""
        sample = values.ravel()[:: max(1, values.size // _SAMPLE)]
        positive = sample[sample > 0]
        floor = float(max(np.quantile(positive, _LOW), 1e-6)) if len(positive) else 1e-6
        bare = cls(floor if logarithm else None, 0.0, 1.0)
        read = bare.read(sample)
        return cls(bare.floor, float(read.mean()), float(read.std()) + 1e-6)

    def read(self, values: Block) -> Block:
        """The values, scaled."""
        raw = values if self.floor is None else np.log(np.maximum(values, 0) + np.float32(self.floor))
        return np.asarray((raw - np.float32(self.mean)) / np.float32(self.deviation), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class ConditionalLogit:
    """score = sum of weight × scaled feature; among options the probability of a choice is the softmax of the scores."""

    scales: tuple[Scale, ...]
    weights: tuple[float, ...]

    def score(self, features: Iterable[Block]) -> Block:
        """The scores [cases, options], from one feature at a time."""
        total: Block | float = 0.0
        for scale, weight, values in zip(self.scales, self.weights, features, strict=True):
            total = total + np.float32(weight) * scale.read(values)
        return np.asarray(total, dtype=np.float32)


def unlearned(features: int) -> ConditionalLogit:
    """One that tells nothing: all scores are 0."""
    return ConditionalLogit((Scale(None, 0.0, 1.0),) * features, (0.0,) * features)


def fit_choices(
    features: Sequence[Block],
    chosen: NDArray[np.int64],
    logarithms: Sequence[bool],
    penalty: float = 1e-3,
    rounds: int = 60,
) -> ConditionalLogit:
    """The weights of greatest likelihood, less penalty / 2 × their squares a case; `chosen` [cases] are options."""
    scales = tuple(Scale.of(values, logarithm=log) for values, log in zip(features, logarithms, strict=True))
    read = np.stack([scale.read(values) for scale, values in zip(scales, features, strict=True)], axis=2)
    start = np.zeros(read.shape[2])
    found = minimize(_loss(read, chosen, penalty), start, jac=True, method="L-BFGS-B", options={"maxiter": rounds})
    return ConditionalLogit(scales, tuple(float(weight) for weight in found.x))


def _loss(
    features: Block, chosen: NDArray[np.int64], penalty: float
) -> Callable[[NDArray[np.float64]], tuple[float, NDArray[np.float64]]]:
    cases = np.arange(len(chosen))

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = features @ weights.astype(np.float32)
        scores -= scores.max(axis=1, keepdims=True)
        chances = np.exp(scores)
        chances /= chances.sum(axis=1, keepdims=True)
        likelihood = float(np.log(np.maximum(chances[cases, chosen], 1e-30)).mean())
        chances[cases, chosen] -= 1
        slope = np.tensordot(chances, features, axes=([0, 1], [0, 1])) / len(chosen)
        return penalty / 2 * float(weights @ weights) - likelihood, slope.astype(np.float64) + penalty * weights

    return loss
