"""What an order of candidates is worth: NDCG of the bought one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

CUT = 10


def ndcg(scores: NDArray[np.float64], bought: NDArray[np.bool_], case: NDArray[np.int64]) -> float:
    """Mean NDCG@10 over the cases among whose candidates one was bought, 0 where there is none; all arrays are [N].

    `case` ascends. A candidate that ties with the bought one stands before it, so that equal scores gain nothing.
    """
    place = np.flatnonzero(bought)
    if not len(place):
        return 0.0
    first, after = np.searchsorted(case, case[place]), np.searchsorted(case, case[place], side="right")
    ahead = [
        int((scores[low:high] >= scores[own]).sum()) - 1 for low, high, own in zip(first, after, place, strict=True)
    ]
    rank = np.array(ahead)
    return float(np.where(rank < CUT, 1.0 / np.log2(rank + 2.0), 0.0).mean())
