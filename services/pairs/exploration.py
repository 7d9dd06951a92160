"""Exploration: unpopular pairs asked at random, to estimate what the segmented combination misses."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

Pair = tuple[int, int]


def explore(
    middle: Sequence[int], tail: Sequence[int], quota: int, seed: int, allows: Callable[[int, int], bool]
) -> list[Pair]:
    """At most `quota` different ordered pairs drawn evenly from MxL, LxM and LxL among those that `allows` passes."""
    space = 2 * len(middle) * len(tail) + len(tail) * (len(tail) - 1)
    size = min(space, 2 * quota)
    while size > 0:
        draws = np.random.default_rng(seed).choice(space, size=size, replace=False)
        allowed = [pair for pair in (_decode(int(draw), middle, tail) for draw in draws) if allows(*pair)]
        if len(allowed) >= quota or size == space:
            return allowed[:quota]
        size = min(space, 4 * size)
    return []


def _decode(draw: int, middle: Sequence[int], tail: Sequence[int]) -> Pair:
    """The draw-th ordered pair: first middle → tail, then tail → middle, then tail → another tail."""
    block = len(middle) * len(tail)
    if draw < 2 * block:
        first, second = divmod(draw % block, len(tail))
        forward = middle[first], tail[second]
        return forward if draw < block else (forward[1], forward[0])
    first, second = divmod(draw - 2 * block, len(tail) - 1)
    return tail[first], tail[second + (second >= first)]
