"""Counters against counting one by one: what a sample is a part of is never seen."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.weights.eei.tallies import Rule, Tally

ROWS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4), st.floats(0, 1)), max_size=30)
ASKED = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 6)), max_size=10)


@pytest.mark.parametrize("rule", ["out of fold", "earlier"])
@settings(max_examples=80)
@given(counted=ROWS, asked=ASKED)
def test_against_loops(rule: Rule, counted: list[tuple[int, int, float]], asked: list[tuple[int, int]]) -> None:
    keys, blocks = (np.array([row[n] for row in counted], dtype=np.int64) for n in (0, 1))
    own, when = (np.array([row[n] for row in asked], dtype=np.int64) for n in (0, 1))
    allowed = (lambda b, mine: b < mine) if rule == "earlier" else (lambda b, mine: b != mine)
    for masses in (None, np.array([row[2] for row in counted])):
        tally = Tally.of(keys, blocks, rule, masses)
        each = [(k, b, 1.0 if masses is None else mass) for k, b, mass in counted]
        seen = [sum(mass for k, b, mass in each if k == key and allowed(b, block)) for key, block in asked]
        total = [sum(mass for k, _, mass in each if k == key) for key, _ in asked]
        if masses is None:  # whole counts are exact
            assert (tally.seen(own, when).tolist(), tally.total(own).tolist()) == (seen, total)
        assert tally.seen(own, when) == pytest.approx(seen, abs=1e-12)
        assert tally.total(own) == pytest.approx(total, abs=1e-12)
