import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from training.evaluation.histories import Histories
from training.evaluation.ranking import MISS, answer_ranks, masked, top_items

SCORES = hnp.arrays(
    np.float32, st.tuples(st.integers(0, 4), st.integers(1, 7)), elements=st.sampled_from([-np.inf, 0.0, 0.5, 1.0, -2])
)


def order(row: np.ndarray) -> list[int]:
    """Columns by falling score, ties by ascending column, without what is masked."""
    return sorted((col for col in range(len(row)) if row[col] > -np.inf), key=lambda col: (-row[col], col))


@given(scores=SCORES, depth=st.integers(0, 9))
def test_lists_agree_with_a_slow_sort(scores: np.ndarray, depth: int) -> None:
    lists = top_items(scores, depth)
    assert lists.shape == (len(scores), depth)
    for row, listed in zip(scores, lists, strict=True):
        best = order(row)[:depth]
        assert listed.tolist() == best + [-1] * (depth - len(best))


@given(scores=SCORES, data=st.data())
def test_ranks_agree_with_a_slow_sort(scores: np.ndarray, data: st.DataObject) -> None:
    answers = [data.draw(st.integers(0, scores.shape[1] - 1)) for _ in scores]
    ranks = answer_ranks(scores, np.array(answers, dtype=np.int64))
    for row, answer, rank in zip(scores, answers, ranks, strict=True):
        best = order(row)
        assert rank == (best.index(answer) if answer in best else MISS)


def test_what_is_bought_or_no_candidate_is_masked() -> None:
    contexts = Histories(("a", "b", "c"), ("u", "v"), np.array([0, 2, 2]), np.array([0, 2]), np.array([0, 1]))
    scores = masked(np.ones((2, 3)), contexts, np.array([True, False, True]))
    assert np.isneginf(scores).tolist() == [[True, True, True], [False, True, False]]
