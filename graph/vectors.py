"""Vectors that nodes carry, rounded so that every server gives back what it took."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import ArrayLike


def vector_column(vectors: ArrayLike) -> pl.Series:
    """Vectors [n, d] as a column of float lists, rounded to 32 bits: the embedded server keeps no more."""
    rows = np.asarray(vectors, dtype=np.float32).astype(np.float64)
    return pl.Series([row.tolist() for row in rows], dtype=pl.List(pl.Float64))
