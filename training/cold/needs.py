"""What complementary edges say of items: how much the entities bought call for an item's main entity (spec, 4 and 8)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from training.cold.content import Content
from training.evaluation.histories import Histories, Ints

RHO, STEPS = 0.9, 7.0
_CERTAIN = 0.999


def needs(contexts: Histories, content: Content, columns: Ints) -> Iterator[NDArray[np.float32]]:
    """Three blocks [contexts, columns]: R = 1 - prod (1 - a p) over the entities bought, how many of these have an edge
    to the item's entity, and the prior of the newest one's edge. a is the interest of the spec, in steps."""
    interest = _interest(contexts, content)
    known = content.groups["entity"][columns]
    places, there = np.maximum(known, 0), (known >= 0).astype(np.float32)
    if not content.edges.size:
        yield from (np.zeros((len(contexts.actors), len(columns)), dtype=np.float32) for _ in range(3))
        return
    yield _called(interest, content.edges)[:, places] * there
    yield ((interest > 0) @ (content.edges > 0).astype(np.float32)).astype(np.float32)[:, places] * there
    yield _newest(contexts, content)[:, places] * there


def _interest(contexts: Histories, content: Content) -> NDArray[np.float32]:
    """a [contexts, entities] = 1 - prod over purchases of (1 - rho exp(-age / 7))."""
    entity = content.groups["entity"][contexts.item]
    linked = entity >= 0
    faded = np.log1p(-RHO * np.exp(-contexts.age[linked] / STEPS))
    total = np.zeros((len(contexts.actors), len(content.edges)))
    np.add.at(total, (contexts.actor[linked], entity[linked]), faded)
    return np.asarray(1.0 - np.exp(total), dtype=np.float32)


def _called(interest: NDArray[np.float32], edges: NDArray[np.float64]) -> NDArray[np.float32]:
    total = np.zeros(interest.shape)
    for head in np.flatnonzero(interest.any(axis=0)):
        cases = np.flatnonzero(interest[:, head])
        total[cases] += np.log1p(-_CERTAIN * interest[cases, head][:, None] * edges[head])
    return np.asarray(1.0 - np.exp(total), dtype=np.float32)


def _newest(contexts: Histories, content: Content) -> NDArray[np.float32]:
    found = np.zeros((len(contexts.actors), len(content.edges)), dtype=np.float32)
    served = np.flatnonzero(np.diff(contexts.starts))
    entity = content.groups["entity"][contexts.item[contexts.starts[1:][served] - 1]]
    linked = entity >= 0
    found[served[linked]] = content.edges[entity[linked]]
    return found
