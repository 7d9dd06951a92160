"""A random graph of equal degree: what a knowledge graph is worth beyond the number of its edges."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

Edge = tuple[str, str]
_SWEEPS = 50


def random_graph(edges: Sequence[Edge], seed: int, avoid: Collection[Edge] = ()) -> list[Edge]:
    """Edges with the same heads in the same order, every head and tail keeping its degree, and the ends shuffled.

    By seeded swaps of the tails of two edges (Maslov and Sneppen 2002). No edge is a loop, repeated, in `avoid`, or,
    as far as swaps allow within 50 sweeps, one of the given ones.
    """
    rng = np.random.default_rng(seed)
    given, banned = set(edges), {*edges, *avoid}
    mixed, present = list(edges), set(edges)
    for _ in range(_SWEEPS):
        for one in range(len(mixed)):
            _swap(mixed, present, banned, one, int(rng.integers(len(mixed))))
        if not given & present:
            break
    return mixed


def _swap(mixed: list[Edge], present: set[Edge], banned: set[Edge], one: int, other: int) -> None:
    (head, tail), (second, end) = mixed[one], mixed[other]
    new = (head, end), (second, tail)
    if head == end or second == tail or present & set(new) or banned & set(new):
        return
    present -= {mixed[one], mixed[other]}
    present |= set(new)
    mixed[one], mixed[other] = new
