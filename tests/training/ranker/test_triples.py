"""What edges say of candidates, beside slow loops."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.ranker.triples import KNOWLEDGE, Triples, knowledge_features

UNIT = st.floats(2**-10, 1 - 2**-10, width=32)
TRIPLE = st.tuples(UNIT, UNIT, UNIT, st.floats(-1, 1, width=32), st.integers(0, 30))
CANDIDATE = st.tuples(UNIT, UNIT, st.lists(TRIPLE, min_size=1, max_size=4))


def read(candidates: list[tuple[float, float, list[tuple[float, ...]]]]) -> Triples:
    rows = [(number, *triple) for number, (_, _, triples) in enumerate(candidates) for triple in triples]
    columns = np.array(rows, dtype=np.float32).reshape(-1, 6).T
    own = np.array([each[:2] for each in candidates], dtype=np.float32).reshape(-1, 2).T
    return Triples(columns[0].astype(np.int64), *columns[1:], *own)


@given(st.lists(CANDIDATE, max_size=5))
def test_features_agree_with_the_formulas(candidates: list[tuple[float, float, list[tuple[float, ...]]]]) -> None:
    found = knowledge_features(read(candidates))
    assert found.shape == (len(candidates), len(KNOWLEDGE) - 1)
    for row, (share, appeal, triples) in zip(found.tolist(), candidates, strict=True):
        missed, logits, top, bottom = 1.0, [], 0.0, 0.0
        for interest, weight, _, affinity, _ in triples:
            missed *= 1 - interest * weight
            logits.append(log(weight / (1 - weight)))
            top, bottom = top + affinity * exp(affinity / 0.2), bottom + exp(affinity / 0.2)
        wanted = {
            "strength": 1 - missed,
            "logit_max": max(logits),
            "logit_mean": sum(logits) / len(logits),
            "logit_sum": sum(logits),
            "edges": len(triples),
            "attention": top / bottom,
            "prior": max(prior for _, _, prior, _, _ in triples),
            "age": min(age for *_, age in triples),
            "share": share,
            "appeal": appeal,
        }
        assert list(wanted) == list(KNOWLEDGE[:-1])
        assert row == pytest.approx(list(wanted.values()), rel=1e-4, abs=1e-5)


def test_an_item_that_takes_nothing_has_finite_features() -> None:
    assert np.isfinite(knowledge_features(read([(0.0, 0.5, [(0.5, 0.0, 0.0, 0.0, 1)])]))).all()
