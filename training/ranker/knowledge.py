"""What complementary edges say of candidates: the complementary channel of recall, for many cases at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from training.ranker.catalogue import UNKNOWN, Catalogue
from training.weights.timelines import DAY

TARGETS = 20  # complementary entities kept of a case
KNOWLEDGE = ("strength", "strongest", "edges", "appeal", "base")
Interests = Callable[[pl.DataFrame], pl.DataFrame]  # user, entity, age, durable, kind, at → user, entity, weight


@dataclass(frozen=True, slots=True, eq=False)
class Active:
    """The entities that active edges lead to, by case: `key` [M] is case × entities + entity, ascending; `facts` [M, 3]
    are R = 1 - prod(1 - a w), the strongest a w, and the number of edges (spec, section 8)."""

    key: NDArray[np.int64]
    facts: NDArray[np.float32]
    entities: int

    def some(self, cases: NDArray[np.int64]) -> Active:
        """Those of the cases with these ascending numbers, which are then numbered from 0."""
        starts = np.searchsorted(self.key, cases * self.entities)
        counts = np.searchsorted(self.key, (cases + 1) * self.entities) - starts
        rows = np.arange(counts.sum()) + np.repeat(starts - (np.cumsum(counts) - counts), counts)
        case = np.repeat(np.arange(len(cases)), counts)
        return Active(case * self.entities + self.key[rows] % self.entities, self.facts[rows], self.entities)

    def of(self, case: NDArray[np.int64], entity: NDArray[np.int32]) -> NDArray[np.int64]:
        """The place of each candidate's entity among the active ones, -1 where no edge leads to it."""
        wanted = np.where(entity >= 0, case * self.entities + entity, -1)
        places = np.minimum(np.searchsorted(self.key, wanted), max(len(self.key) - 1, 0))
        there = self.key[places] == wanted if len(self.key) else np.zeros(len(wanted), dtype=bool)
        return np.where(there, places, UNKNOWN)


def activate(
    before: pl.DataFrame,
    catalogue: Catalogue,
    edges: pl.DataFrame,
    kinds: pl.DataFrame,
    interests: Interests,
    *,
    dated: bool,
) -> Active:
    """What is active in each case of `training.ranker.cases.before_targets`, by the weights of `edges` (head, tail,
    weight) and a user's interests at that moment; `kinds` has entity, durable, kind. `dated`: `when` is epoch ms.

    An entity owned already is never active, nor one without items; `TARGETS` of a case are kept, strongest first.
    """
    width = max(len(catalogue.entities), 1)
    numbers = pl.DataFrame({"entity": catalogue.entities}, schema={"entity": pl.String}).with_row_index("code")
    owned = _owned(before, catalogue, kinds, dated)
    held = owned.select(case="user", tail="entity").unique()
    found = (
        interests(owned)
        .select(case="user", head="entity", interest="weight")
        .join(edges, on="head")
        .join(held, on=("case", "tail"), how="anti")
        .join(numbers, left_on="tail", right_on="entity")
        .with_columns(active=pl.col("interest") * pl.col("weight"))
        .sort("case", "tail", "head")
        .group_by("case", "code", "tail", maintain_order=True)
        .agg(miss=(1 - pl.col("active")).product(), strongest=pl.col("active").max(), edges=pl.len())
        .sort("case", "miss", "tail")
        .filter(pl.int_range(pl.len()).over("case") < TARGETS)
        .with_columns(key=pl.col("case").cast(pl.Int64) * width + pl.col("code").cast(pl.Int64))
        .sort("key")
    )
    facts = found.select(1 - pl.col("miss"), "strongest", "edges").to_numpy().astype(np.float32)
    return Active(found["key"].to_numpy(), facts.reshape(-1, 3), width)


def _owned(before: pl.DataFrame, catalogue: Catalogue, kinds: pl.DataFrame, dated: bool) -> pl.DataFrame:
    """Purchases of linked items as interests take them; what lies in a basket has age 0, as when it is served."""
    names = pl.Series([*catalogue.entities, None], dtype=pl.String)
    entity = names.gather(np.where(catalogue.entity < 0, len(catalogue.entities), catalogue.entity))
    since = (pl.col("moment") - pl.col("when")) / DAY if dated else pl.col("ago").cast(pl.Float64)
    return (
        before.select(
            user="case",
            entity=entity.gather(before["item"]),
            age=pl.when("basket").then(0.0).otherwise(since),
            at="when",
        )
        .drop_nulls("entity")
        .join(kinds, on="entity", how="left", maintain_order="left")
    )
