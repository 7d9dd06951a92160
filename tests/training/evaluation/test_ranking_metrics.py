from math import log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.evaluation.ranking import MISS
from training.evaluation.ranking_metrics import CUTS, METRICS, gains


@given(st.lists(st.integers(0, 30), min_size=1))
def test_gains_agree_with_slow_loops(ranks: list[int]) -> None:
    found = gains(np.array(ranks))
    assert tuple(found) == METRICS
    for cut in CUTS:
        assert found["recall", cut].tolist() == [float(rank < cut) for rank in ranks]
        assert found["ndcg", cut] == pytest.approx([1 / log2(rank + 2) if rank < cut else 0.0 for rank in ranks])


def test_a_known_answer() -> None:
    found = {metric: float(values.mean()) for metric, values in gains(np.array([0, 2, 5, MISS])).items()}
    assert [found["recall", cut] for cut in CUTS] == [0.5, 0.75, 0.75]
    assert found["ndcg", 5] == pytest.approx((1 + 0.5) / 4)
    assert found["ndcg", 10] == pytest.approx((1 + 0.5 + 1 / log2(7)) / 4)
