"""AUC at equal places: a click is compared only with what stood at the same place and was not clicked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from training.simulator.intervals import Estimate

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
_DRAWS = 200


def stratified_auc(scores: Floats, clicked: NDArray[np.bool_], places: Codes) -> float:
    """The share of pairs (clicked, not clicked) of one place in which the clicked one scores higher, ties a half.

    At one place everything is looked at equally often, so the bias of places plays no part. All shapes [n]; 0.5 where
    there is no pair.
    """
    won, pairs = 0.0, 0.0
    for place in np.unique(places):
        at = places == place
        ranks = stats.rankdata(scores[at])
        positive = clicked[at]
        clicks = float(positive.sum())
        others = float(len(positive)) - clicks
        won += float(ranks[positive].sum()) - clicks * (clicks + 1) / 2
        pairs += clicks * others
    return won / pairs if pairs > 0 else 0.5


@dataclass(frozen=True, slots=True)
class Exposures:
    """Held-out complementary exposures: `clicked`, `places` and `users` (codes), each of shape [n]."""

    clicked: NDArray[np.bool_]
    places: Codes
    users: Codes

    def board(self, scores: Mapping[str, Floats], against: str, rng: np.random.Generator) -> dict[str, Line]:
        """The AUC of every method and its difference to `against`, users drawn with replacement, paired."""
        values = {name: stratified_auc(each, self.clicked, self.places) for name, each in scores.items()}
        draws = [self._again(scores, rng) for _ in range(_DRAWS)]
        return {
            name: Line(
                _interval(value, [draw[name] for draw in draws]),
                _interval(value - values[against], [draw[name] - draw[against] for draw in draws]),
            )
            for name, value in values.items()
        }

    def _again(self, scores: Mapping[str, Floats], rng: np.random.Generator) -> dict[str, float]:
        rows = self._drawn(rng)
        clicked, places = self.clicked[rows], self.places[rows]
        return {name: stratified_auc(each[rows], clicked, places) for name, each in scores.items()}

    def _drawn(self, rng: np.random.Generator) -> Codes:
        """The rows of as many users as there are, drawn with replacement."""
        order = np.argsort(self.users, kind="stable")
        _, starts, sizes = np.unique(self.users[order], return_index=True, return_counts=True)
        drawn = rng.integers(len(sizes), size=len(sizes))
        return np.concatenate([order[starts[user] : starts[user] + sizes[user]] for user in drawn])


@dataclass(frozen=True, slots=True)
class Line:
    """A method's AUC and its difference to another's, each with a 95 % interval."""

    auc: Estimate
    gain: Estimate


def _interval(value: float, draws: list[float]) -> Estimate:
    low, high = np.quantile(draws, [0.025, 0.975])
    return Estimate(value, float(low), float(high))
