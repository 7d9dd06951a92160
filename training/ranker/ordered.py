"""Arrays in ascending order, and runs of numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]


def find(wanted: Numbers, ordered: Numbers) -> Numbers:
    """The place of each wanted number in an ascending array, -1 where it is not there."""
    if not len(ordered):
        return np.full(len(wanted), -1, dtype=np.int64)
    places = np.minimum(np.searchsorted(ordered, wanted), len(ordered) - 1)
    return np.where(ordered[places] == wanted, places, -1)


def runs(starts: Numbers, sizes: Numbers) -> Numbers:
    """The numbers start, start + 1, … of each run, one run after another."""
    before = np.cumsum(sizes) - sizes
    return np.asarray(np.arange(sizes.sum()) + np.repeat(starts - before, sizes), dtype=np.int64)
