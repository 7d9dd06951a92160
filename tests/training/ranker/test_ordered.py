"""Places and runs beside slow loops."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from training.ranker.ordered import find, runs


@given(st.lists(st.integers(-3, 9)), st.sets(st.integers(0, 9)))
def test_places_agree_with_lists(wanted: list[int], there: set[int]) -> None:
    ordered = sorted(there)
    expected = [ordered.index(each) if each in there else -1 for each in wanted]
    assert find(np.array(wanted, dtype=np.int64), np.array(ordered, dtype=np.int64)).tolist() == expected


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 4))))
def test_runs_agree_with_ranges(rows: list[tuple[int, int]]) -> None:
    starts, sizes = np.array(rows, dtype=np.int64).reshape(-1, 2).T
    assert runs(starts, sizes).tolist() == [n for start, size in rows for n in range(start, start + size)]
