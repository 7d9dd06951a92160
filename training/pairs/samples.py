"""Labelled pairs to learn from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

COMPLEMENT, SUBSTITUTE, NEITHER = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Pairs:
    """Ordered pairs src[i] → dst[i] of items with a label each, all of shape [n]."""

    src: Ints
    dst: Ints
    label: Ints

    def where(self, kept: NDArray[np.bool_]) -> Pairs:
        """The pairs that `kept` [n] marks."""
        return Pairs(self.src[kept], self.dst[kept], self.label[kept])


@dataclass(frozen=True, slots=True)
class Samples:
    """Features [n, k] by name and labels [n]."""

    features: Floats
    label: Ints
    names: tuple[str, ...]


def labelled(src: Ints, dst: Ints, label: int) -> Pairs:
    """Pairs of one label."""
    return Pairs(src, dst, np.full(len(src), label, dtype=np.int64))


def joined(parts: Iterable[Pairs]) -> Pairs:
    """All pairs, part after part."""
    every = list(parts)
    columns = ([getattr(part, name) for part in every] for name in ("src", "dst", "label"))
    return Pairs(*(np.concatenate(column).astype(np.int64) for column in columns))


def stacked(parts: Iterable[Samples]) -> Samples:
    """All samples, part after part, of the same features."""
    every = list(parts)
    features = np.concatenate([part.features for part in every])
    return Samples(features, np.concatenate([part.label for part in every]), every[0].names)
