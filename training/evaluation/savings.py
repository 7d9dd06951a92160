"""How much data one method saves another that reaches the same figure later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Curve:
    """A method's figures at growing sizes."""

    method: str
    level: str
    values: tuple[float, ...]


def saved(sizes: Sequence[float], better: Sequence[float], plain: Sequence[float]) -> tuple[float | None, ...]:
    """At each size, how much more `plain` needs for the figure of `better`: linear between sizes on a log scale.

    `sizes` ascend. 0 where `better` is not better; None where `plain` does not reach the figure at the largest size.
    """
    grown = np.maximum.accumulate(np.asarray(plain, dtype=np.float64))
    scale = np.log1p(np.asarray(sizes, dtype=np.float64))
    return tuple(_saved(size, figure, scale, grown) for size, figure in zip(sizes, better, strict=True))


def _saved(
    size: float,
    figure: float,
    scale: np.ndarray[tuple[int], np.dtype[np.float64]],
    grown: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> float | None:
    if figure > grown[-1]:
        return None
    place = int(np.searchsorted(grown, figure))
    if place == 0:
        return 0.0
    share = (figure - grown[place - 1]) / (grown[place] - grown[place - 1])
    needed = np.expm1(scale[place - 1] + share * (scale[place] - scale[place - 1]))
    return max(float(needed) - size, 0.0)
