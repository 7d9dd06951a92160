"""The nearest texts of each text, by comparing all with all."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.text.port import Vectors

DIGITS = 6  # of a cosine: the same text differs beyond them from batch to batch
_CELLS = 1 << 23  # cosines held at a time: 32 MiB of them


def nearest(vectors: Vectors, k: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Rows [n, m] of the m = min(k, n - 1) nearest other vectors, nearest first, and their cosines rounded to 6 digits.

    `vectors` [n, d] have unit length; ties go to the lower row.
    """
    rows = len(vectors)
    kept = max(0, min(k, rows - 1))
    places = np.empty((rows, kept), dtype=np.int64)
    cosines = np.empty((rows, kept), dtype=np.float64)
    block = max(1, _CELLS // max(1, rows))
    for start in range(0, rows, block):
        part = slice(start, min(start + block, rows))
        places[part], cosines[part] = _nearest(vectors, part, kept)
    return places, cosines


def _nearest(vectors: Vectors, part: slice, kept: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    rows = len(vectors)
    cosines = np.rint((vectors[part] @ vectors.T).astype(np.float64) * 10**DIGITS).astype(np.int64)
    # One whole number that no two columns share: first by cosine, then by the lower row.
    order = -cosines * rows + np.arange(rows)
    order[np.arange(len(order)), np.arange(part.start, part.stop)] = np.iinfo(np.int64).max  # itself
    chosen = np.argpartition(order, kept, axis=1)[:, :kept]
    ranks = np.take_along_axis(order, chosen, axis=1).argsort(axis=1)
    chosen = np.take_along_axis(chosen, ranks, axis=1)
    return chosen, np.take_along_axis(cosines, chosen, axis=1) / 10**DIGITS
