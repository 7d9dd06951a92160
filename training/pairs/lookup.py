"""Reading sparse matrices at many places at once."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Sparse: TypeAlias = sparse.csr_array
Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

_PAIRS_AT_ONCE = 20_000


def at(matrix: Sparse, rows: Ints, columns: Ints) -> Floats:
    """The entries at (rows[i], columns[i]), shape [n]; 0 where nothing is stored."""
    return np.asarray(matrix[rows, columns], dtype=np.float32).ravel() if len(rows) else np.empty(0, np.float32)


def paths(left: Sparse, right: Sparse, rows: Ints, columns: Ints) -> Floats:
    """The entries of left @ right.T at (rows[i], columns[i]), shape [n], without making that product."""
    found = np.empty(len(rows), dtype=np.float32)
    for start in range(0, len(rows), _PAIRS_AT_ONCE):
        part = slice(start, start + _PAIRS_AT_ONCE)
        found[part] = np.asarray(left[rows[part]].multiply(right[columns[part]]).sum(axis=1)).ravel()
    return found


def scaled_rows(matrix: Sparse, factors: NDArray[np.float64]) -> Sparse:
    """The matrix with row i times factors[i]."""
    return Sparse(sparse.diags_array(factors) @ matrix)


def scaled_columns(matrix: Sparse, factors: NDArray[np.float64]) -> Sparse:
    """The matrix with column j times factors[j]."""
    return Sparse(matrix @ sparse.diags_array(factors))


def sums(matrix: Sparse, axis: int) -> NDArray[np.float64]:
    """Sums down the columns (axis 0) or along the rows (axis 1)."""
    return np.asarray(matrix.sum(axis=axis), dtype=np.float64).ravel()
