"""Baselines of next purchase, computed in memory over all items: what every other method is compared with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from graph.ordering import natural
from training.weights.copurchase import DISTANCE, SMOOTHING

_USERS_AT_ONCE = 1000
Scorer = Callable[[NDArray[np.int64]], NDArray[np.float64]]  # user codes [B] → scores [B, items]


class Histories:
    """Purchases as arrays: users and items coded 0…, items in the order by which ties are broken.

    `purchases` has user and item in timeline order; `items` are all items that may be recommended.
    """

    def __init__(self, purchases: pl.DataFrame, items: Sequence[str]) -> None:
        self.items = sorted(items, key=natural)
        self.users = sorted(purchases["user"].unique())
        self.item_codes = {item: code for code, item in enumerate(self.items)}
        self.user_codes = {user: code for code, user in enumerate(self.users)}
        ordered = purchases.select("user", "item").sort("user", maintain_order=True)
        self.user = np.array([self.user_codes[user] for user in ordered["user"]], dtype=np.int64)
        self.item = np.array([self.item_codes[item] for item in ordered["item"]], dtype=np.int64)
        self.shape = (len(self.users), len(self.items))

    def owned(self) -> sparse.csr_array:
        """1 where a user has bought an item, shape [users, items]."""
        matrix = sparse.csr_array((np.ones(len(self.user)), (self.user, self.item)), shape=self.shape)
        matrix.data[:] = 1.0
        return matrix

    def recency(self) -> sparse.csr_array:
        """exp(-age) of a user's purchases, age 0 for the latest, shape [users, items]."""
        ends = np.append(np.flatnonzero(np.diff(self.user)), len(self.user) - 1)
        sizes = np.diff(np.concatenate([[-1], ends]))
        age = np.repeat(ends, sizes) - np.arange(len(self.user))
        return sparse.csr_array((np.exp(-age.astype(np.float64)), (self.user, self.item)), shape=self.shape)


def popularity(histories: Histories) -> Scorer:
    """Every user gets the most bought items."""
    counts = np.bincount(histories.item, minlength=histories.shape[1]).astype(np.float64)
    return lambda users: np.repeat(counts[None], len(users), axis=0)


def directed_copurchase(histories: Histories) -> Scorer:
    """score = sum of exp(-age) A over the history; A[a, b] = sum of 1/d over b at distance d = 1..5 after a, divided
    by (row sum + 3)."""
    size = histories.shape[1]
    after = sparse.csr_array((size, size), dtype=np.float64)
    for distance in range(1, DISTANCE + 1):
        same = histories.user[:-distance] == histories.user[distance:]
        pairs = histories.item[:-distance][same], histories.item[distance:][same]
        after = after + sparse.csr_array((np.full(int(same.sum()), 1.0 / distance), pairs), shape=(size, size))
    rows = sparse.diags_array(1.0 / (np.asarray(after.sum(axis=1)).ravel() + SMOOTHING))
    weights, recency = sparse.csr_array(rows @ after), histories.recency()
    return lambda users: np.asarray((recency[users] @ weights).toarray(), dtype=np.float64)


def ranks(scorer: Scorer, histories: Histories, cases: pl.DataFrame) -> NDArray[np.int64]:
    """0-based rank of each case's item (columns user, item) among all items not bought; ties by ascending item id."""
    owned = histories.owned()
    users = np.array([histories.user_codes[user] for user in cases["user"]], dtype=np.int64)
    answers = np.array([histories.item_codes[item] for item in cases["item"]], dtype=np.int64)
    parts = [_ranks(scorer, owned, users[part], answers[part]) for part in _slices(len(users))]
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)


def _ranks(
    scorer: Scorer, owned: sparse.csr_array, users: NDArray[np.int64], answers: NDArray[np.int64]
) -> NDArray[np.int64]:
    scores = scorer(users)
    scores[owned[users].nonzero()] = -np.inf
    own = scores[np.arange(len(users)), answers][:, None]
    ties = (scores == own) & (np.arange(scores.shape[1]) < answers[:, None])
    return np.asarray((scores > own).sum(axis=1) + ties.sum(axis=1), dtype=np.int64)


def _slices(length: int) -> Iterator[slice]:
    return (slice(start, start + _USERS_AT_ONCE) for start in range(0, length, _USERS_AT_ONCE))
