"""The learned classifier of pairs: gradient boosting over their features, with three answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import lightgbm
import numpy as np
from numpy.typing import NDArray

from training.pairs.samples import Samples

Floats = NDArray[np.float64]
Watch = Callable[[int, int], None]  # rounds done, rounds at most

_CHECKED = 0.1  # of the samples, to stop at
_PATIENCE = 25


@dataclass(frozen=True, slots=True)
class Boosting:
    """How the classifier grows."""

    rounds: int = 300
    rate: float = 0.08
    leaves: int = 31
    at_least: int = 60  # samples in a leaf
    seed: int = 0

    def parameters(self) -> dict[str, object]:
        """As LightGBM names them; one thread and fixed seeds, so that equal samples give an equal model."""
        return {
            "objective": "multiclass",
            "num_class": 3,
            "learning_rate": self.rate,
            "num_leaves": self.leaves,
            "min_data_in_leaf": self.at_least,
            "feature_fraction": 0.5,
            "bagging_fraction": 0.7,
            "bagging_freq": 1,
            "num_threads": 1,
            "deterministic": True,
            "force_row_wise": True,
            "seed": self.seed,
            "verbose": -1,
        }


class PairModel:
    """Probabilities of complement, substitute and neither from a pair's features."""

    def __init__(self, text: str) -> None:
        self._booster = lightgbm.Booster(model_str=text)
        self._text = text

    @property
    def text(self) -> str:
        """The whole model, to be kept in a file."""
        return self._text

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the features it was learned from, in order."""
        return tuple(self._booster.feature_name())

    def predict(self, features: NDArray[np.float32]) -> Floats:
        """Shape [n, 3]: complement, substitute, neither, each in [0, 1], summing to 1."""
        if not len(features):
            return np.empty((0, 3))
        return np.asarray(self._booster.predict(features, num_threads=1), dtype=np.float64)


def unwatched(_done: int, _total: int) -> None:
    """Rounds that nobody watches."""


def learn(samples: Samples, boosting: Boosting | None = None, watch: Watch = unwatched) -> PairModel:
    """Boosts until the log loss on a tenth of the samples, drawn by the seed, has not fallen for 25 rounds.

    Minimal log loss is what makes the probabilities calibrated for the mix of the samples.
    """
    chosen = boosting or Boosting()
    rng = np.random.default_rng(chosen.seed)
    checked = rng.random(len(samples.label)) < _CHECKED
    feature = [name.replace(",", "").replace(":", "").replace(" ", "_") for name in samples.names]
    fitted = lightgbm.Dataset(samples.features[~checked], samples.label[~checked], feature_name=feature)
    valid = lightgbm.Dataset(samples.features[checked], samples.label[checked], reference=fitted)
    stop = lightgbm.early_stopping(_PATIENCE, verbose=False)

    def told(env: lightgbm.callback.CallbackEnv) -> None:
        watch(env.iteration + 1, chosen.rounds)

    booster = lightgbm.train(chosen.parameters(), fitted, chosen.rounds, valid_sets=[valid], callbacks=[told, stop])
    return PairModel(booster.model_to_string(num_iteration=booster.best_iteration))
