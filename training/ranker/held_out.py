"""What a ranker is worth on candidates that neither taught, stopped nor calibrated it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.ranker.calibration import Bin, reliability
from training.ranker.evidence import COLUMNS
from training.ranker.features import BASE
from training.ranker.gain import ndcg
from training.weights.learned import worth_releasing

_FEWEST = 50  # purchases by which two orders are told apart; of fewer, chance decides
_ALONE = [BASE.index(f"{column}_soon") for column in COLUMNS]  # directed co-purchase is the first


@dataclass(frozen=True, slots=True)
class HeldOut:
    """`bins`: reliability. `ndcg`: NDCG@10 of the ranker's order; `evidence_ndcg`: of the best of its columns of
    evidence alone, on the same candidates. Both are nan where none of them was bought. `bought`: how many were."""

    bins: tuple[Bin, ...] = ()
    bought: int = 0
    ndcg: float = math.nan
    evidence_ndcg: float = math.nan

    @property
    def better(self) -> bool:
        """Whether the ranker orders better than the evidence alone; where too little was held out to tell, it does."""
        return self.bought < _FEWEST or worth_releasing(self.ndcg, self.evidence_ndcg)


def held_out(
    chances: NDArray[np.float64],
    features: NDArray[np.float32],
    bought: NDArray[np.bool_],
    case: NDArray[np.int64],
) -> HeldOut:
    """The worth of a ranker's probabilities [N]; `features` [N, BASE], `bought` [N], `case` [N] ascending."""
    bins = reliability(chances, bought)
    if not bought.any():
        return HeldOut(bins)
    alone = (ndcg(features[:, column].astype(np.float64), bought, case) for column in _ALONE)
    return HeldOut(bins, int(bought.sum()), ndcg(chances, bought, case), max(alone))
