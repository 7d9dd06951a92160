from math import log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.evaluation.ranking_metrics import CUTS, rank_in, score


@given(st.lists(st.integers(0, 30), min_size=1))
def test_figures_agree_with_slow_loops(ranks: list[int]) -> None:
    line = score("any", np.array(ranks))
    for cut in CUTS:
        hits = [rank for rank in ranks if rank < cut]
        assert line.recall[cut] == pytest.approx(len(hits) / len(ranks))
        assert line.ndcg[cut] == pytest.approx(sum(1 / log2(rank + 2) for rank in hits) / len(ranks))


def test_a_known_answer() -> None:
    line = score("named", np.array([0, 2, 5, 1_000_000]))
    assert line.method == "named"
    assert line.recall == {5: 0.5, 10: 0.75, 20: 0.75}
    assert line.ndcg[5] == pytest.approx((1 + 0.5) / 4)
    assert line.ndcg[10] == pytest.approx((1 + 0.5 + 1 / log2(7)) / 4)


@given(st.lists(st.sampled_from("abcdef"), unique=True), st.sampled_from("abcdef"))
def test_the_place_in_a_list(listed: list[str], answer: str) -> None:
    place = rank_in(listed, answer)
    if answer in listed:
        assert listed[place] == answer
    else:
        assert place >= max(len(listed), *CUTS)
