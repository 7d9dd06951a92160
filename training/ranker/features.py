"""The features of candidates: one definition, for training from frames and for serving from the graph's rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.ranker.evidence import COLUMNS

Floats = NDArray[np.float32]

_FADES = {"soon": 1.0, "long": 8.0}  # purchases after which evidence counts 1/e
_OVER = (*_FADES, "newest", "best")
BASE = (
    *(f"{column}_{over}" for over in _OVER for column in COLUMNS),
    "sources",
    "youngest",
    "appeal",
    "owned",
)
_NONE = 99.0  # the age of the youngest source where there is none


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """N candidates of some requests, with the evidence for each.

    `row` [E]: the candidate that a piece of evidence speaks for, ascending. `values` [E, columns of evidence]. `age`
    [E]: purchases since its source, 0 for the newest. `newest` [E]: whether the source is the newest item owned.
    `appeal` [N]: the candidate's popularity in (0, 1] (training.weights.popularity). `owned` [N]: how many items its
    request's user owns.
    """

    row: NDArray[np.int64]
    values: Floats
    age: Floats
    newest: NDArray[np.bool_]
    appeal: Floats
    owned: Floats


def base_features(block: Block) -> Floats:
    """Shape [N, BASE]: every column of evidence summed over the items owned, fading with their age, from the newest
    alone and at its greatest; how many items speak for the candidate, and the age of the youngest."""
    first = _starts(block.row)
    faded = [np.exp(block.age / -fade) for fade in _FADES.values()]
    weights = np.stack([*faded, block.newest], axis=1).astype(np.float32)
    width = len(COLUMNS)
    found = np.zeros((len(block.appeal), len(BASE)), dtype=np.float32)
    found[:, -3] = _NONE
    if len(first):
        at = block.row[first]
        parts = (weights[:, :, None] * block.values[:, None, :]).reshape(len(block.row), -1)
        found[at, : parts.shape[1]] = np.add.reduceat(parts, first, axis=0)
        found[at, parts.shape[1] : parts.shape[1] + width] = np.maximum.reduceat(block.values, first, axis=0)
        found[at, -4] = np.diff(np.append(first, len(block.row)))
        found[at, -3] = np.minimum.reduceat(block.age, first)
    found[:, -2] = block.appeal
    found[:, -1] = block.owned
    return found


def _starts(row: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each run of equal values begins."""
    return np.flatnonzero(np.diff(row, prepend=-1))
