"""The choice of some of many neighbours: all where there are few, else each subset with equal probability."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from training.weights.eei.neighbours import choose


@settings(max_examples=60)
@given(st.lists(st.integers(0, 12), max_size=8), st.integers(1, 6), st.integers(0, 99))
def test_different_places_of_each_node_in_order(degrees: list[int], most: int, seed: int) -> None:
    owner, place = choose(np.array(degrees, dtype=np.int64), most, np.random.default_rng(seed))
    pairs = list(zip(owner.tolist(), place.tolist(), strict=True))
    assert pairs == sorted(set(pairs))
    for node, degree in enumerate(degrees):
        mine = [p for n, p in pairs if n == node]
        assert len(mine) == min(degree, most)
        assert all(0 <= p < degree for p in mine)


def test_every_subset_is_as_likely() -> None:
    rng = np.random.default_rng(1)
    _, place = choose(np.full(20_000, 5), 2, rng)
    seen = Counter(tuple(pair) for pair in place.reshape(-1, 2).tolist())
    assert set(seen) == set(combinations(range(5), 2))
    assert all(abs(count / 20_000 - 0.1) < 0.01 for count in seen.values())
