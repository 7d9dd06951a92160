"""How strongly one item leads to another: a logistic regression over what is counted of the pair."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

Floats = NDArray[np.float32]
_SHARES = 2  # the first columns are shares of strongly skewed size: their roots are read


@dataclass(frozen=True, slots=True)
class Pull:
    """P(b is bought next | a is the newest purchase) = sigmoid(weights · x + bias), x: the pair's evidence in the order
    of training.ranker.evidence.COLUMNS (the root of `followed` and `preceded`), and log(1 + purchases of b).

    This is the project's own formula. The defaults, learned from Beauty, order the pairs where nothing was learned.
    """

    weights: tuple[float, ...] = (4.9, -0.5, 2.1, 3.3, 0.3, 1.2, -0.3, 0.6)
    bias: float = -8.0

    def of(self, counted: Floats, popularity: Floats) -> Floats:
        """The pull of pairs, in (0, 1), shape [pairs], from their evidence [pairs, 7] and purchases of b [pairs]."""
        logit = _inputs(counted, popularity).astype(np.float64) @ np.array(self.weights) + self.bias
        return np.asarray(1.0 / (1.0 + np.exp(-logit)), dtype=np.float32)


USUAL = Pull()


def learn(counted: Floats, popularity: Floats, bought: NDArray[np.bool_]) -> Pull:
    """The pull that explains best which pairs were bought; the default where all or none were."""
    if bought.all() or not bought.any():
        return USUAL
    model = LogisticRegression(max_iter=200).fit(_inputs(counted, popularity), bought)
    return Pull(tuple(float(weight) for weight in model.coef_[0]), float(model.intercept_[0]))


def _inputs(counted: Floats, popularity: Floats) -> Floats:
    rooted = np.sqrt(counted[:, :_SHARES])
    return np.concatenate([rooted, counted[:, _SHARES:], np.log1p(popularity)[:, None]], axis=1)
