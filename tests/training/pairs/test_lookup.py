from __future__ import annotations

import numpy as np
import pytest

from training.pairs import lookup
from training.pairs.lookup import Sparse, at, paths, scaled_columns, scaled_rows, sums


@pytest.fixture
def dense() -> np.ndarray:
    rng = np.random.default_rng(0)
    return (rng.integers(0, 5, (30, 20)) * (rng.random((30, 20)) < 0.3)).astype(np.float32)


def test_entries_and_products_are_those_of_the_dense_matrix(dense: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "_PAIRS_AT_ONCE", 7)
    rng = np.random.default_rng(1)
    rows, columns, others = rng.integers(0, 30, 50), rng.integers(0, 20, 50), rng.integers(0, 30, 50)
    matrix = Sparse(dense)

    assert at(matrix, rows, columns).tolist() == dense[rows, columns].tolist()
    assert paths(matrix, matrix, rows, others).tolist() == (dense @ dense.T)[rows, others].tolist()
    nobody = np.empty(0, dtype=np.int64)
    assert at(matrix, nobody, nobody).shape == paths(matrix, matrix, nobody, nobody).shape == (0,)


def test_scaling_and_sums(dense: np.ndarray) -> None:
    factors = np.arange(1.0, 31.0)
    assert np.allclose(scaled_rows(Sparse(dense), factors).toarray(), dense * factors[:, None])
    assert np.allclose(scaled_columns(Sparse(dense), factors[:20]).toarray(), dense * factors[None, :20])
    assert sums(Sparse(dense), 0).tolist() == dense.sum(axis=0).tolist()
    assert sums(Sparse(dense), 1).tolist() == dense.sum(axis=1).tolist()
