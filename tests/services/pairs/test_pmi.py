from math import log

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from services.pairs import pmi

ENTITIES = ("a", "b", "c", "d")
ROWS = st.lists(st.tuples(st.integers(0, 3), st.sampled_from("abcdx"), st.integers(0, 30)), max_size=40)


def frame(rows: list[tuple[int, str, int]]) -> pl.DataFrame:
    schema = {"actor": pl.String, "entity": pl.String, "when": pl.Int64}
    return pl.DataFrame([(str(actor), entity, when) for actor, entity, when in rows], schema=schema, orient="row")


def slow_successions(rows: list[tuple[int, str, int]], window: int) -> np.ndarray:
    found = {
        (actor, first, second)
        for actor, first, start in rows
        for other, second, end in rows
        if actor == other and first != second and 0 <= end - start <= window
    }
    counts = np.zeros((4, 4), dtype=int)
    for _, first, second in found:
        if first in ENTITIES and second in ENTITIES:
            counts[ENTITIES.index(first), ENTITIES.index(second)] += 1
    return counts


@settings(max_examples=150)
@given(ROWS, st.integers(0, 20), st.sampled_from([1, 7, 1_000]))
def test_successions_agree_with_a_slow_count(rows: list[tuple[int, str, int]], window: int, chunk: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pmi, "CHUNK", chunk)
        fast = pmi.successions(frame(rows), ENTITIES, window).toarray()
    assert np.array_equal(fast, slow_successions(rows, window))


def test_baskets_without_order_count_in_both_directions() -> None:
    rows = pl.DataFrame({"actor": ["1", "1", "2", "2"], "entity": ["a", "b", "a", "c"], "when": [None] * 4})
    counts = pmi.successions(rows, ENTITIES, pmi.WINDOW_STEPS).toarray()
    assert counts.tolist() == [[0, 1, 1, 0], [1, 0, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0]]


def test_the_window_of_a_clock_is_fourteen_days() -> None:
    day = 24 * 3600 * 1000
    inside = frame([(1, "a", 0), (1, "b", 14 * day)])
    outside = frame([(1, "a", 0), (1, "b", 14 * day + 1)])
    assert pmi.successions(inside, ENTITIES, pmi.WINDOW_MS)[0, 1] == 1
    assert pmi.successions(outside, ENTITIES, pmi.WINDOW_MS).nnz == 0


@given(st.lists(st.integers(0, 9), min_size=16, max_size=16), st.sampled_from([0.0, 5.0]))
def test_positive_pmi_agrees_with_its_formula(values: list[int], discount: float) -> None:
    table = np.array(values).reshape(4, 4)
    scores = pmi.positive_pmi(sparse.csr_array(table), discount).toarray()
    for row in range(4):
        for column in range(4):
            count = table[row, column]
            expected = 0.0
            if count:
                ratio = count * table.sum() / (table[row].sum() * table[:, column].sum())
                expected = max(0.0, log(ratio)) * count / (count + discount)
            assert scores[row, column] == pytest.approx(expected, abs=1e-12)


def test_direction_and_discount_show_in_the_scores() -> None:
    often = [(actor, entity, step) for actor in range(20) for step, entity in enumerate("ab")]
    once = [(30, "c", 0), (30, "d", 1)]
    scores = pmi.directed_ppmi(frame(often + once), ENTITIES, pmi.WINDOW_STEPS).toarray()
    assert scores[1, 0] == 0.0
    assert scores[0, 1] > 0.0
    plain = pmi.positive_pmi(pmi.successions(frame(often + once), ENTITIES, pmi.WINDOW_STEPS)).toarray()
    assert plain[2, 3] > plain[0, 1]
    assert scores[2, 3] < plain[2, 3] / 5


def test_no_purchases_give_an_empty_matrix() -> None:
    scores = pmi.directed_ppmi(frame([]), ENTITIES, pmi.WINDOW_STEPS)
    assert scores.shape == (4, 4)
    assert scores.nnz == 0
