"""What an order of candidates is worth: NDCG of the bought one."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

CUT = 10
_REACH = 1.96  # standard errors to an end of a 95 % interval


def ndcg(scores: NDArray[np.float64], bought: NDArray[np.bool_], case: NDArray[np.int64]) -> float:
    """Mean NDCG@10 over the cases among whose candidates one was bought, 0 where there is none; as `gains`."""
    found = gains(scores, bought, case)
    return float(found.mean()) if len(found) else 0.0


def gains(scores: NDArray[np.float64], bought: NDArray[np.bool_], case: NDArray[np.int64]) -> NDArray[np.float64]:
    """NDCG@10 of each candidate bought, shape [bought]; all arrays are [N].

    `case` ascends. A candidate that ties with the bought one stands before it, so that equal scores gain nothing.
    """
    place = np.flatnonzero(bought)
    first, after = np.searchsorted(case, case[place]), np.searchsorted(case, case[place], side="right")
    ahead = [
        int((scores[low:high] >= scores[own]).sum()) - 1 for low, high, own in zip(first, after, place, strict=True)
    ]
    rank = np.array(ahead, dtype=np.int64)
    return np.where(rank < CUT, 1.0 / np.log2(rank + 2.0), 0.0)


def surely_worse(
    scores: NDArray[np.float64], others: NDArray[np.float64], bought: NDArray[np.bool_], case: NDArray[np.int64]
) -> bool:
    """Whether `scores` order these candidates worse than `others`, all [N] as for `gains`: the paired 95 % interval
    (normal) of the difference in NDCG@10 lies below zero."""
    difference = gains(scores, bought, case) - gains(others, bought, case)
    if not len(difference):
        return False
    return bool(difference.mean() + _REACH * difference.std() / math.sqrt(len(difference)) < 0)
