"""Where the sampler finds an entity's neighbours: the port, and the choice of some of many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from training.weights.eei.relations import Relation

Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Found:
    """Neighbours: `neighbour` [n] of the nodes at the places `owner` [n], and log p(e→f) [n] (0 for items)."""

    owner: Codes
    neighbour: Codes
    log_prior: NDArray[np.float32]


class Neighbours(Protocol):
    """An entity's items and complements, each in the order of ids, by place."""

    def degrees(self, relation: Relation, entities: Codes) -> Codes:
        """How many neighbours each entity has, shape [n]."""

    def at(self, relation: Relation, entities: Codes, owner: Codes, place: Codes) -> Found:
        """The neighbours at `place` [m] (from 0) of entities[owner] [m], in that order."""


def choose(degrees: Codes, most: int, rng: np.random.Generator) -> tuple[Codes, Codes]:
    """Owners and places of at most `most` different neighbours of each node, by owner, places ascending.

    A node with more has each subset of that size with equal probability (Floyd's algorithm, Bentley and Floyd 1987).
    """
    few = np.flatnonzero(degrees <= most)
    many = np.flatnonzero(degrees > most)
    owners = np.concatenate([np.repeat(few, degrees[few]), np.repeat(many, most)])
    places = np.concatenate([_all(degrees[few]), _some(degrees[many], most, rng).ravel()])
    order = np.lexsort((places, owners))
    return owners[order], places[order]


def _all(degrees: Codes) -> Codes:
    starts = np.repeat(np.cumsum(degrees) - degrees, degrees)
    return np.arange(len(starts), dtype=np.int64) - starts


def _some(degrees: Codes, most: int, rng: np.random.Generator) -> Codes:
    chosen = np.full((len(degrees), most), -1, dtype=np.int64)
    for step in range(most):
        last = degrees - most + step
        drawn = rng.integers(0, last + 1)
        chosen[:, step] = np.where((chosen == drawn[:, None]).any(axis=1), last, drawn)
    return chosen
