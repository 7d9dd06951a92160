"""Counters against counting one by one: what a sample is a part of is never seen."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.weights.eei.tallies import Rule, Tally

ROWS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), max_size=30)


@pytest.mark.parametrize("rule", ["out of fold", "earlier"])
@settings(max_examples=80)
@given(counted=ROWS, asked=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 6)), max_size=10))
def test_against_loops(rule: Rule, counted: list[tuple[int, int]], asked: list[tuple[int, int]]) -> None:
    keys, blocks = (np.array([row[n] for row in counted], dtype=np.int64) for n in (0, 1))
    tally = Tally.of(keys, blocks, rule)
    own, when = (np.array([row[n] for row in asked], dtype=np.int64) for n in (0, 1))
    allowed = (lambda b, mine: b < mine) if rule == "earlier" else (lambda b, mine: b != mine)
    expected = [sum(k == key and allowed(b, block) for k, b in counted) for key, block in asked]
    assert tally.seen(own, when).tolist() == expected
    assert tally.total(own).tolist() == [sum(k == key for k, _ in counted) for key, _ in asked]
