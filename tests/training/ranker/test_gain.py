"""NDCG of one order against sorting."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.ranker.gain import CUT, ndcg, surely_worse


@settings(max_examples=60)
@given(st.lists(st.tuples(st.lists(st.integers(0, 9), min_size=1, max_size=14), st.integers(-1, 13)), max_size=5))
def test_against_sorting(cases: list[tuple[list[int], int]]) -> None:
    scores = np.array([float(score) for row, _ in cases for score in row])
    case = np.array([number for number, (row, _) in enumerate(cases) for _ in row], dtype=np.int64)
    bought = np.array([place == own for row, own in cases for place in range(len(row))], dtype=bool)
    gains = []
    for row, own in cases:
        if 0 <= own < len(row):
            # worst place among equals
            order = sorted(range(len(row)), key=lambda n: (-row[n], n == own))
            rank = order.index(own)
            gains.append(1 / math.log2(rank + 2) if rank < CUT else 0.0)
    expected = sum(gains) / len(gains) if gains else 0.0
    assert ndcg(scores, bought, case) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("worse", "better", "sure"), [(0, 0, False), (6, 5, False), (5, 6, False), (9, 1, True), (1, 9, False)]
)
def test_an_order_is_worse_only_if_chance_is_no_explanation(worse: int, better: int, sure: bool) -> None:
    cases = worse + better + 10  # of two candidates, the first is bought
    others = np.tile([1.0, 0.5], cases)
    scores = others.copy()
    scores[: 2 * worse : 2] = 0.0
    others[2 * worse : 2 * (worse + better) : 2] = 0.0
    bought = np.tile([True, False], cases)
    case = np.repeat(np.arange(cases), 2)
    assert surely_worse(scores, others, bought, case) == sure
    assert not surely_worse(scores[:0], others[:0], bought[:0], case[:0])
