"""Features of ordered pairs of items, in blocks that can be joined."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]
Columns = dict[str, NDArray[np.float32]]


class FeatureBlock(Protocol):
    """Some features of pairs."""

    def columns(self, src: Ints, dst: Ints) -> Columns:
        """The features of the pairs src[i] → dst[i] by name, each of shape [n]; the same names in every call."""


def matrix(blocks: Sequence[FeatureBlock], src: Ints, dst: Ints) -> Floats:
    """All blocks' features side by side, shape [n, features]."""
    values = [column for block in blocks for column in block.columns(src, dst).values()]
    return np.stack(values, axis=1).astype(np.float32)


def names(blocks: Sequence[FeatureBlock]) -> list[str]:
    """The features' names in the order of `matrix`."""
    nobody = np.empty(0, dtype=np.int64)
    return [name for block in blocks for name in block.columns(nobody, nobody)]
