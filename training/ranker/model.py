"""The ranker: logit p = f_base + f_kg, with f_kg exactly 0 where no complementary edge is active (spec, section 8)."""

from __future__ import annotations

from dataclasses import dataclass, field

import lightgbm
import numpy as np
from numpy.typing import NDArray

from training.ranker.calibration import Platt

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Of N candidates: `logit` = f_base + f_kg, `known` = f_kg, each shape [N]."""

    logit: Floats
    known: Floats


@dataclass(frozen=True, slots=True, eq=False)
class RankerModel:
    """Two boosters with their scalings.

    `scaled` turns the base booster's score into f_base; `knowledge` (None: no edges to learn from) gives f_kg;
    `calibrated` turns their sum into a probability.
    """

    base: lightgbm.Booster
    scaled: Platt = field(default=Platt())
    knowledge: lightgbm.Booster | None = None
    calibrated: Platt = field(default=Platt())

    def f_base(self, features: NDArray[np.float32]) -> Floats:
        """The base logit of candidates with the features [N, BASE] of training.ranker.features."""
        if not len(features):
            return np.empty(0)
        return self.scaled.logit(np.asarray(self.base.predict(features, raw_score=True, num_threads=1)))

    def score(self, features: NDArray[np.float32], active: NDArray[np.int64], facts: NDArray[np.float32]) -> Scores:
        """Scores of candidates; `active` [M] are the numbers of those that an active edge leads to, and `facts`
        [M, KNOWLEDGE - 1] what training.ranker.triples says of them."""
        base = self.f_base(features)
        known = np.zeros(len(base))
        if self.knowledge is not None and len(active):
            read = np.concatenate([facts, base[active, None].astype(np.float32)], axis=1)
            known[active] = self.knowledge.predict(read, raw_score=True, num_threads=1)
        return Scores(base + known, known)
