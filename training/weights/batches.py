"""Rows a batch at a time, so that what a join makes of them stays within memory."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl


def batches(rows: pl.DataFrame, costs: pl.Series, most: int) -> Iterator[pl.DataFrame]:
    """Consecutive rows, of which a join makes at most `most` by their `costs` [n]; one that costs more comes alone."""
    sums = costs.cast(pl.Int64).cum_sum().to_numpy()
    start = 0
    while start < rows.height:
        below = sums[start - 1] if start else 0
        end = max(int(np.searchsorted(sums, below + most, side="right")), start + 1)
        yield rows[start:end]
        start = end
