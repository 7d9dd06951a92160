"""Training rows: the candidates of cases, each scored from evidence that its own actor gave nothing to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from training.ranker.candidates import CASES_AT_ONCE, Candidates, recall
from training.ranker.cases import Cases
from training.ranker.catalogue import Catalogue
from training.ranker.evidence import Evidence
from training.ranker.features import base_features
from training.ranker.knowledge import Active
from training.ranker.triples import knowledge_features

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """N candidates of some cases, ordered by case.

    `features` [N, BASE]; `bought` [N]; `sizes` [cases] how many belong to each; `active` [M] the numbers of those that
    an active edge leads to, with `facts` [M, KNOWLEDGE - 1] of training.ranker.triples; `weight` [N] how many
    candidates each stands for.
    """

    features: Floats
    bought: NDArray[np.bool_]
    sizes: NDArray[np.int64]
    active: NDArray[np.int64]
    facts: Floats
    weight: Floats

    @property
    def case(self) -> NDArray[np.int64]:
        """The case of every row, numbered from 0."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    def chosen(self, kept: NDArray[np.bool_], weight: Floats) -> Rows:
        """Only the rows that are kept [N], with these weights [N]; cases without rows are left out."""
        sizes = np.bincount(self.case[kept], minlength=len(self.sizes))
        place = np.cumsum(kept) - 1
        still = kept[self.active]
        return Rows(
            self.features[kept],
            self.bought[kept],
            sizes[sizes > 0],
            place[self.active[still]],
            self.facts[still],
            weight[kept],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Shelves:
    """The items that a complementary entity offers: `offers` [entities, n] codes by popularity, -1 where there are
    fewer; `appeal` and `share` [items] in [0, 1]."""

    offers: NDArray[np.int32]
    appeal: Floats
    share: Floats

    @classmethod
    def of(cls, shortlists: pl.DataFrame, popular: pl.DataFrame, catalogue: Catalogue, keep: int) -> Shelves:
        """From shortlists (entity, item, rank) and popularity (id, appeal, share) of training.weights.popularity."""
        best = shortlists.filter(pl.col("rank") <= keep)
        numbers = {name: code for code, name in enumerate(catalogue.entities)}
        offers = np.full((max(len(numbers), 1), keep), -1, dtype=np.int32)
        rows = np.array([numbers[name] for name in best["entity"]], dtype=np.int64)
        offers[rows, best["rank"].to_numpy() - 1] = catalogue.coded(best["item"])
        appeal, share = np.zeros((2, len(catalogue.ids)), dtype=np.float32)
        for values, name in ((appeal, "appeal"), (share, "share")):
            values[catalogue.coded(popular["id"])] = popular[name].fill_null(0.0).to_numpy()
        return cls(offers, appeal, share)


def rows(
    cases: Cases, numbers: NDArray[np.int64], evidence: Evidence, catalogue: Catalogue, active: Active, shelves: Shelves
) -> Iterator[Rows]:
    """All candidates of the cases with these ascending numbers, some cases at a time."""
    for start in range(0, len(numbers), CASES_AT_ONCE):
        chosen = numbers[start : start + CASES_AT_ONCE]
        some, known = cases.part(chosen), active.some(chosen)
        found = recall(some, evidence, catalogue, offered(known, shelves, len(catalogue.ids)))
        yield _rows(some, found, catalogue, known, shelves)


def _rows(cases: Cases, found: Candidates, catalogue: Catalogue, known: Active, shelves: Shelves) -> Rows:
    place = known.of(found.case, catalogue.entity[found.item])
    active = np.flatnonzero(place >= 0)
    item = found.item[active]
    facts = knowledge_features(known.triples(place[active], item, shelves.share[item], shelves.appeal[item]))
    sizes = np.bincount(found.case, minlength=len(cases.target))
    bought = found.item == cases.target[found.case]
    ones = np.ones(len(bought), dtype=np.float32)
    return Rows(base_features(found.block), bought, sizes, active, facts, ones)


def offered(known: Active, shelves: Shelves, items: int) -> NDArray[np.int64]:
    """Keys case × items + item of what the active entities offer."""
    case, entity = known.key // known.entities, known.key % known.entities
    offers = shelves.offers[entity]
    keys = case[:, None] * items + offers
    return np.asarray(keys[offers >= 0], dtype=np.int64)


def joined(parts: list[Rows]) -> Rows:
    """Several as one; there must be one at least."""
    before = np.cumsum([0, *(len(part.bought) for part in parts[:-1])])
    return Rows(
        np.concatenate([part.features for part in parts]),
        np.concatenate([part.bought for part in parts]),
        np.concatenate([part.sizes for part in parts]),
        np.concatenate([part.active + offset for part, offset in zip(parts, before, strict=True)]),
        np.concatenate([part.facts for part in parts]),
        np.concatenate([part.weight for part in parts]),
    )
